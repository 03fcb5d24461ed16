import type { Deviation } from "../dicom/deviation.ts";
import { DicomError } from "../dicom/dicom-error.ts";
import type { DecodedFrame, Samples } from "./decoded-frame.ts";
import { frameFromSamples } from "./frame-from-samples.ts";
import type { ImagePixel } from "./image-pixel.ts";
import { alignSamples, swapBytes, viewSamples } from "./sample-layout.ts";
import { type ColourSamples, expandYbr422, isColourSamples, ybrFullToRgb } from "./ybr.ts";

/** How the bytes of a native frame stand. */
export interface UnpackOptions {
  readonly littleEndian: boolean;
  /** What produced the bytes; `native` when they stood in the data set like that. */
  readonly decoder?: string;
}

/** Bytes of one native frame as the header describes it (PS3.5 section 8.2), without padding. */
export function nativeFrameBytes(imagePixel: ImagePixel): number {
  const pixels = imagePixel.rows * imagePixel.columns;
  if (imagePixel.bitsAllocated === 1) return Math.ceil((pixels * imagePixel.samplesPerPixel) / 8);
  const samples =
    imagePixel.photometricInterpretation === "YBR_FULL_422" ? 2 : imagePixel.samplesPerPixel;
  return pixels * samples * (imagePixel.bitsAllocated / 8);
}

/**
 * The stored values of a native frame (PS3.5 section 8): byte order, bit alignment, sign, plane order and
 * YBR undone. Takes `bytes` over: they may be changed, and the buffer may become that of the samples.
 * @throws DicomError `truncated`, `invalid-value`.
 */
export function unpackSamples(
  bytes: Uint8Array<ArrayBuffer>,
  imagePixel: ImagePixel,
  options: UnpackOptions,
): DecodedFrame {
  checkLayout(imagePixel);
  const deviations: Deviation[] = [];
  const layout = subsamplingAsStored(bytes.length, imagePixel, deviations);
  const needed = nativeFrameBytes(layout);
  if (bytes.length < needed)
    throw new DicomError(
      "truncated",
      `The frame has ${bytes.length} bytes where its header asks for ${needed}`,
    );
  if (bytes.length > needed + 1)
    deviations.push({
      code: "excess-pixel-data",
      message: `The frame has ${bytes.length - needed} bytes more than its header asks for.`,
    });
  const stored = storedSamples(bytes, needed, layout, options.littleEndian);
  const samples = layout.samplesPerPixel === 3 ? rgbSamples(stored, layout) : stored;
  return frameFromSamples(samples, layout, {
    bitsStored: layout.bitsStored,
    isSigned: isSigned(layout),
    decoder: options.decoder ?? "native",
    fidelity: "exact",
    deviations,
  });
}

function checkLayout(imagePixel: ImagePixel): void {
  const { bitsAllocated, bitsStored, highBit, sampleKind, rows, columns } = imagePixel;
  if (rows < 1 || columns < 1)
    throw new DicomError("invalid-value", "The image has no rows or no columns");
  if (sampleKind === "integer" && bitsAllocated === 64)
    throw new DicomError("invalid-value", "Integer samples of 64 bits cannot be shown");
  if (sampleKind !== "integer") return;
  if (bitsStored < 1 || highBit >= bitsAllocated || highBit + 1 < bitsStored)
    throw new DicomError(
      "invalid-value",
      `Bits Stored ${bitsStored} and High Bit ${highBit} do not fit Bits Allocated ${bitsAllocated}`,
    );
}

/** Some writers say YBR_FULL_422 where the chroma is not subsampled: the length tells. */
function subsamplingAsStored(
  length: number,
  imagePixel: ImagePixel,
  deviations: Deviation[],
): ImagePixel {
  if (imagePixel.photometricInterpretation !== "YBR_FULL_422") return imagePixel;
  const full: ImagePixel = { ...imagePixel, photometricInterpretation: "YBR_FULL" };
  if (length < nativeFrameBytes(full)) return imagePixel;
  deviations.push({
    code: "chroma-not-subsampled",
    message: "The header says YBR_FULL_422, but each pixel has its own chroma.",
  });
  return full;
}

