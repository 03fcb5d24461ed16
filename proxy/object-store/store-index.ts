import type { ChunkMemory } from "./chunk-memory.ts";
import type { ObjectFacts } from "./object-store.ts";
import { Segment, type SegmentFiles } from "./segment.ts";
import type { StoredRecord } from "./stored-record.ts";

/** No record begins in a segment that has that many bytes. */
const FULL_SEGMENT_BYTES = { retrieved: 256 * 2 ** 20, received: 64 * 2 ** 20 } as const;

/** The objects of a study. */
export interface StudyEntry {
  readonly studyInstanceUid: string;
  /** In order of arrival. */
  readonly records: Set<StoredRecord>;
  /** Of the store's clock. */
  lastUse: number;
  /** What the caller keeps with it. */
  mark: string | undefined;
  pins: number;
  /** Records that are not yet complete, or that the disk does not have yet. */
  busy: number;
}

/** What the store has: objects by UID, studies by last use, segments and the bytes that they take. */
export class StoreIndex {
  readonly #segmentFiles: SegmentFiles;
  readonly #memory: ChunkMemory;
  readonly #onGone: (record: StoredRecord) => void;
  readonly #records = new Map<string, StoredRecord>();
  /** Least recently used first. */
  readonly #studies = new Map<string, StudyEntry>();
  /** Where records of a study are written now. */
  readonly #current = new Map<string, Segment>();
  #diskBytes = 0;
  #receivedBytes = 0;

  /** `onGone` is told of every record that is discarded. */
  constructor(
    segmentFiles: SegmentFiles,
    memory: ChunkMemory,
    onGone: (record: StoredRecord) => void,
  ) {
    this.#segmentFiles = segmentFiles;
    this.#memory = memory;
    this.#onGone = onGone;
  }

  get objectCount(): number {
    return this.#records.size;
  }

  /** Bytes of the segments, those of records that are gone included. */
  get diskBytes(): number {
    return this.#diskBytes;
  }

  /** The same, of segments with received objects. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  get(sopInstanceUid: string): StoredRecord | undefined {
    return this.#records.get(sopInstanceUid);
  }

  records(): Iterable<StoredRecord> {
    return this.#records.values();
  }

  /** Least recently used first. */
  studies(): Iterable<StudyEntry> {
    return this.#studies.values();
  }

  study(studyInstanceUid: string): StudyEntry | undefined {
    return this.#studies.get(studyInstanceUid);
  }

  /** The entry of a study, made where there is none; forgotten by `tidy` when nothing needs it. */
  enter(studyInstanceUid: string): StudyEntry {
    const known = this.#studies.get(studyInstanceUid);
    if (known !== undefined) return known;
    const entry = {
      studyInstanceUid,
      records: new Set<StoredRecord>(),
      lastUse: 0,
      mark: undefined,
      pins: 0,
      busy: 0,
    };
    this.#studies.set(studyInstanceUid, entry);
    return entry;
  }

