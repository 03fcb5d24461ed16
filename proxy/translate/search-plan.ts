import type { QidoQuery } from "#core/dicomweb/qido-query.ts";
import type { FindMatch, FindRequest } from "../dimse/services/find.ts";
import type { SearchPage } from "../sources/source.ts";

/** What is known of a PACS that searches depend on. */
export interface SearchAbilities {
  readonly model: "study-root" | "patient-root";
  /** Negotiated (PS3.4 C.5.1.1). */
  readonly relational: boolean;
  readonly dateTimeMatching: boolean;
  readonly fuzzyMatching: boolean;
  readonly timeZone: boolean;
  readonly hasImageLevel: boolean;
  readonly takesUidLists: boolean;
  /**
   * Matches of another Patient ID than the one asked for are left out. Otherwise they are given with a warning, as a PACS
   * may know several IDs of one patient.
   */
  readonly strictPatientIds?: boolean;
  /** Time after which a list that comes slowly is answered with what there is of it; milliseconds. */
  readonly patienceMs?: number;
  readonly queryCharacterSet: readonly string[];
  readonly fallbackCharacterSet: readonly string[];
}

/** Runs one C-FIND; leaving the loop cancels it. */
export type RunFind = (request: FindRequest) => AsyncIterable<FindMatch>;

/** Answers a QIDO-RS search by C-FINDs. Implemented by `searchByFind`. */
export type SearchByFind = (
  query: QidoQuery,
  abilities: SearchAbilities,
  run: RunFind,
  signal: AbortSignal,
) => Promise<SearchPage>;
