import type { Deviation } from "../dicom/deviation.ts";
import { DicomError } from "../dicom/dicom-error.ts";
import type { DecodedFrame, Samples } from "./decoded-frame.ts";
import { takeEmbeddedOverlays } from "./embedded-overlay.ts";
import { frameFromSamples } from "./frame-from-samples.ts";
import type { ImagePixel } from "./image-pixel.ts";
import { isSubsampled, nativeFrameBytes, unsubsampledFrameBytes } from "./native-frame.ts";
import { unpackBits, unpackThreeBytes, unpackTwelveBits } from "./packed-cells.ts";
import {
  alignSamples,
  interleavePlanes,
  sameType,
  swapBytes,
  viewSamples,
} from "./sample-layout.ts";
import { type ColourSamples, expandYbr422, isColourSamples, ybrToRgb } from "./ybr.ts";

/** How the bytes of a native frame stand. */
export interface UnpackOptions {
  readonly littleEndian: boolean;
  /** What produced the bytes; `native` when they stood in the data set like that. */
  readonly decoder?: string;
  /** Where chroma cannot be subsampled, whatever the header says; by default the length of the frame tells. */
  readonly chroma?: "for each pixel";
}

/**
 * The stored values of a native frame (PS3.5 section 8): byte order, bit alignment, sign, plane order and
 * YBR undone; overlays that stand in other bits taken out. Takes `bytes` over: they may be changed, and the buffer may
 * become that of the samples.
 * @throws DicomError `truncated`, `invalid-value`.
 */
export function unpackSamples(
  bytes: Uint8Array<ArrayBuffer>,
  imagePixel: ImagePixel,
  options: UnpackOptions,
): DecodedFrame {
  checkLayout(imagePixel);
  const deviations: Deviation[] = [];
  const subsampled = hasSubsampledChroma(bytes.length, imagePixel, options, deviations);
  const needed = subsampled ? nativeFrameBytes(imagePixel) : unsubsampledFrameBytes(imagePixel);
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
  const cells = cellsOf(bytes, needed, imagePixel, options.littleEndian);
  const overlays = takeEmbeddedOverlays(cells, imagePixel.embeddedOverlayBits);
  if (imagePixel.sampleKind === "integer") alignSamples(cells, imagePixel);
  const samples =
    imagePixel.samplesPerPixel === 3
      ? rgbSamples(cells, imagePixel, subsampled, deviations)
      : cells;
  return frameFromSamples(samples, imagePixel, {
    bitsStored: imagePixel.bitsStored,
    isSigned: isSigned(imagePixel),
    decoder: options.decoder ?? "native",
    fidelity: "exact",
    deviations,
    ...overlays,
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
function hasSubsampledChroma(
  length: number,
  imagePixel: ImagePixel,
  { chroma }: UnpackOptions,
  deviations: Deviation[],
): boolean {
  if (!isSubsampled(imagePixel) || chroma !== undefined) return false;
  if (length < unsubsampledFrameBytes(imagePixel)) return true;
  deviations.push({
    code: "chroma-not-subsampled",
    message: `The header says ${imagePixel.photometricInterpretation}, but each pixel has its own chroma.`,
  });
  return false;
}

function isSigned(imagePixel: ImagePixel): boolean {
  if (imagePixel.sampleKind !== "integer") return true;
  return imagePixel.pixelRepresentation === 1 && imagePixel.samplesPerPixel === 1;
}

/** The cells of the frame as they stand, before bits outside Bits Stored are removed. */
function cellsOf(
  bytes: Uint8Array<ArrayBuffer>,
  needed: number,
  imagePixel: ImagePixel,
  littleEndian: boolean,
): Samples {
  const { bitsAllocated, pixelDataVr } = imagePixel;
  // Bytes of an OW value were swapped in pairs with the rest of a big endian data set (PS3.5 section 7.3), and cells
  // that do not fill bytes were packed into words (section 8.1.1).
  const isPacked = bitsAllocated === 1 || bitsAllocated === 12;
  const swapUnit =
    isPacked || bitsAllocated === 8 ? (pixelDataVr === "OW" ? 2 : 1) : bitsAllocated / 8;
  const own = ownBytes(bytes, needed, littleEndian ? 1 : swapUnit);
  if (!littleEndian) swapBytes(own, swapUnit);
  if (bitsAllocated === 1) return unpackBits(own, imagePixel);
  if (bitsAllocated === 12) return unpackTwelveBits(own, imagePixel, isSigned(imagePixel));
  if (bitsAllocated === 24) return unpackThreeBytes(own, needed, isSigned(imagePixel));
  return viewSamples(own.buffer, needed, imagePixel, isSigned(imagePixel));
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

function rgbSamples(
  cells: Samples,
  imagePixel: ImagePixel,
  subsampled: boolean,
  deviations: Deviation[],
): Samples {
  if (!isColourSamples(cells))
    throw new DicomError("invalid-value", "Colour samples that are not integers cannot be shown");
  checkColour(imagePixel, deviations);
  const pixels = imagePixel.rows * imagePixel.columns;
  const interleaved = subsampled
    ? expandYbr422(cells, sameType(cells, pixels * 3))
    : interleave(cells, imagePixel);
  ybrToRgb(interleaved, imagePixel, imagePixel.bitsStored);
  return interleaved;
}

/** What only codecs make cannot stand uncompressed; but a header may still say what the samples were before. */
function checkColour(
  { photometricInterpretation: colour }: ImagePixel,
  deviations: Deviation[],
): void {
  switch (colour) {
    case "YBR_RCT":
      // Its chroma takes a bit more than its samples have: what is here was transformed back.
      deviations.push({
        code: "colour-transform-mismatch",
        message: "The header says YBR_RCT, which only JPEG 2000 has: the samples are taken as RGB.",
      });
      return;
    case "YBR_ICT":
    case "XYB":
    case "YBR_PARTIAL_420":
      throw new DicomError("invalid-value", `Uncompressed samples cannot be ${colour}`);
    default:
      return;
  }
}

/** Colour by pixel; colour by plane (Planar Configuration 1) is reordered. */
function interleave(samples: ColourSamples, imagePixel: ImagePixel): ColourSamples {
  return imagePixel.planarConfiguration === 0 ? samples : interleavePlanes(samples, 3);
}
