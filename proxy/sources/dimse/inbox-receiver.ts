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
import { InboxDuplicate } from "./inbox-duplicate.ts";
import { readIdentity } from "./object-identity.ts";

/** Why an object was not taken. */
export type InboxRefusal = "unreadable" | "lies" | "differs" | "disk-full" | "io";

/** Who is told of what is sent here. */
export interface InboxObserver {
  /** The object is durable; rejects with a DicomError when it is not to be kept. */
  arrived(object: StoredObject): Promise<void>;
  refused(object: IncomingObject, refusal: InboxRefusal): void;
}

/**
 * Takes objects that others store here unasked: each is on the disk before it is answered for, under the identity of
 * its own data set, which must be that of the command.
 */
export function inboxReceiver(store: ObjectStore, observer: InboxObserver): StorageSink {
  /** By SOP Instance UID: objects that are arriving. */
  const arriving = new Map<string, Promise<void>>();
  return { begin: (object) => new InTurn(object, { store, observer, arriving }) };
}

interface InboxParts {
  readonly store: ObjectStore;
  readonly observer: InboxObserver;
  readonly arriving: Map<string, Promise<void>>;
}

/** Lets objects of one UID arrive one after the other: what comes second is compared with what came first. */
class InTurn implements ObjectReceiver {
  readonly #object: IncomingObject;
  readonly #parts: InboxParts;
  readonly #before: Promise<void> | undefined;
  readonly #mine: Promise<void>;
  #leave: () => void = () => undefined;
  #receiver: ObjectReceiver | undefined;
  #isOver = false;

