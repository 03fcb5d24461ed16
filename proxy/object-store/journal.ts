import path from "node:path";
import type { JournalFrame } from "./journal-entry.ts";
import { FrameReader, frameText } from "./journal-entry.ts";
import { type JournalSeal, newSeal, readFrames, sealFrame, sealOf } from "./journal-format.ts";
import type { StoreFile, StoreFiles } from "./store-files.ts";

/** Entries of one frame of a rewritten journal. */
const FRAME_ENTRIES = 1000;

const JOURNAL_NAME = /^journal-(\d{8})$/;

/** What a journal that was found says. */
export interface ReadJournal {
  readonly journal: Journal;
  readonly frames: readonly JournalFrame[];
  /** Frames from this index on are after the last damage; 0 where there is none, or nothing before it. */
  readonly firstAfterDamage: number;
}

/** The list of what is complete: appended to, never changed, and written anew when most of it is history. */
export class Journal {
  readonly #files: StoreFiles;
  readonly #folder: string;
  readonly #journalKey: Uint8Array;
  #generation: number;
  #seal: JournalSeal;
  #file: StoreFile;
  #end: number;
  #frameNumber: number;
  /** A failure of the disk may have lost what was written: it is written anew before it is added to. */
  #isUnsure = false;

  private constructor(
    files: StoreFiles,
    folder: string,
    journalKey: Uint8Array,
    state: {
      generation: number;
      seal: JournalSeal;
      file: StoreFile;
      end: number;
      frameNumber: number;
    },
  ) {
    this.#files = files;
    this.#folder = folder;
    this.#journalKey = journalKey;
    this.#generation = state.generation;
    this.#seal = state.seal;
    this.#file = state.file;
    this.#end = state.end;
    this.#frameNumber = state.frameNumber;
  }

  /** Names of the journals in a folder, the newest first. Drafts are not among them. */
  static namesOf(names: readonly string[]): string[] {
    return names
      .filter((name) => JOURNAL_NAME.test(name))
      .sort()
      .reverse();
  }

  /** Whether a file belongs to the journal, complete or not. */
  static isPart(name: string): boolean {
    return name.startsWith("journal-");
  }

  /** Reads a journal, and cuts a torn end off. Undefined when the key does not fit, or it is no journal. */
  static async read(
    files: StoreFiles,
    folder: string,
    name: string,
    journalKey: Uint8Array,
  ): Promise<ReadJournal | undefined> {
    const file = await files.open(path.join(folder, name), "update");
    try {
      const bytes = await readAll(file, (await files.byteLength(path.join(folder, name))) ?? 0);
      const seal = sealOf(journalKey, bytes);
      if (seal === undefined) {
        await file.close();
        return undefined;
      }
      const content = readContent(seal, bytes);
      if (content.end < bytes.byteLength) await file.truncate(content.end);
      const generation = Number(JOURNAL_NAME.exec(name)?.[1]);
      const state = { generation, seal, file, end: content.end, frameNumber: content.nextNumber };
      const { frames, firstAfterDamage } = content;
      return { journal: new Journal(files, folder, journalKey, state), frames, firstAfterDamage };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Writes a journal with these entries, which counts from when it is whole on the disk. */
  static async create(
    files: StoreFiles,
    folder: string,
    journalKey: Uint8Array,
    generation: number,
    content: JournalFrame,
  ): Promise<Journal> {
    const draft = await writeDraft(files, folder, journalKey, generation, content);
    return new Journal(files, folder, journalKey, { generation, ...draft });
  }

  get byteLength(): number {
    return this.#end;
  }

  get generation(): number {
    return this.#generation;
  }

  get isUnsure(): boolean {
    return this.#isUnsure;
  }

  /** Adds a frame. Where that fails nothing was added: the next one is written in its place. */
  async append(frame: JournalFrame): Promise<void> {
    const parts = sealFrame(this.#seal, this.#frameNumber, frameText(frame));
    this.#frameNumber += 1;
    await this.#file.write(parts, this.#end);
    this.#end += lengthOf(parts);
  }

  /** Makes the disk keep what was appended. @throws also when the file was deleted meanwhile. */
  async sync(): Promise<void> {
    try {
      await this.#file.sync();
      if (!(await this.#file.isLinked())) throw new Error("The journal was deleted");
    } catch (error) {
      this.#isUnsure = true;
      throw error;
    }
  }

  /** Writes these entries into a new file, which takes the place of the old one. */
  async rewrite(content: JournalFrame): Promise<void> {
    const generation = this.#generation + 1;
    const draft = await writeDraft(
      this.#files,
      this.#folder,
      this.#journalKey,
      generation,
      content,
    );
    const old = { file: this.#file, name: nameOf(this.#generation) };
    this.#generation = generation;
    this.#seal = draft.seal;
    this.#file = draft.file;
    this.#end = draft.end;
    this.#frameNumber = draft.frameNumber;
    this.#isUnsure = false;
    await old.file.close().catch(() => undefined);
    await this.#files.remove(path.join(this.#folder, old.name)).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function nameOf(generation: number): string {
  return `journal-${String(generation).padStart(8, "0")}`;
}

async function writeDraft(
  files: StoreFiles,
  folder: string,
  journalKey: Uint8Array,
  generation: number,
  content: JournalFrame,
): Promise<{ seal: JournalSeal; file: StoreFile; end: number; frameNumber: number }> {
  const target = path.join(folder, nameOf(generation));
  const draft = `${target}.draft`;
  await files.remove(draft);
  const seal = newSeal(journalKey);
  const file = await files.open(draft, "create");
  try {
    await file.write([seal.head], 0);
    let end = seal.head.byteLength;
    let frameNumber = 0;
    // At least one: it says what time it is.
    for (let at = 0; at === 0 || at < content.entries.length; at += FRAME_ENTRIES) {
      const entries = content.entries.slice(at, at + FRAME_ENTRIES);
      const parts = sealFrame(seal, frameNumber, frameText({ ...content, entries }));
      await file.write(parts, end);
      end += lengthOf(parts);
      frameNumber += 1;
    }
    await file.sync();
    await files.rename(draft, target);
    await files.syncFolder(folder);
    return { seal, file, end, frameNumber };
  } catch (error) {
    await file.close().catch(() => undefined);
    await files.remove(draft).catch(() => undefined);
    throw error;
  }
}

function readContent(seal: JournalSeal, bytes: Buffer) {
  const reader = new FrameReader();
  const frames: JournalFrame[] = [];
  let firstAfterDamage = 0;
  let end = seal.head.byteLength;
  let nextNumber = 0;
  for (const found of readFrames(seal, bytes)) {
    const frame = reader.read(found.text);
    if (found.isAfterDamage || frame === undefined) firstAfterDamage = frames.length;
    if (frame !== undefined) frames.push(frame);
    end = found.end;
    nextNumber = found.number + 1;
  }
  return { frames, firstAfterDamage, end, nextNumber };
}

async function readAll(file: StoreFile, byteLength: number): Promise<Buffer> {
  const bytes = Buffer.alloc(byteLength);
  const count = await file.read(bytes, byteLength, 0);
  return bytes.subarray(0, count);
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.byteLength, 0);
}
