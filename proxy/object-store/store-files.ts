import { close, fdatasync, fstat, ftruncate, open as openFile, read, writev } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";

/** A file that is open for reading and writing at any position. */
export interface StoreFile {
  /** Count of bytes that were read: less than `length` only where the file ends. */
  read(into: Uint8Array, length: number, position: number): Promise<number>;
  /** Writes all of them, one after the other. */
  write(parts: readonly Uint8Array[], position: number): Promise<void>;
  /** Makes the disk keep what was written. */
  sync(): Promise<void>;
  truncate(byteLength: number): Promise<void>;
  /** Whether the file still has a name: what is written to one that was deleted is lost. */
  isLinked(): Promise<boolean>;
  close(): Promise<void>;
}

/** What the store asks of a file system. Failures are those of Node, with their `code`. */
export interface StoreFiles {
  /** `create` fails where the file is there already; `update` where it is not. */
  open(path: string, mode: "create" | "update"): Promise<StoreFile>;
  makeFolder(path: string): Promise<void>;
  list(folder: string): Promise<readonly string[]>;
  /** Undefined where there is no such file. */
  byteLength(path: string): Promise<number | undefined>;
  rename(from: string, to: string): Promise<void>;
  /** Succeeds where there is none. */
  remove(path: string): Promise<void>;
  /** Makes the disk keep the names in the folder. */
  syncFolder(path: string): Promise<void>;
}

/** The file system of the machine. Files and folders are for their owner alone. */
export const diskFiles: StoreFiles = {
  open: (path, mode) =>
    new Promise((resolve, reject) => {
      openFile(path, mode === "create" ? "wx+" : "r+", 0o600, (error, descriptor) => {
        if (error === null) resolve(new DiskFile(descriptor));
        else reject(error);
      });
    }),
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  list: (folder) => readdir(folder),
  byteLength: async (path) => {
    try {
      return (await stat(path)).size;
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
  },
  rename: (from, to) => rename(from, to),
  remove: (path) => rm(path, { force: true }),
  syncFolder: async (path) => {
    // Windows opens no folders; its file systems keep names in their own journal.
    if (process.platform === "win32") return;
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

/** The code of a system error, such as `ENOSPC`. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

class DiskFile implements StoreFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  async read(into: Uint8Array, length: number, position: number): Promise<number> {
    let done = 0;
    while (done < length) {
      const count = await this.#readOnce(into, done, length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  async write(parts: readonly Uint8Array[], position: number): Promise<void> {
    let rest = parts;
    for (let at = position; rest.length > 0; ) {
      const count = await this.#writeOnce(rest, at);
      at += count;
      rest = withoutFirst(rest, count);
    }
  }

  sync(): Promise<void> {
    return settled((done) => fdatasync(this.#descriptor, done));
  }

  truncate(byteLength: number): Promise<void> {
    return settled((done) => ftruncate(this.#descriptor, byteLength, done));
  }

  isLinked(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      fstat(this.#descriptor, (error, stats) => {
        if (error === null) resolve(stats.nlink > 0);
        else reject(error);
      });
    });
  }

  close(): Promise<void> {
    return settled((done) => close(this.#descriptor, done));
  }

  #readOnce(into: Uint8Array, offset: number, length: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.#descriptor, into, offset, length, position, (error, count) => {
        if (error === null) resolve(count);
        else reject(error);
      });
    });
  }

  #writeOnce(parts: readonly Uint8Array[], position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      writev(this.#descriptor, parts, position, (error, count) => {
        if (error === null) resolve(count);
        else reject(error);
      });
    });
  }
}

function settled(call: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });
}

/** What remains of the parts after their first `count` bytes. */
function withoutFirst(parts: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = count;
  for (const part of parts) {
    if (skip >= part.byteLength) skip -= part.byteLength;
    else {
      rest.push(skip === 0 ? part : part.subarray(skip));
      skip = 0;
    }
  }
  return rest;
}
