import { tryEncodeText } from "#core/dicom/character-set-encoder.ts";
import type { DataElement } from "#core/dicom/data-set.ts";
import { CHARACTER_SET_VRS, type Vr } from "#core/dicom/vr.ts";
import { SourceError } from "../sources/source.ts";

/** VRs that take wildcards (PS3.4 C.2.2.2.4). */
export const WILDCARD_VRS: ReadonlySet<Vr> = new Set<Vr>([
  "AE",
  "CS",
  "LO",
  "LT",
  "PN",
  "SH",
  "ST",
  "UC",
  "UR",
  "UT",
]);

/**
 * The character set that queries declare: a set of two bytes is never the first one (PS3.3 C.12.1.1.2), however the
 * settings say it.
 */
export function declaredCharacterSet(characterSet: readonly string[]): readonly string[] {
  const [first = "", ...others] = characterSet.map((term) => term.trim());
  const isWide = /^ISO[ _-]?(2022[ _-]?)?IR[ _-]?(87|159|149|58)$/i.test(first);
  if (isWide) return ["", first.replace(/^.*?(\d+)$/, "ISO 2022 IR $1"), ...others];
  return first === "" && others.length === 0 ? [] : [first, ...others];
}

/**
 * Text of a key as the character set can hold it. What it cannot is matched by a wildcard, as long as something is
 * left to search for; the answers are compared with the text as it was given.
 * @throws SourceError `bad-request` when nothing is left, or the VR takes no wildcards
 */
export function holdableText(text: string, vr: Vr, characterSet: readonly string[]): string {
  if (!CHARACTER_SET_VRS.has(vr) || isAscii(text)) return text;
  if (tryEncodeText(text, vr, characterSet) !== undefined) return text;
  const widened = [...text]
    .map((character) =>
      tryEncodeText(character, vr, characterSet) === undefined ? "*" : character,
    )
    .join("")
    .replace(/\*{2,}/g, "*");
  const isSearchable = WILDCARD_VRS.has(vr) && /[^*?^=\s]/.test(widened);
  if (isSearchable && tryEncodeText(widened, vr, characterSet) !== undefined) return widened;
  const name = characterSet.length === 0 ? "ISO_IR 6 (ASCII)" : characterSet.join("\\");
  throw new SourceError(
    "bad-request",
    `The text cannot be written in ${name}, the character set of queries to this PACS: search by something else, or set another queryCharacterSet for it`,
  );
}

/** Whether any text of the elements goes beyond ASCII, so that the identifier has to declare its character set. */
export function needsCharacterSet(elements: readonly DataElement[]): boolean {
  return elements.some(({ value }) => {
    if (value.kind === "strings") return value.strings.some((text) => !isAscii(text));
    if (value.kind !== "items") return false;
    return value.items.some((item) => needsCharacterSet([...item.elements.values()]));
  });
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 0x80) return false;
  return true;
}
