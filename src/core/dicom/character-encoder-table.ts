import { type CodeElement, ESCAPES } from "./character-set-table.ts";
import { decoderOf } from "./iso-2022.ts";

/** Bytes of a character, at most four, as one number; how many they are follows from the set. */
type CharacterCodes = ReadonlyMap<number, number>;

const tables = new Map<string, CharacterCodes>();

/** What tells one code element from another; those of the table of sets and of escapes are not the same objects. */
export function elementName({ half, width, label, table, prefix }: CodeElement): string {
  return `${half} ${width} ${label ?? table ?? ""} ${prefix ?? ""}`;
}

let escapes: ReadonlyMap<string, string> | undefined;

/** The escape sequence that puts a code element into its half, without ESC; undefined when it has none. */
export function escapeOf(element: CodeElement): string | undefined {
  if (escapes === undefined) {
    const byName = new Map<string, string>();
    for (const [sequence, element] of Object.entries(ESCAPES)) {
      // The older JIS C 6226 comes after JIS X 0208, and is read but not written.
      if (sequence !== "$@") byName.set(elementName(element), sequence);
    }
    escapes = byName;
  }
  return escapes.get(elementName(element));
}

/**
 * The characters of a code element by code point, in the bytes of its half. Made when first asked for, by decoding
 * every code there is.
 */
export function codesOfElement(element: CodeElement): CharacterCodes {
  return table(elementName(element), () => {
    switch (element.table) {
      case "ascii":
        return asciiCodes([]);
      case "jis-roman":
        return asciiCodes([
          [0x5c, 0xa5],
          [0x7e, 0x203e],
        ]);
      case "katakana":
        return runOfCodes(0xff61, 0xa1, 0xdf);
      case "latin-1":
        return runOfCodes(0xa0, 0xa0, 0xff);
      default:
        return element.width === 1 ? singleByteCodes(element) : doubleByteCodes(element);
    }
  });
}

/** The characters of GB18030 (all but those of four bytes beyond the BMP) or GBK that are not ASCII. */
export function codesOfWholeSet(label: "gb18030" | "gbk"): CharacterCodes {
  return table(label, () => {
    const codes: number[] = [];
    for (let first = 0x81; first <= 0xfe; first++) {
      for (let second = 0x40; second <= 0xfe; second++) codes.push((first << 8) | second);
    }
    const found = invert(codes, 2, label);
    return label === "gbk" ? found : new Map([...fourByteCodes(), ...found]);
  });
}

/** GB18030 in four bytes: a code point beyond the BMP is its distance from U+10000 (GB 18030-2005, table 3). */
export function fourBytesOf(codePoint: number): number {
  return fourByteCode(codePoint - 0x10000 + 189_000);
}

function fourByteCodes(): CharacterCodes {
  // The codes from 81308130 to 8431A439 are the rest of the BMP.
  const codes = Array.from({ length: 39_420 }, (_, pointer) => fourByteCode(pointer));
  return invert(codes, 4, "gb18030");
}

function fourByteCode(pointer: number): number {
  const fourth = 0x30 + (pointer % 10);
  const third = 0x81 + (Math.floor(pointer / 10) % 126);
  const second = 0x30 + (Math.floor(pointer / 1260) % 10);
  const first = 0x81 + Math.floor(pointer / 12_600);
  return ((first << 24) | (second << 16) | (third << 8) | fourth) >>> 0;
}

function table(name: string, make: () => CharacterCodes): CharacterCodes {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const made = make();
  tables.set(name, made);
  return made;
}

/** ASCII with a few codes that stand for other characters. */
function asciiCodes(changes: readonly (readonly [code: number, codePoint: number])[]) {
  const codes = new Map<number, number>();
  for (let code = 0; code < 0x80; code++) codes.set(code, code);
  for (const [code, codePoint] of changes) {
    codes.delete(code);
    codes.set(codePoint, code);
  }
  return codes;
}

function runOfCodes(firstCodePoint: number, first: number, last: number): CharacterCodes {
  const codes = new Map<number, number>();
  for (let code = first; code <= last; code++) codes.set(firstCodePoint + code - first, code);
  return codes;
}

function singleByteCodes({ label = "utf-8" }: CodeElement): CharacterCodes {
  return invert(
    Array.from({ length: 0x60 }, (_, index) => 0xa0 + index),
    1,
    label,
  );
}

/** Sets of 94 x 94 characters; both bytes have their upper bit in G1 only, and in what the decoder wants. */
function doubleByteCodes({ half, label = "utf-8", prefix }: CodeElement): CharacterCodes {
  const codes: number[] = [];
  for (let first = 0xa1; first <= 0xfe; first++) {
    for (let second = 0xa1; second <= 0xfe; second++) {
      codes.push(((prefix ?? 0) << 16) | (first << 8) | second);
    }
  }
  const found = invert(codes, prefix === undefined ? 2 : 3, label);
  const mask = half === "G0" ? 0x7f7f : 0xffff;
  return new Map([...found].map(([codePoint, code]) => [codePoint, code & mask]));
}

/** Decodes all codes at once, a line each, as a call of the decoder is what takes time; the first code of a character wins. */
function invert(codes: readonly number[], width: number, label: string): Map<number, number> {
  const bytes = new Uint8Array(codes.length * (width + 1));
  let at = 0;
  for (const code of codes) {
    for (let shift = (width - 1) * 8; shift >= 0; shift -= 8) bytes[at++] = (code >>> shift) & 0xff;
    bytes[at++] = 0x0a;
  }
  const byCodePoint = new Map<number, number>();
  for (const [index, line] of decoderOf(label).decode(bytes).split("\n").entries()) {
    const codePoint = line.codePointAt(0);
    const code = codes[index];
    if (codePoint === undefined || code === undefined || codePoint < 0x80) continue;
    const isOne = line.length === (codePoint > 0xffff ? 2 : 1) && codePoint !== 0xfffd;
    if (isOne && !byCodePoint.has(codePoint)) byCodePoint.set(codePoint, code);
  }
  return byCodePoint;
}
