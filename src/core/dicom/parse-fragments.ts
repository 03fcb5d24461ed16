import { DicomError } from "./dicom-error.ts";
import { readTag, UNDEFINED_LENGTH } from "./element-header.ts";
import type { FragmentsLevel } from "./parse-level.ts";
import { COUNT_LIMIT, type ParseState } from "./parse-state.ts";

const ITEM = 0xfffee000;
const SEQUENCE_DELIMITER = 0xfffee0dd;

/**
 * Reads one item of encapsulated pixel data (PS3.5 section A.4), of which eight bytes are in memory: the Basic
 * Offset Table first, then fragments, which stay in the source. False when bytes are missing.
 */
export function stepFragments(state: ParseState, level: FragmentsLevel): boolean {
  const { window } = state;
  const tag = readTag(window, state.position, level.littleEndian);
  if (tag === SEQUENCE_DELIMITER) {
    state.position += 8;
    state.pop();
    return true;
  }
  const length = window.view.getUint32(state.position + 4 - window.start, level.littleEndian);
  if (tag !== ITEM || length === UNDEFINED_LENGTH) {
    state.log.add("malformed-fragment", "Pixel data hold something other than fragments", {
      tag: level.tag,
      offset: state.position,
    });
    // What follows cannot be made sense of; the fragments before it are kept.
    state.finish();
    return true;
  }
  if (level.basicOffsetTable === undefined) return readOffsetTable(state, level, length);
  readFragment(state, level, length);
  return true;
}

function readFragment(state: ParseState, level: FragmentsLevel, length: number): void {
  const offset = state.position + 8;
  const exists = state.existing({ offset, length }, (shorter) => {
    level.fragments[level.fragments.length - 1] = shorter;
  });
  state.countOne();
  if (exists > 0 || length === 0) level.fragments.push({ offset, length: exists });
  if (exists < length) {
    state.endInValue(level.tag);
    return;
  }
  if (length % 2 === 1)
    state.log.add("odd-length", "A fragment has an odd length", { offset: state.position });
  state.position = offset + length;
}

function readOffsetTable(state: ParseState, level: FragmentsLevel, length: number): boolean {
  if (length % 4 !== 0) {
    state.log.add("no-offset-table", "Encapsulated pixel data begin with a fragment", {
      offset: state.position,
    });
    level.basicOffsetTable = [];
    return true;
  }
  if (length / 4 > COUNT_LIMIT)
    throw new DicomError("limit-exceeded", "The Basic Offset Table is too long", {
      tag: level.tag,
      offset: state.position,
    });
  if (!state.has(8 + length)) return state.isDone;
  const { view, start } = state.window;
  const at = state.position + 8 - start;
  const table = new Array<number>(length / 4);
  for (let entry = 0; entry < table.length; entry++)
    table[entry] = view.getUint32(at + entry * 4, level.littleEndian);
  level.basicOffsetTable = table;
  state.position += 8 + length;
  return true;
}
