import { DimseError } from "../../dimse/dimse-error.ts";
import type { StoredObject } from "../../object-store/object-store.ts";
import { type InstanceSelector, SourceError } from "../source.ts";
import { type FetchParts, JobRunner } from "./job-runner.ts";
import { pickAhead, pickWanted } from "./pick-job.ts";
import { RetrieveJob } from "./retrieve-job.ts";
import type { Entry, Waiter, WantPriority } from "./series-entry.ts";
import { type ListingParts, NotListable, SeriesLists } from "./series-lists.ts";
import { SeriesTable } from "./series-table.ts";
import { type SeriesWork, SMALL_SERIES } from "./series-work.ts";

/** What the scheduler works with. */
export interface SchedulerParts extends ListingParts, FetchParts {
  /** UIDs that the PACS takes in one list. */
  longestList(): number;
  mayFetchAhead(series: SeriesWork): boolean;
  /** Told of each complete list of a series. */
  noteList(series: SeriesWork): void;
  /** Has an object forgotten in whose place the PACS has another one. */
  drop(series: SeriesWork, sopInstanceUid: string): void;
  readonly limits: SchedulerLimits;
  readonly now?: () => number;
}

/** Retrieves at a time. */
export interface SchedulerLimits {
  readonly most: number;
  readonly perRetrieval: number;
  readonly perUser: number;
  /** How long a request for one instance waits for its turn; milliseconds. */
  readonly waitMs?: number;
  /** How long a series is fetched in advance after somebody used it; 0 for not at all. Milliseconds. */
  readonly aheadMs: number;
}

const WAIT_MS = 13_000;
/** Lists are good for that long without being asked for again; milliseconds. */
const LIST_MS = 30_000;
/** An instance that is in no list is looked for again when the list is older; milliseconds. */
const DOUBTED_LIST_MS = 2000;
/** Time in which the next request may take the place of the last one that left; milliseconds. */
const GRACE_MS = 200;

/**
 * Who gets what, and when: requests wait for instances, retrieves of a few instances each bring them. What somebody
 * waits for goes first; requests for the same instance share it; what nobody waits for is fetched in advance while
 * its series is in use; a series that its last waiter leaves unanswered is let go of at the PACS.
 */
