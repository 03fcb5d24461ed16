/** What is asked for first; queries and answers fit. */
const SMALLEST_SLAB = 16_384;
/** What is asked for once much has come; larger ones would only keep more garbage waiting for its collection. */
const LARGEST_SLAB = 131_072;
/** A slab with less room than this is left, so that reads stay large. */
const LEAST_ROOM = 32_768;

/**
 * Memory that a connection reads into, one slab after another. What was read is never written again, so that views of
 * it may be kept. A few large slabs cost the garbage collector far less than a buffer for each read.
 */
export class ReadBuffer {
  #slab: Uint8Array<ArrayBuffer> = Buffer.allocUnsafeSlow(SMALLEST_SLAB);
  #used = 0;

  /** Room for the next read. */
  room(): Uint8Array<ArrayBuffer> {
    const left = this.#slab.byteLength - this.#used;
    if (left < Math.min(LEAST_ROOM, this.#slab.byteLength >> 1)) {
      const length = Math.min(LARGEST_SLAB, this.#slab.byteLength * 4);
      this.#slab = Buffer.allocUnsafeSlow(length);
      this.#used = 0;
    }
    return this.#slab.subarray(this.#used);
  }

  /** The bytes that a read put into the room. */
  take(byteLength: number): Uint8Array<ArrayBuffer> {
    const bytes = this.#slab.subarray(this.#used, this.#used + byteLength);
    this.#used += byteLength;
    return bytes;
  }
}
