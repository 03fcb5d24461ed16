import { createHash } from "node:crypto";
import type { ListedSeries, PacsLists, StudyFacts } from "./pacs-lists.ts";

/** What the PACS is asked. */
export type StudyLists = Pick<PacsLists, "seriesOf" | "studyFacts">;

/** What is known of a study is asked for again when it is older, while the study is used; milliseconds. */
const FRESH_MS = 30_000;
const MOST_STUDIES = 500;
/** So long what is kept waits for the PACS to confirm it; milliseconds. */
const PATIENCE_MS = 1500;

interface WatchedStudy {
  series: readonly ListedSeries[] | undefined;
  seriesAt: number;
  /** Number of instances, where the PACS told. */
  count: number | undefined;
  factsAt: number;
  /** When the PACS last said that it is as it was; 0 for never. */
  verifiedAt: number;
  /** Whether the last time that the PACS was asked, it did not answer. */
  isUnverified: boolean;
  asking: Promise<void> | undefined;
  /** Whether what is kept waits for the answer. */
  isAwaited: boolean;
  listing: SeriesListing | undefined;
}

/** Series that the PACS is being asked for. */
interface SeriesListing {
  readonly series: Promise<readonly ListedSeries[]>;
  readonly ending: AbortController;
  /** Requests that wait for them. */
  readers: number;
}

/** Who is told of changes. */
export interface StudyWatchObserver {
  /** The patient or the examination is another one by now, or the study is gone: what was kept is not true any more. */
  changed(studyInstanceUid: string): void;
  /** It has more or fewer instances by now: its lists are not true any more. */
  recounted(studyInstanceUid: string): void;
}

/** What is kept of studies beside their objects, and longer than the process lives. */
export interface StudyMarks {
  markOf(studyInstanceUid: string): string | undefined;
  mark(studyInstanceUid: string, text: string): void;
  /** Whether objects are kept of the study that were there before the process was. */
  isInherited(studyInstanceUid: string): boolean;
}

/** Clocks, in milliseconds. */
interface WatchClocks {
  /** Nobody sets it: for how long something is. */
  steady(): number;
  /** Since 1970, as far as it is set right: for people. */
  wall(): number;
}

const CLOCKS: WatchClocks = { steady: () => performance.now(), wall: Date.now };

/** Studies in use: their series, and whether they still are whose they were. */
export class StudyWatch {
  readonly #lists: StudyLists;
  readonly #observer: StudyWatchObserver;
  readonly #marks: StudyMarks;
  readonly #clocks: WatchClocks;
  readonly #ending = new AbortController();
  readonly #studies = new Map<string, WatchedStudy>();

  constructor(
    lists: StudyLists,
    observer: StudyWatchObserver,
    marks: StudyMarks,
    clocks: WatchClocks = CLOCKS,
  ) {
    this.#lists = lists;
    this.#observer = observer;
    this.#marks = marks;
    this.#clocks = clocks;
  }

