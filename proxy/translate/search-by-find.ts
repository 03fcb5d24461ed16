import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import { textElement } from "#core/dicom/text-element.ts";
import type { QidoQuery } from "#core/dicomweb/qido-query.ts";
import { resultTags } from "#core/dicomweb/result-attributes.ts";
import { type SearchPage, SourceError } from "../sources/source.ts";
import { fillCounts } from "./fill-counts.ts";
import type { FindContext } from "./find-level.ts";
import { RETRIEVE_URL, SPECIFIC_CHARACTER_SET, TIMEZONE_OFFSET } from "./level-attributes.ts";
import { declaredCharacterSet } from "./query-text.ts";
import { searchKeys } from "./search-keys.ts";
import type { RunFind, SearchAbilities, SearchByFind } from "./search-plan.ts";
import { type PacsMemory, SearchWalk } from "./search-walk.ts";
import { type Patience, takeMatches } from "./take-matches.ts";

/** Matches that one search gives at most; what is beyond is said to be there. */
const MOST_MATCHES = 10_000;

/** A list that trickles is answered after that, and at least so long after its first match; milliseconds. */
const PATIENCE_MS = 12_000;
const FROM_FIRST_MS = 2000;

/** Matches of a search from its beginning, before they are cut into pages. */
export interface MatchList {
  readonly matches: readonly DataSet[];
  /** Whether there are no more. */
  readonly isComplete: boolean;
  /** Texts for Warning headers. */
  readonly warnings: readonly string[];
}

/** How much is read beyond what is wanted, for the pages that follow. */
export interface ReadAhead {
  readonly matches: number;
  readonly ms: number;
}

/** One search of a PACS: what it asks for, and how. */
export class FindSearch {
  readonly #query: QidoQuery;
  readonly #context: FindContext;
  readonly #walk: SearchWalk;
  readonly #signal: AbortSignal;

  /** @throws SourceError `bad-request` */
  constructor(
    query: QidoQuery,
    abilities: SearchAbilities,
    run: RunFind,
    memory: PacsMemory,
    signal: AbortSignal,
  ) {
    if (query.offset >= MOST_MATCHES) {
      throw new SourceError(
        "bad-request",
        `A search gives at most ${MOST_MATCHES} results: narrow it`,
      );
    }
    const queryCharacterSet = declaredCharacterSet(abilities.queryCharacterSet);
    const settled = { ...abilities, queryCharacterSet };
    this.#query = query;
    this.#signal = signal;
    this.#context = {
      abilities: settled,
      run,
      warnings: new Set(warningsOf(query, abilities)),
      timeZone: abilities.timeZone ? timeZoneOf(query) : undefined,
    };
    const keys = searchKeys(query, settled);
    this.#walk = new SearchWalk(query, keys, this.#context, memory, signal);
  }

  /** The first matches. @throws as `searchByFind` does */
  async list(wanted: number, ahead: ReadAhead): Promise<MatchList> {
    this.#signal.throwIfAborted();
    const most = Math.min(wanted, MOST_MATCHES);
    const { items, isComplete } = await takeMatches(
      this.#walk.matches(),
      most,
      {
        ...ahead,
        matches: Math.min(ahead.matches, MOST_MATCHES - most),
      },
      this.#patience(),
    );
    return { matches: items, isComplete, warnings: [...this.#context.warnings] };
  }

  #patience(): Patience {
    const { patienceMs = PATIENCE_MS } = this.#context.abilities;
    return { ms: patienceMs, fromFirstMs: FROM_FIRST_MS, enough: this.#query.offset + 1 };
  }

  /** A page of a list as the search gives it: with all attributes that its level has. */
  async page({ matches, isComplete, warnings }: MatchList): Promise<SearchPage> {
    const { offset, limit = Number.POSITIVE_INFINITY } = this.#query;
    const page = matches.slice(offset, offset + limit);
    const standard = [...resultTags(this.#query)].filter((tag) => tag !== RETRIEVE_URL);
    const filled = await fillCounts(page, this.#query, this.#context, this.#signal);
    return {
      matches: filled.map((match) => presented(match, standard)),
      warnings: [...new Set([...warnings, ...this.#context.warnings])],
      hasMore: matches.length > offset + page.length || !isComplete,
    };
  }
}

/**
 * Answers a QIDO-RS search by C-FINDs (PS3.18 8.3.4 and 10.6, PS3.4 C.4.1), without keeping anything; `PacsSearch`
 * keeps lists for the pages that follow. What does not match by its own attributes is left out, whatever the PACS
 * thinks. No result is an empty page.
 * @throws SourceError `bad-request` for what cannot be asked of this PACS
 * @throws DimseError of the C-FINDs
 */
export const searchByFind: SearchByFind = async (query, abilities, run, signal) => {
  const memory = { patients: new Map<string, string>(), findsStudiesAlone: false };
  const search = new FindSearch(query, abilities, run, memory, signal);
  return await search.page(await search.list(wantedOf(query), { matches: 0, ms: 0 }));
};

/** Matches that have to be known for a page, and for whether there are more. */
export function wantedOf({ offset, limit }: Pick<QidoQuery, "offset" | "limit">): number {
  return limit === undefined ? MOST_MATCHES : offset + limit + 1;
}

/** Texts of PS3.18 8.3.4.2, and of our own where it has none. */
function warningsOf(query: QidoQuery, abilities: SearchAbilities): readonly string[] {
  const warnings: string[] = [];
  if (query.fuzzyMatching && !abilities.fuzzyMatching) {
    warnings.push(
      "The fuzzymatching parameter is not supported. Only literal matching has been performed.",
    );
  }
  if (timeZoneOf(query) !== undefined && !abilities.timeZone) {
    warnings.push("The PACS does not adjust dates and times to a time zone");
  }
  return warnings;
}

function timeZoneOf({ keys }: QidoQuery): string | undefined {
  const value = keys.find(({ path: [tag] }) => tag === TIMEZONE_OFFSET)?.value.trim();
  // A plus sign in an address that was not encoded is read as a blank.
  return value === undefined || value === "" ? undefined : value.replace(/^(?=\d)/, "+");
}

/** With the attributes that results of the level have, empty where the PACS has no value (PS3.18 10.6.3.3). */
function presented(match: DataSet, standard: readonly number[]): DataSet {
  const empty = standard.filter((tag) => !match.has(tag)).map(emptyElement);
  return new DataSet([
    ...empty,
    ...match.elements.values(),
    textElement(SPECIFIC_CHARACTER_SET, "ISO_IR 192"),
  ]);
}

function emptyElement(tag: number): DataElement {
  const element = textElement(tag);
  return element.vr === "SQ" ? { ...element, value: { kind: "items", items: [] } } : element;
}
