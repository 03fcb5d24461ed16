import { randomBytes } from "node:crypto";
import type { ChunkMemory } from "./chunk-memory.ts";
import { ContentTag } from "./content-tag.ts";
import {
  type ObjectFacts,
  ObjectStoreError,
  type ObjectWriter,
  type StoredObject,
} from "./object-store.ts";
import { CHUNK_BYTES } from "./record-cipher.ts";
import { SmallPieces } from "./small-pieces.ts";
import type { StoreKeys } from "./store-keys.ts";
import { StoredRecord } from "./stored-record.ts";

/** What a writer asks of its store. */
export interface WriterHost {
  readonly keys: StoreKeys;
  readonly memory: ChunkMemory;
  now(): number;
  /** Chunks of the record were sealed, or memory was used; a promise asks to wait. */
  grew(record: StoredRecord): void | Promise<void>;
  /** The record is complete. */
  complete(record: StoredRecord, object: StoredObject): Promise<StoredObject>;
  discard(record: StoredRecord): void;
}

/** Takes the bytes of one object, and cuts them into chunks without copying them. */
export class RecordWriter implements ObjectWriter {
  readonly record: StoredRecord;
  readonly #host: WriterHost;
  readonly #tag: ContentTag;
  readonly #small = new SmallPieces();
  #byteLength = 0;
  /** Of the chunk that is not yet sealed. */
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #openBytes = 0;

  constructor(host: WriterHost, facts: ObjectFacts) {
    this.#host = host;
    this.#tag = new ContentTag(host.keys);
    this.record = new StoredRecord(randomBytes(16).toString("base64url"), facts);
  }

  write(chunk: Uint8Array): void | Promise<void> {
    if (this.record.state !== "open" || chunk.byteLength === 0) return undefined;
    this.#tag.update(chunk);
    this.#byteLength += chunk.byteLength;
    this.#host.memory.take(chunk.byteLength);
    let rest = unshared(chunk);
    while (this.#openBytes + rest.byteLength >= CHUNK_BYTES) {
      const room = CHUNK_BYTES - this.#openBytes;
      this.#add(rest.subarray(0, room));
      this.#seal();
      rest = rest.subarray(room);
    }
    this.#add(rest);
    return this.#host.grew(this.record);
  }

  async commit(): Promise<StoredObject> {
    const { record } = this;
    if (record.state !== "open") {
      throw record.failure ?? new ObjectStoreError("gone", "The object was aborted or committed");
    }
    if (this.#openBytes > 0) this.#seal();
    record.state = "complete";
    return await this.#host.complete(record, {
      ...record.facts,
      byteLength: this.#byteLength,
      etag: this.#tag.digest(),
      receivedAt: this.#host.now(),
    });
  }

  abort(): void {
    if (this.record.state === "open") this.#host.discard(this.record);
  }

  /** Gives back what only the writer holds; the record is gone. */
  release(): void {
    this.#host.memory.give(this.#openBytes);
    this.#openBytes = 0;
    this.#pieces = [];
  }

  #add(piece: Uint8Array<ArrayBuffer>): void {
    if (piece.byteLength === 0) return;
    this.#small.add(this.#pieces, piece);
    this.#openBytes += piece.byteLength;
  }

  #seal(): void {
    const { record } = this;
    record.keep(record.sealedChunks, this.#pieces, this.#openBytes);
    record.sealedChunks += 1;
    this.#pieces = [];
    this.#openBytes = 0;
  }
}

/** The same bytes, not in memory that other threads may write to. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, byteLength)
    : new Uint8Array(bytes);
}
