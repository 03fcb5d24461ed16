import { DicomError } from "../dicom/dicom-error.ts";

/** Gives the offset, at `from` or after it, of a whole pattern within bytes, or -1. */
export type FindPattern = (bytes: Uint8Array, pattern: Uint8Array, from: number) => number;

/** The part of a byte stream that arrived and was not taken yet, as one run of bytes. */
export class ChunkBuffer {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #find: FindPattern;
  #bytes: Uint8Array = new Uint8Array(0);
  #isDone = false;

  /** @param find a faster way than ours, where the platform has one */
  constructor(chunks: AsyncIterable<Uint8Array>, find: FindPattern = indexOfWhole) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#find = find;
  }

  byteAt(index: number): number | undefined {
    return this.#bytes[index];
  }

  /**
   * Waits until at least `length` bytes are there.
   * @throws DicomError `truncated`
   */
  async hold(length: number): Promise<void> {
    if (this.#bytes.byteLength >= length) return;
    const pieces = [this.#bytes];
    let held = this.#bytes.byteLength;
    while (held < length) {
      const next = this.#isDone ? undefined : await this.#chunks.next();
      if (next === undefined || next.done === true) {
        this.#isDone = true;
        throw new DicomError("truncated", "The multipart body ends before its last boundary");
      }
      pieces.push(next.value);
      held += next.value.byteLength;
    }
    this.#bytes = join(pieces, held);
  }

  startsWith(pattern: Uint8Array): boolean {
    return matchesAt(this.#bytes, 0, pattern);
  }

  /** The next `length` bytes, of those that are there. */
  take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  /**
   * Offset of a pattern within the next `limit` bytes, or undefined.
   * @throws DicomError `truncated`
   */
  async find(pattern: Uint8Array, limit: number): Promise<number | undefined> {
    let from = 0;
    for (;;) {
      const { free, isFound } = scan(this.#bytes, pattern, from, this.#find);
      if (free > limit) return undefined;
      if (isFound) return free;
      from = free;
      await this.hold(this.#bytes.byteLength + 1);
    }
  }

  /** How many bytes are there before the pattern, or before what may be the beginning of it. */
  scan(pattern: Uint8Array): { readonly free: number; readonly isFound: boolean } {
    return scan(this.#bytes, pattern, 0, this.#find);
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    if (!this.#isDone) await this.#chunks.return?.();
  }
}

function scan(
  bytes: Uint8Array,
  pattern: Uint8Array,
  from: number,
  find: FindPattern,
): { readonly free: number; readonly isFound: boolean } {
  const length = pattern.byteLength;
  if (length === 0) return { free: from, isFound: true };
  const found = find(bytes, pattern, from);
  if (found >= 0) return { free: found, isFound: true };
  // The end may be the beginning of it.
  const tail = Math.max(from, bytes.byteLength - length + 1);
  const first = pattern[0] ?? 0;
  for (let at = bytes.indexOf(first, tail); at >= 0; at = bytes.indexOf(first, at + 1))
    if (matchesAt(bytes, at, pattern)) return { free: at, isFound: false };
  return { free: bytes.byteLength, isFound: false };
}

/** Offset of the whole pattern, or -1; by its last byte, so that most bytes are never looked at (Horspool). */
function indexOfWhole(bytes: Uint8Array, pattern: Uint8Array, from: number): number {
  const skips = skipsOf(pattern);
  const back = pattern.byteLength - 1;
  const last = pattern[back];
  for (let at = from + back; at < bytes.byteLength; ) {
    const byte = bytes[at] ?? 0;
    if (byte === last && matchesAt(bytes, at - back, pattern)) return at - back;
    at += skips[byte] ?? 1;
  }
  return -1;
}

const knownSkips = new WeakMap<Uint8Array, Uint16Array>();

/** By the byte under the end of the pattern: how far it may be moved on. */
function skipsOf(pattern: Uint8Array): Uint16Array {
  const known = knownSkips.get(pattern);
  if (known !== undefined) return known;
  const skips = new Uint16Array(256).fill(pattern.byteLength);
  for (let at = 0; at < pattern.byteLength - 1; at++)
    skips[pattern[at] ?? 0] = pattern.byteLength - 1 - at;
  knownSkips.set(pattern, skips);
  return skips;
}

/** Whether the pattern, or as much of it as there are bytes, stands at an offset. */
function matchesAt(bytes: Uint8Array, at: number, pattern: Uint8Array): boolean {
  const end = Math.min(pattern.byteLength, bytes.byteLength - at);
  for (let index = 0; index < end; index++) if (bytes[at + index] !== pattern[index]) return false;
  return true;
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [first, second] = pieces;
  if (pieces.length === 2 && first?.byteLength === 0 && second !== undefined) return second;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.byteLength;
  }
  return joined;
}
