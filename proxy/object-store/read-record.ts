import type { ChunkMemory } from "./chunk-memory.ts";
import { diskError } from "./disk-trouble.ts";
import { ObjectStoreError } from "./object-store.ts";
import { CHUNK_BYTES, chunkBytesOf, STORED_CHUNK_BYTES, TAG_BYTES } from "./record-cipher.ts";
import type { Segment, SegmentFiles } from "./segment.ts";
import { systemCode } from "./store-files.ts";
import type { StoreKeys } from "./store-keys.ts";
import type { StoredRecord } from "./stored-record.ts";

/** Chunks that are read at a time. */
const RUN_CHUNKS = 8;
/** Reads of the disk at a time; each has a buffer. */
const CONCURRENT_READS = 4;

/** A chunk's bytes, in pieces. */
export type ChunkPieces = readonly Uint8Array<ArrayBuffer>[];

export interface RecordReaderParts {
  readonly keys: StoreKeys;
  readonly memory: ChunkMemory;
  readonly segments: SegmentFiles;
  /** The record is not what was written: it is to be dropped. */
  readonly onDamaged: (record: StoredRecord) => void;
}

/** Reads chunks of records: from memory, else from the disk, decrypted and checked. */
export class RecordReader {
  readonly #parts: RecordReaderParts;
  readonly #buffers: Uint8Array[] = [];
  #reads = 0;
  readonly #queue: (() => void)[] = [];

  constructor(parts: RecordReaderParts) {
    this.#parts = parts;
  }

  /** A chunk that is in memory. */
  held(record: StoredRecord, index: number): ChunkPieces | undefined {
    const chunk = record.chunk(index);
    if (chunk !== undefined) this.#parts.memory.touch(chunk);
    return chunk?.pieces;
  }

  /** Whether a chunk has to come from the disk. */
  isOnDisk(record: StoredRecord, index: number): boolean {
    return record.chunk(index) === undefined && record.place(index) !== undefined;
  }

  /** The segment stays on the disk until `release`. */
  retain(segment: Segment): void {
    this.#parts.segments.retain(segment);
  }

  release(segment: Segment): void {
    this.#parts.segments.release(segment);
  }

  /**
   * Chunks of a complete record from its segment: `count` of them, or fewer, but one at least.
   * @throws ObjectStoreError `damaged`, `io`, `gone`
   */
  async read(
    record: StoredRecord,
    segment: Segment | undefined,
    index: number,
    count: number,
  ): Promise<ChunkPieces[]> {
    const { object } = record;
    const place = record.place(index);
    if (segment === undefined || object === undefined || place === undefined) throw gone();
    const run = Math.min(count, place.count, RUN_CHUNKS);
    this.retain(segment);
    const buffer = await this.#buffer();
    try {
      const file = await this.#parts.segments.file(segment);
      const last = chunkBytesOf(object.byteLength, index + run - 1);
      const length = (run - 1) * STORED_CHUNK_BYTES + last + TAG_BYTES;
      const read = await file.read(buffer, length, place.offset);
      return this.#decrypt(record, index, run, buffer.subarray(0, read));
    } catch (error) {
      throw this.#explain(record, error);
    } finally {
      this.#giveBack(buffer);
      this.release(segment);
    }
  }

  #decrypt(record: StoredRecord, first: number, count: number, stored: Uint8Array): ChunkPieces[] {
    const cipher = record.cipher(this.#parts.keys.data);
    const chunks: ChunkPieces[] = [];
    for (let order = 0; order < count; order += 1) {
      const length = chunkBytesOf(record.object?.byteLength ?? 0, first + order) + TAG_BYTES;
      const start = order * STORED_CHUNK_BYTES;
      if (start + length > stored.byteLength) throw damaged();
      const bytes = cipher.decrypt(first + order, stored.subarray(start, start + length));
      if (bytes === undefined) throw damaged();
      chunks.push([bytes]);
      this.#keep(record, first + order, [bytes], bytes.byteLength);
    }
    return chunks;
  }

