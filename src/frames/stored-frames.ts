import type { FrameStore } from "../cache/frame-store.ts";
import { type FrameRequest, frameKeyOf } from "./frame-request.ts";

/** Names are made in portions, so that a study of thousands of frames does not hold up the first of them. */
const NAMES_AT_ONCE = 64;

/**
 * Says at once whether a frame is in storage. The names in storage are hashes that take a moment to compute: until
 * then the answer is no, and when more names are known it says so.
 */
export class StoredFrames {
  readonly #names = new Map<string, string>();
  readonly #wanted = new Map<string, FrameRequest>();
  readonly #onChange: () => void;
  #store: FrameStore | undefined;
  #isNaming = false;

  constructor(store: Promise<FrameStore | undefined>, onChange: () => void) {
    this.#onChange = onChange;
    store.then(
      (opened) => {
        this.#store = opened;
        if (opened === undefined) this.#wanted.clear();
        else this.#startNaming(opened);
      },
      () => undefined,
    );
  }

  /** Whether there is a storage, and it is open. */
  get isOpen(): boolean {
    return this.#store !== undefined;
  }

  has(request: FrameRequest): boolean {
    const key = frameKeyOf(request.address);
    const name = this.#names.get(key);
    if (name !== undefined) return this.#store?.has(name) === true;
    this.#wanted.set(key, request);
    if (this.#store !== undefined) this.#startNaming(this.#store);
    return false;
  }

  #startNaming(store: FrameStore): void {
    if (this.#isNaming || this.#wanted.size === 0) return;
    this.#isNaming = true;
    this.#nameWanted(store).then(
      () => {
        this.#isNaming = false;
        this.#startNaming(store);
      },
      // Names cannot fail once the store is open; if they do, frames merely count as not stored.
      () => this.#wanted.clear(),
    );
  }

  async #nameWanted(store: FrameStore): Promise<void> {
    const portion = [...this.#wanted].slice(0, NAMES_AT_ONCE);
    const names = await Promise.all(portion.map(([, { address }]) => store.nameOf(address)));
    for (const [at, [key]] of portion.entries()) {
      this.#wanted.delete(key);
      this.#names.set(key, names[at] ?? "");
    }
    if (names.some((name) => store.has(name))) this.#onChange();
  }
}
