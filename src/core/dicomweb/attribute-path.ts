import { tagOfKeyword } from "../dicom/dictionary.ts";
import { type Tag, tagFromHex } from "../dicom/tag.ts";

/**
 * The tags of an attribute path of a search (PS3.18 8.3.4.1.1): keywords or eight hexadecimal digits, joined by
 * dots where they reach into sequences. Undefined when a part names no attribute.
 */
export function parseAttributePath(text: string): readonly Tag[] | undefined {
  const tags = text.split(".").map((part) => tagFromHex(part) ?? tagOfKeyword(part));
  const known = tags.filter((tag) => tag !== undefined);
  return known.length === tags.length ? known : undefined;
}
