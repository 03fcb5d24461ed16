import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { DataSet } from "#core/dicom/data-set.ts";
import {
  type StudyListEntry,
  type StudyListSort,
  sortStudyList,
  studyListEntry,
} from "./study-list-entry.ts";
import {
  NO_FILTER,
  type StudyListFilter,
  type StudySearchKeys,
  searchesOf,
} from "./study-list-filter.ts";

/** Where the study list searches; every source of studies has this shape. */
export interface StudyListSource {
  searchForStudies(
    search: StudySearchKeys & { readonly limit: number; readonly offset: number },
    signal: AbortSignal,
  ): Promise<{
    readonly studies: readonly DataSet[];
    readonly hasMore: boolean;
    readonly warnings?: readonly string[];
  }>;
}

/** Why a search failed: a stable code, and a sentence that says what to do. */
export interface StudyListFailure {
  readonly code: string;
  readonly message: string;
}

/** What the list is doing; a failure keeps what was found before it. */
export type StudyListStatus =
  | { readonly kind: "searching" }
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly failure: StudyListFailure };

export interface StudyListOptions {
  readonly debounceMs?: number;
  readonly now?: () => Date;
}

/** Rows that are shown at a time. */
export const STUDIES_PER_PAGE = 50;
const STUDIES_PER_SEARCH = 100;
/** More than this is not loaded for the sake of sorting; the list says so. */
const MAXIMUM_STUDIES = 10_000;

interface Cursor {
  readonly keys: StudySearchKeys;
  readonly offset: number;
  readonly hasMore: boolean;
}

/**
 * The state of a study list: what is asked, what was found, in which order and which page of it is shown. A
 * change of the filter aborts the search before it. Without a sort the archive's order stands while there is
 * more than was loaded, and the newest study comes first once everything is known.
 */
export class StudyListState {
  readonly #filter = signal(NO_FILTER);
  readonly #sort = signal<StudyListSort | undefined>(undefined);
  readonly #found = signal<readonly StudyListEntry[]>([]);
  readonly #status = signal<StudyListStatus>({ kind: "searching" });
  readonly #hasMore = signal(false);
  readonly #warnings = signal<readonly string[]>([]);
  readonly #pageIndex = signal(0);
  readonly #isStale = signal(false);
  readonly #arrived = signal<readonly StudyListEntry[]>([]);

