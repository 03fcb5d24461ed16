import { characterSetOf, DEFAULT_CHARACTER_SET, wholeSetLabel } from "./character-set-table.ts";
import type { ValueEncoding } from "./data-set.ts";
import { decodeIso2022, decoderOf } from "./iso-2022.ts";
import { SINGLE_TEXT_VRS, type Vr } from "./vr.ts";

const ESCAPE = 0x1b;

/**
 * Text of a value by the values of Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 section 6.1). Never throws: what
 * has no meaning in the set, and the upper half when no set is declared, becomes U+FFFD.
 */
export function decodeText(bytes: Uint8Array, vr: Vr, characterSet: readonly string[]): string {
  if (isAscii(bytes) && !isJapaneseSingle(vr, characterSet)) return asciiText(bytes);
  const [first = ""] = characterSet;
  const label = wholeSetLabel(first);
  if (label !== undefined) return decoderOf(label).decode(bytes);
  return decodeIso2022(bytes, characterSetOf(first) ?? DEFAULT_CHARACTER_SET, {
    isPersonName: vr === "PN",
    isMultiple: !SINGLE_TEXT_VRS.has(vr),
  });
}

/** Whether all terms of Specific Character Set are known. */
export function isKnownCharacterSet(characterSet: readonly string[]): boolean {
  return characterSet.every(
    (term) => wholeSetLabel(term) !== undefined || characterSetOf(term) !== undefined,
  );
}

/** Value encodings, one for each character set and byte order that occurs in a file. */
export class ValueEncodings {
  readonly #known = new Map<string, ValueEncoding>();

  of(characterSet: readonly string[], littleEndian: boolean): ValueEncoding {
    const key = `${littleEndian}${characterSet.join("\\")}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const encoding: ValueEncoding = {
      littleEndian,
      decodeText: (bytes, vr) => decodeText(bytes, vr, characterSet),
    };
    this.#known.set(key, encoding);
    return encoding;
  }
}

/** Whether 5C and 7E are not those of ASCII: JIS X 0201, in a value that is not split at backslashes. */
function isJapaneseSingle(vr: Vr, [first = ""]: readonly string[]): boolean {
  return /IR[ _-]?13$/i.test(first.trim()) && SINGLE_TEXT_VRS.has(vr);
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.byteLength; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80 || byte === ESCAPE) return false;
  }
  return true;
}

/** Text of bytes below 0x80; long values in pieces, as arguments of a call are limited. */
function asciiText(bytes: Uint8Array): string {
  if (bytes.byteLength < 1024) return Reflect.apply(String.fromCharCode, undefined, bytes);
  return decoderOf("utf-8").decode(bytes);
}
