import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { PhotometricInterpretation } from "./image-pixel.ts";
import type { LookupTable } from "./lookup-table.ts";

/** Presentation LUT Shape (PS3.3 C.11.6.1.2): whether the largest P-value is white or black. */
export type PresentationLutShape = "IDENTITY" | "INVERSE";

/**
 * The polarity of an image: INVERSE when Presentation LUT Shape (2050,0020) or MONOCHROME1 says so. Where both are
 * present the standard demands that they agree (PS3.3 C.8.11.3), so that inverting once is right.
 */
export function readPresentationLutShape(
  dataSet: DataSet,
  photometricInterpretation: PhotometricInterpretation,
): PresentationLutShape {
  const isInverse =
    photometricInterpretation === "MONOCHROME1" ||
    dataSet.string(TAGS.PresentationLUTShape) === "INVERSE";
  return isInverse ? "INVERSE" : "IDENTITY";
}

/**
 * Added where the nearest of many entries is looked for, so that a value halfway between two of them falls to the same side
 * in the double precision of this code and the single precision of a graphics processor.
 */
export const ENTRY_BIAS = 1 / 256;

/** The nearest of n entries that are spread evenly over 0 to 1. */
export function nearestEntry(value: number, entries: number): number {
  return Math.min(Math.floor(value * (entries - 1) + 0.5 + ENTRY_BIAS), entries - 1);
}

/**
 * The P-value, 0 to 1, of a grey, 0 to 1, by a Presentation LUT Sequence: its n entries are spread evenly over the output of
 * the VOI LUT, the nearest one counts (PS3.3 C.11.6.1.1).
 */
export function presentationValue({ entries, bits }: LookupTable, grey: number): number {
  return (entries[nearestEntry(grey, entries.length)] ?? 0) / (2 ** bits - 1);
}

/** A grey (0 to 1) after the presentation LUT, as the level of an 8-bit screen: rounded to the nearest of 0 to 255. */
export function screenLevel(grey: number, inverted: boolean): number {
  return Math.floor((inverted ? 1 - grey : grey) * 255 + 0.5);
}
