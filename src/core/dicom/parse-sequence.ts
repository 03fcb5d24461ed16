import { DicomError } from "./dicom-error.ts";
import { type ElementEncoding, readTag, UNDEFINED_LENGTH } from "./element-header.ts";
import { guessEncoding } from "./guess-encoding.ts";
import { dataSetLevel, type SequenceLevel } from "./parse-level.ts";
import type { ParseState } from "./parse-state.ts";
import type { Tag } from "./tag.ts";

const ITEM = 0xfffee000;
const ITEM_DELIMITER = 0xfffee00d;
const SEQUENCE_DELIMITER = 0xfffee0dd;
/** Sequences in sequences that are followed; files in the field have fewer than ten. */
const DEPTH_LIMIT = 64;

const IMPLICIT: ElementEncoding = { explicitVr: false, littleEndian: true };

/**
 * Opens the sequence whose header was read. Without an encoding, its first item shows it.
 * @throws DicomError `limit-exceeded`
 */
export function openSequence(
  state: ParseState,
  encoding: ElementEncoding | undefined,
  start: number,
  end: number,
): void {
  const { tag } = state.header;
  // Each sequence and each item is a level.
  if (state.stack.length > 2 * DEPTH_LIMIT)
    throw new DicomError("limit-exceeded", `Sequences are nested deeper than ${DEPTH_LIMIT}`, {
      tag,
      offset: state.position,
    });
  state.stack.push({ kind: "sequence", tag, end, encoding, items: [] });
  state.position = start;
}

/**
 * Reads the header of an item or a delimiter (PS3.5 section 7.5), of which eight bytes are in memory. False when
 * bytes are missing.
 * @throws DicomError `malformed`
 */
export function stepSequence(state: ParseState, level: SequenceLevel): boolean {
  const littleEndian = level.encoding?.littleEndian ?? true;
  switch (readTag(state.window, state.position, littleEndian)) {
    case ITEM:
      return openItem(state, level, littleEndian);
    case SEQUENCE_DELIMITER:
      state.pop();
      state.position += 8;
      return true;
    case ITEM_DELIMITER:
      state.log.add("stray-delimiter", "A delimiter stands where nothing is to be delimited", {
        offset: state.position,
      });
      state.position += 8;
      return true;
    default:
      throw new DicomError("malformed", "A sequence holds something other than items", {
        tag: level.tag,
        offset: state.position,
      });
  }
}

function openItem(state: ParseState, level: SequenceLevel, littleEndian: boolean): boolean {
  const { window, position } = state;
  const length = window.view.getUint32(position + 4 - window.start, littleEndian);
  const isDelimited = length === UNDEFINED_LENGTH;
  const start = position + 8;
  const end = isDelimited ? level.end : start + length;
  if (end > level.end)
    throw new DicomError("malformed", "An item is longer than its sequence", {
      tag: level.tag,
      offset: position,
    });
  if (level.encoding === undefined && length > 0) {
    if (!state.hasAvailable(16)) return false;
    level.encoding = encodingOfUnknown(state, level.tag, start);
  }
  state.countOne();
  const around = state.stack[state.stack.length - 2];
  state.stack.push(
    dataSetLevel(
      level.encoding ?? IMPLICIT,
      { end, isDelimited },
      around?.kind === "data-set" ? around : undefined,
    ),
  );
  state.position = start;
  return true;
}

/** Items of a UN value are in implicit little endian (CP-246); some writers keep to explicit all the same. */
function encodingOfUnknown(state: ParseState, tag: Tag, start: number): ElementEncoding {
  if (guessEncoding(state.window, start)?.explicitVr !== true) return IMPLICIT;
  state.log.add("explicit-un-sequence", "Items of a UN value are in explicit encoding", {
    tag,
    offset: start,
  });
  return { explicitVr: true, littleEndian: true };
}
