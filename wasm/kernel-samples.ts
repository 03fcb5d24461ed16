import type { Samples } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { SampleRange } from "#core/pixels/sample-range.ts";
import type { KernelModule } from "./kernel-module.ts";

/** Samples in the memory of the kernels, little endian, and which of their bits are the value (PS3.5 section 8.1.1). */
export interface KernelSamples {
  readonly address: number;
  readonly count: number;
  readonly bytesPerSample: 1 | 2;
  readonly isSigned: boolean;
  readonly bitsStored: number;
  readonly highBit: number;
}

/**
 * Copies samples out of the kernels, brought down to their bits; of monochrome ones the range is found while they are
 * there, which takes a tenth of the time.
 */
export function takeSamples(
  kernels: KernelModule,
  stored: KernelSamples,
  imagePixel: ImagePixel,
): { readonly samples: Samples; readonly range?: SampleRange } {
  const { address, count, bytesPerSample, bitsStored, highBit } = stored;
  const isSigned = stored.isSigned ? 1 : 0;
  if (bitsStored < 8 * bytesPerSample)
    kernels.call("alignSamples", address, count, bytesPerSample, isSigned, bitsStored, highBit);
  const range =
    imagePixel.samplesPerPixel === 1 ? { range: measure(kernels, stored, imagePixel) } : {};
  const bytes = kernels.copyOut(address, count * bytesPerSample);
  return { samples: viewSamples(bytes, stored), ...range };
}

function measure(
  kernels: KernelModule,
  { address, count, bytesPerSample, isSigned }: KernelSamples,
  { photometricInterpretation, pixelPadding }: ImagePixel,
): SampleRange {
  const isPalette = photometricInterpretation === "PALETTE COLOR";
  const { first, last } = (isPalette ? undefined : pixelPadding) ?? { first: 1, last: 0 };
  const sign = isSigned ? 1 : 0;
  kernels.call("measureSamples", address, count, bytesPerSample, sign, first, last);
  const minimum = kernels.call("smallestSample");
  const maximum = kernels.call("largestSample");
  return minimum <= maximum ? { minimum, maximum } : { minimum: 0, maximum: 0 };
}

function viewSamples(
  bytes: Uint8Array<ArrayBuffer>,
  { bytesPerSample, isSigned }: KernelSamples,
): Samples {
  if (bytesPerSample === 1) return isSigned ? new Int8Array(bytes.buffer) : bytes;
  return isSigned ? new Int16Array(bytes.buffer) : new Uint16Array(bytes.buffer);
}
