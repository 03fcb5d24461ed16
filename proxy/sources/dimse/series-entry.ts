import type { StoredObject } from "../../object-store/object-store.ts";

/** An instance as the PACS lists it. */
export interface ListedInstance {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string | undefined;
  readonly instanceNumber: number | undefined;
  /** Tells the object from another one that took its place; undefined where the PACS says nothing of that kind. */
  readonly version?: string | undefined;
}

/** `now`: somebody waits for this one; `bulk`: it is one of many that a request wants. */
export type WantPriority = "now" | "bulk";

/** A request that waits for an instance. */
export interface Waiter {
  readonly user: string;
  readonly priority: WantPriority;
  /** When it began to wait; milliseconds. */
  readonly since: number;
  resolve(object: StoredObject): void;
  reject(error: unknown): void;
}

/** An instance of a series in work. */
export interface Entry {
  readonly sopInstanceUid: string;
  sopClassUid: string | undefined;
  instanceNumber: number | undefined;
  /** As it was listed last. */
  version: string | undefined;
  /** Place in the order of the series; undefined until it is listed. */
  position: number | undefined;
  isArrived: boolean;
  /** Whether fetching it in advance failed: then nobody tries before it is asked for. */
  hasFailed: boolean;
  /** Times that it went back into the queue because the PACS had no association for it. */
  returns: number;
  readonly jobs: Set<SeriesJob>;
  readonly waiters: Set<Waiter>;
}

/** Why a retrieve is done. */
export type JobReason = "wanted" | "ahead" | "jump";

/** A retrieve that works for a series. */
export interface SeriesJob {
  readonly reason: JobReason;
  readonly entries: ReadonlySet<Entry>;
  /** Settles when it is over; rejects when it failed as a whole. */
  readonly done: Promise<void>;
  /** Whether instances do come, but this one seems to be too far back. */
  isTooSlowFor(entry: Entry, now: number): boolean;
  /** Lets go of it at the PACS; its entries may be asked for anew at once. */
  cancel(reason: unknown): void;
}

/** Whether an instance is neither there nor on its way. */
export function isMissing(entry: Entry): boolean {
  return !entry.isArrived && entry.jobs.size === 0;
}
