import type { MemoryChunk } from "./chunk-memory.ts";
import type { ObjectFacts, ObjectStoreError, StoredObject } from "./object-store.ts";
import { CHUNK_BYTES, RecordCipher, STORED_CHUNK_BYTES, TAG_BYTES } from "./record-cipher.ts";
import type { Segment } from "./segment.ts";

/** `open`: bytes arrive; `complete`: it has all of them; `gone`: removed, replaced, aborted or failed. */
export type RecordState = "open" | "complete" | "gone";

/** One object as the store holds it: what lies in memory, and what lies where on the disk. */
export class StoredRecord {
  /** 16 random bytes, as base64url. */
  readonly name: string;
  readonly facts: ObjectFacts;
  /** Undefined until it is complete. */
  object: StoredObject | undefined;
  state: RecordState = "open";
  segment: Segment | undefined;
  /** Runs of chunks in the segment: offset, count of chunks, offset, count … */
  extents: number[] = [];
  /** Chunks whose bytes are all there, from the first on. */
  sealedChunks = 0;
  /** Chunks that the disk has, from the first on. */
  storedChunks = 0;
  /** Bytes that it takes on the disk. */
  storedBytes = 0;
  /** Its study is not to be evicted: it is not complete, or the disk does not have it yet. */
  isBusy = false;
  /** Why it is gone, where that is for its writer to know. */
  failure: ObjectStoreError | undefined;
  /** The journal says that it is complete. */
  isJournaled = false;
  /** Called when a chunk leaves memory that the disk has not. */
  onLost: (() => void) | undefined;
  /** Chunks in memory, by index; undefined while there are none. */
  #memory: Map<number, MemoryChunk> | undefined;

  constructor(name: string, facts: ObjectFacts) {
    this.name = name;
    this.facts = facts;
  }

  cipher(dataKey: Uint8Array): RecordCipher {
    return new RecordCipher(dataKey, Buffer.from(this.name, "base64url"));
  }

  chunk(index: number): MemoryChunk | undefined {
    return this.#memory?.get(index);
  }

  /** Keeps a chunk in memory. */
  keep(index: number, pieces: readonly Uint8Array<ArrayBuffer>[], byteLength: number): MemoryChunk {
    const chunk = { pieces, byteLength, forget: () => this.#forget(index) };
    this.#memory ??= new Map();
    this.#memory.set(index, chunk);
    return chunk;
  }

  /** Takes all chunks out of memory, and gives them. */
  takeChunks(): readonly MemoryChunk[] {
    const chunks = [...(this.#memory?.values() ?? [])];
    this.#memory = undefined;
    return chunks;
  }

  /** The chunks from `storedChunks` on are now at this offset. */
  addStored(offset: number, count: number, byteLength: number): void {
    const [lastOffset, lastCount] = this.extents.slice(-2);
    const isAdjacent =
      lastOffset !== undefined &&
      lastCount !== undefined &&
      lastOffset + lastCount * STORED_CHUNK_BYTES === offset;
    if (isAdjacent) this.extents[this.extents.length - 1] = lastCount + count;
    else this.extents.push(offset, count);
    this.storedChunks += count;
    this.storedBytes += byteLength;
  }

  /** Where a chunk lies, and how many follow it without a gap (itself counted); undefined where the disk has it not. */
  place(index: number): { readonly offset: number; readonly count: number } | undefined {
    let first = 0;
    for (let at = 0; at + 1 < this.extents.length; at += 2) {
      const [offset = 0, count = 0] = this.extents.slice(at, at + 2);
      if (index < first + count) {
        return {
          offset: offset + (index - first) * STORED_CHUNK_BYTES,
          count: first + count - index,
        };
      }
      first += count;
    }
    return undefined;
  }

  #forget(index: number): void {
    this.#memory?.delete(index);
    if (this.#memory?.size === 0) this.#memory = undefined;
    if (index >= this.storedChunks) this.onLost?.();
  }
}

/** Where a record of this length and these extents ends in its segment. */
export function endOfRecord(byteLength: number, extents: readonly number[]): number {
  const chunks = Math.ceil(byteLength / CHUNK_BYTES);
  const last = byteLength - (chunks - 1) * CHUNK_BYTES + TAG_BYTES;
  let end = 0;
  let first = 0;
  for (let at = 0; at + 1 < extents.length; at += 2) {
    const [offset = 0, count = 0] = extents.slice(at, at + 2);
    first += count;
    const lastOfRun = first === chunks ? last : STORED_CHUNK_BYTES;
    end = Math.max(end, offset + (count - 1) * STORED_CHUNK_BYTES + lastOfRun);
  }
  return end;
}

/** Whether the extents hold exactly the chunks of a record of this length. */
export function isWhole(byteLength: number, extents: readonly number[]): boolean {
  let count = 0;
  for (let at = 1; at < extents.length; at += 2) count += extents[at] ?? 0;
  return extents.length % 2 === 0 && count === Math.ceil(byteLength / CHUNK_BYTES);
}

/** Whether two objects are the same bytes under the same UIDs. */
export function isSame(one: StoredObject, other: StoredObject): boolean {
  return (
    one.etag === other.etag &&
    one.byteLength === other.byteLength &&
    one.studyInstanceUid === other.studyInstanceUid &&
    one.seriesInstanceUid === other.seriesInstanceUid &&
    one.sopInstanceUid === other.sopInstanceUid &&
    one.sopClassUid === other.sopClassUid &&
    one.transferSyntaxUid === other.transferSyntaxUid
  );
}
