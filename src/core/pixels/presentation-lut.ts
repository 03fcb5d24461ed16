import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { PhotometricInterpretation } from "./image-pixel.ts";

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

/** A grey (0 to 1) after the presentation LUT, as the level of an 8-bit screen: rounded to the nearest of 0 to 255. */
export function screenLevel(grey: number, inverted: boolean): number {
  return Math.floor((inverted ? 1 - grey : grey) * 255 + 0.5);
}
