import type { ByteSource } from "#core/dicom/byte-source.ts";
import { ChunkMemory } from "./chunk-memory.ts";
import { letGo } from "./chunk-run.ts";
import type { DiskTrouble } from "./disk-trouble.ts";
import type { Journal } from "./journal.ts";
import { entryOf, type JournalEntry } from "./journal-entry.ts";
import {
  type ObjectFacts,
  type ObjectStore,
  ObjectStoreError,
  type ObjectStoreOptions,
  type ObjectStoreStatus,
  type ObjectWriter,
  type StoredObject,
} from "./object-store.ts";
import { gone, RecordReader, readRange } from "./read-record.ts";
import { recordSource } from "./record-source.ts";
import { RecordWriter, type WriterHost } from "./record-writer.ts";
import type { SegmentFiles } from "./segment.ts";
import type { StoreClock } from "./store-clock.ts";
import { plainFacts, StoreIndex } from "./store-index.ts";
import type { StoreKeys } from "./store-keys.ts";
import { isSame, type StoredRecord } from "./stored-record.ts";
import { StudyLifetimes } from "./study-lifetimes.ts";
import { WriteBehind } from "./write-behind.ts";

/** Sealed chunks of an object that is still arriving, from which on they are written. */
const EARLY_CHUNKS = 16;
const TICK_MS = 60_000;

/** What a store is put together from when its folder has been read. */
export interface StoreParts {
  readonly options: ObjectStoreOptions;
  readonly keys: StoreKeys;
  readonly clock: StoreClock;
  readonly segments: SegmentFiles;
  readonly journal: Journal;
  readonly lock: { release(): Promise<void> };
}

