import createLibjpegTurbo, {
  type LibjpegTurboModule,
} from "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { CodecRuntime } from "./codec-runtime.ts";
import type { CodecSource } from "./codec-source.ts";
import { checkAgainstHeader } from "./codestream-header.ts";
import { decodeWith } from "./decode-with.ts";
import type { CodecResult, FrameDecoder } from "./frame-decoder.ts";
import { colourTransform, withColourTransform } from "./jpeg-colour.ts";
import { type JpegHeader, readJpegHeader } from "./jpeg-header.ts";

/** Decodes JPEG of 8 bits: baseline, extended and progressive. */
export class JpegDecoder implements FrameDecoder {
  readonly name = "libjpeg-turbo 1.2.8";
  readonly #runtime: CodecRuntime<LibjpegTurboModule>;

  constructor(source: CodecSource) {
    this.#runtime = new CodecRuntime(createLibjpegTurbo, () => source.load("libjpeg-turbo"));
  }

  prepare(): Promise<unknown> {
    return this.#runtime.prepare();
  }

  async decode(encoded: Uint8Array<ArrayBuffer>, imagePixel: ImagePixel): Promise<CodecResult> {
    const header = readJpegHeader(encoded);
    checkProcess(header);
    const deviations = checkAgainstHeader(header, imagePixel);
    const stream = withColourTransform(encoded, header, colourTransform(header, imagePixel));
    const samples = await this.#runtime.run((module) =>
      decodeWith(new module.JPEGDecoder(), stream, header),
    );
    return {
      samples,
      bitsStored: header.bitDepth,
      isSigned: false,
      colour: "rgb",
      fidelity: "lossy",
      deviations,
    };
  }
}

function checkProcess({ process, bitDepth }: JpegHeader): void {
  if (process > 2)
    throw new DicomError(
      "unsupported-transfer-syntax",
      `JPEG with ${process === 3 ? "lossless" : `SOF${process}`} coding cannot be decoded yet`,
    );
  if (bitDepth !== 8)
    throw new DicomError(
      "unsupported-transfer-syntax",
      `JPEG Extended with ${bitDepth} bits per sample cannot be decoded yet`,
    );
}
