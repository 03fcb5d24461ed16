import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";

/** Where a frame is kept and under which key; made by `FrameStore.keepFor`, sent to the decode worker. */
export interface FrameSlot {
  readonly frameKey: string;
  readonly studyKey: string;
  /** Non-extractable AES-GCM key of the session. */
  readonly cryptoKey: CryptoKey;
}

/** What became of a write; the cache is a bonus, so a failure is a value. */
export interface WriteOutcome {
  readonly ok: boolean;
  /** Bytes that the record takes; 0 when it was not written. */
  readonly bytes: number;
}

/**
 * Encrypts a decoded frame and writes it to IndexedDB. Reads `samples` before it first awaits an answer of the
 * database, but not synchronously: transfer the buffer only after the promise has settled. Never rejects.
 */
export type WriteFrame = (slot: FrameSlot, frame: DecodedFrame) => Promise<WriteOutcome>;
