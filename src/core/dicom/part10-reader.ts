import type { ByteSource } from "./byte-source.ts";
import { DicomError } from "./dicom-error.ts";
import type { DicomFile } from "./dicom-file.ts";

/** How a file is read. */
export interface ReadOptions {
  /** Longer values of OB, OD, OF, OL, OV, OW, UC, UN, UR and UT stay in the source as ranges; bytes, 262144 by default. */
  readonly inlineLimit?: number;
  readonly signal?: AbortSignal;
  /** Leaves off at the pixel data of the data set (not of icons in it), without a look at their fragments. */
  readonly stopAtPixelData?: boolean;
}

/**
 * Reads a DICOM file, of any syntax and in spite of common deviations; pixel data stay where they are.
 * @throws DicomError `not-dicom`, `truncated`, `malformed`, `limit-exceeded`
 */
export async function readDicom(
  _source: ByteSource,
  _options: ReadOptions = {},
): Promise<DicomFile> {
  throw new DicomError("not-dicom", "Nothing reads this yet");
}