/** The store of a folder. */
export class DiskObjectStore implements ObjectStore, WriterHost {
  readonly keys: StoreKeys;
  readonly memory: ChunkMemory;
  readonly index: StoreIndex;
  readonly #parts: StoreParts;
  readonly #now: () => number;
  readonly #writer: WriteBehind;
  readonly #reader: RecordReader;
  /** Writers of objects that are not complete. */
  readonly #open = new Map<StoredRecord, RecordWriter>();
  readonly #lifetimes: StudyLifetimes;
  readonly #counts = { hits: 0, misses: 0 };
  #timer: NodeJS.Timeout | undefined;
  #room: (() => void)[] = [];
  #closing: Promise<void> | undefined;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    const { options, keys, clock, segments, journal } = parts;
    this.keys = keys;
    this.#now = options.now ?? Date.now;
    this.memory = new ChunkMemory(options.memoryBytes);
    this.index = new StoreIndex(segments, this.memory, (record) => this.#onGone(record));
    this.#lifetimes = new StudyLifetimes(options, this.index, clock);
    this.#writer = new WriteBehind({
      keys,
      index: this.index,
      memory: this.memory,
      segments,
      journal,
      clock,
      makeRoom: (record, byteLength) => this.#lifetimes.makeRoom(record, byteLength),
      snapshot: () => this.snapshot(),
      onTrouble: (trouble) => this.#onTrouble(trouble),
      onProgress: () => this.#freeWaiters(),
    });
    this.#reader = new RecordReader({
      keys,
      memory: this.memory,
      segments,
      onDamaged: (record) => this.#onDamaged(record),
    });
  }

  /** The index has been read: time passes. */
  start(): void {
    this.#lifetimes.expire();
    this.#timer = setInterval(() => {
      this.#lifetimes.expire();
      this.#noteUse();
    }, TICK_MS);
    this.#timer.unref();
  }

  /** Most of the journal is history: it is written anew. */
  shortenJournal(): void {
    this.#writer.shortenJournal();
  }

  begin(facts: ObjectFacts): ObjectWriter {
    this.#refuseWhenClosed();
    this.#lifetimes.expireSometimes();
    // What replaces an object that cannot be had again cannot be had again either.
    const isReplacing = this.index.get(facts.sopInstanceUid)?.facts.origin === "received";
    const plain = plainFacts(facts);
    const writer = new RecordWriter(this, isReplacing ? { ...plain, origin: "received" } : plain);
    this.#open.set(writer.record, writer);
    this.index.use(this.index.begin(writer.record), this.#parts.clock.read().time);
    return writer;
  }

  get(sopInstanceUid: string): StoredObject | undefined {
    this.#lifetimes.expireSometimes();
    const record = this.index.get(sopInstanceUid);
    if (record?.object === undefined) {
      this.#counts.misses += 1;
      return undefined;
    }
    this.#counts.hits += 1;
    this.#lifetimes.use(record);
    return record.object;
  }

  list(studyInstanceUid: string, seriesInstanceUid?: string): readonly StoredObject[] {
    this.#lifetimes.expireSometimes();
    const objects: StoredObject[] = [];
    for (const { object } of this.index.study(studyInstanceUid)?.records ?? []) {
      if (object === undefined) continue;
      const isWanted =
        seriesInstanceUid === undefined || object.seriesInstanceUid === seriesInstanceUid;
      if (isWanted) objects.push(object);
    }
    return objects;
  }

  studies(): readonly string[] {
    this.#lifetimes.expireSometimes();
    return [...this.index.studies()]
      .filter(({ records }) => records.size > 0)
      .map(({ studyInstanceUid }) => studyInstanceUid);
  }

  async *open(
    object: StoredObject,
    range?: { readonly first: number; readonly last: number },
  ): AsyncGenerator<Uint8Array> {
    const record = this.#recordOf(object);
    const end = Math.min(object.byteLength, (range?.last ?? Number.POSITIVE_INFINITY) + 1);
    yield* readRange(this.#reader, record, range?.first ?? 0, end);
  }

  source(object: StoredObject): ByteSource {
    return recordSource(this.#reader, object.byteLength, () => this.#recordOf(object));
  }

  mark(studyInstanceUid: string, text: string): void {
    const entry = this.index.study(studyInstanceUid);
    if (entry === undefined || entry.records.size === 0 || entry.mark === text) return;
    entry.mark = text;
    this.#writer.note({ kind: "mark", studyInstanceUid, text });
  }

  markOf(studyInstanceUid: string): string | undefined {
    return this.index.study(studyInstanceUid)?.mark;
  }

  pin(studyInstanceUid: string): { release(): void } {
    const entry = this.index.enter(studyInstanceUid);
    entry.pins += 1;
    let isPinned = true;
    return {
      release: () => {
        if (!isPinned) return;
        isPinned = false;
        entry.pins -= 1;
        this.index.tidy(entry);
      },
    };
  }

  async remove(
    studyInstanceUid: string,
    seriesInstanceUid?: string,
    sopInstanceUid?: string,
  ): Promise<void> {
    this.#refuseWhenClosed();
    const records = [...(this.index.study(studyInstanceUid)?.records ?? [])].filter(
      ({ facts }) =>
        (seriesInstanceUid === undefined || facts.seriesInstanceUid === seriesInstanceUid) &&
        (sopInstanceUid === undefined || facts.sopInstanceUid === sopInstanceUid),
    );
    for (const record of records) this.index.discard(record);
    await this.#writer.noted();
  }

  status(): ObjectStoreStatus {
    this.#lifetimes.expireSometimes();
    const { trouble } = this.#writer;
    let studies = 0;
    for (const { records } of this.index.studies()) if (records.size > 0) studies += 1;
    const pendingBytes = this.memory.pendingBytes;
    return {
      objects: this.index.objectCount,
      studies,
      bytes: this.index.diskBytes + pendingBytes,
      maximumBytes: this.#parts.options.maximumBytes,
      pendingBytes,
      evictedStudies: this.#lifetimes.evicted,
      ...this.#counts,
      ...(trouble === undefined ? {} : { trouble }),
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  now(): number {
    return this.#now();
  }

  grew(record: StoredRecord): void | Promise<void> {
    const isFull = this.memory.isFull;
    if (isFull || record.sealedChunks - record.storedChunks >= EARLY_CHUNKS)
      this.#writer.add(record);
    if (!isFull) return undefined;
    for (const other of this.#open.keys()) {
      if (other.sealedChunks > other.storedChunks) this.#writer.add(other);
    }
    if (this.#writer.isWorking) return new Promise((resolve) => this.#room.push(resolve));
    // Nothing will free memory: what does not fit is given up rather than kept without bound.
    const { trouble } = this.#writer;
    if (trouble !== undefined && this.memory.isExhausted) this.#giveUp(record, trouble);
    return undefined;
  }

  async complete(record: StoredRecord, object: StoredObject): Promise<StoredObject> {
    const writer = this.#open.get(record);
    this.#open.delete(record);
    if (writer === undefined) throw record.failure ?? gone();
    record.object = object;
    if (object.origin === "received") {
      await this.#writer.addDurable(record);
      this.#lifetimes.use(record);
      return object;
    }
    record.onLost = () => this.index.discard(record);
    const same = this.#sameAs(object);
    if (same !== undefined) return this.#renew(same, record, object);
    this.index.put(record);
    this.#writer.add(record);
    if (this.#writer.trouble !== undefined) letGo(record, this.memory);
    this.#lifetimes.use(record);
    return object;
  }

  discard(record: StoredRecord): void {
    this.index.discard(record);
  }

  /** Entries that make the index as the disk has it. */
  snapshot(): JournalEntry[] {
    const entries: JournalEntry[] = [];
    for (const { studyInstanceUid, records, lastUse, mark } of this.index.studies()) {
      const listed = [...records].filter(({ isJournaled }) => isJournaled);
      if (listed.length === 0) continue;
      entries.push(...listed.map(entryOf), { kind: "used", studyInstanceUid, time: lastUse });
      if (mark !== undefined) entries.push({ kind: "mark", studyInstanceUid, text: mark });
    }
    return entries;
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    const closed = new ObjectStoreError("closed", "The store of received objects was closed");
    for (const record of [...this.#open.keys()]) {
      record.failure = closed;
      this.index.discard(record);
    }
    this.#noteUse();
    await this.#writer.close();
    await this.#parts.segments.close();
    await this.#parts.journal.close().catch(() => undefined);
    await this.#parts.lock.release();
  }

  #recordOf(object: StoredObject): StoredRecord {
    this.#refuseWhenClosed();
    const record = this.index.get(object.sopInstanceUid);
    if (record?.object === undefined || record.object.etag !== object.etag) throw gone();
    this.#lifetimes.use(record);
    return record;
  }

  #refuseWhenClosed(): void {
    if (this.#closing === undefined) return;
    throw new ObjectStoreError("closed", "The store of received objects is closed");
  }

  /** The record of the same bytes under the same UIDs, which the store has already. */
  #sameAs(object: StoredObject): StoredRecord | undefined {
    const record = this.index.get(object.sopInstanceUid);
    return record?.object !== undefined && isSame(record.object, object) ? record : undefined;
  }

  /** What came is what was there: it is not written again. */
  #renew(known: StoredRecord, record: StoredRecord, object: StoredObject): StoredObject {
    const renewed = { ...object, origin: known.facts.origin };
    known.object = renewed;
    this.index.discard(record);
    if (known.isJournaled) this.#writer.note(entryOf(known));
    this.#lifetimes.use(known);
    return renewed;
  }

  #onGone(record: StoredRecord): void {
    this.#open.get(record)?.release();
    this.#open.delete(record);
    this.#writer.forget(record);
  }

  #onDamaged(record: StoredRecord): void {
    if (record.state === "gone") return;
    this.index.discard(record);
    const what = record.facts.origin === "received" ? "received" : "cached";
    this.#report("damaged", `A ${what} object was damaged on the disk, and was dropped`);
  }

  #onTrouble(trouble: DiskTrouble | undefined): void {
    if (trouble === undefined) {
      this.#report("recovered", "The disk takes received objects again");
      return;
    }
    for (const record of this.#writer.pending()) {
      if (record.state === "complete") letGo(record, this.memory);
    }
    const what = trouble === "disk-full" ? "The disk is full" : "The disk fails";
    this.#report(
      "trouble",
      `${what}: retrieved objects are kept in memory only, others are refused`,
    );
  }

  #giveUp(record: StoredRecord, trouble: DiskTrouble): void {
    record.failure = new ObjectStoreError(
      trouble,
      "The object is too large for memory, and the disk does not take it",
    );
    this.index.discard(record);
  }

  #freeWaiters(): void {
    if (this.memory.isFull && this.#writer.isWorking) return;
    const waiting = this.#room;
    this.#room = [];
    for (const resolve of waiting) resolve();
  }

  #noteUse(): void {
    for (const entry of this.#lifetimes.takeUsed()) this.#writer.note(entry);
  }

  #report(kind: "damaged" | "trouble" | "recovered", message: string): void {
    this.#parts.options.report?.({ kind, message });
  }
}
