import type { LocalFile, LocalProblem } from "../../src/retrieve/local-protocol.ts";
import { blobSource } from "./blob-source.ts";
import { FileError, type FoundFile } from "./found-file.ts";
import { isZip, zipEntries } from "./zip-entries.ts";

/** Zips within zips: a study within an export within a mail. Deeper ones are made to exhaust. */
const DEEPEST_ZIP = 3;
/** A zip within a zip must be in memory as a whole. */
const LARGEST_NESTED_ZIP_BYTES = 1024 ** 3;

/** The files that the user gave and all files in the zips among them; what cannot be looked into is reported. */
export async function* foundFiles(
  files: readonly LocalFile[],
  signal: AbortSignal,
  report: (problem: LocalProblem) => void,
): AsyncGenerator<FoundFile> {
  for (const { path, file } of files) {
    signal.throwIfAborted();
    const found: FoundFile = { path, open: async () => blobSource(file) };
    const head = await file
      .slice(0, 4)
      .arrayBuffer()
      .catch(() => undefined);
    if (head === undefined)
      report({ path, code: "unreadable", message: "The file cannot be read; was it moved?" });
    else if (isZip(new Uint8Array(head))) yield* filesInZip(path, file, 1, signal, report);
    else yield found;
  }
}

async function* filesInZip(
  path: string,
  zip: Blob,
  depth: number,
  signal: AbortSignal,
  report: (problem: LocalProblem) => void,
): AsyncGenerator<FoundFile> {
  try {
    for await (const entry of zipEntries(path, zip)) {
      signal.throwIfAborted();
      if (!/\.zip$/i.test(entry.path)) yield entry;
      else yield* filesInNestedZip(entry, depth + 1, signal, report);
    }
  } catch (cause) {
    signal.throwIfAborted();
    report(problemOf(path, cause));
  }
}

async function* filesInNestedZip(
  entry: FoundFile,
  depth: number,
  signal: AbortSignal,
  report: (problem: LocalProblem) => void,
): AsyncGenerator<FoundFile> {
  if (depth > DEEPEST_ZIP)
    throw new FileError("too-large", "Zips stand within zips deeper than is accepted.");
  const source = await entry.open(signal);
  const bytes = await source.read(0, Math.min(source.byteLength ?? 0, LARGEST_NESTED_ZIP_BYTES));
  yield* filesInZip(entry.path, new Blob([bytes]), depth, signal, report);
}

/** The problem that an error in reading a file stands for. */
export function problemOf(path: string, cause: unknown): LocalProblem {
  if (cause instanceof FileError) return { path, code: cause.code, message: cause.message };
  return { path, code: "unreadable", message: "The file cannot be read." };
}
