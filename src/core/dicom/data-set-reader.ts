import type { DataSet } from "./data-set.ts";
import { parseWholeDataSet } from "./data-set-parser.ts";
import { DeviationLog } from "./deviation-log.ts";
import { DicomError } from "./dicom-error.ts";
import { guessEncoding } from "./guess-encoding.ts";
import { ParseState } from "./parse-state.ts";
import { wholeWindow } from "./source-window.ts";
import { transferSyntaxOf } from "./transfer-syntax.ts";

/** How a data set that is in memory as a whole is read. */
export interface DataSetReading {
  /** As declared; what its first element shows counts. */
  readonly transferSyntaxUid: string;
  /** Specific Character Set of a data set that declares none. */
  readonly fallbackCharacterSet?: readonly string[];
}

/**
 * A data set of which all bytes are there, such as an identifier of DIMSE: without preamble and meta group, not deflated.
 * @throws DicomError `malformed`, `limit-exceeded`, `truncated`
 */
export function readDataSet(
  bytes: Uint8Array<ArrayBuffer>,
  { transferSyntaxUid, fallbackCharacterSet = [] }: DataSetReading,
): DataSet {
  const window = wholeWindow(bytes);
  const declared = transferSyntaxOf(transferSyntaxUid);
  const { explicitVr, littleEndian } = guessEncoding(window, 0) ??
    declared ?? { explicitVr: true, littleEndian: true };
  const log = new DeviationLog();
  const options = {
    inlineLimit: Number.POSITIVE_INFINITY,
    stopAtPixelData: false,
    isMeta: false,
  };
  const state = new ParseState(window, 0, { explicitVr, littleEndian }, options, log);
  state.root.characterSet = fallbackCharacterSet;
  const dataSet = parseWholeDataSet(state);
  if (log.has("truncated"))
    throw new DicomError("truncated", "The data set ends inside a value", {
      offset: bytes.byteLength,
    });
  return dataSet;
}
