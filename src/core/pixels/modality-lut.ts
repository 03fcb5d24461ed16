import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { type LookupTable, readLookupTable } from "./lookup-table.ts";

/** The first stage of the grayscale pipeline: stored values become values with a meaning (PS3.3 C.11.1). */
export type ModalityLut =
  | { readonly kind: "identity" }
  /** output = slope * stored value + intercept (PS3.3 C.11.1.1.2). */
  | { readonly kind: "rescale"; readonly slope: number; readonly intercept: number }
  | { readonly kind: "lut"; readonly lut: LookupTable };

const IDENTITY: ModalityLut = { kind: "identity" };

/**
 * The modality LUT of one frame. A table wins over Rescale Slope and Intercept, which PS3.3 C.11.1 does not
 * allow beside it; a slope of 0 or a missing one is taken as 1, as it would erase the image.
 */
export function readModalityLut(dataSet: DataSet, isSigned: boolean): ModalityLut {
  for (const item of dataSet.items(TAGS.ModalityLUTSequence)) {
    const lut = readLookupTable(item, isSigned);
    if (lut !== undefined) return { kind: "lut", lut };
  }
  const slope = dataSet.number(TAGS.RescaleSlope) || 1;
  const intercept = dataSet.number(TAGS.RescaleIntercept) ?? 0;
  return slope === 1 && intercept === 0 ? IDENTITY : { kind: "rescale", slope, intercept };
}

/** The output of the modality LUT for one stored value. */
export function modalityValue(modality: ModalityLut, storedValue: number): number {
  switch (modality.kind) {
    case "identity":
      return storedValue;
    case "rescale":
      return modality.slope * storedValue + modality.intercept;
    case "lut":
      return lookUp(modality.lut, storedValue);
  }
}

/** The entry of a table for an input value, which is rounded to the nearest integer and clamped to the table. */
export function lookUp(lut: LookupTable, input: number): number {
  const index = Math.floor(input + 0.5) - lut.firstMapped;
  return lut.entries[Math.min(Math.max(index, 0), lut.entries.length - 1)] ?? 0;
}

/**
 * What the output is measured in: Rescale Type, or Units of a PET image, or Hounsfield units for CT without one
 * (PS3.3 C.11.1.1.2); undefined when it is not specified.
 */
export function readModalityUnit(dataSet: DataSet): string | undefined {
  const type =
    dataSet.string(TAGS.RescaleType) ??
    dataSet.items(TAGS.ModalityLUTSequence)[0]?.string(TAGS.ModalityLUTType) ??
    undefined;
  if (type !== undefined && type !== "US") return type;
  const modality = dataSet.string(TAGS.Modality);
  if (modality === "PT") return dataSet.string(TAGS.Units);
  const isRescaled = dataSet.has(TAGS.RescaleIntercept) || dataSet.has(TAGS.RescaleSlope);
  return isRescaled && modality === "CT" && type === undefined ? "HU" : undefined;
}
