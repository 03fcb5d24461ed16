import type { DataElement } from "./data-set.ts";
import { vrOf } from "./dictionary.ts";
import type { Tag } from "./tag.ts";

/** An attribute with text, a value each, by the VR of the dictionary; empty without values. */
export function textElement(tag: Tag, ...strings: readonly string[]): DataElement {
  return { tag, vr: vrOf(tag) ?? "UN", value: { kind: "strings", strings } };
}
