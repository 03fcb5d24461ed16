import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { DicomError } from "#core/dicom/dicom-error.ts";
import { madeUpReason } from "#core/dicom/made-up-identifiers.ts";
import type { StoreOutcome } from "../source.ts";
import type { ArchiveIndex } from "./archive-index.ts";
import type { AttributePool } from "./attribute-pool.ts";
import { digestFile } from "./digest-file.ts";
import type { InstanceFacts, InstanceRecord } from "./file-record.ts";
import { fileSource } from "./file-source.ts";
import { readContent } from "./read-record.ts";
import type { FoundFile } from "./scan-folder.ts";

/** Failure reasons (PS3.18 table I.2-2, PS3.7 annex C). */
const PROCESSING_FAILURE = 0x0110;
const DUPLICATE_INSTANCE = 0x0111;
const OUT_OF_RESOURCES = 0xa700;
const STUDY_DIFFERS = 0xa900;
const CANNOT_UNDERSTAND = 0xc000;

const INCOMING = ".incoming";

/** Where received objects go, and what they are compared with. */
export interface ReceivedStoreOptions {
  /** Absolute; made by `prepare`. */
  readonly folder: string;
  readonly index: ArchiveIndex;
  readonly pool: AttributePool;
  /** Tells the index of a file that was written. */
  readonly take: (found: FoundFile) => Promise<unknown>;
}

/** Objects that clients stored: each is complete on the disk, or not there at all. */
export class ReceivedStore {
  readonly #options: ReceivedStoreOptions;
  /** Per SOP Instance UID: stores of the same instance follow one another. */
  readonly #busy = new Map<string, Promise<unknown>>();

  constructor(options: ReceivedStoreOptions) {
    this.#options = options;
  }

  /** Makes the folder, and removes what a crash left half written. */
  async prepare(): Promise<void> {
    const incoming = path.join(this.#options.folder, INCOMING);
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    const names = await readdir(incoming);
    await Promise.all(names.map((name) => rm(path.join(incoming, name), { force: true })));
  }

  /** Stores one Part 10 stream. An abort or a broken stream rejects and leaves nothing. */
  async store(
    part10: AsyncIterable<Uint8Array>,
    expectedStudy: string | undefined,
    signal: AbortSignal,
  ): Promise<StoreOutcome> {
    const incoming = path.join(this.#options.folder, INCOMING);
    const temporary = path.join(incoming, randomUUID());
    try {
      const received = await receive(part10, temporary, signal);
      const facts = await this.#inspect(temporary, received.byteLength, signal);
      if ("status" in facts) return facts;
      if (expectedStudy !== undefined && facts.studyInstanceUid !== expectedStudy) {
        return failed(facts, STUDY_DIFFERS, "The object belongs to another study");
      }
      return await this.#inTurn(facts.sopInstanceUid, () =>
        this.#accept(temporary, facts, received.digest, signal),
      );
    } catch (error) {
      if (isDiskFull(error)) return failed(undefined, OUT_OF_RESOURCES, "The disk is full");
      throw error;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #inspect(
    file: string,
    byteLength: number,
    signal: AbortSignal,
  ): Promise<InstanceFacts | StoreOutcome> {
    const handle = await open(file, "r");
    try {
      const source = fileSource(handle, byteLength);
      const content = await readContent(source, this.#options.pool, signal);
      if (content.kind !== "instance") {
        return failed(undefined, CANNOT_UNDERSTAND, "This kind of object is not stored");
      }
      if (content.madeUp.length > 0)
        return failed(undefined, CANNOT_UNDERSTAND, madeUpReason(content.madeUp));
      if (content.repair !== undefined) {
        return failed(
          content,
          CANNOT_UNDERSTAND,
          "The object is not a complete DICOM file (PS3.10)",
        );
      }
      return content;
    } catch (error) {
      if (error instanceof DicomError) return failed(undefined, CANNOT_UNDERSTAND, error.message);
      throw error;
    } finally {
      await handle.close();
    }
  }

  async #accept(
    temporary: string,
    facts: InstanceFacts,
    digest: string,
    signal: AbortSignal,
  ): Promise<StoreOutcome> {
    const known = this.#options.index.instanceByUid(facts.sopInstanceUid);
    if (known !== undefined) return await compare(known, facts, digest, signal);
    // The name comes from a digest: nothing that a client sends becomes part of a path.
    const name = createHash("sha256").update(facts.sopInstanceUid).digest("hex");
    const relative = `${name.slice(0, 2)}/${name}.dcm`;
    const target = path.join(this.#options.folder, relative);
    const made = await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    await rename(temporary, target);
    await syncFolder(path.dirname(target));
    // A new folder is itself a name that the disk has to keep.
    if (made !== undefined) await syncFolder(path.dirname(made));
    const { size, mtimeMs, ino } = await stat(target);
    await this.#options.take({ path: relative, size, mtimeMs, inode: ino });
    return stored(facts, "Stored");
  }

  async #inTurn<Result>(uid: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#busy.get(uid) ?? Promise.resolve();
    const mine = before.then(task, task);
    this.#busy.set(uid, mine);
    try {
      return await mine;
    } finally {
      if (this.#busy.get(uid) === mine) this.#busy.delete(uid);
    }
  }
}

/** Writes the stream to a file and makes the disk keep it. */
async function receive(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  signal: AbortSignal,
): Promise<{ readonly byteLength: number; readonly digest: string }> {
  const handle = await open(file, "wx", 0o600);
  try {
    const hash = createHash("sha256");
    let byteLength = 0;
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      await writeFully(handle, chunk);
      hash.update(chunk);
      byteLength += chunk.byteLength;
    }
    await handle.sync();
    return { byteLength, digest: hash.digest("hex") };
  } finally {
    await handle.close();
  }
}

function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOSPC" || code === "EDQUOT";
}

async function writeFully(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength; ) {
    at += (await handle.write(chunk, at, chunk.byteLength - at)).bytesWritten;
  }
}

/** Storing the same bytes again succeeds; another object under the same UID is refused. */
async function compare(
  known: InstanceRecord,
  facts: InstanceFacts,
  digest: string,
  signal: AbortSignal,
): Promise<StoreOutcome> {
  const present = await digestFile(path.join(known.root, known.path), signal).catch(
    () => undefined,
  );
  signal.throwIfAborted();
  if (present === digest) return stored(facts, "Already stored");
  if (present === undefined) {
    return failed(facts, PROCESSING_FAILURE, "The object that is stored cannot be read");
  }
  return failed(facts, DUPLICATE_INSTANCE, "Another object with this SOP Instance UID is stored");
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function stored(facts: InstanceFacts, message: string): StoreOutcome {
  return { ...uidsOf(facts), status: 0, kind: "stored", message };
}

function failed(facts: InstanceFacts | undefined, status: number, message: string): StoreOutcome {
  return { ...uidsOf(facts), status, kind: "failed", message };
}

function uidsOf(facts: InstanceFacts | undefined) {
  return {
    sopClassUid: facts?.sopClassUid,
    sopInstanceUid: facts?.sopInstanceUid,
    studyInstanceUid: facts?.studyInstanceUid,
    seriesInstanceUid: facts?.seriesInstanceUid,
  };
}
