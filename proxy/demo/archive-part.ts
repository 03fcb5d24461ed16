import type { DemoFile } from "./demo-file.ts";

/** A share of the archive that can be made apart from all others, on any thread. */
export interface ArchivePart {
  /** For people who debug the generator. */
  readonly name: string;
  make(): Promise<readonly DemoFile[]>;
}

/** How many of `count` things an archive of a scale has, at least `least`. */
export function scaled(count: number, scale: number, least: number): number {
  return Math.min(count, Math.max(least, Math.round(count * scale)));
}
