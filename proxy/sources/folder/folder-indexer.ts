import { type FSWatcher, watch } from "node:fs";
import { realpath } from "node:fs/promises";
import path from "node:path";
import type { SourceProblem } from "../source.ts";
import type { ArchiveIndex } from "./archive-index.ts";
import type { AttributePool } from "./attribute-pool.ts";
import { digestFile } from "./digest-file.ts";
import type { FileRecord } from "./file-record.ts";
import { forEachConcurrently } from "./for-each-concurrently.ts";
import type { IndexStore } from "./index-store.ts";
import { readRecord } from "./read-record.ts";
import { type FoundFile, scanFolder } from "./scan-folder.ts";

/** How a folder is kept under observation. */
export interface IndexerOptions {
  /** Absolute. */
  readonly root: string;
  readonly exclude: readonly string[];
  readonly index: ArchiveIndex;
  readonly pool: AttributePool;
  readonly store: IndexStore;
  /** Whether changes are looked for after the first scan. */
  readonly watches: boolean;
  readonly now?: () => number;
}

const CONCURRENCY = 8;
const DEBOUNCE_MS = 1000;
const SHORTEST_INTERVAL_MS = 60_000;
/** A scan may take at most this share of the time. */
const INTERVAL_PER_SCAN = 50;

/** Keeps the index of one folder true: at start, when the system tells of a change, and from time to time. */
export class FolderIndexer {
  readonly #options: IndexerOptions;
  readonly #closing = new AbortController();
  #scanning: Promise<void> | undefined;
  #isAskedAgain = false;
  #timer: NodeJS.Timeout | undefined;
  #watcher: FSWatcher | undefined;
  #root: string | undefined;
  #scanProblems: readonly SourceProblem[] = [];
  #progress: { done: number; total: number } | undefined;
  #hasScanned = false;

  constructor(options: IndexerOptions) {
    this.#options = options;
  }

  /** Files looked at and files to look at; undefined while nothing is to be done. */
  get progress(): { readonly done: number; readonly total: number } | undefined {
    return this.#progress ?? (this.#hasScanned ? undefined : { done: 0, total: 0 });
  }

  get problems(): readonly SourceProblem[] {
    return this.#scanProblems;
  }

  /** Takes over what was known at the last start, then begins to look for changes. */
  async start(): Promise<void> {
    const { root, index, store, watches } = this.#options;
    this.#root = await realpath(root).catch(() => root);
    for (const record of await store.load(this.#root)) index.put(record);
    if (watches) this.#watch(this.#root);
    void this.rescan();
  }

  /** Compares the folder with the index; settles when they agree. Calls during a scan lead to one more. */
  rescan(): Promise<void> {
    if (this.#scanning !== undefined) {
      this.#isAskedAgain = true;
      return this.#scanning;
    }
    clearTimeout(this.#timer);
    this.#scanning = this.#scanUntilCalm().finally(() => {
      this.#scanning = undefined;
    });
    return this.#scanning;
  }

  /** A new look at the folder soon, after things have calmed down. */
  rescanSoon(): void {
    this.#rescanIn(DEBOUNCE_MS);
  }

  /** Takes in one file that the companion itself has written. */
  async take(found: FoundFile): Promise<FileRecord> {
    const { index, pool } = this.#options;
    const record = await readRecord(this.#folder, found, pool, this.#closing.signal);
    index.put(record);
    this.#rescanIn(DEBOUNCE_MS);
    return record;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    this.#watcher?.close();
    await this.#scanning;
  }

  get #folder(): string {
    return this.#root ?? this.#options.root;
  }

  async #scanUntilCalm(): Promise<void> {
    const now = this.#options.now ?? Date.now;
    const begin = now();
    do {
      this.#isAskedAgain = false;
      await this.#scanOnce().catch((error: unknown) => this.#noteFailure(error));
    } while (this.#isAskedAgain && !this.#closing.signal.aborted);
    this.#progress = undefined;
    this.#hasScanned = true;
    const interval = Math.max(SHORTEST_INTERVAL_MS, INTERVAL_PER_SCAN * (now() - begin));
    if (this.#options.watches) this.#rescanIn(interval);
  }

  async #scanOnce(): Promise<void> {
    const { index, exclude, store } = this.#options;
    const { signal } = this.#closing;
    const root = this.#folder;
    const { files, problems } = await scanFolder(root, exclude, signal);
    this.#scanProblems = problems;
    const isGone = this.#removeVanished(new Set(files.map((file) => file.path)));
    const changed = files.filter((file) => !isSame(index.file(root, file.path), file));
    if (changed.length > 0) await this.#readAll(changed);
    await this.#compareDuplicates();
    if (changed.length > 0 || isGone) {
      await store.save(root, index.files(root));
    }
  }

  #removeVanished(found: ReadonlySet<string>): boolean {
    const { index } = this.#options;
    const vanished = [...index.files(this.#folder)].filter((record) => !found.has(record.path));
    for (const record of vanished) index.remove(record.root, record.path);
    return vanished.length > 0;
  }

  async #readAll(files: readonly FoundFile[]): Promise<void> {
    const { index, pool } = this.#options;
    const { signal } = this.#closing;
    const progress = { done: 0, total: files.length };
    this.#progress = progress;
    await forEachConcurrently(files, CONCURRENCY, signal, async (file) => {
      index.put(await readRecord(this.#folder, file, pool, signal));
      progress.done += 1;
    });
  }

  /** Files with the same UID are the same instance only when their bytes are the same. */
  async #compareDuplicates(): Promise<void> {
    const { index } = this.#options;
    await forEachConcurrently(index.uncompared(), 2, this.#closing.signal, async (record) => {
      const file = path.join(record.root, record.path);
      const digest = await digestFile(file, this.#closing.signal).catch(() => "unreadable");
      index.noteDigest(record, digest);
    });
  }

  #noteFailure(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    this.#scanProblems = [
      {
        severity: "failure",
        where: ".",
        code: "unreadable",
        message: `The folder cannot be read (${code})`,
      },
    ];
  }

  #rescanIn(delayMs: number): void {
    if (this.#closing.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.rescan(), delayMs);
    this.#timer.unref();
  }

  /** Not every file system tells of changes; the interval finds what it does not tell. */
  #watch(root: string): void {
    try {
      this.#watcher = watch(root, { recursive: true, persistent: false }, () => this.rescanSoon());
      this.#watcher.on("error", () => this.#watcher?.close());
    } catch {
      this.#watcher = undefined;
    }
  }
}

function isSame(known: FileRecord | undefined, file: FoundFile): boolean {
  return (
    known !== undefined &&
    known.size === file.size &&
    known.mtimeMs === file.mtimeMs &&
    known.inode === file.inode
  );
}
