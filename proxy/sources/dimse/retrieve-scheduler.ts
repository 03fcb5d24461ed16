import { DimseError } from "../../dimse/dimse-error.ts";
import type { StoredObject } from "../../object-store/object-store.ts";
import { type InstanceSelector, SourceError } from "../source.ts";
import type { ArrivalObserver } from "./arrival-sink.ts";
import { pickAhead, pickWanted } from "./pick-job.ts";
import { RetrieveJob } from "./retrieve-job.ts";
import type { Entry, Waiter, WantPriority } from "./series-entry.ts";
import { type ListingParts, NotListable, SeriesLists } from "./series-lists.ts";
import { SeriesTable } from "./series-table.ts";
import { type SeriesWork, SMALL_SERIES } from "./series-work.ts";
import { type FetchOutcome, shortfall } from "./shortfall.ts";

/** What the scheduler works with. */
export interface SchedulerParts extends ListingParts {
  fetch(job: RetrieveJob, observer: ArrivalObserver): Promise<FetchOutcome>;
  /** UIDs that the PACS takes in one list. */
  longestList(): number;
  /** An object that is there. */
  lookUp(sopInstanceUid: string): StoredObject | undefined;
  mayFetchAhead(series: SeriesWork): boolean;
  /** Told why an instance did not come; undefined when it has. */
  noteProblem(series: SeriesWork, sopInstanceUid: string, error: unknown): void;
  /** Told of each complete list of a series. */
  noteList(series: SeriesWork): void;
  readonly limits: SchedulerLimits;
  readonly now?: () => number;
}

/** Retrieves at a time. */
export interface SchedulerLimits {
  readonly most: number;
  readonly perRetrieval: number;
  readonly perUser: number;
  /** How long a series is fetched in advance after somebody used it; 0 for not at all. Milliseconds. */
  readonly aheadMs: number;
}

/** Lists are good for that long without being asked for again; milliseconds. */
const LIST_MS = 30_000;
/** An instance that is in no list is looked for again when the list is older; milliseconds. */
const DOUBTED_LIST_MS = 2000;
/** Time in which the next request may take the place of the last one that left; milliseconds. */
const GRACE_MS = 200;
/** Pause of fetching in advance after a retrieve failed; milliseconds. */
const AHEAD_PAUSE_MS = 10_000;
const MOST_RETURNS = 2;
/** After the PACS refused an association, so long no more are tried than it took; milliseconds. */
const LEARNED_LIMIT_MS = 60_000;

const REFUSALS: ReadonlySet<string> = new Set([
  "rejected",
  "unreachable",
  "connect-timeout",
  "busy",
]);
/** Nothing else will do better than what failed so. */
const HOPELESS: ReadonlySet<string> = new Set([
  ...REFUSALS,
  "silent",
  "overdue",
  "tls-failure",
  "no-context",
  "closed",
]);

/**
 * Who gets what, and when: requests wait for instances, retrieves of a few instances each bring them. What somebody
 * waits for goes first; requests for the same instance share it; what nobody waits for is fetched in advance while
 * its series is in use; a series that its last waiter leaves unanswered is let go of at the PACS.
 */
