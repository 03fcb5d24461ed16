import { DataSet } from "../dicom/data-set.ts";

/**
 * A data set of the DICOM JSON model (PS3.18 annex F), checked. Takes what archives really send: numbers as
 * text, missing VRs, nulls, names as plain text.
 * @throws DicomError `bad-message` when it is not an object of attributes
 */
export function dataSetFromJson(_json: unknown): DataSet {
  return new DataSet([]);
}