  /** Keeps what was read in memory, where it is not too much of it. */
  #keep(record: StoredRecord, index: number, pieces: ChunkPieces, byteLength: number): void {
    const { memory } = this.#parts;
    const isLong = (record.object?.byteLength ?? 0) > memory.limitBytes / 4;
    if (isLong || record.state === "gone" || record.chunk(index) !== undefined) return;
    memory.take(byteLength);
    memory.stored(record.keep(index, pieces, byteLength));
  }

  #explain(record: StoredRecord, error: unknown): ObjectStoreError {
    const code = systemCode(error);
    const isRetrieved = record.facts.origin === "retrieved";
    const isDamaged =
      (error instanceof ObjectStoreError && error.code === "damaged") ||
      code === "ENOENT" ||
      (code === "EIO" && isRetrieved);
    if (!isDamaged) return diskError(error);
    this.#parts.onDamaged(record);
    return damaged();
  }

  async #buffer(): Promise<Uint8Array> {
    if (this.#reads < CONCURRENT_READS) this.#reads += 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    return this.#buffers.pop() ?? new Uint8Array(RUN_CHUNKS * STORED_CHUNK_BYTES);
  }

  #giveBack(buffer: Uint8Array): void {
    this.#buffers.push(buffer);
    const next = this.#queue.shift();
    if (next === undefined) this.#reads -= 1;
    else next();
  }
}

export function gone(): ObjectStoreError {
  return new ObjectStoreError("gone", "The object is no longer stored");
}

function damaged(): ObjectStoreError {
  return new ObjectStoreError("damaged", "The stored object is damaged, and was dropped");
}

/**
 * The bytes of a range, from `first` to before `end`, as memory and disk give them; the next run is read while one is used.
 * The object may be replaced or evicted meanwhile: what is on the disk stays there until the reader is done.
 */
export async function* readRange(
  reader: RecordReader,
  record: StoredRecord,
  first: number,
  end: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const lastChunk = Math.floor((end - 1) / CHUNK_BYTES);
  const hold = new SegmentHold(reader, record);
  let ahead: { readonly index: number; readonly chunks: Promise<ChunkPieces[]> } | undefined;
  const readRun = (index: number) => {
    const chunks = reader.read(record, hold.segment(), index, lastChunk - index + 1);
    // Whoever stops reading does not hear of the failure of what was read ahead.
    chunks.catch(() => undefined);
    return { index, chunks };
  };
  try {
    for (let index = Math.floor(first / CHUNK_BYTES); index <= lastChunk; ) {
      hold.segment();
      const held = reader.held(record, index);
      if (held === undefined && ahead?.index !== index) ahead = readRun(index);
      const chunks = held !== undefined ? [held] : ((await ahead?.chunks) ?? []);
      const next = index + chunks.length;
      const isNeeded = next <= lastChunk && ahead?.index !== next;
      if (isNeeded && reader.isOnDisk(record, next)) ahead = readRun(next);
      for (const pieces of chunks) {
        yield* cut(pieces, index, first, end);
        index += 1;
      }
    }
  } finally {
    hold.release();
  }
}

/** Keeps the segment of a record on the disk, from when it has one. */
class SegmentHold {
  readonly #reader: RecordReader;
  readonly #record: StoredRecord;
  #held: Segment | undefined;

  constructor(reader: RecordReader, record: StoredRecord) {
    this.#reader = reader;
    this.#record = record;
  }

  segment(): Segment | undefined {
    const now = this.#record.segment;
    if (now !== undefined && now !== this.#held) {
      this.release();
      this.#reader.retain(now);
      this.#held = now;
    }
    return this.#held;
  }

  release(): void {
    if (this.#held !== undefined) this.#reader.release(this.#held);
    this.#held = undefined;
  }
}

/** Those parts of a chunk's pieces that lie in the range. */
function* cut(
  pieces: ChunkPieces,
  chunkIndex: number,
  first: number,
  end: number,
): Generator<Uint8Array<ArrayBuffer>> {
  let at = chunkIndex * CHUNK_BYTES;
  for (const piece of pieces) {
    const from = Math.max(first - at, 0);
    const to = Math.min(end - at, piece.byteLength);
    if (from < to) yield to - from === piece.byteLength ? piece : piece.subarray(from, to);
    at += piece.byteLength;
  }
}