export class RetrieveScheduler {
  readonly #parts: SchedulerParts;
  readonly #now: () => number;
  readonly #lists: SeriesLists;
  readonly #series = new SeriesTable();
  readonly #running = new Set<RetrieveJob>();
  readonly #closing = new AbortController();
  #learnedLimit: { readonly most: number; readonly until: number } | undefined;
  #retrieved = { instances: 0, bytes: 0 };

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => performance.now());
    this.#lists = new SeriesLists(parts, this.#now, {
      noted: (series, entry, count) => this.#noteListed(series, entry, count),
      probed: () => this.#pump(),
      complete: (series, absent) => this.#listComplete(series, absent),
      failed: (series, error) => this.#listFailed(series, error),
    });
  }

  get retrieved(): { readonly instances: number; readonly bytes: number } {
    return this.#retrieved;
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
    const there = this.#there(series, entry);
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

  /** The series where its list is known, however old. */
  known(studyInstanceUid: string, seriesInstanceUid: string): SeriesWork | undefined {
    const series = this.#series.get(studyInstanceUid, seriesInstanceUid);
    return series?.listing === "complete" ? series : undefined;
  }

  /** Asks for the list again where it is old, while nobody waits for it. @throws DimseError */
  async refresh(series: SeriesWork, user: string): Promise<void> {
    if (this.#now() - series.listedAt >= LIST_MS) await this.#lists.ensure(series, user);
  }

  /** Forgets lists, so that the PACS is asked again. */
  forget(studyInstanceUid: string, seriesInstanceUid?: string): void {
    for (const series of this.#series.all()) {
      if (series.studyInstanceUid !== studyInstanceUid) continue;
      if (seriesInstanceUid !== undefined && series.seriesInstanceUid !== seriesInstanceUid)
        continue;
      series.listedAt = Number.NEGATIVE_INFINITY;
    }
  }

  /** Ends everything; those who wait hear `closed`. */
  close(): void {
    this.#closing.abort(closed());
    for (const series of this.#series.all()) {
      this.#failAll(series, closed());
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
    this.#start(job);
    return job;
  }

  #use(studyInstanceUid: string, seriesInstanceUid: string, user: string): SeriesWork {
    const series = this.#series.open(studyInstanceUid, seriesInstanceUid);
    series.lastUsed = this.#now();
    series.lastUser = user;
    return series;
  }

  /** What is there counts only under the study and series that its own attributes say. */
  #there(series: SeriesWork, entry: Entry): StoredObject | undefined {
    const object = this.#parts.lookUp(entry.sopInstanceUid);
    if (object === undefined || !belongs(object, series)) return undefined;
    entry.isArrived = true;
    return object;
  }

  #wait(
    series: SeriesWork,
    entry: Entry,
    user: string,
    priority: WantPriority,
    signal: AbortSignal,
  ): Promise<StoredObject> {
    return new Promise((resolve, reject) => {
      const done = () => signal.removeEventListener("abort", leave);
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
      signal.addEventListener("abort", leave, { once: true });
      series.addWaiter(entry, waiter);
      this.#prepare(series, entry, user);
      this.#considerJump(series, entry);
      this.#pump();
    });
  }

  /** Sees to it that enough is known of the series to fetch the entry. */
  #prepare(series: SeriesWork, entry: Entry, user: string): void {
    if (series.isBlind || entry.jobs.size > 0 || entry.waiters.size === 0) return;
    const age = this.#now() - series.listedAt;
    const isKnown = entry.position !== undefined && series.listing === "complete";
    if (isKnown || (series.listing === "complete" && age < DOUBTED_LIST_MS)) {
      if (!isKnown) this.#failEntry(series, entry, notListed());
      return;
    }
    const isFirst = series.listing === "none";
    this.#lists.ensure(series, user).catch(() => undefined);
    if (isFirst) this.#lists.probe(series, entry, user);
  }

  #noteListed(series: SeriesWork, entry: Entry, count: number): void {
    if (!entry.isArrived) this.#there(series, entry);
    const isDecided = count === SMALL_SERIES + 1;
    if (isDecided) series.size = "large";
    if (isDecided || (series.size === "large" && entry.waiters.size > 0)) this.#pump();
  }

  #listComplete(series: SeriesWork, absent: readonly Entry[]): void {
    for (const entry of series.order) if (!entry.isArrived) this.#there(series, entry);
    for (const entry of absent) {
      if (entry.jobs.size > 0) continue;
      this.#failEntry(series, entry, notListed());
      series.drop(entry);
    }
    this.#parts.noteList(series);
    this.#pump();
  }

  #listFailed(series: SeriesWork, error: unknown): void {
    if (error instanceof NotListable) series.isBlind = true;
    else this.#failAll(series, error);
    this.#pump();
  }

  #pump(): void {
    while (!this.#closing.signal.aborted) {
      const job = this.#next();
      if (job === undefined) return;
      this.#start(job);
    }
  }

  #next(): RetrieveJob | undefined {
    const { perRetrieval, perUser } = this.#parts.limits;
    const longestList = this.#parts.longestList();
    const state = {
      running: this.#running,
      most: this.#most(),
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

  #most(): number {
    const learned = this.#learnedLimit;
    if (learned === undefined || learned.until < this.#now()) return this.#parts.limits.most;
    return Math.min(learned.most, this.#parts.limits.most);
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

  #start(job: RetrieveJob): void {
    const { series } = job;
    series.claim([...job.entries], job);
    this.#running.add(job);
    const observer: ArrivalObserver = {
      isWanted: (uid) => !this.#isThere(series, uid),
      arrived: (object) => this.#arrived(job, object),
      refused: (uid, failure) => job.refusals.set(uid, failure),
    };
    this.#parts.fetch(job, observer).then(
      (outcome) => {
        this.#ended(job, outcome, undefined);
        job.settle(undefined);
      },
      (error: unknown) => {
        this.#ended(job, undefined, error);
        job.settle(error);
      },
    );
  }

  #isThere(series: SeriesWork, uid: string): boolean {
    const entry = series.entries.get(uid);
    return entry?.isArrived === true && this.#there(series, entry) !== undefined;
  }

  #arrived(job: RetrieveJob, object: StoredObject): void {
    const { series } = job;
    this.#retrieved = {
      instances: this.#retrieved.instances + 1,
      bytes: this.#retrieved.bytes + object.byteLength,
    };
    if (!belongs(object, series)) {
      job.refusals.set(object.sopInstanceUid, "other-series");
      job.noteArrival(undefined, this.#now());
      return;
    }
    const entry = series.entry(object.sopInstanceUid);
    entry.isArrived = true;
    entry.hasFailed = false;
    series.hasArrivals = true;
    job.noteArrival(entry, this.#now());
    this.#parts.noteProblem(series, object.sopInstanceUid, undefined);
    for (const waiter of series.takeWaiters(entry)) waiter.resolve(object);
    this.#considerJumpsOf(job);
    if (job.reason === "wanted" && job.arrivals === 1) this.#pump();
  }

  #ended(job: RetrieveJob, outcome: FetchOutcome | undefined, error: unknown): void {
    const { series } = job;
    this.#running.delete(job);
    series.jobs.delete(job);
    const left = [...job.entries].filter((entry) => entry.jobs.delete(job) && !entry.isArrived);
    if (!job.isCancelled && left.length > 0) {
      if (error !== undefined && this.#isJustTooMany(error, left)) this.#giveBack(left);
      else this.#failLeft(job, left, outcome, error);
    }
    for (const entry of left) series.enqueue(entry);
    if (series.isBlind && error === undefined) series.learnFromArrivals(this.#now());
    this.#pump();
  }

  /** Whether the PACS only takes no further association beside those that it has. */
  #isJustTooMany(error: unknown, left: readonly Entry[]): boolean {
    if (!(error instanceof DimseError) || !REFUSALS.has(error.code)) return false;
    const flowing = [...this.#running].filter(({ arrivals }) => arrivals > 0).length;
    return flowing > 0 && left.every(({ returns }) => returns < MOST_RETURNS);
  }

  #giveBack(left: readonly Entry[]): void {
    for (const entry of left) entry.returns += 1;
    this.#learnedLimit = {
      most: Math.max(1, this.#running.size),
      until: this.#now() + LEARNED_LIMIT_MS,
    };
  }

  #failLeft(
    job: RetrieveJob,
    left: readonly Entry[],
    outcome: FetchOutcome | undefined,
    error: unknown,
  ): void {
    const { series } = job;
    series.aheadNotBefore = this.#now() + AHEAD_PAUSE_MS;
    for (const entry of left) {
      entry.hasFailed = true;
      if (entry.jobs.size > 0) continue;
      const reason = error ?? shortfall(outcome, job.refusals.get(entry.sopInstanceUid));
      this.#parts.noteProblem(series, entry.sopInstanceUid, reason);
      this.#failEntry(series, entry, reason);
    }
    if (!(error instanceof DimseError) || !HOPELESS.has(error.code)) return;
    // Others that have waited as long would only meet with the same.
    for (const entry of series.entries.values()) {
      if (entry.jobs.size > 0) continue;
      if ([...entry.waiters].some(({ since }) => since <= job.startedAt))
        this.#failEntry(series, entry, error);
    }
  }

  #failEntry(series: SeriesWork, entry: Entry, error: unknown): void {
    for (const waiter of series.takeWaiters(entry)) waiter.reject(error);
  }

  #failAll(series: SeriesWork, error: unknown): void {
    for (const entry of [...series.entries.values()]) {
      if (entry.jobs.size === 0) this.#failEntry(series, entry, error);
    }
  }

  #considerJumpsOf(job: RetrieveJob): void {
    for (const entry of job.entries) {
      if (entry.waiters.size > 0 && !entry.isArrived) this.#considerJump(job.series, entry);
    }
  }

  /** Gives an instance that is too far back in a running retrieve one of its own. */
  #considerJump(series: SeriesWork, entry: Entry): void {
    const [job] = entry.jobs;
    if (job === undefined || entry.jobs.size > 1 || !job.isTooSlowFor(entry, this.#now())) return;
    const [waiter] = [...entry.waiters].filter(({ priority }) => priority === "now");
    const isJumping = [...series.jobs].some(({ reason }) => reason === "jump");
    if (waiter === undefined || isJumping || this.#running.size >= this.#most()) return;
    this.#start(
      new RetrieveJob({
        series,
        level: "instances",
        entries: [entry],
        reason: "jump",
        user: waiter.user,
        isUrgent: true,
        startedAt: this.#now(),
      }),
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

function belongs(object: StoredObject, series: SeriesWork): boolean {
  return (
    object.studyInstanceUid === series.studyInstanceUid &&
    object.seriesInstanceUid === series.seriesInstanceUid
  );
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

function closed(): DimseError {
  return new DimseError("closed", "The companion is being closed");
}

function cancelled(): DimseError {
  return new DimseError("cancelled", "Nobody waits for these objects any more");
}
