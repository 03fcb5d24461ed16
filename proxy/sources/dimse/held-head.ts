/** Bytes of a data set in which its identity has to be found. */
const MOST_HEAD_BYTES = 2 * 1024 * 1024;

/** The first bytes of a data set, held until it is known what it is. */
export class HeldHead {
  #chunks: Uint8Array[] = [];
  #byteLength = 0;

  /** Of all that was added, also when it was let go. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** Whether it is longer than a head may be. */
  get isTooLong(): boolean {
    return this.#byteLength > MOST_HEAD_BYTES;
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#byteLength += chunk.byteLength;
  }

  /** All of it as one run; a view of the only chunk where there is one. */
  joined(): Uint8Array {
    const [first] = this.#chunks;
    if (first !== undefined && this.#chunks.length === 1) return first;
    const joined = Buffer.concat(this.#chunks);
    // What follows is joined to it, not to its parts again.
    this.#chunks = [joined];
    return joined;
  }

  /** Nobody needs it any more. */
  letGo(): void {
    this.#chunks = [];
  }
}
