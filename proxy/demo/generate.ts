import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writeArchive } from "./write-archive.ts";

/** Changes whenever other bytes are generated; the archive of another version is replaced. */
const VERSION = 3;
const STAMP = ".negato-demo-archive";
const ABANDONED_AFTER_MS = 3_600_000;

/** What may be asked of the generator beyond its defaults. */
export interface DemoArchiveOptions {
  /** 1 makes the whole archive; a smaller share makes fewer and smaller images of the same kinds. */
  readonly scale?: number;
}

/**
 * Makes sure that `directory` holds the demo archive: Part 10 files of invented patients, the same bytes on every
 * machine. The first call takes a while and reports after each part that is done; a later one finds the stamp of
 * this version and returns at once. The files are written beside `directory` and moved there when all are complete.
 * @throws Error when `directory` exists and is not a demo archive, or cannot be written
 */
export async function ensureDemoArchive(
  directory: string,
  onProgress: (done: number, total: number) => void = () => {},
  { scale = 1 }: DemoArchiveOptions = {},
): Promise<void> {
  const wanted = `${VERSION} ${scale}\n`;
  const found = await stampOf(directory);
  if (found === wanted) return;
  if (found === undefined) await refuseForeign(directory);
  await mkdir(dirname(directory), { recursive: true });
  const prefix = `.${basename(directory)}-`;
  await removeAbandoned(dirname(directory), prefix);
  const unfinished = await mkdtemp(join(dirname(directory), prefix));
  try {
    await writeArchive({ directory: unfinished, scale }, onProgress);
    await writeFile(join(unfinished, STAMP), wanted);
    if (found !== undefined) await rm(directory, { recursive: true });
    await moveTo(unfinished, directory, wanted);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** The stamp of an archive, or undefined when there is none. */
async function stampOf(directory: string): Promise<string | undefined> {
  try {
    return await readFile(join(directory, STAMP), "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** An existing folder without a stamp is someone else's. */
async function refuseForeign(directory: string): Promise<void> {
  const isTaken = await readdir(directory).then(
    (names) => names.length > 0,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
  if (isTaken)
    throw new Error(`${directory} holds other files; the demo archive needs an empty folder`);
}

/** Removes what a process left that was killed while it generated; nobody generates for an hour. */
async function removeAbandoned(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Moves the finished archive; another process may have been faster, with the same bytes. */
async function moveTo(unfinished: string, directory: string, wanted: string): Promise<void> {
  try {
    await rename(unfinished, directory);
  } catch (error) {
    if ((await stampOf(directory)) !== wanted) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
