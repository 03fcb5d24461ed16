import type { DimseError } from "../../dimse/dimse-error.ts";
import type { IncomingObject, ObjectReceiver, StorageSink } from "../../dimse/storage-sink.ts";
import {
  type ObjectStore,
  ObjectStoreError,
  type ObjectWriter,
  type StoredObject,
} from "../../object-store/object-store.ts";
import { DataSetWalk } from "./data-set-walk.ts";
import { readIdentity } from "./object-identity.ts";

/** Bytes of a data set in which its identity has to be found. */
const MOST_HEAD_BYTES = 2 * 1024 * 1024;
const OUT_OF_RESOURCES = 0xa700;
const DOES_NOT_MATCH = 0xa900;
const CANNOT_UNDERSTAND = 0xc000;

/** Why an object that was sent is not kept. */
export type ArrivalFailure = "unreadable" | "cut-off" | "other-instance" | "disk-full" | "io";

/** Who is told of what arrives. */
export interface ArrivalObserver {
  /** Whether the object is to be kept: false for one that is there already; its bytes are then passed over. */
  isWanted(sopInstanceUid: string): boolean;
  /** The object is complete and can be read. */
  arrived(object: StoredObject): void;
  /** The object that the command named was sent, and is not kept. */
  refused(sopInstanceUid: string, failure: ArrivalFailure): void;
}

/**
 * Puts what a PACS sends into the store, as it arrives: under the identity that its own attributes say, whatever was
 * asked for. The head of each data set is held until that is known; one that breaks off is not kept.
 */
export function arrivalSink(store: ObjectStore, observer: ArrivalObserver): StorageSink {
  return {
    begin: (object) =>
      observer.isWanted(object.sopInstanceUid)
        ? new Arrival(object, store, observer)
        : new PassedOver(),
  };
}

/** An object that is there already: sent, and not needed. */
class PassedOver implements ObjectReceiver {
  write(): void {}
  end(): number {
    return 0;
  }
  abort(): void {}
}

class Arrival implements ObjectReceiver {
  readonly #object: IncomingObject;
  readonly #store: ObjectStore;
  readonly #observer: ArrivalObserver;
  readonly #walk: DataSetWalk;
  #head: Uint8Array[] = [];
  #headBytes = 0;
  #writer: ObjectWriter | undefined;
  #refusal: number | undefined;

  constructor(object: IncomingObject, store: ObjectStore, observer: ArrivalObserver) {
    this.#object = object;
    this.#store = store;
    this.#observer = observer;
    this.#walk = new DataSetWalk(object.transferSyntaxUid);
  }

  write(chunk: Uint8Array): void | Promise<void> {
    this.#walk.take(chunk);
    if (this.#writer !== undefined) return this.#writer.write(chunk);
    if (this.#refusal !== undefined) return undefined;
    this.#head.push(chunk);
    this.#headBytes += chunk.byteLength;
    return this.#identify();
  }

  async end(): Promise<number> {
    if (this.#refusal !== undefined) return this.#refusal;
    if (this.#writer === undefined) return this.#refuse("unreadable", CANNOT_UNDERSTAND);
    if (this.#walk.isInside) {
      this.#writer.abort();
      return this.#refuse("cut-off", CANNOT_UNDERSTAND);
    }
    try {
      this.#observer.arrived(await this.#writer.commit());
      return 0;
    } catch (error) {
      const code = error instanceof ObjectStoreError ? error.code : "io";
      return this.#refuse(code === "disk-full" ? "disk-full" : "io", OUT_OF_RESOURCES);
    }
  }

  abort(_error: DimseError): void {
    this.#head = [];
    this.#writer?.abort();
    this.#writer = undefined;
  }

  #identify(): void | Promise<void> {
    const identity = readIdentity(this.#joinedHead(), this.#object.transferSyntaxUid);
    if (identity === "more" && this.#headBytes <= MOST_HEAD_BYTES) return undefined;
    if (identity === "more" || identity === "none") {
      this.#refuse("unreadable", CANNOT_UNDERSTAND);
      return undefined;
    }
    const { sopInstanceUid, sopClassUid, transferSyntaxUid } = this.#object;
    if (identity.sopInstanceUid !== sopInstanceUid) {
      this.#refuse("other-instance", DOES_NOT_MATCH);
      return undefined;
    }
    const writer = this.#store.begin({
      studyInstanceUid: identity.studyInstanceUid,
      seriesInstanceUid: identity.seriesInstanceUid,
      sopInstanceUid,
      sopClassUid,
      transferSyntaxUid,
      origin: "retrieved",
    });
    this.#writer = writer;
    const head = this.#head;
    this.#head = [];
    return writeAll(writer, head);
  }

  #joinedHead(): Uint8Array {
    const [first] = this.#head;
    if (first !== undefined && this.#head.length === 1) return first;
    const joined = Buffer.concat(this.#head);
    // What follows is joined to it, not to its parts again.
    this.#head = [joined];
    return joined;
  }

  #refuse(failure: ArrivalFailure, status: number): number {
    this.#head = [];
    this.#refusal = status;
    this.#observer.refused(this.#object.sopInstanceUid, failure);
    return status;
  }
}

/** Synchronous as long as the writer is. */
function writeAll(writer: ObjectWriter, chunks: readonly Uint8Array[]): void | Promise<void> {
  for (const [index, chunk] of chunks.entries()) {
    const pending = writer.write(chunk);
    if (pending !== undefined) return pending.then(() => writeAll(writer, chunks.slice(index + 1)));
  }
}
