import { diskFiles, type StoreFile, type StoreFiles } from "../store-files.ts";

type FileOperation = "open" | "read" | "write" | "sync" | "rename" | "remove";

/** The file system of the machine with failures on demand, and a list of what was asked of it. */
export interface FaultyFiles extends StoreFiles {
  /** Code that an operation fails with; undefined lets it happen. */
  fault: (operation: FileOperation, path: string) => string | undefined;
  /** Operations, each with the name of its file. */
  readonly log: string[];
}

export function faultyFiles(): FaultyFiles {
  const files: FaultyFiles = {
    ...diskFiles,
    fault: () => undefined,
    log: [],
    open: async (path, mode) => {
      attempt("open", path);
      return faulty(await diskFiles.open(path, mode), path);
    },
    rename: async (from, to) => {
      attempt("rename", to);
      await diskFiles.rename(from, to);
    },
    remove: async (path) => {
      attempt("remove", path);
      await diskFiles.remove(path);
    },
  };
  return files;

  function attempt(operation: FileOperation, path: string): void {
    files.log.push(`${operation} ${path.split("/").at(-1)}`);
    const code = files.fault(operation, path);
    if (code !== undefined) throw Object.assign(new Error(`${code}: on demand`), { code });
  }

  function faulty(file: StoreFile, path: string): StoreFile {
    return {
      read: async (into, length, position) => {
        attempt("read", path);
        return await file.read(into, length, position);
      },
      write: async (parts, position) => {
        try {
          attempt("write", path);
        } catch (error) {
          // As a disk does that fills up: some of it is there.
          await file.write(parts.slice(0, 1), position);
          throw error;
        }
        await file.write(parts, position);
      },
      sync: async () => {
        attempt("sync", path);
        await file.sync();
      },
      truncate: (byteLength) => file.truncate(byteLength),
      isLinked: () => file.isLinked(),
      close: () => file.close(),
    };
  }
}
