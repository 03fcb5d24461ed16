import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { sampleHash } from "#core/pixels/sample-hash.ts";

/** What is known of the hash of the samples on the screen. */
export type FrameHash =
  | { readonly kind: "none" }
  | { readonly kind: "computing" }
  | { readonly kind: "done"; readonly hash: string }
  /** Browsers compute hashes on pages of https and of the own computer only. */
  | { readonly kind: "insecure" }
  | { readonly kind: "failed" };

/** Frames of a film follow faster than this, and are not hashed one by one. */
const REST_MS = 120;

/** Hashes the samples of the frame that it was last told of, and never says the hash of another. */
export class FrameHasher {
  readonly #onChange: () => void;
  #frame: DecodedFrame | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: FrameHash = { kind: "none" };

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** What is known of the hash of this frame. Asking for another one begins anew. */
  of(frame: DecodedFrame | undefined, bitsAllocated: number): FrameHash {
    if (frame === this.#frame) return this.#state;
    this.stop();
    this.#frame = frame;
    if (frame === undefined) return this.#state;
    const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
    if (subtle === undefined) {
      this.#state = { kind: "insecure" };
      return this.#state;
    }
    this.#state = { kind: "computing" };
    this.#timer = setTimeout(() => void this.#compute(frame, bitsAllocated, subtle), REST_MS);
    return this.#state;
  }

  /** Forgets the frame; nothing is told any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#frame = undefined;
    this.#state = { kind: "none" };
  }

  async #compute(frame: DecodedFrame, bits: number, subtle: SubtleCrypto): Promise<void> {
    let state: FrameHash;
    try {
      const hash = await sampleHash(frame, bits, (bytes) => subtle.digest("SHA-256", bytes));
      state = { kind: "done", hash };
    } catch {
      // Out of memory is the only way for a digest to fail; it is said where the hash would stand.
      state = { kind: "failed" };
    }
    if (this.#frame !== frame) return;
    this.#state = state;
    this.#onChange();
  }
}
