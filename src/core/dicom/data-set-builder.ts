import { DataSet } from "./data-set.ts";

/** A value of a made data set; which kinds an attribute takes depends on its VR. */
export type MadeValue =
  | string
  | number
  | bigint
  | null
  | readonly string[]
  | readonly number[]
  | readonly bigint[]
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Float32Array
  | Float64Array
  | MadeDataSet
  | readonly MadeDataSet[];

/** Values by keyword (`PatientName`) or by eight hexadecimal digits for what has none. */
export interface MadeDataSet {
  readonly [keyword: string]: MadeValue | undefined;
}

/**
 * A data set made from values by keyword, with the VRs of the dictionary: numbers for binary VRs, text or
 * numbers for DS and IS, bytes or typed arrays for OB and OW, objects for sequences, null for an empty value.
 * Undefined values are left out. Text beyond ASCII makes it `ISO_IR 192` unless it says otherwise.
 * @throws DicomError `invalid-value` for an unknown keyword or a value that does not fit the VR
 */
export function buildDataSet(_values: MadeDataSet): DataSet {
  return new DataSet([]);
}