export class RetrieveScheduler {
  readonly #parts: SchedulerParts;
  readonly #now: () => number;
  readonly #lists: SeriesLists;
  readonly #jobs: JobRunner;
  readonly #series = new SeriesTable();
  readonly #closing = new AbortController();

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => performance.now());
    this.#jobs = new JobRunner(parts, parts.limits.most, this.#now, {
      onRoom: () => this.#pump(),
      all: () => this.#series.all(),
    });
    this.#lists = new SeriesLists(parts, this.#now, {
      noted: (series, entry, count) => this.#noteListed(series, entry, count),
      probed: () => this.#pump(),
      complete: (series, absent) => this.#listComplete(series, absent),
      failed: (series, error) => this.#listFailed(series, error),
    });
  }

  /** Since the start. */
  get retrieved(): { readonly instances: number; readonly bytes: number } {
    return this.#jobs.retrieved;
  }

  /** Instances that requests wait for, and those that are still to be fetched in advance. */
  queue(): { readonly wanted: number; readonly ahead: number } {
    let wanted = 0;
    let ahead = 0;
    for (const series of this.#series.all()) {
      for (const entry of series.entries.values()) if (entry.waiters.size > 0) wanted += 1;
      if (this.#isInUse(series)) ahead += series.countAhead();
    }
    return { wanted, ahead };
  }

  /** The object, as soon as it is there. @throws SourceError `not-found`, DimseError, the reason of the signal */
  want(
    selector: InstanceSelector,
    user: string,
    priority: WantPriority,
    signal: AbortSignal,
  ): Promise<StoredObject> {
    if (this.#closing.signal.aborted) return Promise.reject(closed());
    if (signal.aborted) return Promise.reject(signal.reason);
    const series = this.#use(selector.studyInstanceUid, selector.seriesInstanceUid, user);
    const entry = series.entry(selector.sopInstanceUid);
    const there = this.#jobs.there(series, entry);
    if (there !== undefined) {
      series.touch(entry);
      this.#pump();
      return Promise.resolve(there);
    }
    entry.isArrived = false;
    return this.#wait(series, entry, user, priority, signal);
  }

  /**
   * The instances of a series: from a list that is fresh enough, or that the PACS is asked for; many may wait for it.
   * @throws DimseError, the reason of the signal
   */
  async list(
    studyInstanceUid: string,
    seriesInstanceUid: string,
    user: string,
    signal: AbortSignal,
  ): Promise<SeriesWork> {
    const series = this.#use(studyInstanceUid, seriesInstanceUid, user);
    if (series.listing === "complete" && this.#now() - series.listedAt < LIST_MS) return series;
    series.listReaders += 1;
    try {
      await withSignal(this.#listOrFetch(series, user), signal);
      return series;
    } finally {
      series.listReaders -= 1;
      if (signal.aborted) this.#considerLeaving(series);
    }
  }

  /** The series where its list is known, however old, and nothing is known that speaks against it. */
  known(studyInstanceUid: string, seriesInstanceUid: string): SeriesWork | undefined {
    const series = this.#series.get(studyInstanceUid, seriesInstanceUid);
    const isKnown = series?.listing === "complete" && !series.isOutdated;
    return isKnown ? series : undefined;
  }

  /** Compares a series of which something is kept with the PACS, where its list is missing or old. Never rejects. */
  async confirm(studyInstanceUid: string, seriesInstanceUid: string, user: string): Promise<void> {
    const series = this.#use(studyInstanceUid, seriesInstanceUid, user);
    const now = this.#now();
    const isTried = series.listed === undefined && now - series.triedAt < LIST_MS;
    if (series.isBlind || isTried || now - series.listedAt < LIST_MS) return;
    series.triedAt = now;
    // What it fails with is told to whoever asks for what is not there.
    await this.#lists.ensure(series, user).catch(() => undefined);
  }

  /** Compares a series that is used with the PACS, when that is due; nobody waits for it. */
  refresh(studyInstanceUid: string, seriesInstanceUid: string, user: string): void {
    const series = this.#use(studyInstanceUid, seriesInstanceUid, user);
    const now = this.#now();
    if (series.isBlind || now - Math.max(series.listedAt, series.triedAt) < LIST_MS) return;
    series.triedAt = now;
    // What it fails with is told to whoever asks for what is not there.
    this.#lists.ensure(series, user).catch(() => undefined);
  }

  /** Forgets lists, so that the PACS is asked again. */
  forget(studyInstanceUid: string, seriesInstanceUid?: string): void {
    for (const series of this.#series.all()) {
      if (series.studyInstanceUid !== studyInstanceUid) continue;
      if (seriesInstanceUid !== undefined && series.seriesInstanceUid !== seriesInstanceUid)
        continue;
      series.listedAt = Number.NEGATIVE_INFINITY;
      series.triedAt = Number.NEGATIVE_INFINITY;
      series.isOutdated = true;
    }
  }

  /** Ends everything; those who wait hear `closed`. */
  close(): void {
    this.#closing.abort(closed());
    for (const series of this.#series.all()) {
      for (const entry of [...series.entries.values()]) series.fail(entry, closed());
      this.#stop(series);
    }
  }

  /** The list, or the whole series where the PACS lists no instances. */
  async #listOrFetch(series: SeriesWork, user: string): Promise<void> {
    if (!series.isBlind) {
      const failure = await this.#lists.ensure(series, user).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      if (failure === undefined) return;
      if (!(failure.error instanceof NotListable)) throw failure.error;
    }
    const [running] = series.jobs;
    await (running ?? this.#startWhole(series, user)).done;
    if (series.listing !== "complete") throw notListed();
  }

  #startWhole(series: SeriesWork, user: string): RetrieveJob {
    const job = new RetrieveJob({
      series,
      level: "series",
      entries: [],
      reason: "wanted",
      user,
      isUrgent: false,
      startedAt: this.#now(),
    });
    this.#jobs.start(job);
    return job;
  }

  #use(studyInstanceUid: string, seriesInstanceUid: string, user: string): SeriesWork {
    const series = this.#series.open(studyInstanceUid, seriesInstanceUid);
    series.lastUsed = this.#now();
    series.lastUser = user;
    return series;
  }

  #wait(
    series: SeriesWork,
    entry: Entry,
    user: string,
    priority: WantPriority,
    signal: AbortSignal,
  ): Promise<StoredObject> {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", leave);
      };
      const waiter: Waiter = {
        user,
        priority,
        since: this.#now(),
        resolve: (object) => {
          done();
          resolve(object);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
      const leave = () => {
        series.removeWaiter(entry, waiter);
        waiter.reject(signal.reason);
        this.#considerLeaving(series);
      };
      // Many that a request wants come one after the other; the one that it waits for has to come in good time.
      const timer = setTimeout(() => {
        if (priority !== "now" || entry.jobs.size > 0) return;
        series.removeWaiter(entry, waiter);
        waiter.reject(queuedTooLong());
      }, this.#parts.limits.waitMs ?? WAIT_MS);
      signal.addEventListener("abort", leave, { once: true });
      series.addWaiter(entry, waiter);
      this.#prepare(series, entry, user);
      this.#jobs.considerJump(series, entry);
      this.#pump();
    });
  }

  /** Sees to it that enough is known of the series to fetch the entry. */
  #prepare(series: SeriesWork, entry: Entry, user: string): void {
    if (series.isBlind || entry.jobs.size > 0 || entry.waiters.size === 0) return;
    const age = this.#now() - series.listedAt;
    const isKnown = entry.position !== undefined && series.listing === "complete";
    if (isKnown || (series.listing === "complete" && age < DOUBTED_LIST_MS)) {
      if (!isKnown) series.fail(entry, notListed());
      return;
    }
    const isFirst = series.listing === "none";
    // What the last list did not have is not asked for before the next one has it.
    if (series.listing === "complete") series.hold(entry);
    this.#lists.ensure(series, user).catch(() => undefined);
    if (isFirst) this.#lists.probe(series, entry, user);
  }

  #noteListed(series: SeriesWork, entry: Entry, count: number): void {
    if (!entry.isArrived) this.#jobs.there(series, entry);
    const isDecided = count === SMALL_SERIES + 1;
    if (isDecided) series.size = "large";
    if (isDecided || (series.size === "large" && entry.waiters.size > 0)) this.#pump();
  }

  #listComplete(series: SeriesWork, absent: readonly Entry[]): void {
    for (const entry of series.replaced) {
      this.#parts.drop(series, entry.sopInstanceUid);
      entry.isArrived = false;
    }
    series.replaced.clear();
    for (const entry of series.order) if (!entry.isArrived) this.#jobs.there(series, entry);
    for (const entry of absent) {
      if (entry.jobs.size > 0) continue;
      series.fail(entry, notListed());
      series.drop(entry);
    }
    for (const entry of series.order) series.enqueue(entry);
    this.#parts.noteList(series);
    this.#pump();
  }

  #listFailed(series: SeriesWork, error: unknown): void {
    if (error instanceof NotListable) {
      series.isBlind = true;
      for (const entry of series.entries.values()) series.enqueue(entry);
    } else series.failAll(error);
    this.#pump();
  }

  #pump(): void {
    while (!this.#closing.signal.aborted) {
      const job = this.#next();
      if (job === undefined) return;
      this.#jobs.start(job);
    }
  }

  #next(): RetrieveJob | undefined {
    const { perRetrieval, perUser } = this.#parts.limits;
    const longestList = this.#parts.longestList();
    const state = {
      running: this.#jobs.running,
      most: this.#jobs.most,
      perRetrieval,
      perUser,
      longestList,
    };
    const now = this.#now();
    const wanted = pickWanted(this.#series.all(), state, now);
    if (wanted !== undefined) return wanted;
    const inUse = this.#series
      .all()
      .filter((series) => this.#isInUse(series) && series.aheadNotBefore <= now);
    return pickAhead(inUse, state, now);
  }

  #isInUse(series: SeriesWork): boolean {
    const { aheadMs } = this.#parts.limits;
    return (
      series.listing === "complete" &&
      series.size !== "unknown" &&
      aheadMs > 0 &&
      this.#now() - series.lastUsed < aheadMs &&
      this.#parts.mayFetchAhead(series)
    );
  }

  #considerLeaving(series: SeriesWork): void {
    if (series.isAwaited) return;
    setTimeout(() => {
      if (!series.isAwaited && series.lastUsed + GRACE_MS <= this.#now() + 1) this.#stop(series);
    }, GRACE_MS);
  }

  /** Lets go of a series: of its list, of its retrieves, and of what was to be fetched in advance. */
  #stop(series: SeriesWork): void {
    series.stop();
    for (const job of series.jobs) job.cancel(cancelled());
    series.jobs.clear();
  }
}

/** The promise, unless the signal aborts before. */
function withSignal<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}

function notListed(): SourceError {
  return new SourceError("not-found", "The PACS has no such object in this series");
}

function queuedTooLong(): DimseError {
  return new DimseError("busy", "The PACS is busy with other retrieves");
}

function closed(): DimseError {
  return new DimseError("closed", "The companion is being closed");
}

function cancelled(): DimseError {
  return new DimseError("cancelled", "Nobody waits for these objects any more");
}
