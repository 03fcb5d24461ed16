import type { DimseError } from "../../dimse/dimse-error.ts";
import { STORAGE_STATUSES } from "../../dimse/services/storage-statuses.ts";
import type { IncomingObject, ObjectReceiver, StorageSink } from "../../dimse/storage-sink.ts";
import {
  type ObjectStore,
  ObjectStoreError,
  type ObjectWriter,
  type StoredObject,
} from "../../object-store/object-store.ts";
import { DataSetWalk } from "./data-set-walk.ts";
import { HeldHead } from "./held-head.ts";
import { readIdentity } from "./object-identity.ts";

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
  readonly #head = new HeldHead();
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
    this.#head.add(chunk);
    return this.#identify();
  }

  async end(): Promise<number> {
    if (this.#refusal !== undefined) return this.#refusal;
    if (this.#writer === undefined)
      return this.#refuse("unreadable", STORAGE_STATUSES.cannotUnderstand);
    if (this.#walk.isInside) {
      this.#writer.abort();
      return this.#refuse("cut-off", STORAGE_STATUSES.cannotUnderstand);
    }
    try {
      this.#observer.arrived(await this.#writer.commit());
      return 0;
    } catch (error) {
      const code = error instanceof ObjectStoreError ? error.code : "io";
      return this.#refuse(
        code === "disk-full" ? "disk-full" : "io",
        STORAGE_STATUSES.outOfResources,
      );
    }
  }

  abort(_error: DimseError): void {
    this.#head.letGo();
    this.#writer?.abort();
    this.#writer = undefined;
  }

  #identify(): void | Promise<void> {
    const head = this.#head.joined();
    const identity = readIdentity(head, this.#object.transferSyntaxUid);
    if (identity === "more" && !this.#head.isTooLong) return undefined;
    if (identity === "more" || identity === "none") {
      this.#refuse("unreadable", STORAGE_STATUSES.cannotUnderstand);
      return undefined;
    }
    const { sopInstanceUid, sopClassUid, transferSyntaxUid } = this.#object;
    if (identity.sopInstanceUid !== sopInstanceUid) {
      this.#refuse("other-instance", STORAGE_STATUSES.doesNotMatch);
      return undefined;
    }
    this.#writer = this.#store.begin({
      studyInstanceUid: identity.studyInstanceUid,
      seriesInstanceUid: identity.seriesInstanceUid,
      sopInstanceUid,
      sopClassUid,
      transferSyntaxUid,
      origin: "retrieved",
    });
    this.#head.letGo();
    return this.#writer.write(head);
  }

  #refuse(failure: ArrivalFailure, status: number): number {
    this.#head.letGo();
    this.#refusal = status;
    this.#observer.refused(this.#object.sopInstanceUid, failure);
    return status;
  }
}
