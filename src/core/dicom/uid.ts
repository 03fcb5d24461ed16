import { DicomError } from "./dicom-error.ts";

export type StudyInstanceUid = string & { readonly brand: "StudyInstanceUid" };
export type SeriesInstanceUid = string & { readonly brand: "SeriesInstanceUid" };
export type SopInstanceUid = string & { readonly brand: "SopInstanceUid" };

/**
 * Whether the text may stand where a UID stands: digits and dots, 1 to 64 characters (PS3.5 section 9.1).
 * Leading zeros of a component occur in the field and are accepted.
 */
export function isUid(text: string): boolean {
  return text.length <= 64 && /^\d+(\.\d+)*$/.test(text);
}

/** @throws DicomError `invalid-value` */
export function studyInstanceUid(text: string): StudyInstanceUid {
  return checked(text, "Study Instance UID") as StudyInstanceUid;
}

/** @throws DicomError `invalid-value` */
export function seriesInstanceUid(text: string): SeriesInstanceUid {
  return checked(text, "Series Instance UID") as SeriesInstanceUid;
}

/** @throws DicomError `invalid-value` */
export function sopInstanceUid(text: string): SopInstanceUid {
  return checked(text, "SOP Instance UID") as SopInstanceUid;
}

function checked(text: string, what: string): string {
  if (!isUid(text))
    throw new DicomError("invalid-value", `This is not a ${what}: digits and dots, at most 64`);
  return text;
}
