import type { DisplaySet, FrameReference } from "./display-set.ts";
import type { Study } from "./study-tree.ts";

/** A line of text over an image, with what it is about, so that lines can give way in a fixed order. */
export interface CornerLine {
  readonly key:
    | "name"
    | "patient-id"
    | "birth-date"
    | "conflict"
    | "study-date"
    | "study-description"
    | "accession"
    | "series"
    | "technique"
    | "laterality"
    | "slice"
    | "lossy"
    | "notice";
  readonly text: string;
}

/** Annotations as data (safety C1, C2). The viewer adds window, zoom and "image n of N" at the bottom. */
export interface CornerTexts {
  /** Identity. */
  readonly topLeft: readonly CornerLine[];
  /** Study, series, technique. */
  readonly topRight: readonly CornerLine[];
  /** Slice location and thickness, laterality. */
  readonly bottomLeft: readonly CornerLine[];
  /** Lossy compression and other notices. */
  readonly bottomRight: readonly CornerLine[];
}

/** The annotations of a frame, in words; what is missing is said (`no name`). */
export function cornerTexts(
  _study: Study,
  _displaySet: DisplaySet,
  _reference: FrameReference,
): CornerTexts {
  return { topLeft: [], topRight: [], bottomLeft: [], bottomRight: [] };
}
