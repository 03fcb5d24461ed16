import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { FrameStore } from "../cache/frame-store.ts";
import type { KeepFrame } from "../decode/protocol.ts";
import type { FrameDecoder } from "./frame-decoder.ts";
import { type FrameRequest, frameKeyOf } from "./frame-request.ts";
import { within } from "./within.ts";

/** A worker that could not write does not try again for ten seconds; nor does this, and three times in all. */
const RETRY_DELAY_MS = 11_000;
const MOST_ATTEMPTS = 3;

/** Where frames are kept; `FrameStore` of the cache is one. */
export type FramePlaces = Pick<FrameStore, "slotFor" | "has">;

/** What became of a frame that was to be kept, in the words of a decode worker. */
export interface KeptWord {
  readonly frameKey: string;
  /** 0 when it failed for another reason than the quota. */
  readonly bytes: number;
  readonly ok: boolean;
}

interface Attempt {
  readonly request: FrameRequest;
  readonly count: number;
}

/**
 * Hands out the places where frames are kept, and sees to it that the frames for which there was no place at the
 * time, or whose writing failed in passing, are kept later: one at a time, after everything that is to be decoded,
 * as long as they are in memory.
 */
export class UnkeptFrames {
  readonly #store: Promise<FramePlaces | undefined>;
  readonly #decoder: FrameDecoder;
  readonly #peek: (key: string) => DecodedFrame | undefined;
  readonly #closed = new AbortController();
  /** Frames to keep once they are in memory and there is a place. */
  readonly #unkept = new Map<string, Attempt>();
  /** Frames that are being written, by the name of their record. */
  readonly #writing = new Map<string, Attempt>();
  readonly #retries = new Set<ReturnType<typeof setTimeout>>();
  #opened: FramePlaces | undefined;
  #isWorking = false;

  /** @param peek the frame of a key if it is in memory */
  constructor(
    store: Promise<FramePlaces | undefined>,
    decoder: FrameDecoder,
    peek: (key: string) => DecodedFrame | undefined,
  ) {
    this.#store = store;
    this.#decoder = decoder;
    this.#peek = peek;
    store.then(
      (opened) => {
        this.#opened = opened;
        if (opened === undefined) this.#unkept.clear();
        else this.work();
      },
      () => this.#unkept.clear(),
    );
  }

  /** The place for a frame that is about to be decoded; undefined when there is none, or not yet. */
  async slotFor(request: FrameRequest): Promise<KeepFrame | undefined> {
    const key = frameKeyOf(request.address);
    const store = this.#opened ?? (await within(this.#store, 0));
    if (store !== undefined) return this.#slot(store, { request, count: 1 });
    this.#unkept.set(key, { request, count: 1 });
    return undefined;
  }

  /** Goes on with what is left to keep; to be called when a frame has come into memory. */
  work(): void {
    const store = this.#opened;
    if (store === undefined || this.#isWorking || this.#unkept.size === 0) return;
    this.#isWorking = true;
    this.#keepAll(store).then(
      () => {
        this.#isWorking = false;
      },
      // Names cannot fail once the store is open; if they do, frames merely stay unkept.
      () => this.#unkept.clear(),
    );
  }

  /** Learns what became of a frame; a failure that may pass is tried again. */
  noteKept({ frameKey, bytes, ok }: KeptWord): void {
    const attempt = this.#writing.get(frameKey);
    this.#writing.delete(frameKey);
    if (ok || bytes > 0 || attempt === undefined || attempt.count >= MOST_ATTEMPTS) return;
    if (this.#closed.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      const { request, count } = attempt;
      this.#unkept.set(frameKeyOf(request.address), { request, count: count + 1 });
      this.work();
    }, RETRY_DELAY_MS);
    this.#retries.add(timer);
  }

  close(): void {
    this.#closed.abort();
    this.#unkept.clear();
    for (const timer of this.#retries) clearTimeout(timer);
  }

  async #keepAll(store: FramePlaces): Promise<void> {
    const { signal } = this.#closed;
    for (const [key, attempt] of [...this.#unkept]) {
      if (signal.aborted) return;
      // What is not in memory yet is on its way; it is looked at again when it is there.
      if (this.#peek(key) === undefined) continue;
      this.#unkept.delete(key);
      const keep = await this.#slot(store, attempt);
      const frame = this.#peek(key);
      if (frame === undefined || store.has(keep.frameKey)) this.#writing.delete(keep.frameKey);
      else await this.#decoder.keep?.({ frame, keep }, signal);
    }
  }

  async #slot(store: FramePlaces, attempt: Attempt): Promise<KeepFrame> {
    this.#unkept.delete(frameKeyOf(attempt.request.address));
    const slot = await store.slotFor(attempt.request.address);
    this.#writing.set(slot.frameKey, attempt);
    return slot;
  }
}
