import type { LocalFile } from "./local-protocol.ts";

/**
 * The files of a drop, with those in dropped folders. To be called in the event handler itself: the browser takes
 * the items back when that returns.
 */
export function droppedFiles(
  items: DataTransferItemList,
  signal: AbortSignal,
): AsyncIterable<LocalFile> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return filesOfEntries(entries, signal);
}

/** The files of an `<input type="file">`, with their paths where a folder was chosen. */
export function chosenFiles(files: Iterable<File>): readonly LocalFile[] {
  return [...files].map((file) => ({
    path: file.webkitRelativePath === "" ? file.name : file.webkitRelativePath,
    file,
  }));
}

async function* filesOfEntries(
  entries: readonly FileSystemEntry[],
  signal: AbortSignal,
): AsyncGenerator<LocalFile> {
  for (const entry of entries) {
    signal.throwIfAborted();
    if (isFileEntry(entry)) {
      const file = await fileOf(entry);
      if (file !== undefined) yield { path: entry.fullPath.replace(/^\//, ""), file };
    } else if (isDirectoryEntry(entry)) {
      yield* filesOfDirectory(entry.createReader(), signal);
    }
  }
}

async function* filesOfDirectory(
  reader: FileSystemDirectoryReader,
  signal: AbortSignal,
): AsyncGenerator<LocalFile> {
  for (;;) {
    // Browsers give at most 100 entries at a time, and an empty list at the end.
    const portion = await new Promise<FileSystemEntry[]>((resolve) => {
      reader.readEntries(resolve, () => resolve([]));
    });
    if (portion.length === 0) return;
    yield* filesOfEntries(portion, signal);
  }
}

/** A file that vanished between drop and reading is not there to be opened. */
function fileOf(entry: FileSystemFileEntry): Promise<File | undefined> {
  return new Promise((resolve) => {
    entry.file(resolve, () => resolve(undefined));
  });
}

function isFileEntry(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectoryEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
