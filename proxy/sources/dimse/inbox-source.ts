import type { QidoQuery } from "#core/dicomweb/qido-query.ts";
import type { AssociationPool } from "../../dimse/association-pool.ts";
import type { ListenerOptions } from "../../dimse/dicom-listener.ts";
import type { RemoteAe } from "../../dimse/remote-ae.ts";
import type { IncomingObject } from "../../dimse/storage-sink.ts";
import type { ObjectStore, StoredObject } from "../../object-store/object-store.ts";
import { sourceErrorOf } from "../../translate/source-error-of.ts";
import {
  type Forwarding,
  type InstanceMetadata,
  type InstanceSelector,
  type ResourceSelector,
  type SearchPage,
  type Source,
  type SourceChange,
  SourceError,
  type SourceProblem,
  type SourceStatus,
  type StoredBulkData,
  type StoredFrame,
  type StoredInstance,
  type StoreOutcome,
} from "../source.ts";
import { forwardingByStore } from "./forward-by-store.ts";
import { ChangeFeed } from "./inbox-changes.ts";
import { InboxIndex } from "./inbox-index.ts";
import { type InboxRefusal, inboxReceiver } from "./inbox-receiver.ts";
import { ObjectReader } from "./object-reader.ts";
import type { LosslessDecoder } from "./store-lossless.ts";

/** What the inbox is made of. */
export interface InboxOptions {
  /** Name in addresses: `/sources/inbox/dicom-web`. */
  readonly name: string;
  /** Opened for the inbox alone, with a bound that is not reached by eviction: `received` objects. */
  readonly store: ObjectStore;
  /** Calling AE titles that may store here. */
  readonly allowedAeTitles: readonly string[];
  /** Where its objects may be forwarded to by C-STORE; empty: forwarding is off. */
  readonly forwardTo?: readonly { readonly remote: RemoteAe; readonly pool: AssociationPool }[];
  /** Decodes what is losslessly compressed for a destination that takes nothing compressed. */
  readonly decoder?: LosslessDecoder;
}

/** What modalities and archives stored here unasked, as a source; and the end that they store to. */
export interface InboxSource extends Source {
  readonly kind: "inbox";
  /** For `ListenerOptions.inbox`. */
  readonly receiver: NonNullable<ListenerOptions["inbox"]>;
}

/** Refusals that are remembered for whoever asks what is wrong. */
const MOST_REFUSALS = 100;

const REFUSALS: Readonly<Record<InboxRefusal, string>> = {
  unreadable:
    "Sent an object that cannot be read, or has no valid UIDs of its own (answered C000H)",
  lies: "Sent an object with another SOP Class or SOP Instance UID than its command (answered A900H)",
  differs:
    "Sent another object under a SOP Instance UID that is here already; the first one is kept (answered 0111H)",
  "disk-full":
    "Sent an object for which there is no room: the inbox or its disk is full (answered A700H)",
  io: "Sent an object that the disk did not take (answered A700H)",
};

/** Opens the inbox; its index is made from what the store holds. */
export async function openInboxSource(options: InboxOptions): Promise<InboxSource> {
  const inbox = new Inbox(options);
  inbox.start();
  return await Promise.resolve(inbox);
}

class Inbox implements InboxSource {
  readonly kind = "inbox";
  readonly canStore = false;
  readonly name: string;
  readonly receiver: InboxSource["receiver"];
  readonly #store: ObjectStore;
  readonly #destinations: InboxOptions["forwardTo"];
  readonly #decoder: LosslessDecoder | undefined;
  readonly #reader: ObjectReader;
  readonly #index: InboxIndex;
  readonly #feed = new ChangeFeed();
  readonly #closing = new AbortController();
  readonly #refusals: SourceProblem[] = [];
  #rebuilding: Promise<void> = Promise.resolve();

  constructor({ name, store, allowedAeTitles, forwardTo, decoder }: InboxOptions) {
    this.name = name;
    this.#store = store;
    this.#destinations = forwardTo;
    this.#decoder = decoder;
    this.#reader = new ObjectReader(store);
    this.#index = new InboxIndex(store);
    const allowed = new Set(allowedAeTitles);
    const sink = inboxReceiver(store, {
      arrived: (object) => this.#arrived(object),
      refused: (object, refusal) => this.#refused(object, refusal),
    });
    this.receiver = { ...sink, allows: (callingAeTitle) => allowed.has(callingAeTitle) };
  }

  start(): void {
    this.#rebuilding = this.#index.rebuild(this.#closing.signal);
    this.#rebuilding.catch(() => undefined);
  }