  constructor(object: IncomingObject, parts: InboxParts) {
    this.#object = object;
    this.#parts = parts;
    this.#before = parts.arriving.get(object.sopInstanceUid);
    this.#mine = new Promise((resolve) => {
      this.#leave = resolve;
    });
    parts.arriving.set(object.sopInstanceUid, this.#mine);
    if (this.#before === undefined) this.#receiver = this.#begin();
  }

  write(chunk: Uint8Array): void | Promise<void> {
    return this.#receiver === undefined
      ? this.#turn().then((receiver) => receiver?.write(chunk))
      : this.#receiver.write(chunk);
  }

  async end(): Promise<number> {
    try {
      const receiver = this.#receiver ?? (await this.#turn());
      return (await receiver?.end()) ?? STORAGE_STATUSES.cannotUnderstand;
    } finally {
      this.#over();
    }
  }

  abort(...error: Parameters<ObjectReceiver["abort"]>): void {
    this.#receiver?.abort(...error);
    this.#over();
  }

  async #turn(): Promise<ObjectReceiver | undefined> {
    await this.#before;
    if (this.#isOver) return undefined;
    this.#receiver ??= this.#begin();
    return this.#receiver;
  }

  #begin(): ObjectReceiver {
    const { store, observer } = this.#parts;
    const known = store.get(this.#object.sopInstanceUid);
    if (known === undefined) return new NewArrival(this.#object, store, observer);
    return new InboxDuplicate(this.#object, known, store, () =>
      observer.refused(this.#object, "differs"),
    );
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { arriving } = this.#parts;
    const { sopInstanceUid } = this.#object;
    if (arriving.get(sopInstanceUid) === this.#mine) arriving.delete(sopInstanceUid);
    // A third of the same UID waits for this one alone, which may have waited in its turn.
    void (this.#before ?? Promise.resolve()).then(this.#leave);
  }
}

/** An object whose UID was not here before. */
class NewArrival implements ObjectReceiver {
  readonly #object: IncomingObject;
  readonly #store: ObjectStore;
  readonly #observer: InboxObserver;
  readonly #walk: DataSetWalk;
  readonly #head = new HeldHead();
  #lookAgainAt = 0;
  #writer: ObjectWriter | undefined;
  #refusal: number | undefined;

  constructor(object: IncomingObject, store: ObjectStore, observer: InboxObserver) {
    this.#object = object;
    this.#store = store;
    this.#observer = observer;
    this.#walk = new DataSetWalk(object.transferSyntaxUid);
  }

  write(chunk: Uint8Array): void | Promise<void> {
    if (this.#refusal !== undefined) return undefined;
    this.#walk.take(chunk);
    if (this.#writer !== undefined) return this.#pass(this.#writer, [chunk]);
    this.#head.add(chunk);
    // Looked at anew when it has doubled, so that small chunks cost no more than large ones.
    return this.#head.byteLength >= this.#lookAgainAt ? this.#identify(false) : undefined;
  }

  async end(): Promise<number> {
    if (this.#writer === undefined && this.#refusal === undefined) await this.#identify(true);
    if (this.#refusal !== undefined) return this.#refusal;
    if (this.#writer === undefined) return this.#refuse("unreadable");
    if (this.#walk.isInside) {
      this.#writer.abort();
      return this.#refuse("unreadable");
    }
    try {
      const stored = await this.#writer.commit();
      return await this.#announce(stored);
    } catch (error) {
      return this.#refuse(refusalOf(error));
    }
  }

  abort(): void {
    this.#head.letGo();
    this.#writer?.abort();
    this.#writer = undefined;
  }

  /** What cannot be found by its attributes is not kept. */
  async #announce(stored: StoredObject): Promise<number> {
    try {
      await this.#observer.arrived(stored);
      return STORAGE_STATUSES.success;
    } catch {
      const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = stored;
      await this.#store.remove(studyInstanceUid, seriesInstanceUid, sopInstanceUid);
      return this.#refuse("unreadable");
    }
  }

  #identify(isWhole: boolean): void | Promise<void> {
    const head = this.#head.joined();
    const { sopInstanceUid, sopClassUid, transferSyntaxUid } = this.#object;
    const identity = readIdentity(head, transferSyntaxUid);
    this.#lookAgainAt = this.#head.byteLength * 2;
    if (identity === "more" && !isWhole && !this.#head.isTooLong) return undefined;
    if (identity === "more" || identity === "none") {
      this.#refuse("unreadable");
      return undefined;
    }
    if (identity.sopInstanceUid !== sopInstanceUid || identity.sopClassUid !== sopClassUid) {
      this.#refuse("lies");
      return undefined;
    }
    const { studyInstanceUid, seriesInstanceUid } = identity;
    const uids = { studyInstanceUid, seriesInstanceUid, sopInstanceUid, sopClassUid };
    this.#head.letGo();
    try {
      this.#writer = this.#store.begin({ ...uids, transferSyntaxUid, origin: "received" });
    } catch (error) {
      this.#refuse(refusalOf(error));
      return undefined;
    }
    return this.#pass(this.#writer, [head]);
  }

  /** A disk that fails is answered for at the end, so that the sender hears of it by a status. */
  #pass(writer: ObjectWriter, chunks: readonly Uint8Array[]): void | Promise<void> {
    try {
      for (const chunk of chunks) {
        const pending = writer.write(chunk);
        if (pending !== undefined) return pending.catch((error: unknown) => this.#drop(error));
      }
    } catch (error) {
      this.#drop(error);
    }
    return undefined;
  }

  #drop(error: unknown): void {
    this.#writer?.abort();
    this.#writer = undefined;
    this.#refuse(refusalOf(error));
  }

  #refuse(refusal: InboxRefusal): number {
    const status = STATUSES[refusal];
    this.#head.letGo();
    this.#refusal = status;
    this.#observer.refused(this.#object, refusal);
    return status;
  }
}

const STATUSES: Readonly<Record<InboxRefusal, number>> = {
  unreadable: STORAGE_STATUSES.cannotUnderstand,
  lies: STORAGE_STATUSES.doesNotMatch,
  differs: STORAGE_STATUSES.duplicateInstance,
  "disk-full": STORAGE_STATUSES.outOfResources,
  io: STORAGE_STATUSES.outOfResources,
};

/** @throws what is no failure of the store */
function refusalOf(error: unknown): InboxRefusal {
  if (!(error instanceof ObjectStoreError)) throw error;
  return error.code === "disk-full" ? "disk-full" : "io";
}
