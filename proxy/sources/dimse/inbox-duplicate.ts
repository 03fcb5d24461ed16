import { STORAGE_STATUSES } from "../../dimse/services/storage-statuses.ts";
import type { IncomingObject, ObjectReceiver } from "../../dimse/storage-sink.ts";
import type { ObjectStore, StoredObject } from "../../object-store/object-store.ts";

/**
 * An object that is here already, compared with what is here while it arrives: the same bytes again are a success,
 * other bytes under the same UID are refused, and what is here stays.
 */
export class InboxDuplicate implements ObjectReceiver {
  readonly #known: AsyncIterator<Uint8Array>;
  readonly #refused: () => void;
  #held: Uint8Array = new Uint8Array(0);
  #isEqual: boolean;
  #isClosed = false;

  constructor(
    object: IncomingObject,
    known: StoredObject,
    store: ObjectStore,
    refused: () => void,
  ) {
    this.#known = store.open(known)[Symbol.asyncIterator]();
    this.#refused = refused;
    this.#isEqual =
      known.transferSyntaxUid === object.transferSyntaxUid &&
      known.sopClassUid === object.sopClassUid;
  }

  write(chunk: Uint8Array): void | Promise<void> {
    if (this.#isEqual) return this.#compare(chunk);
  }

  async end(): Promise<number> {
    if (this.#isEqual && this.#held.byteLength === 0) await this.#pull();
    const isSame = this.#isEqual && this.#held.byteLength === 0;
    await this.#close();
    if (isSame) return STORAGE_STATUSES.success;
    this.#refused();
    return STORAGE_STATUSES.duplicateInstance;
  }

  abort(): void {
    void this.#close();
  }

  async #compare(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.byteLength && this.#isEqual; ) {
      if (this.#held.byteLength === 0) await this.#pull();
      const length = Math.min(this.#held.byteLength, chunk.byteLength - at);
      const mine = chunk.subarray(at, at + length);
      this.#isEqual = length > 0 && Buffer.compare(mine, this.#held.subarray(0, length)) === 0;
      this.#held = this.#held.subarray(length);
      at += length;
    }
  }

  /** The next bytes of what is here; none when it is over. What cannot be read is not equal. */
  async #pull(): Promise<void> {
    try {
      const next = await this.#known.next();
      this.#held = next.done === true ? new Uint8Array(0) : next.value;
    } catch {
      this.#isEqual = false;
    }
  }

  async #close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#known.return?.();
  }
}
