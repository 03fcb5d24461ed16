import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ArchivePart } from "./archive-part.ts";

/** Makes a part and writes its files below a folder; one that does not exist is nothing to do. */
export async function writePart(part: ArchivePart | undefined, directory: string): Promise<void> {
  for (const { path, bytes } of (await part?.make()) ?? []) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
}
