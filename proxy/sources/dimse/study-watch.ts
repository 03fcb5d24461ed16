import type { ListedSeries, PacsLists } from "./pacs-lists.ts";

/** What the PACS is asked. */
export type StudyLists = Pick<PacsLists, "seriesOf" | "studyFacts">;

/** What is known of a study is asked for again when it is older, while the study is used; milliseconds. */
const FRESH_MS = 30_000;
const MOST_STUDIES = 500;

interface WatchedStudy {
  series: readonly ListedSeries[] | undefined;
  seriesAt: number;
  facts: string | undefined;
  factsAt: number;
  /** When the PACS last said that it is as it was; 0 for never. */
  verifiedAt: number;
  /** Whether the last time that the PACS was asked, it did not answer. */
  isUnverified: boolean;
  asking: Promise<void> | undefined;
  listing: Promise<readonly ListedSeries[]> | undefined;
}

/** Who is told of changes. */
export interface StudyWatchObserver {
  /** The patient or the examination is another one by now, or the study is gone: what was kept is not true any more. */
  changed(studyInstanceUid: string): void;
}

/** Studies in use: their series, and whether they still are whose they were. */
export class StudyWatch {
  readonly #lists: StudyLists;
  readonly #observer: StudyWatchObserver;
  readonly #now: () => number;
  readonly #ending = new AbortController();
  readonly #studies = new Map<string, WatchedStudy>();

  constructor(lists: StudyLists, observer: StudyWatchObserver, now: () => number = Date.now) {
    this.#lists = lists;
    this.#observer = observer;
    this.#now = now;
  }

  /** Notes that the study is used, and has the PACS asked about it now and then. */
  used(studyInstanceUid: string, user: string): void {
    const study = this.#study(studyInstanceUid);
    if (study.asking !== undefined || this.#now() - study.factsAt < FRESH_MS) return;
    study.factsAt = this.#now();
    study.asking = this.#ask(studyInstanceUid, study, user).finally(() => {
      study.asking = undefined;
    });
  }

  /**
   * The series, as listed lately; an older list is given while a new one is asked for.
   * @throws SourceError `not-found`, DimseError
   */
  async series(studyInstanceUid: string, user: string): Promise<readonly ListedSeries[]> {
    const study = this.#study(studyInstanceUid);
    const isFresh = this.#now() - study.seriesAt < FRESH_MS;
    if (study.series !== undefined && isFresh) return study.series;
    const listing = study.listing ?? this.#list(studyInstanceUid, study, user);
    if (study.series === undefined) return await listing;
    listing.catch(() => undefined);
    return study.series;
  }

  /** The series as far as they are known, however long ago. */
  known(studyInstanceUid: string): readonly ListedSeries[] | undefined {
    return this.#studies.get(studyInstanceUid)?.series;
  }

  /** When the PACS last confirmed a study that it could not be asked about since; milliseconds since 1970, 0 for never. */
  unverifiedSince(studyInstanceUid: string): number | undefined {
    const study = this.#studies.get(studyInstanceUid);
    return study?.isUnverified === true ? study.verifiedAt : undefined;
  }

  /** Has the lists of a study asked for again at its next use. */
  forget(studyInstanceUid: string): void {
    const study = this.#studies.get(studyInstanceUid);
    if (study !== undefined) study.series = undefined;
  }

  close(): void {
    this.#ending.abort();
  }

  #list(
    studyInstanceUid: string,
    study: WatchedStudy,
    user: string,
  ): Promise<readonly ListedSeries[]> {
    const listing = this.#lists
      .seriesOf(studyInstanceUid, user, this.#ending.signal)
      .then((series) => {
        study.series = series;
        study.seriesAt = this.#now();
        return series;
      })
      .finally(() => {
        study.listing = undefined;
      });
    study.listing = listing;
    return listing;
  }

  async #ask(studyInstanceUid: string, study: WatchedStudy, user: string): Promise<void> {
    try {
      const facts = await this.#lists.studyFacts(studyInstanceUid, user, this.#ending.signal);
      study.isUnverified = false;
      study.verifiedAt = this.#now();
      const before = study.facts;
      study.facts = facts;
      if (before !== undefined && facts !== before) this.#observer.changed(studyInstanceUid);
    } catch {
      // Whoever asks for what is not kept hears why; what is kept is served, and is said to be unverified.
      study.isUnverified = true;
    }
  }

  #study(studyInstanceUid: string): WatchedStudy {
    const known = this.#studies.get(studyInstanceUid);
    const study = known ?? {
      series: undefined,
      seriesAt: 0,
      facts: undefined,
      factsAt: Number.NEGATIVE_INFINITY,
      verifiedAt: 0,
      isUnverified: false,
      asking: undefined,
      listing: undefined,
    };
    if (known !== undefined) this.#studies.delete(studyInstanceUid);
    this.#studies.set(studyInstanceUid, study);
    const [oldest] = this.#studies.keys();
    if (this.#studies.size > MOST_STUDIES && oldest !== undefined) this.#studies.delete(oldest);
    return study;
  }
}