  readonly filter: ReadonlySignal<StudyListFilter> = this.#filter;
  readonly sort: ReadonlySignal<StudyListSort | undefined> = this.#sort;
  readonly status: ReadonlySignal<StudyListStatus> = this.#status;
  /** Whether the archive has more studies than were loaded. */
  readonly hasMore: ReadonlySignal<boolean> = this.#hasMore;
  /** What the archive said beside its answers: that it ignored something, or does not know everything yet. */
  readonly warnings: ReadonlySignal<readonly string[]> = this.#warnings;
  /** From 0. */
  readonly pageIndex: ReadonlySignal<number> = this.#pageIndex;
  /** Whether what is shown answers the filter before this one. */
  readonly isStale: ReadonlySignal<boolean> = this.#isStale;
  /** Studies that the archive has got since the search and that the list does not show yet. */
  readonly arrived: ReadonlySignal<readonly StudyListEntry[]> = this.#arrived;
  /** Everything that was loaded, in order. */
  readonly entries: ReadonlySignal<readonly StudyListEntry[]> = computed(() => {
    const sort = this.#sort.value;
    if (sort !== undefined) return sortStudyList(this.#found.value, sort);
    if (this.#hasMore.value) return this.#found.value;
    return sortStudyList(this.#found.value, { column: "date", isDescending: true });
  });
  /** The rows of the page that is shown. */
  readonly page: ReadonlySignal<readonly StudyListEntry[]> = computed(() => {
    const first = this.#pageIndex.value * STUDIES_PER_PAGE;
    return this.entries.value.slice(first, first + STUDIES_PER_PAGE);
  });

  readonly #source: StudyListSource;
  readonly #debounceMs: number;
  readonly #now: () => Date;
  #cursors: readonly Cursor[] = [];
  #running: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: StudyListSource, options: StudyListOptions = {}) {
    this.#source = source;
    this.#debounceMs = options.debounceMs ?? 250;
    this.#now = options.now ?? (() => new Date());
  }

  /** Changes some fields of the filter and searches as soon as no further change follows. */
  changeFilter(changes: Partial<StudyListFilter>): void {
    this.#filter.value = { ...this.#filter.value, ...changes };
    this.#running?.abort();
    this.#isStale.value = true;
    this.#status.value = { kind: "searching" };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.search(), this.#debounceMs);
  }

  /** Searches now, from the first page; also the way to try again. */
  async search(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isStale.value = true;
    this.#cursors = searchesOf(this.#filter.value, this.#now()).map((keys) => ({
      keys,
      offset: 0,
      hasMore: true,
    }));
    await this.#load(0, this.#sort.value === undefined ? STUDIES_PER_PAGE : MAXIMUM_STUDIES);
  }

  /** Sorts by the column; everything is loaded first where that is possible, so that the order is true. */
  async sortBy(sort: StudyListSort): Promise<void> {
    this.#sort.value = sort;
    this.#pageIndex.value = 0;
    await this.#loadUpTo(MAXIMUM_STUDIES);
  }

  /** Shows a page, counted from 0, and loads it where it is not known yet. */
  async showPage(pageIndex: number): Promise<void> {
    const wanted = Math.max(0, pageIndex);
    await this.#loadUpTo((wanted + 1) * STUDIES_PER_PAGE);
    const last = Math.max(0, Math.ceil(this.#found.value.length / STUDIES_PER_PAGE) - 1);
    this.#pageIndex.value = Math.min(wanted, last);
  }

  /**
   * Asks whether the archive has studies that were not there before. They are not put among the rows, which would move
   * under the finger, but into `arrived`, unless there are no rows; what is known better of studies that are listed is shown at once.
   * Gives whether anything is new; rejects when the archive does not answer.
   */
  async lookForNew(signal: AbortSignal): Promise<boolean> {
    const before = this.#found.peek();
    const filter = this.#filter.peek();
    const isUnchanged = (): boolean =>
      !signal.aborted && before === this.#found.peek() && filter === this.#filter.peek();
    if (this.#status.peek().kind !== "ready" || this.#isStale.peek()) return false;
    const pages = await Promise.all(
      searchesOf(filter, this.#now()).map((keys) =>
        this.#source.searchForStudies({ ...keys, limit: STUDIES_PER_SEARCH, offset: 0 }, signal),
      ),
    );
    if (!isUnchanged()) return false;
    const entries = pages
      .flatMap(({ studies }) => studies.map(studyListEntry))
      .filter((entry) => entry !== undefined);
    const byUid = new Map(entries.map((entry) => [entry.studyInstanceUid, entry]));
    const known = new Set(before.map(({ studyInstanceUid }) => studyInstanceUid));
    const grown = before.map((entry) => grownEntry(entry, byUid.get(entry.studyInstanceUid)));
    const hasGrown = grown.some((entry, index) => entry !== before[index]);
    if (hasGrown) this.#found.value = grown;
    const arrived = [...byUid.values()].filter((entry) => !known.has(entry.studyInstanceUid));
    const hasArrived = arrived.length > this.#arrived.peek().length;
    this.#arrived.value = arrived;
    if (before.length === 0 && hasArrived) this.showArrived();
    return hasGrown || hasArrived;
  }

  /** Puts the studies that arrived among the others, and shows the first page. */
  showArrived(): void {
    this.#found.value = [...this.#arrived.peek(), ...this.#found.peek()].slice(0, MAXIMUM_STUDIES);
    this.#arrived.value = [];
    this.#pageIndex.value = 0;
  }

  /** Ends what is running; a later `search` begins anew. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
  }

  async #loadUpTo(count: number): Promise<void> {
    if (this.#hasMore.value && this.#found.value.length < count)
      await this.#load(this.#found.value.length, count);
  }

  async #load(known: number, count: number): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#status.value = { kind: "searching" };
    try {
      let total = known;
      do {
        const added = await this.#loadMore(running.signal);
        if (running.signal.aborted) return;
        this.#accept(added, total === 0);
        total = this.#found.value.length;
      } while (this.#hasMore.value && total < count);
      this.#status.value = { kind: "ready" };
    } catch (error) {
      if (!running.signal.aborted) this.#fail(error, known === 0);
    }
  }

  async #loadMore(abort: AbortSignal): Promise<readonly StudyListEntry[]> {
    const pages = await Promise.all(
      this.#cursors.map(async (cursor) => {
        if (!cursor.hasMore) return { cursor, studies: [], warnings: [] };
        const { keys, offset } = cursor;
        const page = await this.#source.searchForStudies(
          { ...keys, limit: STUDIES_PER_SEARCH, offset },
          abort,
        );
        const hasMore = page.hasMore && page.studies.length > 0;
        const next = { keys, offset: offset + page.studies.length, hasMore };
        return { cursor: next, studies: page.studies, warnings: page.warnings ?? [] };
      }),
    );
    if (!abort.aborted) {
      this.#cursors = pages.map(({ cursor }) => cursor);
      this.#warnings.value = [...new Set(pages.flatMap(({ warnings }) => warnings))];
    }
    return pages
      .flatMap(({ studies }) => studies.map(studyListEntry))
      .filter((entry) => entry !== undefined);
  }

  #accept(added: readonly StudyListEntry[], isFirst: boolean): void {
    const before = isFirst ? [] : this.#found.value;
    const byUid = new Map([...before, ...added].map((entry) => [entry.studyInstanceUid, entry]));
    this.#found.value = [...byUid.values()].slice(0, MAXIMUM_STUDIES);
    this.#hasMore.value = this.#cursors.some((cursor) => cursor.hasMore);
    this.#isStale.value = false;
    if (isFirst) {
      this.#pageIndex.value = 0;
      this.#arrived.value = [];
    }
  }

  /** Nothing that was found for another question may stand as the answer to this one. */
  #fail(error: unknown, isFirst: boolean): void {
    if (isFirst) {
      this.#found.value = [];
      this.#arrived.value = [];
      this.#warnings.value = [];
      this.#hasMore.value = false;
      this.#isStale.value = false;
    }
    this.#status.value = { kind: "failed", failure: failureOf(error) };
  }
}

/** The entry with the counts and modalities of now; the same object where nothing differs. */
function grownEntry(entry: StudyListEntry, now: StudyListEntry | undefined): StudyListEntry {
  const isSame =
    now === undefined ||
    (now.numberOfInstances === entry.numberOfInstances &&
      now.numberOfSeries === entry.numberOfSeries &&
      now.modalities.join() === entry.modalities.join());
  return isSame ? entry : { ...entry, ...now };
}

function failureOf(error: unknown): StudyListFailure {
  if (error instanceof Error) {
    const code = "code" in error && typeof error.code === "string" ? error.code : "unexpected";
    return { code, message: error.message };
  }
  return { code: "unexpected", message: "" };
}
