import type { ArrivalFailure } from "./arrival-sink.ts";
import type { Entry, JobReason, SeriesJob } from "./series-entry.ts";
import type { SeriesWork } from "./series-work.ts";

/** Where a wait is expected to be longer than this, an instance gets a retrieve of its own; milliseconds. */
const LONGEST_WAIT_MS = 1000;
/** Intervals without an arrival after which nothing seems to come any more. */
const SILENT_INTERVALS = 3;
const WEIGHT_OF_LATEST = 0.3;

/** Why something that was sent did not become what was asked for. */
export type Refusal = ArrivalFailure | "other-series";

/** What a retrieve is to do. */
export interface JobFacts {
  readonly series: SeriesWork;
  /** `series`: all of it by its UID; `instances`: by a list of UIDs. */
  readonly level: "series" | "instances";
  readonly entries: readonly Entry[];
  readonly reason: JobReason;
  readonly user: string;
  /** Whether somebody waits for one of the instances in particular. */
  readonly isUrgent: boolean;
  readonly startedAt: number;
}

/** One retrieve: some instances of a series, or all of it. */
export class RetrieveJob implements SeriesJob {
  readonly series: SeriesWork;
  readonly level: "series" | "instances";
  readonly entries: Set<Entry>;
  readonly reason: JobReason;
  readonly user: string;
  readonly isUrgent: boolean;
  readonly startedAt: number;
  readonly controller = new AbortController();
  /** By SOP Instance UID. */
  readonly refusals = new Map<string, Refusal>();
  isCancelled = false;
  readonly done: Promise<void>;
  #settle: (error: unknown) => void = () => undefined;
  #arrivals = 0;
  #lastArrivalAt: number;
  #lastPosition: number | undefined;
  #interval: number | undefined;

  constructor(facts: JobFacts) {
    this.series = facts.series;
    this.level = facts.level;
    this.entries = new Set(facts.entries);
    this.reason = facts.reason;
    this.user = facts.user;
    this.isUrgent = facts.isUrgent;
    this.startedAt = facts.startedAt;
    this.#lastArrivalAt = facts.startedAt;
    this.done = new Promise((resolve, reject) => {
      this.#settle = (error) => (error === undefined ? resolve() : reject(error));
    });
    // Most retrieves have nobody who waits for them as a whole.
    this.done.catch(() => undefined);
  }

  cancel(reason: unknown): void {
    this.isCancelled = true;
    for (const entry of this.entries) entry.jobs.delete(this);
    this.controller.abort(reason);
  }

  settle(error: unknown): void {
    this.#settle(error);
  }

  get arrivals(): number {
    return this.#arrivals;
  }

  /** Notes that something came. The time until the first says nothing of how fast the others come. */
  noteArrival(entry: Entry | undefined, now: number): void {
    if (this.#arrivals > 0) this.#noteInterval(now - this.#lastArrivalAt);
    this.#arrivals += 1;
    this.#lastArrivalAt = now;
    this.#lastPosition = entry?.position ?? this.#lastPosition;
  }

  isTooSlowFor(entry: Entry, now: number): boolean {
    if (this.#interval === undefined) return false;
    const isFlowing = now - this.#lastArrivalAt <= Math.max(this.#interval * SILENT_INTERVALS, 100);
    return isFlowing && this.#distance(entry) * this.#interval > LONGEST_WAIT_MS;
  }

  #noteInterval(interval: number): void {
    const known = this.#interval ?? interval;
    this.#interval = known + (interval - known) * WEIGHT_OF_LATEST;
    this.series.noteInterval(interval);
  }

  /** Instances until the entry, if the PACS sends in order; all that are missing where it does not. */
  #distance(entry: Entry): number {
    const last = this.#lastPosition;
    const { position } = entry;
    if (last !== undefined && position !== undefined && position > last) return position - last;
    let missing = 0;
    for (const one of this.entries) if (!one.isArrived) missing += 1;
    return missing;
  }
}
