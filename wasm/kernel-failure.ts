import { DicomError, type DicomErrorCode } from "#core/dicom/dicom-error.ts";
import {
  BAD_CODE,
  BAD_RESTART,
  BAD_SCAN,
  BAD_SEGMENT,
  BAD_SEGMENT_COUNT,
  BAD_SEGMENT_OFFSET,
  EXCESS_DATA,
  MISSING_SCAN,
  MISSING_TABLE,
  OTHER_FRAME,
  OUT_OF_MEMORY,
  TOO_MANY_SCANS,
  TRUNCATED,
  UNSUPPORTED_PROCESS,
  UNSUPPORTED_SAMPLING,
} from "./kernels/kernel-status.ts";

const FAILURES: ReadonlyMap<number, readonly [DicomErrorCode, string]> = new Map([
  [TRUNCATED, ["truncated", "The encoded frame ends before all of its samples"]],
  [OUT_OF_MEMORY, ["limit-exceeded", "The frame needs more memory than there is"]],
  [BAD_SEGMENT, ["codec-failure", "A marker segment of the JPEG is malformed"]],
  [MISSING_TABLE, ["codec-failure", "A scan of the JPEG names a table that is not there"]],
  [BAD_CODE, ["codec-failure", "The entropy-coded data of the JPEG is damaged"]],
  [BAD_SCAN, ["codec-failure", "A scan header of the JPEG contradicts what comes before it"]],
  [BAD_RESTART, ["codec-failure", "A restart marker of the JPEG is missing or out of place"]],
  [EXCESS_DATA, ["codec-failure", "The encoded frame has more data than its samples need"]],
  [MISSING_SCAN, ["truncated", "Scans of the JPEG are missing"]],
  [UNSUPPORTED_SAMPLING, ["codec-failure", "This subsampling of a JPEG cannot be decoded"]],
  [TOO_MANY_SCANS, ["limit-exceeded", "The JPEG has more scans than its samples need"]],
  [OTHER_FRAME, ["codec-failure", "The JPEG contradicts its own frame header"]],
  [UNSUPPORTED_PROCESS, ["unsupported-transfer-syntax", "This JPEG process cannot be decoded"]],
  [BAD_SEGMENT_COUNT, ["codec-failure", "The RLE frame has another number of segments"]],
  [
    BAD_SEGMENT_OFFSET,
    [
      "codec-failure",
      "An RLE segment lies within the header of its frame, or where another one is",
    ],
  ],
]);

/** The error that a status of a kernel stands for. */
export function kernelFailure(status: number): DicomError {
  const [code, message] = FAILURES.get(status) ?? ["codec-failure", "The codec failed"];
  return new DicomError(code, message);
}
