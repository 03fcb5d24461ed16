import { chooseVictims } from "./byte-budget.ts";
import {
  type CacheDatabase,
  clearRecords,
  deleteRecords,
  putRecord,
  type RecordEntry,
} from "./schema.ts";
import { openRecord, sealRecord } from "./sealed-record.ts";

/** Access times are written together after this time, so that reading stays reading. */
const TOUCH_DELAY_MS = 5000;
/** What is freed beyond the need, so that not every further record evicts one. */
const HEADROOM = 0.1;

export interface RecordStoreOptions {
  readonly database: CacheDatabase;
  readonly encryption: CryptoKey;
  readonly budgetBytes: number;
  readonly now?: () => number;
}

/**
 * Sealed records within a byte budget. It knows by heart which records there are. Nothing here rejects: whatever
 * the browser refuses is a miss or a record that is not kept.
 */
export class RecordStore {
  readonly #database: CacheDatabase;
  readonly #encryption: CryptoKey;
  readonly #now: () => number;
  #budgetBytes: number;
  #entries = new Map<string, RecordEntry>();
  #bytes = 0;
  readonly #touched = new Set<string>();
  #touchTimer: ReturnType<typeof setTimeout> | undefined;
  #eviction: Promise<void> | undefined;

  constructor(options: RecordStoreOptions) {
    this.#database = options.database;
    this.#encryption = options.encryption;
    this.#budgetBytes = options.budgetBytes;
    this.#now = options.now ?? Date.now;
  }

  /** Learns which records there are. To be called before the first use. */
  async load(): Promise<void> {
    const entries = await this.#database.getAll("entries");
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
    this.#bytes = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Bytes that all records take. */
  get bytes(): number {
    return this.#bytes;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The content, or undefined. A record that does not open is deleted. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (!this.#entries.has(name)) return undefined;
    const record = await this.#database.get("records", name).catch(() => undefined);
    const content =
      record === undefined ? undefined : await openRecord(this.#encryption, name, record);
    if (content === undefined) await this.delete([name]);
    else this.#touch(name);
    return content;
  }

  /** Keeps a record; false when it could not be kept. */
  async write(name: string, group: string, content: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const bytes = content.byteLength;
    try {
      const record = await sealRecord(this.#encryption, name, content);
      const entry = { name, group, bytes, lastUsed: this.#now() };
      await putRecord(this.#database, entry, record);
    } catch {
      this.noteRefused();
      return false;
    }
    this.noteWritten(name, group, bytes);
    return true;
  }

  /** Learns of a record that a worker wrote. */
  noteWritten(name: string, group: string, bytes: number): void {
    this.#forget(name);
    this.#entries.set(name, { name, group, bytes, lastUsed: this.#now() });
    this.#bytes += bytes;
    if (this.#bytes > this.#budgetBytes) this.#evict();
  }

  /** Learns that the browser refused a record: the quota is smaller than it said. */
  noteRefused(): void {
    this.#budgetBytes = Math.min(this.#budgetBytes, Math.floor(this.#bytes * (1 - HEADROOM)));
    this.#evict();
  }

  async delete(names: readonly string[]): Promise<void> {
    for (const name of names) this.#forget(name);
    await deleteRecords(this.#database, names).catch(() => undefined);
  }

  /** Deletes everything. @throws what the database has against it: the caller promised people a deletion */
  async clear(): Promise<void> {
    this.#entries.clear();
    this.#touched.clear();
    this.#bytes = 0;
    await clearRecords(this.#database);
  }

  /** Settles when an eviction that is under way is done. */
  async settled(): Promise<void> {
    await this.#eviction;
  }

  /** Writes access times and lets the database go. */
  async close(): Promise<void> {
    clearTimeout(this.#touchTimer);
    await this.#eviction;
    await this.#writeTouched();
    this.#database.close();
  }

  #evict(): void {
    this.#eviction ??= this.#freeBytes().finally(() => {
      this.#eviction = undefined;
    });
  }

  async #freeBytes(): Promise<void> {
    // Other tabs write too; what counts is what the database holds now.
    await this.load().catch(() => undefined);
    const excess = this.#bytes - this.#budgetBytes;
    if (excess <= 0) return;
    const toFree = excess + this.#budgetBytes * HEADROOM;
    await this.delete(chooseVictims(this.#entries.values(), toFree));
  }

  #forget(name: string): void {
    this.#bytes -= this.#entries.get(name)?.bytes ?? 0;
    this.#entries.delete(name);
  }

  #touch(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.set(name, { ...entry, lastUsed: this.#now() });
    this.#touched.add(name);
    this.#touchTimer ??= setTimeout(() => {
      this.#touchTimer = undefined;
      void this.#writeTouched();
    }, TOUCH_DELAY_MS);
  }

  async #writeTouched(): Promise<void> {
    const touched = [...this.#touched].flatMap((name) => this.#entries.get(name) ?? []);
    this.#touched.clear();
    if (touched.length === 0) return;
    try {
      const transaction = this.#database.transaction("entries", "readwrite", {
        durability: "relaxed",
      });
      await Promise.all([
        ...touched.map((entry) => transaction.store.put(entry)),
        transaction.done,
      ]);
    } catch {
      // An access time that is not written makes its record seem older than it is, no more.
    }
  }
}
