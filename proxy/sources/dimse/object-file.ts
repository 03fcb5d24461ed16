import type { ByteSource } from "#core/dicom/byte-source.ts";
import { part10Beginning } from "#core/dicom/part10-writer.ts";
import type { ObjectStore, StoredObject } from "../../object-store/object-store.ts";

/** A run of bytes: the first and the last that belong to it. */
export interface ByteSpan {
  readonly first: number;
  readonly last: number;
}

/** An object of the store as the file that it would be (PS3.10): the same bytes each time. */
export class ObjectFile {
  readonly object: StoredObject;
  readonly byteLength: number;
  readonly #store: ObjectStore;
  /** Preamble and meta group, which are not stored. */
  readonly #beginning: Uint8Array<ArrayBuffer>;

  constructor(store: ObjectStore, object: StoredObject) {
    this.#store = store;
    this.object = object;
    this.#beginning = part10Beginning(object);
    this.byteLength = this.#beginning.byteLength + object.byteLength;
  }

  /** Bytes of the file, as they are kept: views where they are in memory. */
  open(span?: ByteSpan): AsyncIterable<Uint8Array> {
    const first = span?.first ?? 0;
    const last = Math.min(span?.last ?? this.byteLength - 1, this.byteLength - 1);
    const skipped = this.#beginning.byteLength;
    if (first >= skipped)
      return this.#store.open(this.object, { first: first - skipped, last: last - skipped });
    return this.#withBeginning(first, last);
  }

  async *#withBeginning(first: number, last: number): AsyncGenerator<Uint8Array> {
    const skipped = this.#beginning.byteLength;
    yield this.#beginning.subarray(first, last + 1);
    if (last >= skipped) yield* this.#store.open(this.object, { first: 0, last: last - skipped });
  }

  /** The file for readers of `core`. */
  source(): ByteSource {
    const inner = this.#store.source(this.object);
    const beginning = this.#beginning;
    const skipped = beginning.byteLength;
    return {
      byteLength: this.byteLength,
      read: async (offset, length, signal) => {
        if (offset >= skipped) return await inner.read(offset - skipped, length, signal);
        const head = beginning.subarray(offset, offset + length);
        if (head.byteLength === length) return head;
        const rest = await inner.read(0, length - head.byteLength, signal);
        const joined = new Uint8Array(head.byteLength + rest.byteLength);
        joined.set(head);
        joined.set(rest, head.byteLength);
        return joined;
      },
    };
  }
}
