/** A chunk of a record in memory: its bytes, in pieces as they came. */
export interface MemoryChunk {
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
  readonly byteLength: number;
  /** Takes it out of its record; called when the memory is needed for something else. */
  forget(): void;
}

/**
 * Of the memory so much is for chunks that the disk has. What lives for a short time only costs the garbage collector little:
 * were it more, all of it would grow old, and memory that nobody uses would pile up beside it.
 */
const STORED_SHARE = 0.25;

/** Chunks, least recently used first, and their bytes. */
class ChunkQueue {
  readonly #chunks = new Set<MemoryChunk>();
  byteLength = 0;

  add(chunk: MemoryChunk): void {
    if (this.#chunks.has(chunk)) return;
    this.#chunks.add(chunk);
    this.byteLength += chunk.byteLength;
  }

  delete(chunk: MemoryChunk): boolean {
    if (!this.#chunks.delete(chunk)) return false;
    this.byteLength -= chunk.byteLength;
    return true;
  }

  first(): MemoryChunk | undefined {
    return this.#chunks.values().next().value;
  }
}

/**
 * The memory of a store: a count of bytes, and the chunks that may be forgotten: those that the disk has, and, while it fails,
 * those that are lost then.
 */
export class ChunkMemory {
  readonly #limitBytes: number;
  readonly #stored = new ChunkQueue();
  readonly #atRisk = new ChunkQueue();
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get limitBytes(): number {
    return this.#limitBytes;
  }

  /** Bytes that must not be forgotten: they wait for the disk. */
  get pendingBytes(): number {
    return this.#usedBytes - this.#stored.byteLength - this.#atRisk.byteLength;
  }

  /** Whether what must not be forgotten takes all there is. */
  get isFull(): boolean {
    return this.pendingBytes > this.#limitBytes;
  }

  /** Counts bytes, and forgets others for them. */
  take(byteLength: number): void {
    this.#usedBytes += byteLength;
    while (this.#usedBytes > this.#limitBytes) {
      const oldest = this.#stored.first() ?? this.#atRisk.first();
      if (oldest === undefined) return;
      this.#forget(oldest);
    }
  }

  give(byteLength: number): void {
    this.#usedBytes -= byteLength;
  }

  /** The disk has the chunk, whose bytes are counted. */
  stored(chunk: MemoryChunk): void {
    this.#atRisk.delete(chunk);
    this.#stored.add(chunk);
    while (this.#stored.byteLength > this.#limitBytes * STORED_SHARE) {
      const oldest = this.#stored.first();
      if (oldest === undefined) return;
      this.#forget(oldest);
    }
  }

  /** The disk does not take the chunk: it is kept for as long as there is memory. */
  risk(chunk: MemoryChunk): void {
    this.#atRisk.add(chunk);
    this.take(0);
  }

  /** The chunk was used. */
  touch(chunk: MemoryChunk): void {
    if (this.#stored.delete(chunk)) this.#stored.add(chunk);
  }

  /** The chunk is no longer kept, by whatever cause. */
  drop(chunk: MemoryChunk): void {
    if (!this.#stored.delete(chunk)) this.#atRisk.delete(chunk);
    this.#usedBytes -= chunk.byteLength;
  }

  #forget(chunk: MemoryChunk): void {
    this.drop(chunk);
    chunk.forget();
  }
}
