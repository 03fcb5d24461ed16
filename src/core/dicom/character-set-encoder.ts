import {
  codesOfElement,
  codesOfWholeSet,
  elementName,
  escapeOf,
  fourBytesOf,
} from "./character-encoder-table.ts";
import {
  type CharacterSet,
  type CodeElement,
  characterSetOf,
  DEFAULT_CHARACTER_SET,
  wholeSetLabel,
} from "./character-set-table.ts";
import { DicomError } from "./dicom-error.ts";
import type { Tag } from "./tag.ts";
import { SINGLE_TEXT_VRS, type Vr } from "./vr.ts";

const ESCAPE = 0x1b;

/**
 * Text by the values of Specific Character Set, the inverse of `decodeText` (PS3.3 C.12.1.1.2, PS3.5 section 6.1):
 * with code extensions where more than one is given. Values are separated by backslashes already.
 * @throws DicomError `invalid-value` for text that the set cannot hold
 */
export function encodeText(
  text: string,
  characterSet: readonly string[],
  tag: Tag,
  vr: Vr = "LO",
): Uint8Array {
  const bytes = tryEncodeText(text, vr, characterSet);
  if (bytes !== undefined) return bytes;
  const declared = characterSet.join("\\");
  throw new DicomError(
    "invalid-value",
    `Text cannot be written in the character set ${declared === "" ? "ISO_IR 6" : declared}; ISO_IR 192 holds all`,
    { tag },
  );
}

/** As `encodeText`; undefined for text that the set cannot hold. */
export function tryEncodeText(
  text: string,
  vr: Vr,
  characterSet: readonly string[],
): Uint8Array | undefined {
  const [first = ""] = characterSet;
  const isJapanese = /IR[ _-]?13$/i.test(first.trim());
  if (!isJapanese && isAscii(text)) return toSingleBytes(text);
  const label = wholeSetLabel(first);
  if (label === "utf-8") return new TextEncoder().encode(text);
  if (label === "gb18030" || label === "gbk") return encodeWhole(text, label);
  const sets = characterSet.map(characterSetOf);
  const initial = characterSet.length === 0 ? DEFAULT_CHARACTER_SET : sets[0];
  // A set of two bytes cannot come first: delimiters and padding are those of a set of one (PS3.3 C.12.1.1.2).
  if (initial === undefined || initial.g0.width === 2) return undefined;
  return new ExtendedEncoder(initial, sets, vr).encode(text);
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 0x80) return false;
  return true;
}

function toSingleBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

function encodeWhole(text: string, label: "gb18030" | "gbk"): Uint8Array | undefined {
  const codes = codesOfWholeSet(label);
  const bytes: number[] = [];
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (codePoint < 0x80) bytes.push(codePoint);
    else {
      const isBeyond = codePoint > 0xffff && label === "gb18030";
      const code = isBeyond ? fourBytesOf(codePoint) : codes.get(codePoint);
      if (code === undefined) return undefined;
      if (code > 0xffff) bytes.push(code >>> 24, (code >>> 16) & 0xff);
      bytes.push((code >>> 8) & 0xff, code & 0xff);
    }
  }
  return Uint8Array.from(bytes);
}

/** A code element with its characters. */
interface Available {
  readonly element: CodeElement;
  readonly name: string;
}

/** Writes text with escape sequences, and puts the first set back before what a value is split at. */
class ExtendedEncoder {
  readonly #available: readonly Available[];
  readonly #initial: CharacterSet;
  readonly #vr: Vr;
  readonly #bytes: number[] = [];
  #g0: Available;
  #g1: Available | undefined;

  constructor(initial: CharacterSet, sets: readonly (CharacterSet | undefined)[], vr: Vr) {
    this.#initial = initial;
    this.#vr = vr;
    this.#g0 = available(initial.g0);
    this.#g1 = initial.g1 === undefined ? undefined : available(initial.g1);
    const extensions = sets.length > 1 ? sets : [];
    const elements = extensions.flatMap((set) => {
      if (set === undefined) return [];
      return set.g1 === undefined ? [set.g0] : [set.g0, set.g1];
    });
    this.#available = elements.map(available);
  }

  encode(text: string): Uint8Array | undefined {
    for (const character of text) {
      const codePoint = character.codePointAt(0) ?? 0;
      if (this.#isDelimiter(codePoint)) {
        this.#reset();
        this.#bytes.push(codePoint);
        this.#forget();
      } else if (!this.#write(codePoint)) return undefined;
    }
    this.#reset();
    return Uint8Array.from(this.#bytes);
  }

  /** PS3.5 section 6.1.2.5.3. */
  #isDelimiter(codePoint: number): boolean {
    if (codePoint === 0x5c) return !SINGLE_TEXT_VRS.has(this.#vr);
    if (codePoint === 0x5e || codePoint === 0x3d) return this.#vr === "PN";
    return codePoint < 0x20 && codePoint !== ESCAPE;
  }

  #write(codePoint: number): boolean {
    if (this.#writeAs(codePoint, this.#g0) || this.#writeAs(codePoint, this.#g1)) return true;
    const other = this.#available.find(({ element }) => codesOfElement(element).has(codePoint));
    if (other === undefined || !this.#designate(other)) return false;
    return this.#writeAs(codePoint, other);
  }

  #writeAs(codePoint: number, set: Available | undefined): boolean {
    const code = set === undefined ? undefined : codesOfElement(set.element).get(codePoint);
    if (code === undefined) return false;
    // A yen sign of JIS X 0201 would be read as the end of the value.
    if (code === 0x5c && set?.element.width === 1 && !SINGLE_TEXT_VRS.has(this.#vr)) return false;
    if (set?.element.width === 2) this.#bytes.push(code >> 8);
    this.#bytes.push(code & 0xff);
    return true;
  }

  #designate(set: Available): boolean {
    const sequence = escapeOf(set.element);
    if (sequence === undefined) return false;
    this.#bytes.push(ESCAPE, ...toSingleBytes(sequence));
    if (set.element.half === "G0") this.#g0 = set;
    else this.#g1 = set;
    return true;
  }

  /** What the value started with is in force again; where there was no upper half, none has to be. */
  #reset(): void {
    const g0 = available(this.#initial.g0);
    if (this.#g0.name !== g0.name) this.#designate(g0);
    const g1 = this.#initial.g1 === undefined ? undefined : available(this.#initial.g1);
    if (g1 !== undefined && this.#g1?.name !== g1.name) this.#designate(g1);
  }

  /** After a delimiter a reader has only what the value started with. */
  #forget(): void {
    if (this.#initial.g1 === undefined) this.#g1 = undefined;
  }
}

function available(element: CodeElement): Available {
  return { element, name: elementName(element) };
}
