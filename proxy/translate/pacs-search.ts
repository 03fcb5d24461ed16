import type { QidoQuery } from "#core/dicomweb/qido-query.ts";
import type { SearchPage } from "../sources/source.ts";
import { LEVELS, PATIENT_ID, STUDY_INSTANCE_UID } from "./level-attributes.ts";
import { FindSearch, type MatchList, wantedOf } from "./search-by-find.ts";
import type { RunFind, SearchAbilities } from "./search-plan.ts";
import type { PacsMemory } from "./search-walk.ts";

/** How long and how much a `PacsSearch` keeps. */
export interface PacsSearchOptions {
  /** Lists of matches are kept this long for their next pages; 30 s by default. */
  readonly keepMs?: number;
  /** Matches that are kept at a time, over all searches; 20,000 by default. */
  readonly mostKept?: number;
  /** Milliseconds by a clock that is never set. */
  readonly now?: () => number;
}

/** A list for the pages that follow. */
interface KeptList extends MatchList {
  readonly until: number;
}

/** Pages that are read ahead, while the PACS gives them at once. */
const AHEAD = { pages: 3, ms: 30 };

/**
 * Searches of one PACS. The list of a search that has more is kept for a short while, per query and user, so that its
 * pages fit together and most need no C-FIND of their own. The first page is always asked for anew.
 */
export class PacsSearch {
  readonly #keepMs: number;
  readonly #mostKept: number;
  readonly #now: () => number;
  /** In order of use. */
  readonly #kept = new Map<string, KeptList>();
  readonly #memory: PacsMemory = { patients: new Map(), findsStudiesAlone: false };

  constructor({
    keepMs = 30_000,
    mostKept = 20_000,
    now = () => performance.now(),
  }: PacsSearchOptions = {}) {
    this.#keepMs = keepMs;
    this.#mostKept = mostKept;
    this.#now = now;
  }

  /**
   * @throws SourceError `bad-request` for what cannot be asked of this PACS
   * @throws DimseError of the C-FINDs
   */
  async search(
    query: QidoQuery,
    user: string,
    abilities: SearchAbilities,
    run: RunFind,
    signal: AbortSignal,
  ): Promise<SearchPage> {
    const search = new FindSearch(query, abilities, run, this.#memory, signal);
    const name = nameOf(query, user, abilities);
    const kept = query.offset === 0 ? undefined : this.#keptList(name);
    const wanted = wantedOf(query);
    const isEnough = kept !== undefined && (kept.isComplete || kept.matches.length >= wanted);
    const ahead = { matches: (query.limit ?? 0) * AHEAD.pages, ms: AHEAD.ms };
    const list = isEnough ? kept : continued(kept, await search.list(wanted, ahead), query);
    const page = await search.page(list);
    this.#keep(name, list, page.hasMore || query.offset > 0);
    return page;
  }

  /**
   * Patient ID of a study, which a Patient Root PACS has to be told below the patient; undefined when it has no such
   * study. @throws as `search` does
   */
  async patientOf(
    studyInstanceUid: string,
    abilities: SearchAbilities,
    run: RunFind,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const known = this.#memory.patients.get(studyInstanceUid);
    if (known !== undefined) return known;
    const query: QidoQuery = {
      level: "study",
      keys: [{ path: [STUDY_INSTANCE_UID], value: studyInstanceUid }],
      includeFields: [],
      includeAll: false,
      fuzzyMatching: false,
      offset: 0,
    };
    const search = new FindSearch(query, abilities, run, this.#memory, signal);
    const { matches } = await search.list(1, { matches: 0, ms: 0 });
    return matches[0]?.string(PATIENT_ID);
  }

  /** Forgets all lists, for example after something was stored. */
  clear(): void {
    this.#kept.clear();
  }

  #keptList(name: string): KeptList | undefined {
    const kept = this.#kept.get(name);
    return kept === undefined || kept.until < this.#now() ? undefined : kept;
  }

  /** Keeps a list whose pages are still being read; the least used ones make room. */
  #keep(name: string, list: MatchList, isOfUse: boolean): void {
    this.#kept.delete(name);
    if (isOfUse) this.#kept.set(name, { ...list, until: this.#now() + this.#keepMs });
    let count = 0;
    for (const { matches } of this.#kept.values()) count += matches.length;
    for (const [oldest, { matches, until }] of this.#kept) {
      if (count <= this.#mostKept && until >= this.#now()) break;
      this.#kept.delete(oldest);
      count -= matches.length;
    }
  }
}

/** What was given already stays where it was; what a new C-FIND found beside it comes after. */
function continued(kept: KeptList | undefined, list: MatchList, query: QidoQuery): MatchList {
  if (kept === undefined) return list;
  const { uniqueKey } = LEVELS[query.level];
  const known = new Set(kept.matches.map((match) => match.string(uniqueKey)));
  const others = list.matches.filter((match) => !known.has(match.string(uniqueKey)));
  return { ...list, matches: [...kept.matches, ...others] };
}

/** Searches that differ in nothing but the page. */
function nameOf(query: QidoQuery, user: string, abilities: SearchAbilities): string {
  const { limit: _limit, offset: _offset, ...asked } = query;
  return JSON.stringify([user, asked, abilities]);
}
