/** A chunk of a record in memory: its bytes, in pieces as they came. */
export interface MemoryChunk {
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
  readonly byteLength: number;
  /** Takes it out of its record; called when the memory is needed for something else. */
  forget(): void;
}

/**
 * So much of the memory is used while the disk works. What lives for a short time only costs the garbage collector little;
 * were it more, all of it would grow old, and as much again, that nobody uses, would pile up beside it.
 */
const WORKING_SHARE = 0.25;

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

  /** Whether what waits for the disk should not become more. */
  get isFull(): boolean {
    return this.pendingBytes > this.#limitBytes * WORKING_SHARE;
  }

  /** Whether it must not. */
  get isExhausted(): boolean {
    return this.pendingBytes > this.#limitBytes;
  }

  /** Counts bytes, and forgets others for them. */
  take(byteLength: number): void {
    this.#usedBytes += byteLength;
    const workingBytes = this.#limitBytes * WORKING_SHARE;
    while (this.#usedBytes - this.#atRisk.byteLength > workingBytes) {
      if (!this.#forget(this.#stored.first())) break;
    }
    while (this.#usedBytes > this.#limitBytes) {
      if (!this.#forget(this.#atRisk.first())) break;
    }
  }

  give(byteLength: number): void {
    this.#usedBytes -= byteLength;
  }

  /** The disk has the chunk, whose bytes are counted. */
  stored(chunk: MemoryChunk): void {
    this.#atRisk.delete(chunk);
    this.#stored.add(chunk);
    this.take(0);
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

  #forget(chunk: MemoryChunk | undefined): boolean {
    if (chunk === undefined) return false;
    this.drop(chunk);
    chunk.forget();
    return true;
  }
}
