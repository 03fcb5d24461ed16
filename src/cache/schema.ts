import { type DBSchema, type IDBPDatabase, openDB } from "idb";

export const CACHE_DATABASE = "negato-cache";
const VERSION = 1;
/** How long another tab may hold an older version open before this one goes on without a cache. */
const BLOCKED_LIMIT_MS = 2000;

/** A record as it lies on the disk: ciphertext, and what is needed to open it but the key. */
export interface SealedRecord {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly ciphertext: ArrayBuffer;
}

/** What the budget knows of a record. Name and group are keyed hashes and say nothing without the key. */
export interface RecordEntry {
  readonly name: string;
  /** Hash of the study that the record belongs to. */
  readonly group: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly lastUsed: number;
}

export interface CacheSchema extends DBSchema {
  records: { key: string; value: SealedRecord };
  /** Apart from the records, so that the budget is read without reading them. */
  entries: { key: string; value: RecordEntry };
  /** Under `keyId`: which session key the records are sealed with. Never a key. */
  session: { key: string; value: string };
}

export type CacheDatabase = IDBPDatabase<CacheSchema>;

/**
 * Opens the database. It closes itself when another tab wants to upgrade or delete it; later transactions then
 * fail, and their callers take that for a miss.
 * @throws whatever the browser has against it: private mode, a broken profile, a blocked upgrade
 */
export async function openCacheDatabase(name = CACHE_DATABASE): Promise<CacheDatabase> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isTooLate = false;
  const opening = openDB<CacheSchema>(name, VERSION, {
    upgrade(database) {
      for (const store of [...database.objectStoreNames]) database.deleteObjectStore(store);
      database.createObjectStore("records");
      database.createObjectStore("entries", { keyPath: "name" });
      database.createObjectStore("session");
    },
    blocking(_current, _blocked, event) {
      if (event.target instanceof IDBDatabase) event.target.close();
    },
  });
  const blocked = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isTooLate = true;
      reject(new Error("Another tab holds an older cache open"));
    }, BLOCKED_LIMIT_MS);
  });
  opening.then((database) => isTooLate && database.close()).catch(() => undefined);
  return Promise.race([opening, blocked]).finally(() => clearTimeout(timer));
}

/** Writes a record and its entry, both or none. */
export async function putRecord(
  database: CacheDatabase,
  entry: RecordEntry,
  record: SealedRecord,
): Promise<void> {
  // Relaxed: after a crash of the machine a record may be missing, which is a miss like any other.
  const transaction = database.transaction(["records", "entries"], "readwrite", {
    durability: "relaxed",
  });
  await Promise.all([
    transaction.objectStore("records").put(record, entry.name),
    transaction.objectStore("entries").put(entry),
    transaction.done,
  ]);
}

/** Deletes records and their entries. */
export async function deleteRecords(
  database: CacheDatabase,
  names: readonly string[],
): Promise<void> {
  const transaction = database.transaction(["records", "entries"], "readwrite", {
    durability: "relaxed",
  });
  await Promise.all([
    ...names.flatMap((name) => [
      transaction.objectStore("records").delete(name),
      transaction.objectStore("entries").delete(name),
    ]),
    transaction.done,
  ]);
}

/** Deletes all records and forgets which key sealed them. */
export async function clearRecords(database: CacheDatabase): Promise<void> {
  const transaction = database.transaction(["records", "entries", "session"], "readwrite");
  await Promise.all([
    transaction.objectStore("records").clear(),
    transaction.objectStore("entries").clear(),
    transaction.objectStore("session").clear(),
    transaction.done,
  ]);
}
