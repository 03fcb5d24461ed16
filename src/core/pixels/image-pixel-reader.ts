import type { DataSet } from "../dicom/data-set.ts";
import { DicomError } from "../dicom/dicom-error.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { ImagePixel, PhotometricInterpretation, PixelPadding } from "./image-pixel.ts";

/** First and last padding value of each kind of sample (PS3.3 C.7.5.1.1.2, C.7.6.24). */
const PADDING: Readonly<Record<ImagePixel["sampleKind"], readonly [Tag, Tag]>> = {
  integer: [TAGS.PixelPaddingValue, TAGS.PixelPaddingRangeLimit],
  float: [TAGS.FloatPixelPaddingValue, TAGS.FloatPixelPaddingRangeLimit],
  double: [TAGS.DoubleFloatPixelPaddingValue, TAGS.DoubleFloatPixelPaddingRangeLimit],
};

const PHOTOMETRIC_INTERPRETATIONS: readonly PhotometricInterpretation[] = [
  "MONOCHROME1",
  "MONOCHROME2",
  "PALETTE COLOR",
  "RGB",
  "YBR_FULL",
  "YBR_FULL_422",
  "YBR_PARTIAL_422",
  "YBR_PARTIAL_420",
  "YBR_ICT",
  "YBR_RCT",
  "XYB",
];

const BITS_ALLOCATED: readonly ImagePixel["bitsAllocated"][] = [1, 8, 12, 16, 24, 32, 64];

/** Largest frame that is accepted, as decoded bytes: a header must not be able to ask for all memory. */
const MOST_FRAME_BYTES = 2 ** 30;

/** More than the largest slides have; each is an entry in the list of frames. */
const MOST_FRAMES = 2 ** 19;

/** Elements of an overlay group (PS3.3 C.9.2). */
const OVERLAY_BIT_POSITION = 0x0102;
const OVERLAY_DATA = 0x3000;

/**
 * The Image Pixel module of an instance, checked. What can be told from the rest is filled in where it is missing:
 * Samples per Pixel, Photometric Interpretation, Planar Configuration, Bits Stored, High Bit, Pixel Representation
 * and Number of Frames.
 * @throws DicomError `missing-attribute` without Rows, Columns or Bits Allocated; `invalid-value` for what cannot be
 * displayed; `limit-exceeded` for frames beyond 1 GiB or more than 2^19 of them.
 */
export function readImagePixel(dataSet: DataSet): ImagePixel {
  const rows = dimension(dataSet, TAGS.Rows, "Rows");
  const columns = dimension(dataSet, TAGS.Columns, "Columns");
  const photometricInterpretation = readPhotometricInterpretation(dataSet);
  const samplesPerPixel = readSamplesPerPixel(dataSet, photometricInterpretation);
  const depth = readDepth(dataSet);
  const bytes = rows * columns * samplesPerPixel * Math.max(depth.bitsAllocated / 8, 1);
  if (bytes > MOST_FRAME_BYTES)
    throw new DicomError("limit-exceeded", `A frame of ${columns} x ${rows} pixels is too large`);
  const pixelPadding = samplesPerPixel === 1 ? readPadding(dataSet, depth) : undefined;
  return {
    rows,
    columns,
    samplesPerPixel,
    photometricInterpretation,
    planarConfiguration: dataSet.number(TAGS.PlanarConfiguration) === 1 ? 1 : 0,
    ...depth,
    numberOfFrames: readNumberOfFrames(dataSet),
    ...(pixelPadding === undefined ? {} : { pixelPadding }),
    ...readPixelDataVr(dataSet),
    ...readEmbeddedOverlayBits(dataSet, depth),
  };
}

function readPixelDataVr(dataSet: DataSet): Pick<ImagePixel, "pixelDataVr"> {
  const vr = dataSet.element(TAGS.PixelData)?.vr;
  return vr === "OB" || vr === "OW" ? { pixelDataVr: vr } : {};
}

/**
 * Overlay Bit Position of each overlay group (6000 to 601E) that has no data of its own (PS3.3 C.9.2): bits of the
 * cells that are no part of the samples.
 */
function readEmbeddedOverlayBits(
  dataSet: DataSet,
  { bitsAllocated, bitsStored, highBit, sampleKind }: Depth,
): Pick<ImagePixel, "embeddedOverlayBits"> {
  const bits: number[] = [];
  for (let group = 0x60000000; group <= 0x601e0000; group += 0x20000) {
    const bit = dataSet.number(group + OVERLAY_BIT_POSITION);
    if (bit === undefined || dataSet.has(group + OVERLAY_DATA)) continue;
    if ((bit > highBit || bit <= highBit - bitsStored) && bit < bitsAllocated) bits.push(bit);
  }
  return bits.length === 0 || sampleKind !== "integer" ? {} : { embeddedOverlayBits: bits };
}

type Depth = Pick<
  ImagePixel,
  "bitsAllocated" | "bitsStored" | "highBit" | "pixelRepresentation" | "sampleKind"
>;

function dimension(dataSet: DataSet, tag: Tag, name: string): number {
  const value = dataSet.number(tag);
  if (value === undefined) throw new DicomError("missing-attribute", `${name} is missing`, { tag });
  if (!Number.isInteger(value) || value < 1 || value > 0xffff)
    throw new DicomError("invalid-value", `${name} is not 1 to 65535`, { tag });
  return value;
}

