import { DicomError } from "./dicom-error.ts";

/** Bytes that can be read at an offset: a file, a Blob, an array, a stream. */
export interface ByteSource {
  /** Count of all bytes; undefined while it is not known (a stream). */
  readonly byteLength: number | undefined;
  /**
   * The bytes from `offset`. Shorter than `length` only where the source ends, never longer; empty at or
   * beyond the end. The array may share memory with the source and is not to be written to.
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** A source over bytes in memory; what it gives are views, not copies. */
export function bytesSource(bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return {
    byteLength: bytes.byteLength,
    read: async (offset, length, signal) => {
      signal?.throwIfAborted();
      return bytes.subarray(offset, offset + length);
    },
  };
}

/**
 * A source over a stream, for reading forwards: a read may not begin before the one before it. It holds only
 * what lies between the offset of the last read and what has arrived, so its memory is bounded by the longest
 * read plus one chunk. Ranges that were passed are gone.
 */
export function streamSource(chunks: AsyncIterable<Uint8Array>): ByteSource {
  return new StreamSource(chunks[Symbol.asyncIterator]());
}

class StreamSource implements ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** Chunks that are held, in order; the first begins at `#start`. */
  readonly #held: Uint8Array[] = [];
  #start = 0;
  #end = 0;
  #isDone = false;

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks;
  }

  get byteLength(): number | undefined {
    return this.#isDone ? this.#end : undefined;
  }

  async read(
    offset: number,
    length: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    if (offset < this.#start)
      throw new DicomError("malformed", "A stream cannot be read backwards", { offset });
    this.#dropBefore(offset);
    while (this.#end < offset + length && !this.#isDone) {
      signal?.throwIfAborted();
      await this.#pull(offset);
    }
    signal?.throwIfAborted();
    return this.#copy(offset, Math.max(0, Math.min(length, this.#end - offset)));
  }

  async #pull(offset: number): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done === true) {
      this.#isDone = true;
      return;
    }
    this.#held.push(next.value);
    this.#end += next.value.byteLength;
    this.#dropBefore(offset);
  }

  #dropBefore(offset: number): void {
    let first = this.#held[0];
    while (first !== undefined && this.#start + first.byteLength <= offset) {
      this.#start += first.byteLength;
      this.#held.shift();
      first = this.#held[0];
    }
  }

  #copy(offset: number, length: number): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(length);
    let chunkStart = this.#start;
    for (const chunk of this.#held) {
      const from = Math.max(offset, chunkStart);
      const to = Math.min(offset + length, chunkStart + chunk.byteLength);
      if (from < to) copy.set(chunk.subarray(from - chunkStart, to - chunkStart), from - offset);
      chunkStart += chunk.byteLength;
    }
    return copy;
  }
}
