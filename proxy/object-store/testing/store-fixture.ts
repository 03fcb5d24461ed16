import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type {
  ObjectFacts,
  ObjectStore,
  ObjectStoreEvent,
  ObjectStoreOptions,
  StoredObject,
} from "../object-store.ts";
import { openObjectStoreOn } from "../open-object-store.ts";
import { diskFiles, type StoreFiles } from "../store-files.ts";

/** A store in a folder of its own, for tests. */
export interface StoreFixture {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly events: ObjectStoreEvent[];
  /** Milliseconds; what the store takes for now. */
  clock: number;
  /** Opens the store; the one before is to be closed. */
  open(options?: Partial<ObjectStoreOptions>, files?: StoreFiles): Promise<ObjectStore>;
  dispose(): Promise<void>;
}

export async function storeFixture(): Promise<StoreFixture> {
  const parent = await mkdtemp(path.join(tmpdir(), "negato-store-"));
  const stores = new Set<ObjectStore>();
  const key = new Uint8Array(randomBytes(32));
  const events: ObjectStoreEvent[] = [];
  const fixture: StoreFixture = {
    folder: path.join(parent, "cache"),
    key,
    events,
    clock: 1_700_000_000_000,
    open: async (options = {}, files = diskFiles) => {
      const store = await openObjectStoreOn(files, {
        folder: fixture.folder,
        key,
        maximumBytes: 2 ** 30,
        maximumAgeMs: 1000 * 3600 * 1000,
        memoryBytes: 16 * 2 ** 20,
        now: () => fixture.clock,
        report: (event) => events.push(event),
        ...options,
      });
      stores.add(store);
      return store;
    },
    dispose: async () => {
      for (const store of stores) await store.close();
      await rm(parent, { recursive: true, force: true });
    },
  };
  return fixture;
}

/** Facts of an object: `"study/series/instance"`, each a number. */
export function factsOf(place: string, origin: ObjectFacts["origin"] = "retrieved"): ObjectFacts {
  const [study = "1", series = "1", instance = "1"] = place.split("/");
  return {
    studyInstanceUid: `1.2.826.1.${study}`,
    seriesInstanceUid: `1.2.826.1.${study}.${series}`,
    sopInstanceUid: `1.2.826.1.${study}.${series}.${instance}`,
    sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
    transferSyntaxUid: "1.2.840.10008.1.2.1",
    origin,
  };
}

/** Stores bytes, in pieces of a length; waits where the store asks to. */
export async function put(
  store: ObjectStore,
  facts: ObjectFacts,
  bytes: Uint8Array,
  pieceBytes = 50_000,
): Promise<StoredObject> {
  const writer = store.begin(facts);
  for (let at = 0; at < bytes.byteLength; at += pieceBytes) {
    await writer.write(bytes.subarray(at, at + pieceBytes));
  }
  return await writer.commit();
}

/** All bytes of an object or of a range of it. */
export async function bytesOf(
  store: ObjectStore,
  object: StoredObject,
  range?: { readonly first: number; readonly last: number },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.open(object, range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Waits until the disk has everything. */
export async function drained(store: ObjectStore): Promise<void> {
  do await new Promise((resolve) => setTimeout(resolve, 2));
  while (store.status().pendingBytes > 0);
  // Removing nothing waits for the journal all the same.
  if (store.status().trouble === undefined) await store.remove("0");
}
