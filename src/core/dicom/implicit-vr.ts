import { entryOf, vrOf } from "./dictionary.ts";
import { creatorOf, type DataSetLevel } from "./parse-level.ts";
import type { Tag } from "./tag.ts";
import type { Vr } from "./vr.ts";

/** VR of an element that does not say it (PS3.5 section A.1), or undefined when nobody knows. */
export function implicitVr(level: DataSetLevel, tag: Tag): Vr | undefined {
  const entry = entryOf(tag);
  if (entry === undefined) return vrOf(tag, creatorOf(level, tag));
  return entry.otherVr === "SS" && level.isSigned ? "SS" : entry.vr;
}
