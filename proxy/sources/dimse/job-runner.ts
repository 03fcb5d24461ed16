import { DimseError } from "../../dimse/dimse-error.ts";
import type { StoredObject } from "../../object-store/object-store.ts";
import type { ArrivalObserver } from "./arrival-sink.ts";
import { RetrieveJob } from "./retrieve-job.ts";
import type { Entry } from "./series-entry.ts";
import type { SeriesWork } from "./series-work.ts";
import { type FetchOutcome, shortfall } from "./shortfall.ts";

/** What retrieves are done with. */
export interface FetchParts {
  fetch(job: RetrieveJob, observer: ArrivalObserver): Promise<FetchOutcome>;
  /** An object that is there. */
  lookUp(sopInstanceUid: string): StoredObject | undefined;
  /** Told why an instance did not come; undefined when it has. */
  noteProblem(series: SeriesWork, sopInstanceUid: string, error: unknown): void;
}

/** What a runner is in. */
export interface RunnerSurroundings {
  /** Told when there may be room for the next one. */
  onRoom(): void;
  /** The series that are known. */
  all(): readonly SeriesWork[];
}

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
/** How some end an association that is one too many for them. */
const LOSSES: ReadonlySet<string> = new Set(["aborted", "connection-lost"]);
/** Nothing else will do better than what failed so. */
const HOPELESS: ReadonlySet<string> = new Set([
  ...REFUSALS,
  "silent",
  "overdue",
  "tls-failure",
  "no-context",
  "closed",
]);

/** What is said of the PACS, not of what it was asked for. */
const AWAY: ReadonlySet<string> = new Set([...REFUSALS, "silent", "tls-failure"]);

/** The retrieves that run, and what becomes of them. */
export class JobRunner {
  readonly #parts: FetchParts;
  readonly #limit: number;
  readonly #now: () => number;
  readonly #onRoom: () => void;
  readonly #all: () => readonly SeriesWork[];
  readonly #running = new Set<RetrieveJob>();
  #learnedLimit: { readonly most: number; readonly until: number } | undefined;
  #retrieved = { instances: 0, bytes: 0 };
  #lastArrivalAt = Number.NEGATIVE_INFINITY;

  constructor(
    parts: FetchParts,
    limit: number,
    now: () => number,
    { onRoom, all }: RunnerSurroundings,
  ) {
    this.#parts = parts;
    this.#limit = limit;
    this.#now = now;
    this.#onRoom = onRoom;
    this.#all = all;
  }

  get running(): ReadonlySet<RetrieveJob> {
    return this.#running;
  }

  /** Since the start. */
  get retrieved(): { readonly instances: number; readonly bytes: number } {
    return this.#retrieved;
  }

  /** Retrieves that may run at a time: what the settings say, and the PACS takes. */
  get most(): number {
    const learned = this.#learnedLimit;
    if (learned === undefined || learned.until < this.#now()) return this.#limit;
    return Math.min(learned.most, this.#limit);
  }

  /** What is there counts only under the study and series that its own attributes say. */
  there(series: SeriesWork, entry: Entry): StoredObject | undefined {
    const object = this.#parts.lookUp(entry.sopInstanceUid);
    if (object === undefined || !belongs(object, series)) return undefined;
    entry.isArrived = true;
    return object;
  }

  start(job: RetrieveJob): void {
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
    return entry?.isArrived === true && this.there(series, entry) !== undefined;
  }

  #arrived(job: RetrieveJob, object: StoredObject): void {
    const { series } = job;
    this.#lastArrivalAt = this.#now();
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
    for (const waiter of series.takeWaiters(entry)) waiter.resolve(object);
    series.noteArrival(object.byteLength);
    job.noteArrival(entry, this.#now());
    this.#parts.noteProblem(series, object.sopInstanceUid, undefined);
    this.#considerJumpsOf(job);
    if (job.reason === "wanted" && job.arrivals === 1) this.#onRoom();
  }

  #ended(job: RetrieveJob, outcome: FetchOutcome | undefined, error: unknown): void {
    const { series } = job;
    this.#running.delete(job);
    series.jobs.delete(job);
    const left = [...job.entries].filter((entry) => entry.jobs.delete(job) && !entry.isArrived);
    if (!job.isCancelled && left.length > 0) {
      if (error !== undefined && this.#isJustTooMany(job, error, left)) this.#giveBack(left);
      else this.#failLeft(job, left, outcome, error);
    }
    for (const entry of left) series.enqueue(entry);
    if (series.isBlind && error === undefined) series.learnFromArrivals(this.#now());
    this.#onRoom();
  }

  /** Whether the PACS only takes no further association beside those that it has. */
  #isJustTooMany(job: RetrieveJob, error: unknown, left: readonly Entry[]): boolean {
    if (!(error instanceof DimseError) || left.some(({ returns }) => returns >= MOST_RETURNS))
      return false;
    if (REFUSALS.has(error.code)) return this.#running.size > 0;
    const isFlowing = [...this.#running].some(({ arrivals }) => arrivals > 0);
    return LOSSES.has(error.code) && job.arrivals === 0 && isFlowing;
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
      series.fail(entry, reason);
    }
    if (!(error instanceof DimseError) || !HOPELESS.has(error.code)) return;
    // Others that have waited for most of the time would only meet with the same; of all series, where nothing came at all.
    const now = this.#now();
    const isAway = AWAY.has(error.code) && this.#lastArrivalAt < job.startedAt;
    for (const one of isAway ? this.#all() : [series]) {
      one.aheadNotBefore = now + AHEAD_PAUSE_MS;
      one.failSince((job.startedAt + now) / 2, error);
    }
  }

  #considerJumpsOf(job: RetrieveJob): void {
    for (const entry of job.entries) {
      if (entry.waiters.size > 0 && !entry.isArrived) this.considerJump(job.series, entry);
    }
  }

  /** Gives an instance that is too far back in a running retrieve one of its own. */
  considerJump(series: SeriesWork, entry: Entry): void {
    const [job] = entry.jobs;
    if (job === undefined || entry.jobs.size > 1 || !job.isTooSlowFor(entry, this.#now())) return;
    const [waiter] = [...entry.waiters].filter(({ priority }) => priority === "now");
    const isJumping = [...series.jobs].some(({ reason }) => reason === "jump");
    if (waiter === undefined || isJumping || this.#running.size >= this.most) return;
    this.start(
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
}

function belongs(object: StoredObject, series: SeriesWork): boolean {
  return (
    object.studyInstanceUid === series.studyInstanceUid &&
    object.seriesInstanceUid === series.seriesInstanceUid
  );
}