function isSigned(imagePixel: ImagePixel): boolean {
  if (imagePixel.sampleKind !== "integer") return true;
  return imagePixel.pixelRepresentation === 1 && imagePixel.samplesPerPixel === 1;
}

function storedSamples(
  bytes: Uint8Array<ArrayBuffer>,
  needed: number,
  imagePixel: ImagePixel,
  littleEndian: boolean,
): Samples {
  const { bitsAllocated, pixelDataVr } = imagePixel;
  // Bytes of an OW value were swapped in pairs with the rest of a big endian data set (PS3.5 section 7.3).
  const swapUnit = bitsAllocated <= 8 ? (pixelDataVr === "OW" ? 2 : 1) : bitsAllocated / 8;
  const own = ownBytes(bytes, needed, littleEndian ? 1 : swapUnit);
  if (!littleEndian) swapBytes(own, swapUnit);
  if (bitsAllocated === 1) return unpackBits(own, imagePixel);
  const samples = viewSamples(own.buffer, needed, imagePixel, isSigned(imagePixel));
  if (imagePixel.sampleKind === "integer") alignSamples(samples, imagePixel);
  return samples;
}

/** The bytes at the start of a buffer that holds nothing else but what a swap of whole units needs. */
function ownBytes(
  bytes: Uint8Array<ArrayBuffer>,
  needed: number,
  swapUnit: number,
): Uint8Array<ArrayBuffer> {
  const whole = Math.ceil(needed / swapUnit) * swapUnit;
  if (whole === needed && bytes.byteOffset === 0 && bytes.buffer.byteLength === needed)
    return bytes;
  if (whole <= bytes.length) return bytes.slice(0, whole);
  const padded = new Uint8Array(whole);
  padded.set(bytes);
  return padded;
}

/** One byte, 0 or 1, per pixel; the first pixel is the least significant bit (PS3.5 section 8.1.1). */
function unpackBits(
  bytes: Uint8Array<ArrayBuffer>,
  imagePixel: ImagePixel,
): Uint8Array<ArrayBuffer> {
  const samples = new Uint8Array(imagePixel.rows * imagePixel.columns * imagePixel.samplesPerPixel);
  for (let at = 0; at < samples.length; at += 1)
    samples[at] = ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1;
  return samples;
}

function rgbSamples(stored: Samples, imagePixel: ImagePixel): Samples {
  if (!isColourSamples(stored))
    throw new DicomError("invalid-value", "Colour samples that are not integers cannot be shown");
  const colour = imagePixel.photometricInterpretation;
  switch (colour) {
    case "YBR_FULL": {
      const interleaved = interleave(stored, imagePixel);
      ybrFullToRgb(interleaved, imagePixel.bitsStored);
      return interleaved;
    }
    case "YBR_FULL_422": {
      const full = sameType(stored, imagePixel.rows * imagePixel.columns * 3);
      expandYbr422(stored, full);
      ybrFullToRgb(full, imagePixel.bitsStored);
      return full;
    }
    case "RGB":
      return interleave(stored, imagePixel);
    default:
      throw new DicomError("invalid-value", `Uncompressed samples cannot be ${colour}`);
  }
}

/** Colour by pixel; colour by plane (Planar Configuration 1) is reordered. */
function interleave(samples: ColourSamples, imagePixel: ImagePixel): ColourSamples {
  if (imagePixel.planarConfiguration === 0) return samples;
  const pixels = samples.length / 3;
  const interleaved = sameType(samples, samples.length);
  for (let plane = 0; plane < 3; plane += 1) {
    const start = plane * pixels;
    for (let pixel = 0; pixel < pixels; pixel += 1)
      interleaved[pixel * 3 + plane] = samples[start + pixel] ?? 0;
  }
  return interleaved;
}

function sameType(samples: ColourSamples, length: number): ColourSamples {
  if (samples instanceof Uint8Array) return new Uint8Array(length);
  return samples instanceof Uint16Array ? new Uint16Array(length) : new Uint32Array(length);
}
