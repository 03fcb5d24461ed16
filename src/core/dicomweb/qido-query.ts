import type { Tag } from "../dicom/tag.ts";

/** Level of a search (PS3.18 10.6). */
export type QueryLevel = "study" | "series" | "instance";

/** One matching key. Paths of more than one tag reach into the items of sequences. */
export interface MatchKey {
  readonly path: readonly Tag[];
  /** Value as given, percent-decoded: single value, wildcard, range or list. */
  readonly value: string;
}

/** A QIDO-RS search, parsed (PS3.18 8.3.4 and 10.6.1). */
export interface QidoQuery {
  readonly level: QueryLevel;
  readonly studyInstanceUid?: string;
  readonly seriesInstanceUid?: string;
  readonly keys: readonly MatchKey[];
  readonly includeFields: readonly (readonly Tag[])[];
  readonly includeAll: boolean;
  readonly fuzzyMatching: boolean;
  readonly limit?: number;
  readonly offset: number;
}
