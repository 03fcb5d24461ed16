import type { QidoQuery } from "#core/dicomweb/qido-query.ts";
import type { SearchPage } from "../sources/source.ts";
import { searchByFind } from "./search-by-find.ts";
import type { RunFind, SearchAbilities } from "./search-plan.ts";

/** How long and how much a `PacsSearch` keeps. */
export interface PacsSearchOptions {
  /** Lists of matches are kept this long for their next pages; 20 s by default. */
  readonly keepMs?: number;
  /** Matches that are kept at a time, over all searches; 20,000 by default. */
  readonly mostKept?: number;
  readonly now?: () => number;
}

/**
 * Searches of one PACS. The list of a search that has more is kept for a short while, per query and user, so that its
 * pages fit together and need no C-FIND of their own.
 */
export class PacsSearch {
  constructor(_options: PacsSearchOptions = {}) {}

  /** @throws as `searchByFind` does */
  search(
    query: QidoQuery,
    _user: string,
    abilities: SearchAbilities,
    run: RunFind,
    signal: AbortSignal,
  ): Promise<SearchPage> {
    return searchByFind(query, abilities, run, signal);
  }

  /** Forgets all lists, for example after something was stored. */
  clear(): void {}
}
