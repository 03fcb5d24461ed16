import type { ChunkMemory } from "./chunk-memory.ts";
import { type ChunkRun, encryptedMemory, encryptRun, letGo, storedBytesOf } from "./chunk-run.ts";
import { type DiskTrouble, diskError, troubleOf } from "./disk-trouble.ts";
import { freeMemory } from "./free-memory.ts";
import type { Journal } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { type DiskWaiter, JournalQueue } from "./journal-queue.ts";
import { ObjectStoreError } from "./object-store.ts";
import { CHUNK_BYTES } from "./record-cipher.ts";
import type { Segment, SegmentFiles } from "./segment.ts";
import type { StoreClock } from "./store-clock.ts";
import type { StoreIndex } from "./store-index.ts";
import type { StoreKeys } from "./store-keys.ts";
import type { StoredRecord } from "./stored-record.ts";

/** Plain bytes that are encrypted and written at a time. */
const BATCH_BYTES = 2 * 2 ** 20;
/** Time between attempts while the disk fails. */
const RETRY_MS = 1000;

/** What the writer works with. */
export interface WriteBehindParts {
  readonly keys: StoreKeys;
  readonly index: StoreIndex;
  readonly memory: ChunkMemory;
  readonly segments: SegmentFiles;
  readonly journal: Journal;
  readonly clock: StoreClock;
  /** Whether so many bytes of a record may go on the disk; evicts for them. */
  readonly makeRoom: (record: StoredRecord, byteLength: number) => boolean;
  /** Entries that make the index as it is. */
  readonly snapshot: () => readonly JournalEntry[];
  /** The state of the disk changed. */
  readonly onTrouble: (trouble: DiskTrouble | undefined) => void;
  /** Memory may be free again. */
  readonly onProgress: () => void;
}

/**
 * Brings records from memory to the disk, in batches: chunks to segments in one large write each, then what became
 * complete to the journal. One batch makes all received objects durable that wait for it.
 */