function readPhotometricInterpretation(dataSet: DataSet): PhotometricInterpretation {
  const tag = TAGS.PhotometricInterpretation;
  const stated = dataSet
    .string(tag)
    ?.trim()
    .toUpperCase()
    .replace(/_COLOR$/, " COLOR");
  if (stated === undefined)
    return dataSet.number(TAGS.SamplesPerPixel) === 3 ? "RGB" : "MONOCHROME2";
  const known = PHOTOMETRIC_INTERPRETATIONS.find((candidate) => candidate === stated);
  if (known === undefined) {
    const which = /^(HSV|ARGB|CMYK)$/.test(stated) ? ` ${stated}, which is retired,` : "";
    throw new DicomError(
      "invalid-value",
      `The photometric interpretation${which} cannot be displayed`,
      { tag },
    );
  }
  return known;
}

function readSamplesPerPixel(
  dataSet: DataSet,
  photometricInterpretation: PhotometricInterpretation,
): 1 | 3 {
  const isSingle =
    photometricInterpretation.startsWith("MONOCHROME") ||
    photometricInterpretation === "PALETTE COLOR";
  const implied = isSingle ? 1 : 3;
  const stated = dataSet.number(TAGS.SamplesPerPixel) ?? implied;
  if (stated !== implied)
    throw new DicomError(
      "invalid-value",
      `${stated} samples per pixel contradict the photometric interpretation`,
      { tag: TAGS.SamplesPerPixel },
    );
  return implied;
}

function readDepth(dataSet: DataSet): Depth {
  const sampleKind = readSampleKind(dataSet);
  const bitsAllocated = readBitsAllocated(dataSet, sampleKind);
  if (sampleKind !== "integer") {
    const highBit = bitsAllocated - 1;
    return {
      bitsAllocated,
      bitsStored: bitsAllocated,
      highBit,
      pixelRepresentation: 1,
      sampleKind,
    };
  }
  const stored = dataSet.number(TAGS.BitsStored) ?? 0;
  const bitsStored = stored >= 1 && stored <= bitsAllocated ? stored : bitsAllocated;
  const stated = dataSet.number(TAGS.HighBit) ?? 0;
  const isPossible = stated >= bitsStored - 1 && stated < bitsAllocated;
  return {
    bitsAllocated,
    bitsStored,
    highBit: isPossible ? stated : bitsStored - 1,
    pixelRepresentation: dataSet.number(TAGS.PixelRepresentation) === 1 ? 1 : 0,
    sampleKind,
  };
}

/** Metadata may come without pixel data: then an image without the integer attributes is one of floats. */
function readSampleKind(dataSet: DataSet): ImagePixel["sampleKind"] {
  if (dataSet.has(TAGS.FloatPixelData)) return "float";
  if (dataSet.has(TAGS.DoubleFloatPixelData)) return "double";
  if (dataSet.has(TAGS.BitsStored) || dataSet.has(TAGS.PixelRepresentation)) return "integer";
  const bitsAllocated = dataSet.number(TAGS.BitsAllocated);
  if (bitsAllocated === 64) return "double";
  return bitsAllocated === 32 ? "float" : "integer";
}

function readBitsAllocated(
  dataSet: DataSet,
  sampleKind: ImagePixel["sampleKind"],
): ImagePixel["bitsAllocated"] {
  if (sampleKind === "float") return 32;
  if (sampleKind === "double") return 64;
  const value = dataSet.number(TAGS.BitsAllocated);
  const tag = TAGS.BitsAllocated;
  if (value === undefined)
    throw new DicomError("missing-attribute", "Bits Allocated is missing", { tag });
  const known = BITS_ALLOCATED.find((bits) => bits === value);
  if (known === undefined)
    throw new DicomError("invalid-value", `${value} bits allocated cannot be shown`, { tag });
  return known;
}

function readNumberOfFrames(dataSet: DataSet): number {
  const value = dataSet.number(TAGS.NumberOfFrames) ?? 1;
  if (value > MOST_FRAMES)
    throw new DicomError("limit-exceeded", "There are too many frames", {
      tag: TAGS.NumberOfFrames,
    });
  return Number.isInteger(value) && value >= 1 ? value : 1;
}

function readPadding(dataSet: DataSet, depth: Depth): PixelPadding | undefined {
  const [valueTag, limitTag] = PADDING[depth.sampleKind];
  const value = dataSet.number(valueTag);
  if (value === undefined) return undefined;
  const limit = dataSet.number(limitTag) ?? value;
  const first = asStored(Math.min(value, limit), depth);
  const last = asStored(Math.max(value, limit), depth);
  // A negative limit read as unsigned can turn the two round.
  return { first: Math.min(first, last), last: Math.max(first, last) };
}

/** Padding values are US or SS as Pixel Representation says, but are often written with the other VR. */
function asStored(value: number, depth: Depth): number {
  const { bitsAllocated, pixelRepresentation, sampleKind } = depth;
  if (sampleKind !== "integer" || bitsAllocated > 16) return value;
  const rest = 32 - bitsAllocated;
  return pixelRepresentation === 1 ? (value << rest) >> rest : (value << rest) >>> rest;
}
