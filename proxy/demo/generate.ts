import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writeArchive } from "./write-archive.ts";

/** Changes whenever other bytes are generated; the archive of another version is replaced. */
const VERSION = 1;
const STAMP = ".negato-demo-archive";

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
  await mkdir(dirname(directory), { recursive: true });
  const unfinished = await mkdtemp(join(dirname(directory), `.${basename(directory)}-`));
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
