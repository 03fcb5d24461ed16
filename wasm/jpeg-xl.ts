import { DicomError } from "#core/dicom/dicom-error.ts";
import type { TransferSyntax } from "#core/dicom/transfer-syntax.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { CodecSource, PlatformImage } from "./codec-source.ts";
import { checkAgainstHeader } from "./codestream-header.ts";
import type { CodecResult, FrameDecoder } from "./frame-decoder.ts";
import { type JpegXlHeader, readJpegXlHeader } from "./jpeg-xl-header.ts";
import { isStoredSigned, samplesOfCodestream } from "./stored-samples.ts";

const MEDIA_TYPE = "image/jxl";
const BYTES_PER_PIXEL = 4;

/**
 * Decodes JPEG XL of 8 bits by the decoder of the browser, where it has one. That gives bytes: deeper samples would
 * lose their lower bits, and are refused.
 */
export class JpegXlDecoder implements FrameDecoder {
  readonly name = "browser image/jxl";
  readonly #source: CodecSource;

  constructor(source: CodecSource) {
    this.#source = source;
  }

  async prepare(): Promise<void> {
    // The browser is there.
  }

  async decode(
    encoded: Uint8Array<ArrayBuffer>,
    imagePixel: ImagePixel,
    transferSyntax: TransferSyntax,
  ): Promise<CodecResult> {
    const { decodeImage } = this.#source;
    if (decodeImage === undefined) throw unsupported("JPEG XL is decoded by browsers only");
    const header = readJpegXlHeader(encoded);
    const isSigned = isStoredSigned(header, imagePixel);
    const deviations = checkAgainstHeader({ ...header, isSigned }, imagePixel);
    if (header.bitDepth !== 8)
      throw unsupported(`JPEG XL of ${header.bitDepth} bits per sample cannot be decoded exactly`);
    const image = await decodeImage(encoded, MEDIA_TYPE);
    if (image === undefined) throw unsupported("This browser does not decode JPEG XL");
    const bytes = samplesOf(image, header);
    const isLossless = transferSyntax.loss === "never" && !header.isXyb;
    return {
      ...samplesOfCodestream(bytes, header, imagePixel),
      colour: isYbr(imagePixel, header, transferSyntax) ? "as-declared" : "rgb",
      fidelity: isLossless ? "exact" : "lossy",
      deviations,
    };
  }
}

/** Only samples that were coded as they are can be YBR; what is coded as XYB or was a JPEG comes as RGB. */
function isYbr(
  { photometricInterpretation }: ImagePixel,
  { isXyb }: JpegXlHeader,
  { loss }: TransferSyntax,
): boolean {
  return photometricInterpretation === "YBR_FULL" && !isXyb && loss !== "always";
}

/** The samples of a picture of four bytes for each pixel. */
function samplesOf(image: PlatformImage, header: JpegXlHeader): Uint8Array<ArrayBuffer> {
  const { rows, columns, components } = header;
  const isSame = image.rows === rows && image.columns === columns;
  if (!isSame || image.rgb.length !== rows * columns * BYTES_PER_PIXEL)
    throw new DicomError("codec-failure", "The browser gave a picture of another size");
  const samples = new Uint8Array(rows * columns * components);
  for (let from = 0, to = 0; to < samples.length; from += BYTES_PER_PIXEL, to += components)
    for (let sample = 0; sample < components; sample += 1)
      samples[to + sample] = image.rgb[from + sample] ?? 0;
  return samples;
}

function unsupported(message: string): DicomError {
  return new DicomError("unsupported-transfer-syntax", message);
}
