import type { Deviation } from "#core/dicom/deviation.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { CodecSource } from "./codec-source.ts";
import { checkAgainstHeader, checkFrameSize } from "./codestream-header.ts";
import type { CodecResult } from "./frame-decoder.ts";
import type { JpegHeader } from "./jpeg-header.ts";
import type { JpegProcessDecoder } from "./jpeg-process.ts";
import { KERNELS, type KernelModule, type KernelRuntime, kernelsOf } from "./kernel-module.ts";
import { type LosslessWords, losslessSamples } from "./lossless-samples.ts";
import { plainColour } from "./stored-samples.ts";

/** Decodes lossless JPEG (T.81 Annex H) of 2 to 16 bits with our own kernel. */
export class JpegLosslessDecoder implements JpegProcessDecoder {
  readonly #runtime: KernelRuntime;

  constructor(source: CodecSource) {
    this.#runtime = kernelsOf(source);
  }

  prepare(): Promise<unknown> {
    return this.#runtime.prepare();
  }

  async decode(
    encoded: Uint8Array<ArrayBuffer>,
    header: JpegHeader,
    imagePixel: ImagePixel,
  ): Promise<CodecResult> {
    checkSize(header, imagePixel, encoded.length);
    const words = await this.#runtime.run((kernels) =>
      decodeWords(kernels, encoded.subarray(0, header.end), header),
    );
    const { deviations, ...stored } = losslessSamples(words, header.bitDepth, imagePixel);
    const colour = plainColour(imagePixel, "lossless JPEG");
    return {
      ...stored,
      colour: colour.colour,
      fidelity: words.pointTransform === 0 ? "exact" : "lossy",
      decoder: KERNELS,
      deviations: [
        ...deviations,
        ...colour.deviations,
        ...endDeviations(header),
        ...transformDeviations(words.pointTransform),
      ],
    };
  }
}

/** Checks all that can be known before memory is taken; JPEG knows no sign, and depth is looked at afterwards. */
function checkSize(header: JpegHeader, imagePixel: ImagePixel, encodedBytes: number): void {
  const isSigned = imagePixel.pixelRepresentation === 1;
  checkAgainstHeader({ ...header, isSigned }, imagePixel);
  checkFrameSize(imagePixel, header.bitDepth > 8 ? 2 : 1);
  // A sample takes one bit at least.
  if (header.rows * header.columns * header.components > encodedBytes * 8)
    throw new DicomError("truncated", "The JPEG is too short for all of its samples");
}

function decodeWords(
  kernels: KernelModule,
  encoded: Uint8Array,
  { rows, columns, components, bitDepth }: JpegHeader,
): LosslessWords {
  const input = kernels.putInput(encoded);
  kernels.run("decodeJpegLossless", input, encoded.length, rows, columns, components);
  const samples = rows * columns * components;
  return {
    bytes: kernels.copyOut(kernels.call("losslessFrame"), samples * (bitDepth > 8 ? 2 : 1)),
    fitsUnsigned: kernels.call("losslessFits", 0) !== 0,
    fitsSigned: kernels.call("losslessFits", 1) !== 0,
    pointTransform: kernels.call("losslessPointTransform"),
  };
}

function endDeviations({ hasEndMarker }: JpegHeader): readonly Deviation[] {
  if (hasEndMarker) return [];
  return [{ code: "no-end-marker", message: "The JPEG has no end marker, but all samples." }];
}

function transformDeviations(pointTransform: number): readonly Deviation[] {
  if (pointTransform === 0) return [];
  const message = `The encoder left out the lowest ${pointTransform} bits of the samples (point transform).`;
  return [{ code: "point-transform", message }];
}
