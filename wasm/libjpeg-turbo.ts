import createLibjpegTurbo, {
  type LibjpegTurboModule,
} from "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { CodecRuntime } from "./codec-runtime.ts";
import type { CodecSource } from "./codec-source.ts";
import { checkAgainstHeader } from "./codestream-header.ts";
import { decodeWith } from "./decode-with.ts";
import type { CodecResult } from "./frame-decoder.ts";
import { colourTransform, withColourTransform } from "./jpeg-colour.ts";
import type { JpegHeader } from "./jpeg-header.ts";
import type { JpegProcessDecoder } from "./jpeg-process.ts";
import { countScans, repairJpeg } from "./jpeg-repair.ts";
import { isStoredSigned } from "./stored-samples.ts";

/** Number of the frame header of progressive coding, SOF2. */
const PROGRESSIVE = 2;
/** Several times what encoders make. */
const MOST_SCANS = 128;

/** Decodes JPEG of 8 bits: baseline, extended and progressive. */
export class LibjpegTurboDecoder implements JpegProcessDecoder {
  readonly #runtime: CodecRuntime<LibjpegTurboModule>;

  constructor(source: CodecSource) {
    this.#runtime = new CodecRuntime(createLibjpegTurbo, () => source.load("libjpeg-turbo"));
  }

  prepare(): Promise<unknown> {
    return this.#runtime.prepare();
  }

  async decode(
    encoded: Uint8Array<ArrayBuffer>,
    header: JpegHeader,
    imagePixel: ImagePixel,
  ): Promise<CodecResult> {
    // JPEG has no sign: that of the header is no contradiction.
    const isSigned = isStoredSigned(header, imagePixel);
    const deviations = [...checkAgainstHeader({ ...header, isSigned }, imagePixel)];
    checkScans(encoded, header);
    if (!header.hasEndMarker)
      deviations.push({
        code: "no-end-marker",
        message: "The JPEG has no end marker, but all samples.",
      });
    const whole = repairJpeg(encoded, header);
    const transform = colourTransform(header, imagePixel);
    const stream = withColourTransform(whole.stream, whole.header, transform);
    const bytes = await this.#runtime.run((module) =>
      decodeWith(new module.JPEGDecoder(), stream, header),
    );
    return {
      samples: isSigned ? new Int8Array(bytes.buffer) : bytes,
      bitsStored: header.bitDepth,
      isSigned,
      colour: "rgb",
      fidelity: "lossy",
      decoder: "libjpeg-turbo 1.2.8",
      deviations,
    };
  }
}

/**
 * Scans that are missing the codec fills up without a word; data that is missing from a scan it refuses. So a stream
 * that lacks its end marker is whole where all of it is one scan. Each scan costs the time of the whole frame, however
 * short it is.
 * @throws DicomError `truncated`, `limit-exceeded`.
 */
function checkScans(encoded: Uint8Array, header: JpegHeader): void {
  if (header.process !== PROGRESSIVE && header.componentsOfFirstScan === header.components) return;
  const { count, isComplete } = countScans(encoded, header);
  if (!header.hasEndMarker || !isComplete)
    throw new DicomError("truncated", "Scans of the JPEG are missing");
  if (count > MOST_SCANS)
    throw new DicomError("limit-exceeded", `The JPEG has ${count} scans, of which most are empty`);
}
