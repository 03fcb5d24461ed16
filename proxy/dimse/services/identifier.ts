import type { DataSet } from "#core/dicom/data-set.ts";
import { readDataSet } from "#core/dicom/data-set-reader.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import { IMPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { DimseError } from "../dimse-error.ts";
import type { AcceptedContext } from "../presentation-context.ts";

/**
 * The bytes of an identifier in the syntax of the context, which is implicit or explicit VR little endian.
 * @throws DicomError `invalid-value` for text that its character set cannot hold
 */
export function encodeIdentifier(dataSet: DataSet, context: AcceptedContext): Uint8Array {
  return writeDataSet(dataSet, {
    isImplicit: context.transferSyntaxUid === IMPLICIT_VR_LITTLE_ENDIAN,
  });
}

/** The identifier of an answer. @throws DimseError `protocol-violation` when the bytes are none */
export function decodeIdentifier(
  bytes: Uint8Array<ArrayBuffer>,
  context: AcceptedContext,
  fallbackCharacterSet: readonly string[] = [],
): DataSet {
  try {
    return readDataSet(bytes, {
      transferSyntaxUid: context.transferSyntaxUid,
      fallbackCharacterSet,
    });
  } catch (error) {
    const code = error instanceof DicomError ? error.code : "unknown";
    throw new DimseError(
      "protocol-violation",
      `The peer sent an identifier that cannot be read (${code})`,
      { cause: error },
    );
  }
}