  /** The study is the most recently used one. */
  use(entry: StudyEntry, time: number): void {
    entry.lastUse = time;
    if (!this.#studies.delete(entry.studyInstanceUid)) return;
    this.#studies.set(entry.studyInstanceUid, entry);
  }

  tidy(entry: StudyEntry): void {
    if (entry.records.size > 0 || entry.pins > 0 || entry.busy > 0) return;
    if (this.#studies.get(entry.studyInstanceUid) === entry) {
      this.#studies.delete(entry.studyInstanceUid);
    }
  }

  /** The record's study is not evicted until `settle`. */
  begin(record: StoredRecord): StudyEntry {
    const entry = this.enter(record.facts.studyInstanceUid);
    record.isBusy = true;
    entry.busy += 1;
    return entry;
  }

  settle(record: StoredRecord): void {
    if (!record.isBusy) return;
    record.isBusy = false;
    const entry = this.enter(record.facts.studyInstanceUid);
    entry.busy -= 1;
    this.tidy(entry);
  }

  /** Makes a complete record visible; one of the same SOP Instance UID is gone. */
  put(record: StoredRecord): void {
    const { sopInstanceUid, studyInstanceUid } = record.facts;
    const entry = this.enter(studyInstanceUid);
    entry.records.add(record);
    const before = this.#records.get(sopInstanceUid);
    this.#records.set(sopInstanceUid, record);
    if (before !== undefined && before !== record) this.discard(before);
  }

  /** The record is gone: from the index, from memory, and from the disk as soon as nobody reads it. */
  discard(record: StoredRecord): void {
    if (record.state === "gone") return;
    record.state = "gone";
    const { sopInstanceUid, studyInstanceUid } = record.facts;
    if (this.#records.get(sopInstanceUid) === record) this.#records.delete(sopInstanceUid);
    const entry = this.#studies.get(studyInstanceUid);
    entry?.records.delete(record);
    if (entry?.records.size === 0) entry.mark = undefined;
    for (const chunk of record.takeChunks()) this.#memory.drop(chunk);
    this.detach(record);
    this.settle(record);
    if (entry !== undefined) this.tidy(entry);
    this.#onGone(record);
  }

  /** The segment that a record goes into, from its first chunk on. */
  attach(record: StoredRecord): Segment {
    if (record.segment !== undefined) return record.segment;
    const { studyInstanceUid, origin } = record.facts;
    const key = `${origin} ${studyInstanceUid}`;
    let segment = this.#current.get(key);
    const isUsable =
      segment !== undefined &&
      !segment.isUnsure &&
      !segment.isDoomed &&
      segment.end < FULL_SEGMENT_BYTES[origin];
    if (segment === undefined || !isUsable) {
      segment = new Segment(Segment.newName(origin), studyInstanceUid);
      this.#current.set(key, segment);
    }
    record.segment = segment;
    segment.records += 1;
    return segment;
  }

  /** The record has nothing in its segment any more; a segment without records is deleted. */
  detach(record: StoredRecord): void {
    const { segment } = record;
    if (segment === undefined) return;
    record.segment = undefined;
    segment.records -= 1;
    segment.deadBytes += record.storedBytes;
    if (segment.records > 0) return;
    const key = `${segment.origin} ${segment.studyInstanceUid}`;
    if (this.#current.get(key) === segment) this.#current.delete(key);
    this.#count(segment, -segment.end);
    this.#segmentFiles.doom(segment);
  }

  /** The segment has so many bytes more. */
  grow(segment: Segment, byteLength: number): void {
    segment.end += byteLength;
    if (!segment.isDoomed) this.#count(segment, byteLength);
  }

  /** Discards the retrieved objects of a study. False when there are none. */
  evict(entry: StudyEntry): boolean {
    const retrieved = [...entry.records].filter(isRetrieved);
    for (const record of retrieved) this.discard(record);
    return retrieved.length > 0;
  }

  /** Evicts least recently used studies until so many bytes fit. False when they do not even then. */
  makeRoom(byteLength: number, maximumBytes: number, onEvicted: () => void): boolean {
    for (const entry of this.#studies.values()) {
      if (this.#diskBytes + byteLength <= maximumBytes) break;
      if (entry.pins > 0 || entry.busy > 0) continue;
      if (this.evict(entry)) onEvicted();
    }
    return this.#diskBytes + byteLength <= maximumBytes;
  }

  #count(segment: Segment, byteLength: number): void {
    this.#diskBytes += byteLength;
    if (segment.origin === "received") this.#receivedBytes += byteLength;
  }
}

function isRetrieved(record: StoredRecord): boolean {
  return record.facts.origin === "retrieved";
}

/** The facts, and nothing else that the caller's object may have. */
export function plainFacts(facts: ObjectFacts): ObjectFacts {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = facts;
  const { sopClassUid, transferSyntaxUid, origin } = facts;
  return {
    studyInstanceUid,
    seriesInstanceUid,
    sopInstanceUid,
    sopClassUid,
    transferSyntaxUid,
    origin,
  };
}
