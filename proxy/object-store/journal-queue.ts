import { type DiskTrouble, diskError, troubleOf } from "./disk-trouble.ts";
import type { Journal } from "./journal.ts";
import { entryOf, type JournalEntry } from "./journal-entry.ts";
import type { ObjectStoreError } from "./object-store.ts";
import type { SegmentFiles } from "./segment.ts";
import type { StoreClock } from "./store-clock.ts";
import type { StoreIndex } from "./store-index.ts";
import type { StoredRecord } from "./stored-record.ts";

/** A journal of fewer bytes is not written anew. */
const SMALL_JOURNAL_BYTES = 2 ** 20;

/** What the queue works with. */
export interface JournalQueueParts {
  readonly index: StoreIndex;
  readonly segments: SegmentFiles;
  readonly journal: Journal;
  readonly clock: StoreClock;
  /** Entries that make the index as it is. */
  readonly snapshot: () => readonly JournalEntry[];
  /** The state of the disk, each time it was tried. */
  readonly onTrouble: (trouble: DiskTrouble | undefined) => void;
  /** The record does not get on the disk. */
  readonly refuse: (record: StoredRecord, error: ObjectStoreError) => void;
  /** The journal has the record. */
  readonly onListed: (record: StoredRecord) => void;
}

/** Who waits for the disk. */
export interface DiskWaiter {
  resolve(): void;
  reject(error: Error): void;
}

/** What waits for the journal: records that are complete on the disk, and other entries. */
export class JournalQueue {
  readonly #parts: JournalQueueParts;
  #entries: JournalEntry[] = [];
  /** Complete on the disk, but the journal does not say so yet. */
  #finished: StoredRecord[] = [];
  #waiters: DiskWaiter[] = [];
  #rewriteAt: number;

  constructor(parts: JournalQueueParts) {
    this.#parts = parts;
    this.#rewriteAt = rewriteAt(parts.journal);
  }

  get hasWork(): boolean {
    return this.#entries.length + this.#finished.length + this.#waiters.length > 0;
  }

  /** The record is complete on the disk. */
  finish(record: StoredRecord): void {
    this.#finished.push(record);
  }

  note(entry: JournalEntry): void {
    this.#entries.push(entry);
  }

  /** Settles when the disk has what was noted. */
  noted(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
  }

  /** The next time, the journal is written anew. */
  shorten(): void {
    this.#rewriteAt = 0;
  }

  /** Writes what waits. Gives what failed, of that or before. */
  async write(before: DiskTrouble | undefined): Promise<DiskTrouble | undefined> {
    const finished = this.#finished.filter(({ state }) => state !== "gone");
    this.#finished = [];
    const { durable, failure = before } = await this.#syncSegments(finished);
    const listed = finished.filter(
      (record) => record.facts.origin === "retrieved" || durable.has(record),
    );
    const noted = this.#entries;
    const waiters = this.#waiters;
    this.#entries = [];
    this.#waiters = [];
    const objects = listed.map(({ object }) => object);
    const entries = [...listed.map(entryOf), ...noted];
    if (entries.length === 0 && waiters.length === 0) {
      this.#parts.onTrouble(failure);
      return failure;
    }
    try {
      await this.#append(entries, durable.size > 0 || waiters.length > 0);
    } catch (error) {
      this.#parts.onTrouble(troubleOf(error));
      this.#entries = [...noted, ...this.#entries];
      for (const waiter of waiters) waiter.reject(diskError(error));
      for (const record of listed) this.#notListed(record, error);
      return troubleOf(error);
    }
    this.#parts.onTrouble(failure);
    listed.forEach((record, order) => {
      this.#journaled(record);
      // It came again meanwhile.
      const isOutdated = record.state !== "gone" && record.object !== objects[order];
      if (isOutdated) this.#entries.push(entryOf(record));
    });
    for (const waiter of waiters) waiter.resolve();
    return failure;
  }

  async #append(entries: readonly JournalEntry[], isDurable: boolean): Promise<void> {
    const { journal, clock, snapshot } = this.#parts;
    if (journal.isUnsure || journal.byteLength > this.#rewriteAt) {
      await journal.rewrite({ ...clock.read(), entries: snapshot() });
      this.#rewriteAt = rewriteAt(journal);
    }
    if (entries.length > 0) await journal.append({ ...clock.read(), entries });
    if (isDurable) await journal.sync();
  }

  #journaled(record: StoredRecord): void {
    record.isJournaled = true;
    this.#parts.index.settle(record);
    if (record.state === "gone") this.#entries.push({ kind: "gone", names: [record.name] });
    else if (record.facts.origin === "received") this.#parts.index.put(record);
    this.#parts.onListed(record);
  }

  #notListed(record: StoredRecord, error: unknown): void {
    if (record.facts.origin === "retrieved") this.#finished.push(record);
    else this.#parts.refuse(record, diskError(error));
  }

  /** Makes the disk keep the segments of received records; gives those that it keeps. */
  async #syncSegments(finished: readonly StoredRecord[]): Promise<{
    readonly durable: ReadonlySet<StoredRecord>;
    readonly failure: DiskTrouble | undefined;
  }> {
    let failure: DiskTrouble | undefined;
    const received = finished.filter(({ facts }) => facts.origin === "received");
    const durable = new Set(received.filter(({ segment }) => segment === undefined));
    for (const segment of new Set(received.map((record) => record.segment))) {
      if (segment === undefined) continue;
      const its = received.filter((record) => record.segment === segment);
      try {
        await this.#parts.segments.sync(segment);
        for (const record of its) durable.add(record);
      } catch (error) {
        segment.isUnsure = true;
        failure = troubleOf(error);
        this.#parts.onTrouble(failure);
        for (const record of its) this.#parts.refuse(record, diskError(error));
      }
    }
    return { durable, failure };
  }
}

/** Its length from which on most of it is history. */
function rewriteAt(journal: Journal): number {
  return Math.max(SMALL_JOURNAL_BYTES, 3 * journal.byteLength);
}
