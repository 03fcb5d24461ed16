import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { encodeFrameRecord } from "./frame-record.ts";
import type { CacheDatabase } from "./schema.ts";
import { sealRecord } from "./sealed-record.ts";

/** Where a frame is kept and under which key; made by `FrameStore.slotFor`, sent to the decode worker. */
export interface FrameSlot {
  readonly frameKey: string;
  readonly studyKey: string;
  /** Non-extractable AES-GCM key of the session. */
  readonly cryptoKey: CryptoKey;
}

/** What became of a write; the cache is a bonus, so a failure is a value. */
export interface WriteOutcome {
  readonly ok: boolean;
  /** Bytes that the record takes, or would have taken but for the quota; 0 when it failed for another reason. */
  readonly bytes: number;
}

/** After a failure to open the database a worker does not try again for so long. */
const REOPEN_DELAY_MS = 10_000;

/** Keeps what a worker decoded: encrypts and writes off the main thread. */
export class FrameWriter {
  readonly #databaseName: string | undefined;
  #database: Promise<CacheDatabase> | undefined;
  #closedUntil = 0;

  /** @param databaseName another one than that of the application, for tests. */
  constructor(databaseName?: string) {
    this.#databaseName = databaseName;
  }

  /**
   * Encrypts a decoded frame and writes it. The samples are copied before this returns its promise, so they may be
   * transferred at once. Never rejects.
   */
  write(slot: FrameSlot, frame: DecodedFrame): Promise<WriteOutcome> {
    return this.#write(slot, encodeFrameRecord(frame));
  }

  async #write(slot: FrameSlot, content: Uint8Array<ArrayBuffer>): Promise<WriteOutcome> {
    if (Date.now() < this.#closedUntil) return NOT_KEPT;
    const bytes = content.byteLength;
    try {
      // The first image does not wait for this code.
      const { openCacheDatabase, putRecord } = await import("./schema.ts");
      this.#database ??= openCacheDatabase(this.#databaseName);
      const record = await sealRecord(slot.cryptoKey, slot.frameKey, content);
      const entry = { name: slot.frameKey, group: slot.studyKey, bytes, lastUsed: Date.now() };
      await putRecord(await this.#database, entry, record);
      return { ok: true, bytes };
    } catch (error) {
      if (isQuotaError(error)) return { ok: false, bytes };
      this.#reopenLater();
      return NOT_KEPT;
    }
  }

  /** A connection that was closed by the browser, or for another tab's upgrade, does not come back by itself. */
  #reopenLater(): void {
    this.#database?.then((database) => database.close()).catch(() => undefined);
    this.#database = undefined;
    this.#closedUntil = Date.now() + REOPEN_DELAY_MS;
  }
}

const NOT_KEPT: WriteOutcome = { ok: false, bytes: 0 };

function isQuotaError(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}
