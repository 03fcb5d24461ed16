import type { Deviation } from "#core/dicom/deviation.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import { takeEmbeddedOverlays } from "#core/pixels/embedded-overlay.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { CodecSource } from "./codec-source.ts";
import { checkAgainstHeader, checkFrameSize } from "./codestream-header.ts";
import type { CodecResult } from "./frame-decoder.ts";
import type { JpegHeader } from "./jpeg-header.ts";
import type { JpegProcessDecoder } from "./jpeg-process.ts";
import { KERNELS, type KernelModule, type KernelRuntime, kernelsOf } from "./kernel-module.ts";
import { type KernelSamples, takeSamples } from "./kernel-samples.ts";
import { losslessDepth } from "./lossless-samples.ts";
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

  decode(
    encoded: Uint8Array<ArrayBuffer>,
    header: JpegHeader,
    imagePixel: ImagePixel,
  ): Promise<CodecResult> {
    checkSize(header, imagePixel, encoded.length);
    return this.#runtime.run((kernels) => {
      decodeWords(kernels, encoded.subarray(0, header.end), header);
      return resultOf(kernels, header, imagePixel);
    });
  }
}

/** Checks all that can be known before memory is taken; JPEG knows no sign, and depth is looked at afterwards. */
function checkSize(header: JpegHeader, imagePixel: ImagePixel, encodedBytes: number): void {
  checkAgainstHeader(header, imagePixel);
  checkFrameSize(imagePixel, header.bitDepth > 8 ? 2 : 1);
  // A sample takes one bit at least.
  if (header.rows * header.columns * header.components > encodedBytes * 8)
    throw new DicomError("truncated", "The JPEG is too short for all of its samples");
}

function decodeWords(
  kernels: KernelModule,
  encoded: Uint8Array,
  { rows, columns, components }: JpegHeader,
): void {
  const input = kernels.putInput(encoded);
  kernels.run("decodeJpegLossless", input, encoded.length, rows, columns, components);
}

function resultOf(kernels: KernelModule, header: JpegHeader, imagePixel: ImagePixel): CodecResult {
  const words = {
    precision: header.bitDepth,
    joinedBits: kernels.call("losslessBits"),
    isTwosComplement: kernels.call("isLosslessSigned") !== 0,
  };
  const { bitsStored, highBit, deviations } = losslessDepth(words, imagePixel);
  const stored: KernelSamples = {
    address: kernels.call("losslessFrame"),
    count: header.rows * header.columns * header.components,
    bytesPerSample: header.bitDepth > 8 ? 2 : 1,
    isSigned: imagePixel.pixelRepresentation === 1 && imagePixel.samplesPerPixel === 1,
    bitsStored,
    highBit,
  };
  const overlays = overlaysOf(kernels, stored, imagePixel);
  const pointTransform = kernels.call("losslessPointTransform");
  const colour = plainColour(imagePixel, "lossless JPEG");
  return {
    ...takeSamples(kernels, stored, imagePixel),
    ...overlays,
    bitsStored,
    isSigned: stored.isSigned,
    colour: colour.colour,
    fidelity: pointTransform === 0 ? "exact" : "lossy",
    decoder: KERNELS,
    deviations: [
      ...deviations,
      ...colour.deviations,
      ...endDeviations(header),
      ...transformDeviations(pointTransform),
    ],
  };
}

/** Overlays in bits of the words, before those are removed. */
function overlaysOf(
  kernels: KernelModule,
  { address, count, bytesPerSample }: KernelSamples,
  { embeddedOverlayBits = [] }: ImagePixel,
): Pick<CodecResult, "embeddedOverlays"> {
  const bits = embeddedOverlayBits.filter((bit) => bit < 8 * bytesPerSample);
  if (bits.length === 0) return {};
  const bytes = kernels.copyOut(address, count * bytesPerSample);
  return takeEmbeddedOverlays(bytesPerSample === 1 ? bytes : new Uint16Array(bytes.buffer), bits);
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
