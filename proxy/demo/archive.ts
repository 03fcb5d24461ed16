import type { ArchivePart } from "./archive-part.ts";
import { chestCtParts } from "./ct-chest.ts";

/** All parts of the archive, in a fixed order; the same on every thread. */
export function archiveParts(scale: number): readonly ArchivePart[] {
  return [...chestCtParts(scale)];
}
