import type { DataSet } from "./data-set.ts";
import { DicomError } from "./dicom-error.ts";

/** What goes into a file. */
export interface Part10Content {
  /** With SOP Class UID and SOP Instance UID. Native pixel data are an element of it. */
  readonly dataSet: DataSet;
  /** Explicit VR Little Endian, or an encapsulated syntax, for which `frames` are given. */
  readonly transferSyntaxUid: string;
  /** Encoded frames; they become Pixel Data with a Basic Offset Table, one fragment each. */
  readonly frames?: readonly Uint8Array[];
}

/**
 * A DICOM file (PS3.10) in explicit VR little endian.
 * @throws DicomError `missing-attribute`, `invalid-value`
 */
export function writePart10(_content: Part10Content): Uint8Array<ArrayBuffer> {
  throw new DicomError("invalid-value", "Nothing writes this yet");
}

/**
 * The elements of a data set in explicit VR little endian, without preamble and meta group.
 * @throws DicomError `invalid-value` for text that its character set cannot hold, and for values that are elsewhere
 */
export function writeDataSet(_dataSet: DataSet): Uint8Array<ArrayBuffer> {
  throw new DicomError("invalid-value", "Nothing writes this yet");
}