export class WriteBehind {
  readonly #parts: WriteBehindParts;
  /** Received objects go first: somebody waits for them. */
  readonly #urgent = new Set<StoredRecord>();
  readonly #behind = new Set<StoredRecord>();
  readonly #waiting = new Map<StoredRecord, DiskWaiter>();
  readonly #queue: JournalQueue;
  #trouble: DiskTrouble | undefined;
  #running: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(parts: WriteBehindParts) {
    this.#parts = parts;
    const { index, segments, journal, clock, snapshot } = parts;
    this.#queue = new JournalQueue({
      index,
      segments,
      journal,
      clock,
      snapshot,
      onTrouble: (trouble) => this.#tell(trouble),
      refuse: (record, error) => this.#refuse(record, error),
      onListed: (record) => {
        this.#waiting.get(record)?.resolve();
        this.#waiting.delete(record);
      },
    });
  }

  get trouble(): DiskTrouble | undefined {
    return this.#trouble;
  }

  /** Whether waiting may free memory. */
  get isWorking(): boolean {
    return this.#running !== undefined && this.#trouble === undefined;
  }

  /** Writes the sealed chunks of a record, and the journal when it is complete. */
  add(record: StoredRecord): void {
    (record.facts.origin === "received" ? this.#urgent : this.#behind).add(record);
    if (record.facts.origin === "received") this.#wake();
    else this.#wakeUnlessTrouble();
  }

  /** The same; settles when the disk has the record for good. */
  addDurable(record: StoredRecord): Promise<void> {
    const settled = new Promise<void>((resolve, reject) => {
      this.#waiting.set(record, { resolve, reject });
    });
    this.add(record);
    return settled;
  }

  /** Has entries written at the next opportunity. */
  note(entry: JournalEntry): void {
    this.#queue.note(entry);
    this.#wakeUnlessTrouble();
  }

  /** Settles when the disk has what was noted. */
  noted(): Promise<void> {
    const settled = this.#queue.noted();
    this.#wake();
    return settled;
  }

  /** Writes the journal anew. */
  shortenJournal(): void {
    this.#queue.shorten();
    // Where it fails now, the next entry tries again.
    this.noted().catch(() => undefined);
  }

  /** The record is gone: it is no longer to be written, and no longer to be listed. */
  forget(record: StoredRecord): void {
    this.#urgent.delete(record);
    this.#behind.delete(record);
    if (record.isJournaled) this.note({ kind: "gone", names: [record.name] });
    const reason = record.failure ?? new ObjectStoreError("gone", "The object was removed");
    this.#waiting.get(record)?.reject(reason);
    this.#waiting.delete(record);
  }

  /** Records that wait, the oldest first. */
  pending(): Iterable<StoredRecord> {
    return this.#behind;
  }

  /** Writes all that can be written, and stops. */
  async close(): Promise<void> {
    clearTimeout(this.#retry);
    this.#wake();
    while (this.#running !== undefined) await this.#running;
    clearTimeout(this.#retry);
  }

  #wakeUnlessTrouble(): void {
    if (this.#trouble === undefined) this.#wake();
  }

  #wake(): void {
    if (this.#running !== undefined) return;
    clearTimeout(this.#retry);
    // Not at once: what comes in the same turn belongs into the same batch.
    this.#running = new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#run());
  }

  async #run(): Promise<void> {
    while (this.#hasWork()) {
      const failure = await this.#batch();
      this.#parts.onProgress();
      // In trouble only received objects, which somebody waits for, are tried at once.
      if (failure !== undefined && this.#urgent.size === 0) break;
    }
    this.#running = undefined;
    if (this.#hasWork()) {
      this.#retry = setTimeout(() => this.#wake(), RETRY_MS);
      this.#retry.unref();
    }
    this.#parts.onProgress();
  }

  #hasWork(): boolean {
    return this.#urgent.size + this.#behind.size > 0 || this.#queue.hasWork;
  }

  #tell(failure: DiskTrouble | undefined): void {
    if (failure === this.#trouble) return;
    this.#trouble = failure;
    this.#parts.onTrouble(failure);
  }

  async #batch(): Promise<DiskTrouble | undefined> {
    const groups = this.#take();
    const wasInTrouble = this.#trouble !== undefined;
    let failure: DiskTrouble | undefined;
    for (const [segment, takes] of groups) {
      if (segment === undefined) this.#advance(takes);
      else failure = (await this.#writeGroup(segment, takes)) ?? failure;
      // While the disk fails, one attempt is enough.
      if (failure !== undefined && wasInTrouble) this.#putBack(groups, segment);
      if (failure !== undefined && wasInTrouble) break;
    }
    return await this.#queue.write(failure);
  }

  /** Runs of chunks by segment, up to the size of a batch. */
  #take(): Map<Segment | undefined, ChunkRun[]> {
    const groups = new Map<Segment | undefined, ChunkRun[]>();
    let room = BATCH_BYTES;
    for (const queue of [this.#urgent, this.#behind]) {
      for (const record of queue) {
        if (room <= 0) return groups;
        room -= this.#takeRecord(queue, record, room, groups);
      }
    }
    return groups;
  }

  /** Takes chunks of a record, which stays in its queue where there are more; gives their bytes. */
  #takeRecord(
    queue: Set<StoredRecord>,
    record: StoredRecord,
    room: number,
    groups: Map<Segment | undefined, ChunkRun[]>,
  ): number {
    const wanted = record.sealedChunks - record.storedChunks;
    const count = Math.min(wanted, Math.ceil(room / CHUNK_BYTES));
    if (count === wanted) queue.delete(record);
    if (!this.#isAllowed(record, storedBytesOf(record, count))) {
      queue.delete(record);
      return 0;
    }
    const segment = count === 0 ? record.segment : this.#parts.index.attach(record);
    const takes = groups.get(segment) ?? [];
    takes.push({ record, count });
    groups.set(segment, takes);
    return count * CHUNK_BYTES;
  }

  #isAllowed(record: StoredRecord, byteLength: number): boolean {
    if (record.state === "gone") return false;
    if (byteLength === 0 || this.#parts.makeRoom(record, byteLength)) return true;
    this.#refuse(
      record,
      new ObjectStoreError("disk-full", "The store of received objects is full"),
    );
    return false;
  }

  /** The record does not get on the disk: a retrieved one that memory has stays there for as long as it can. */
  #refuse(record: StoredRecord, error: ObjectStoreError): void {
    const isHeld = record.state === "complete" && record.storedChunks === 0;
    if (record.facts.origin === "retrieved" && isHeld) {
      this.#parts.index.detach(record);
      letGo(record, this.#parts.memory);
      this.#parts.index.settle(record);
      return;
    }
    record.failure = error;
    this.#parts.index.discard(record);
  }

  #putBack(groups: Map<Segment | undefined, ChunkRun[]>, after: Segment | undefined): void {
    let isLater = false;
    for (const [segment, takes] of groups) {
      if (isLater) for (const { record } of takes) this.#retryLater(record);
      if (segment === after) isLater = true;
    }
  }

  async #writeGroup(
    segment: Segment,
    takes: readonly ChunkRun[],
  ): Promise<DiskTrouble | undefined> {
    const { segments, index, keys } = this.#parts;
    segments.retain(segment);
    try {
      const file = await segments.file(segment);
      const parts: Uint8Array[] = [];
      const lengths = takes.map((take) => encryptRun(take, keys.data, parts));
      const start = segment.end;
      await file.write(parts, start);
      freeMemory(encryptedMemory(parts));
      let at = start;
      takes.forEach(({ record, count }, order) => {
        const length = lengths[order] ?? 0;
        if (length > 0 && record.state !== "gone") record.addStored(at, count, length);
        else segment.deadBytes += length;
        at += length;
      });
      index.grow(segment, at - start);
      this.#advance(takes);
      return undefined;
    } catch (error) {
      return this.#failGroup(segment, takes, error);
    } finally {
      segments.release(segment);
    }
  }

  #failGroup(segment: Segment, takes: readonly ChunkRun[], error: unknown): DiskTrouble {
    const failure = troubleOf(error);
    this.#tell(failure);
    // Its file may or may not be there: another one is tried next.
    if (segment.end === 0) segment.isUnsure = true;
    for (const { record } of takes) {
      if (record.state === "gone") continue;
      if (record.storedChunks === 0) this.#parts.index.detach(record);
      this.#retryLater(record, error);
    }
    return failure;
  }

  /** Received objects are refused; others wait for better days. */
  #retryLater(record: StoredRecord, error?: unknown): void {
    if (record.facts.origin === "retrieved") {
      this.#behind.add(record);
      if (record.state === "complete") letGo(record, this.#parts.memory);
      return;
    }
    if (error === undefined) this.#urgent.add(record);
    else this.#refuse(record, diskError(error));
  }

  /** What was written may leave memory; what became complete is for the journal. */
  #advance(takes: readonly ChunkRun[]): void {
    const { memory } = this.#parts;
    for (const { record, count } of takes) {
      if (record.state === "gone") continue;
      for (let index = record.storedChunks - count; index < record.storedChunks; index += 1) {
        const chunk = record.chunk(index);
        if (chunk !== undefined) memory.stored(chunk);
      }
      const isStored = record.storedChunks === record.sealedChunks;
      if (record.state === "complete" && isStored) this.#queue.finish(record);
    }
  }
}
