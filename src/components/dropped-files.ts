import type { LocalFile } from "../viewer/viewer-services.ts";

/** What a person gave: files, and paths that the browser could not read. */
export interface GivenFiles {
  readonly files: readonly LocalFile[];
  readonly unreadable: readonly string[];
}

/** Files chosen in a dialog, with their paths where a folder was chosen. */
export function givenFiles(chosen: Iterable<File>): GivenFiles {
  const files = [...chosen].map((file) => ({
    path: file.webkitRelativePath === "" ? file.name : file.webkitRelativePath,
    file,
  }));
  return { files, unreadable: [] };
}

/** Whether a drag holds files, which a drop would open. */
export function holdsFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes("Files") === true;
}

/**
 * The files of a drop, those in folders at any depth included. The transfer is read before the first pause,
 * because it is empty afterwards.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<GivenFiles> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const plain = [...transfer.files].map((file) => ({ path: file.name, file }));
  if (entries.length === 0) return { files: plain, unreadable: [] };
  const files: LocalFile[] = [];
  const unreadable: string[] = [];
  for (const entry of entries) await collect(entry, files, unreadable);
  return { files, unreadable };
}

async function collect(
  entry: FileSystemEntry,
  files: LocalFile[],
  unreadable: string[],
): Promise<void> {
  const path = entry.fullPath.replace(/^\//, "");
  try {
    if (isFile(entry)) {
      files.push({ path, file: await new Promise<File>((ok, fail) => entry.file(ok, fail)) });
    } else if (isFolder(entry)) {
      for (const child of await entriesOf(entry)) await collect(child, files, unreadable);
    }
  } catch {
    // The browser gives no more than that it failed; the path stands in the list of problems.
    unreadable.push(path);
  }
}

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  // A reader gives a hundred entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((ok, fail) => reader.readEntries(ok, fail));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