  async search(query: QidoQuery, signal: AbortSignal): Promise<SearchPage> {
    const isIndexing = this.#index.progress !== undefined;
    const warnings = isIndexing
      ? ["The inbox is still being read: there may be more than this"]
      : [];
    const page = await this.#guarded(
      this.#index.search(
        query,
        async (object) => (await this.#reader.metadata(object, signal)).dataSet,
        signal,
      ),
    );
    return { ...page, warnings };
  }

  etag(selector: ResourceSelector): Promise<string | undefined> {
    return Promise.resolve(this.#index.etag(selector));
  }

  async *metadata(
    selector: ResourceSelector,
    signal: AbortSignal,
  ): AsyncGenerator<InstanceMetadata> {
    for (const object of this.#select(selector)) {
      signal.throwIfAborted();
      yield await this.#guarded(this.#reader.metadata(object, signal));
    }
  }

  async *instances(selector: ResourceSelector): AsyncGenerator<StoredInstance> {
    for (const object of this.#select(selector)) {
      const instance = this.#reader.instance(object);
      yield { ...instance, open: (range) => this.#guardedBytes(instance.open(range)) };
    }
  }

  async *frames(
    selector: InstanceSelector,
    frameNumbers: readonly number[],
    signal: AbortSignal,
  ): AsyncGenerator<StoredFrame> {
    const object = this.#selectOne(selector);
    for (const frame of await this.#guarded(this.#reader.frames(object, frameNumbers, signal)))
      yield { ...frame, open: () => this.#guardedBytes(frame.open()) };
  }

  async bulkData(
    selector: InstanceSelector,
    path: string,
    signal: AbortSignal,
  ): Promise<StoredBulkData> {
    const object = this.#selectOne(selector);
    const value = await this.#guarded(this.#reader.bulkData(object, path, signal));
    return { ...value, open: (range) => this.#guardedBytes(value.open(range)) };
  }

  store(): Promise<StoreOutcome> {
    const message = "The inbox takes objects by C-STORE; it stores none over HTTP";
    return Promise.reject(new SourceError("not-implemented", message));
  }

  get forwarding(): Forwarding {
    return forwardingByStore({
      destinations: this.#destinations ?? [],
      store: this.#store,
      select: (selector) => this.#select(selector),
      user: "",
      decoder: this.#decoder,
    });
  }

  changes(signal: AbortSignal): AsyncIterable<SourceChange> {
    return this.#feed.listen(AbortSignal.any([signal, this.#closing.signal]));
  }

  problems(): Promise<readonly SourceProblem[]> {
    return Promise.resolve([...this.#index.problems(), ...this.#refusals]);
  }

  status(): SourceStatus {
    const { progress } = this.#index;
    const { problems = 0, ...counts } = this.#index.counts();
    const all = { ...counts, problems: problems + this.#refusals.length };
    return progress === undefined
      ? { state: "ready", ...all }
      : { state: "indexing", progress, ...all };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#rebuilding.catch(() => undefined);
  }

  async #arrived(object: StoredObject): Promise<void> {
    await this.#index.add(object, this.#closing.signal);
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = object;
    const selector = { studyInstanceUid, seriesInstanceUid, sopInstanceUid };
    this.#feed.tell({ kind: "arrived", selector });
  }

  #refused({ callingAeTitle }: IncomingObject, refusal: InboxRefusal): void {
    const message = REFUSALS[refusal];
    const where = callingAeTitle;
    this.#refusals.push({ severity: "failure", where, code: `inbox-${refusal}`, message });
    if (this.#refusals.length > MOST_REFUSALS) this.#refusals.shift();
  }

  /** @throws SourceError `not-found` */
  #select(selector: ResourceSelector): readonly StoredObject[] {
    const objects = this.#index.select(selector);
    if (objects.length > 0) return objects;
    const isIndexing = this.#index.progress !== undefined;
    throw new SourceError(
      "not-found",
      isIndexing
        ? "The inbox has no such object yet; it is still being read"
        : "The inbox has no such object",
    );
  }

  #selectOne(selector: InstanceSelector): StoredObject {
    const [object] = this.#select(selector);
    if (object === undefined) throw new SourceError("not-found", "The inbox has no such object");
    return object;
  }

  /** Failures of the store in words for HTTP. */
  async #guarded<Value>(value: Promise<Value>): Promise<Value> {
    try {
      return await value;
    } catch (error) {
      throw this.#described(error);
    }
  }

  async *#guardedBytes(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* bytes;
    } catch (error) {
      throw this.#described(error);
    }
  }

  #described(error: unknown): unknown {
    const nobody = { aeTitle: "", host: "", port: 0, callingAeTitle: "" };
    return sourceErrorOf(error, { ...nobody, name: this.name });
  }
}
