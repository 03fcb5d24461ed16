import { type ByteSource, bytesSource } from "./byte-source.ts";

const FIRST_CHUNK = 64 * 1024;
const LARGEST_CHUNK = 1024 * 1024;
/** Bytes read after a jump over a large value, where little is expected. */
const HOP_CHUNK = 1024;

/** A window that holds all of its bytes from the start. */
export function wholeWindow(bytes: Uint8Array<ArrayBuffer>): SourceWindow {
  const window = new SourceWindow(bytesSource(bytes));
  window.bytes = bytes;
  window.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  window.end = bytes.byteLength;
  return window;
}

/** The bytes of a source that are in memory at the moment: one run, that moves forwards and grows as reading goes on. */
export class SourceWindow {
  readonly #source: ByteSource;
  readonly #signal: AbortSignal | undefined;
  #chunk = FIRST_CHUNK;
  /** The bytes; the first of them stands at `start`. */
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  start = 0;
  /** Offset after the last byte in memory. */
  end = 0;
  /** Offset after the last byte of the source; undefined while it is not known. */
  sourceEnd: number | undefined;

  constructor(source: ByteSource, signal?: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
    this.sourceEnd = source.byteLength;
  }

  /** Whether the bytes are in memory. */
  holds(offset: number, length: number): boolean {
    return offset >= this.start && offset + length <= this.end;
  }

  /**
   * Moves to `offset` and reads at least `length` bytes, or what the source has. Afterwards either `holds` is
   * true, or `sourceEnd` is known and lies before the end of what was asked for.
   */
  async load(offset: number, length: number): Promise<void> {
    const isNext = offset <= this.end;
    const wanted = Math.max(length, isNext ? this.#chunk : HOP_CHUNK);
    const left = this.sourceEnd === undefined ? wanted : Math.max(0, this.sourceEnd - offset);
    const asked = Math.min(wanted, left);
    const bytes = await this.#source.read(offset, asked, this.#signal);
    this.#signal?.throwIfAborted();
    if (isNext) this.#chunk = Math.min(LARGEST_CHUNK, this.#chunk * 2);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.start = offset;
    this.end = offset + bytes.byteLength;
    this.sourceEnd = this.#source.byteLength;
    // A source that changed under the reader ends where it stopped giving.
    if (bytes.byteLength < asked) this.sourceEnd = Math.min(this.sourceEnd ?? this.end, this.end);
  }
}
