import { randomBytes } from "node:crypto";
import path from "node:path";
import type { ObjectFacts } from "./object-store.ts";
import type { StoreFile, StoreFiles } from "./store-files.ts";

/** Files that are kept open while nobody uses them. */
const IDLE_FILES = 32;
const SEGMENT_NAME = /^[cr]-[0-9a-f]{16}\.seg$/;

/** A file of encrypted chunks of records of one study. Its name tells only whether what it holds can be had again. */
export class Segment {
  readonly name: string;
  readonly origin: ObjectFacts["origin"];
  readonly studyInstanceUid: string;
  /** Where the next chunk goes: bytes in the file that count. */
  end = 0;
  /** Records that have, or will have, chunks in it. */
  records = 0;
  /** Bytes of records that are gone. */
  deadBytes = 0;
  /** A failure of the disk may have lost what was written: nothing more is. */
  isUnsure = false;
  /** The disk keeps its name. */
  isNamed = false;
  /** It is to be deleted when nobody uses it any more. */
  isDoomed = false;
  /** Readers and writers. */
  uses = 0;

  constructor(name: string, studyInstanceUid: string) {
    this.name = name;
    this.origin = name.startsWith("r") ? "received" : "retrieved";
    this.studyInstanceUid = studyInstanceUid;
  }

  static newName(origin: ObjectFacts["origin"]): string {
    return `${origin === "received" ? "r" : "c"}-${randomBytes(8).toString("hex")}.seg`;
  }

  static isName(name: string): boolean {
    return SEGMENT_NAME.test(name);
  }
}

/** The files of segments: opened when they are needed, kept open for a while, deleted when they are no longer read. */
export class SegmentFiles {
  readonly #files: StoreFiles;
  readonly #folder: string;
  readonly #open = new Map<Segment, Promise<StoreFile>>();

  constructor(files: StoreFiles, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** The segment stays on the disk until `release`, also when it is doomed. */
  retain(segment: Segment): void {
    segment.uses += 1;
  }

  release(segment: Segment): void {
    segment.uses -= 1;
    if (segment.uses > 0) return;
    if (segment.isDoomed) void this.#delete(segment);
    else this.#closeIdle();
  }

  /** The file of a segment that is retained. @throws what the system throws; the next call tries again. */
  async file(segment: Segment): Promise<StoreFile> {
    const known = this.#open.get(segment);
    if (known !== undefined) {
      this.#open.delete(segment);
      this.#open.set(segment, known);
      return await known;
    }
    const target = this.#pathOf(segment);
    const opening = this.#files.open(target, segment.end === 0 ? "create" : "update");
    this.#open.set(segment, opening);
    try {
      return await opening;
    } catch (error) {
      this.#open.delete(segment);
      throw error;
    }
  }

  /** Deletes the segment as soon as nobody uses it. */
  doom(segment: Segment): void {
    if (segment.isDoomed) return;
    segment.isDoomed = true;
    if (segment.uses === 0) void this.#delete(segment);
  }

  /** Makes the disk keep what was written to a segment. @throws also when its file was deleted meanwhile. */
  async sync(segment: Segment): Promise<void> {
    if (segment.isUnsure) throw new Error("An earlier write to the segment may be lost");
    this.retain(segment);
    try {
      const file = await this.file(segment);
      await file.sync();
      if (!(await file.isLinked())) throw new Error("The segment was deleted");
      if (!segment.isNamed) await this.#files.syncFolder(this.#folder);
      segment.isNamed = true;
    } finally {
      this.release(segment);
    }
  }

  /** Cuts the file where it is longer. Gives its length, which is 0 where there is none. */
  async fit(segment: Segment, byteLength: number): Promise<number> {
    const target = this.#pathOf(segment);
    const length = (await this.#files.byteLength(target)) ?? 0;
    if (length <= byteLength) return length;
    const file = await this.#files.open(target, "update");
    try {
      await file.truncate(byteLength);
    } finally {
      await file.close();
    }
    return byteLength;
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(open.map(async (file) => (await file).close()));
  }

  /** A file that cannot be deleted now is, as one that nothing refers to, at the next start. */
  async #delete(segment: Segment): Promise<void> {
    await this.#closeOne(segment);
    await this.#files.remove(this.#pathOf(segment)).catch(() => undefined);
  }

  #closeIdle(): void {
    if (this.#open.size <= IDLE_FILES) return;
    for (const segment of this.#open.keys()) {
      if (segment.uses > 0) continue;
      void this.#closeOne(segment);
      return;
    }
  }

  async #closeOne(segment: Segment): Promise<void> {
    const file = this.#open.get(segment);
    this.#open.delete(segment);
    await file?.then((opened) => opened.close()).catch(() => undefined);
  }

  #pathOf(segment: Segment): string {
    return path.join(this.#folder, segment.name);
  }
}
