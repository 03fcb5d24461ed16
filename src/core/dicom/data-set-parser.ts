import type { DataSet, EncapsulatedPixelData } from "./data-set.ts";
import { DicomError } from "./dicom-error.ts";
import { stepDataSet } from "./parse-element.ts";
import { stepFragments } from "./parse-fragments.ts";
import type { FragmentsLevel, ParseLevel } from "./parse-level.ts";
import { stepSequence } from "./parse-sequence.ts";
import type { ParseState } from "./parse-state.ts";

/**
 * Reads a data set to its end, moving the window along; what comes with it is left in `state`.
 * @throws DicomError `malformed`, `limit-exceeded`
 */
export async function parseDataSet(state: ParseState): Promise<DataSet> {
  while (!advance(state)) await state.window.load(state.needed.offset, state.needed.length);
  return state.close(state.root);
}

/**
 * Reads a data set whose bytes are all in the window.
 * @throws DicomError `malformed`, `limit-exceeded`, `truncated`
 */
export function parseWholeDataSet(state: ParseState): DataSet {
  if (!advance(state)) throw new DicomError("truncated", "Bytes of the data set are missing");
  return state.close(state.root);
}

/**
 * Reads the items of encapsulated pixel data, at which `state` stands, and nothing after them.
 * @throws DicomError `limit-exceeded`
 */
export async function parseFragments(
  state: ParseState,
  level: FragmentsLevel,
): Promise<EncapsulatedPixelData> {
  state.stack.push(level);
  while (!state.isDone && state.stack.includes(level)) {
    if (!state.has(8)) {
      if (!state.isDone) await state.window.load(state.needed.offset, state.needed.length);
    } else if (!stepFragments(state, level))
      await state.window.load(state.needed.offset, state.needed.length);
  }
  return {
    kind: "encapsulated",
    basicOffsetTable: level.basicOffsetTable ?? [],
    fragments: level.fragments,
  };
}

/** Goes as far as the window reaches. Whether the end is reached; if not, `needed` says what is missing. */
function advance(state: ParseState): boolean {
  while (!state.isDone) {
    const level = state.stack[state.stack.length - 1];
    if (level === undefined) return true;
    if (level.kind !== "fragments" && state.position >= level.end) state.pop();
    else if (!step(state, level)) return false;
  }
  return true;
}

/** Reads one element, item header or fragment; false when it is not in memory. */
function step(state: ParseState, level: ParseLevel): boolean {
  if (!state.has(8)) return state.isDone;
  switch (level.kind) {
    case "data-set":
      return stepDataSet(state, level);
    case "sequence":
      return stepSequence(state, level);
    case "fragments":
      return stepFragments(state, level);
  }
}
