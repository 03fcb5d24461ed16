import { DicomError } from "./dicom-error.ts";
import type { Tag } from "./tag.ts";

/**
 * Text in a character set: ASCII in any, Latin alphabet No. 1 in `ISO_IR 100`, all of Unicode in `ISO_IR 192`.
 * @throws DicomError `invalid-value` for text beyond that
 */
export function encodeText(text: string, characterSet: readonly string[], tag: Tag): Uint8Array {
  if (isBelow(text, 0x80)) return toSingleBytes(text);
  const declared = characterSet[0]?.trim();
  if (declared === "ISO_IR 192") return new TextEncoder().encode(text);
  const isLatin1 = declared === "ISO_IR 100" || declared === "ISO 2022 IR 100";
  if (isLatin1 && isBelow(text, 0x100)) return toSingleBytes(text);
  throw new DicomError(
    "invalid-value",
    `Text cannot be written in the character set ${declared ?? "ISO_IR 6"}; ISO_IR 192 holds all`,
    { tag },
  );
}

function isBelow(text: string, limit: number): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= limit) return false;
  return true;
}

function toSingleBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