  /** Notes that the study is used, and has the PACS asked about it now and then. */
  used(studyInstanceUid: string, user: string): void {
    const study = this.#study(studyInstanceUid);
    if (study.asking !== undefined || this.#isFresh(study)) return;
    study.factsAt = this.#clocks.steady();
    study.asking = this.#ask(studyInstanceUid, study, user).finally(() => {
      study.asking = undefined;
      study.isAwaited = false;
    });
  }

  /** Whether the PACS did not confirm the study lately, and was not asked in vain lately. */
  isDue(studyInstanceUid: string): boolean {
    const study = this.#study(studyInstanceUid);
    return study.isAwaited || (study.asking === undefined && !this.#isFresh(study));
  }

  /** Has the PACS confirm the study before what is kept of it is served; waits for a moment only. */
  async confirm(studyInstanceUid: string, user: string): Promise<void> {
    const study = this.#study(studyInstanceUid);
    const isRunning = study.asking !== undefined;
    this.used(studyInstanceUid, user);
    if (study.asking === undefined) return;
    study.isAwaited ||= !isRunning;
    if ((await inTime(study.asking, PATIENCE_MS)) === "late") {
      study.isUnverified = true;
      study.isAwaited = false;
    }
  }

  /** Whether the PACS told how many instances the study has. */
  isCounted(studyInstanceUid: string): boolean {
    return this.#studies.get(studyInstanceUid)?.count !== undefined;
  }

  /**
   * The series, as listed lately; an older list is given while a new one is asked for. What nobody waits for any more is
   * not asked for.
   * @throws SourceError `not-found`, DimseError, the reason of the signal
   */
  async series(
    studyInstanceUid: string,
    user: string,
    signal?: AbortSignal,
  ): Promise<readonly ListedSeries[]> {
    const study = this.#study(studyInstanceUid);
    const isFresh = this.#clocks.steady() - study.seriesAt < FRESH_MS;
    if (study.series !== undefined && isFresh) return study.series;
    const running = study.listing?.ending.signal.aborted === true ? undefined : study.listing;
    const listing = running ?? this.#list(studyInstanceUid, study, user);
    if (study.series === undefined) return await readOf(listing, signal);
    listing.series.catch(() => undefined);
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

  #list(studyInstanceUid: string, study: WatchedStudy, user: string): SeriesListing {
    const ending = new AbortController();
    const series = this.#lists
      .seriesOf(studyInstanceUid, user, AbortSignal.any([this.#ending.signal, ending.signal]))
      .then((series) => {
        study.series = series;
        study.seriesAt = this.#clocks.steady();
        return series;
      })
      .finally(() => {
        if (study.listing === listing) study.listing = undefined;
      });
    const listing: SeriesListing = { series, ending, readers: 0 };
    study.listing = listing;
    return listing;
  }

  #isFresh(study: WatchedStudy): boolean {
    return this.#clocks.steady() - study.factsAt < FRESH_MS;
  }

  async #ask(studyInstanceUid: string, study: WatchedStudy, user: string): Promise<void> {
    try {
      const facts = await this.#lists.studyFacts(studyInstanceUid, user, this.#ending.signal);
      study.isUnverified = false;
      study.verifiedAt = this.#clocks.wall();
      this.#compare(studyInstanceUid, study, facts);
    } catch {
      // Whoever asks for what is not kept hears why; what is kept is served, and is said to be unverified.
      study.isUnverified = true;
    }
  }

  #compare(studyInstanceUid: string, study: WatchedStudy, facts: StudyFacts | undefined): void {
    const { count } = study;
    study.count = facts?.count;
    const mark = facts === undefined ? undefined : digestOf(facts.identity);
    const before = this.#marks.markOf(studyInstanceUid);
    const isInDoubt = before === undefined && this.#marks.isInherited(studyInstanceUid);
    const isOther = isInDoubt || (before !== undefined && before !== mark);
    if (isOther || facts === undefined) this.#observer.changed(studyInstanceUid);
    else if (count !== undefined && facts.count !== count)
      this.#observer.recounted(studyInstanceUid);
    if (mark !== undefined) this.#marks.mark(studyInstanceUid, mark);
  }

  #study(studyInstanceUid: string): WatchedStudy {
    const known = this.#studies.get(studyInstanceUid);
    const study = known ?? {
      series: undefined,
      seriesAt: Number.NEGATIVE_INFINITY,
      count: undefined,
      factsAt: Number.NEGATIVE_INFINITY,
      verifiedAt: 0,
      isUnverified: false,
      asking: undefined,
      isAwaited: false,
      listing: undefined,
    };
    if (known !== undefined) this.#studies.delete(studyInstanceUid);
    this.#studies.set(studyInstanceUid, study);
    const [oldest] = this.#studies.keys();
    if (this.#studies.size > MOST_STUDIES && oldest !== undefined) this.#studies.delete(oldest);
    return study;
  }
}

/** Waits for a listing as long as the signal lets; the last one that leaves ends it. */
async function readOf(
  listing: SeriesListing,
  signal: AbortSignal | undefined,
): Promise<readonly ListedSeries[]> {
  listing.readers += 1;
  let leave: () => void = () => undefined;
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => reject(signal?.reason);
  });
  if (signal?.aborted === true) leave();
  signal?.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([listing.series, left]);
  } finally {
    signal?.removeEventListener("abort", leave);
    listing.readers -= 1;
    if (listing.readers === 0 && signal?.aborted === true) listing.ending.abort();
  }
}

/** Tells one text from another without keeping it. */
function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** Whether a promise that never rejects settles in time. */
async function inTime(promise: Promise<void>, ms: number): Promise<"done" | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(resolve, ms, "late");
  });
  const outcome = await Promise.race([promise.then(() => "done" as const), late]);
  clearTimeout(timer);
  return outcome;
}
