import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { SourceProblem } from "../source.ts";
import { forEachConcurrently } from "./for-each-concurrently.ts";

/** A file below the root, and the facts by which a change is noticed. */
export interface FoundFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly inode: number;
}

export interface ScanResult {
  readonly files: readonly FoundFile[];
  /** Folders and files that could not be looked at. */
  readonly problems: readonly SourceProblem[];
}

const CONCURRENCY = 16;
const MOST_DEPTH = 64;

/**
 * All regular files below a folder but hidden ones, whose names begin with a dot. Symbolic links are followed where they stay inside it, each folder once, so
 * that loops end; `exclude` (absolute) is left out.
 */
export async function scanFolder(
  root: string,
  exclude: readonly string[],
  signal: AbortSignal,
): Promise<ScanResult> {
  const scan = new Scan(await realpath(root), exclude, signal);
  await scan.folder(await realpath(root), 0);
  scan.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return scan;
}

class Scan implements ScanResult {
  readonly files: FoundFile[] = [];
  readonly problems: SourceProblem[] = [];
  readonly #root: string;
  readonly #exclude: ReadonlySet<string>;
  readonly #signal: AbortSignal;
  readonly #seen = new Set<string>();

  constructor(root: string, exclude: readonly string[], signal: AbortSignal) {
    this.#root = root;
    this.#exclude = new Set(exclude);
    this.#signal = signal;
  }

  async folder(folder: string, depth: number): Promise<void> {
    if (this.#seen.has(folder) || this.#exclude.has(folder)) return;
    this.#seen.add(folder);
    if (depth > MOST_DEPTH) {
      this.#report(folder, "too-deep", `Folders nested deeper than ${MOST_DEPTH} are not read`);
      return;
    }
    const entries = await this.#attempt(folder, () => readdir(folder, { withFileTypes: true }));
    const folders: string[] = [];
    await forEachConcurrently(entries ?? [], CONCURRENCY, this.#signal, async (entry) => {
      const inner = await this.#entry(path.join(folder, entry.name), entry);
      if (inner !== undefined) folders.push(inner);
    });
    for (const inner of folders.sort()) await this.folder(inner, depth + 1);
  }

  /** Notes a file; gives the folder that is to be entered. */
  async #entry(place: string, entry: Dirent): Promise<string | undefined> {
    if (entry.name.startsWith(".")) return undefined;
    if (entry.isDirectory()) return place;
    if (entry.isFile()) await this.#file(place, place);
    if (!entry.isSymbolicLink()) return undefined;
    const target = await this.#attempt(place, () => realpath(place));
    if (target === undefined) return undefined;
    if (!target.startsWith(this.#root + path.sep)) {
      this.#report(place, "link-leads-out", "The link leads out of the folder and is not followed");
      return undefined;
    }
    const facts = await this.#attempt(place, () => stat(target));
    if (facts?.isDirectory()) return target;
    if (facts?.isFile()) await this.#file(target, place);
    return undefined;
  }

  async #file(file: string, place: string): Promise<void> {
    if (this.#seen.has(file)) return;
    this.#seen.add(file);
    const facts = await this.#attempt(place, () => stat(file));
    if (facts === undefined) return;
    const { size, mtimeMs, ino } = facts;
    this.files.push({ path: this.#relative(file), size, mtimeMs, inode: ino });
  }

  async #attempt<Result>(
    place: string,
    action: () => Promise<Result>,
  ): Promise<Result | undefined> {
    try {
      return await action();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
      this.#report(place, "unreadable", `The system refused to read this (${code})`);
      return undefined;
    }
  }

  #report(place: string, code: string, message: string): void {
    this.problems.push({ severity: "failure", where: this.#relative(place), code, message });
  }

  #relative(place: string): string {
    return path.relative(this.#root, place).split(path.sep).join("/");
  }
}
