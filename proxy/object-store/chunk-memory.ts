/** A chunk of a record in memory: its bytes, in pieces as they came. */
export interface MemoryChunk {
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
  readonly byteLength: number;
  /** Takes it out of its record; called when the memory is needed for something else. */
  forget(): void;
}

/**
 * The memory of a store: a count of bytes, and the chunks that may be forgotten, because the disk has them, least recently
 * used first.
 */
export class ChunkMemory {
  readonly #limitBytes: number;
  readonly #forgettable = new Set<MemoryChunk>();
  #usedBytes = 0;
  #forgettableBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get limitBytes(): number {
    return this.#limitBytes;
  }

  /** Bytes that must not be forgotten: the disk has them not. */
  get pendingBytes(): number {
    return this.#usedBytes - this.#forgettableBytes;
  }

  /** Whether what must not be forgotten takes all there is. */
  get isFull(): boolean {
    return this.pendingBytes > this.#limitBytes;
  }

  /** Counts bytes, and forgets others for them. */
  take(byteLength: number): void {
    this.#usedBytes += byteLength;
    for (const chunk of this.#forgettable) {
      if (this.#usedBytes <= this.#limitBytes) return;
      this.drop(chunk);
      chunk.forget();
    }
  }

  give(byteLength: number): void {
    this.#usedBytes -= byteLength;
  }

  /** The chunk, whose bytes are counted, may be forgotten from now on. */
  mayForget(chunk: MemoryChunk): void {
    if (this.#forgettable.has(chunk)) return;
    this.#forgettable.add(chunk);
    this.#forgettableBytes += chunk.byteLength;
    this.take(0);
  }

  /** The chunk was used. */
  touch(chunk: MemoryChunk): void {
    if (!this.#forgettable.delete(chunk)) return;
    this.#forgettable.add(chunk);
  }

  /** The chunk is no longer kept, by whatever cause. */
  drop(chunk: MemoryChunk): void {
    if (this.#forgettable.delete(chunk)) this.#forgettableBytes -= chunk.byteLength;
    this.#usedBytes -= chunk.byteLength;
  }
}
