import { type CharacterSet, type CodeElement, ESCAPES } from "./character-set-table.ts";

const ESCAPE = 0x1b;
const REPLACEMENT = "\uFFFD";

/** What a value is split at, which puts the first character set back into force (PS3.5 section 6.1.2.5.3). */
export interface Delimiters {
  readonly isPersonName: boolean;
  /** Whether the value may be one of several, separated by backslashes. */
  readonly isMultiple: boolean;
}

/** What a TextDecoder is used for here. */
interface Decoder {
  decode(bytes: Uint8Array): string;
}

const decoders = new Map<string, Decoder>();

/**
 * Text of a value with code extensions (ISO/IEC 2022). Bytes that stand for nothing become U+FFFD.
 * @param initial the set that the value starts with, and starts anew with after each delimiter
 */
export function decodeIso2022(
  bytes: Uint8Array,
  initial: CharacterSet,
  delimiters: Delimiters,
): string {
  let { g0, g1 } = initial;
  let text = "";
  let at = 0;
  while (at < bytes.byteLength) {
    const byte = bytes[at] ?? 0;
    const designation = byte === ESCAPE ? readDesignation(bytes, at + 1) : undefined;
    if (designation !== undefined) {
      if (designation.element.half === "G0") g0 = designation.element;
      else g1 = designation.element;
      at += 1 + designation.length;
      continue;
    }
    const run = readRun(bytes, at, byte < 0x80 ? g0 : g1, delimiters);
    text += run.text;
    at = run.end;
    if (run.isDelimited) ({ g0, g1 } = initial);
  }
  return text;
}

/** Text of the bytes from an offset on that one code element decodes. */
function readRun(
  bytes: Uint8Array,
  start: number,
  element: CodeElement | undefined,
  delimiters: Delimiters,
): { readonly text: string; readonly end: number; readonly isDelimited: boolean } {
  const first = bytes[start] ?? 0;
  if (first === ESCAPE) return { text: REPLACEMENT, end: start + 1, isDelimited: false };
  const isWide = element?.width === 2;
  if (isWide && first < 0x21) {
    const isDelimited = isDelimiter(first, delimiters);
    return { text: String.fromCharCode(first), end: start + 1, isDelimited };
  }
  const end = endOfRun(bytes, start, isWide, delimiters);
  const isDelimited = first < 0x80 && !isWide && isDelimiter(bytes[end - 1] ?? 0, delimiters);
  return { text: decodeRun(bytes.subarray(start, end), element, delimiters), end, isDelimited };
}

/** The escape sequence at an offset after ESC, or undefined when it is none of the standard. */
function readDesignation(
  bytes: Uint8Array,
  at: number,
): { readonly element: CodeElement; readonly length: number } | undefined {
  for (const length of [2, 3]) {
    const key = String.fromCharCode(...bytes.subarray(at, at + length));
    const element = ESCAPES[key];
    if (element !== undefined) return { element, length };
  }
  return undefined;
}

/**
 * End of the run of bytes that one code element decodes: before ESC, before the other half, after a delimiter.
 * In a set of two bytes the lower half holds no delimiters but control characters.
 */
function endOfRun(
  bytes: Uint8Array,
  start: number,
  isWide: boolean,
  delimiters: Delimiters,
): number {
  const isUpper = (bytes[start] ?? 0) >= 0x80;
  let at = start;
  while (at < bytes.byteLength) {
    const byte = bytes[at] ?? 0;
    if (byte === ESCAPE || byte >= 0x80 !== isUpper) return at;
    if (isWide && !isUpper && byte < 0x21) return at;
    at++;
    if (!isUpper && !isWide && isDelimiter(byte, delimiters)) return at;
  }
  return at;
}

/** `\` between values, `^` and `=` in names, and the ends of lines and pages. */
function isDelimiter(byte: number, { isPersonName, isMultiple }: Delimiters): boolean {
  if (byte === 0x5c) return isMultiple;
  if (byte === 0x5e || byte === 0x3d) return isPersonName;
  return byte === 0x0a || byte === 0x0c || byte === 0x0d || byte === 0x09;
}

function decodeRun(
  run: Uint8Array,
  element: CodeElement | undefined,
  delimiters: Delimiters,
): string {
  if (element === undefined) return REPLACEMENT.repeat(run.byteLength);
  if (element.width === 2) return decodeWide(run, element);
  if (element.label !== undefined) return decoderOf(element.label).decode(run);
  let text = "";
  for (const byte of run) text += decodeByte(byte, element, delimiters.isMultiple);
  return text;
}

/**
 * One byte of a set that needs no decoder. In JIS X 0201, 5C is the yen sign and 7E the overline; between values
 * 5C is the delimiter all the same, and is given as a backslash.
 */
function decodeByte(byte: number, element: CodeElement, isMultiple: boolean): string {
  switch (element.table) {
    case "jis-roman":
      if (byte === 0x5c && !isMultiple) return "\u00A5";
      return byte === 0x7e ? "\u203E" : String.fromCharCode(byte);
    case "katakana":
      return byte >= 0xa1 && byte <= 0xdf ? String.fromCharCode(0xff61 + byte - 0xa1) : REPLACEMENT;
    case "latin-1":
      return byte >= 0xa0 ? String.fromCharCode(byte) : REPLACEMENT;
    default:
      return String.fromCharCode(byte);
  }
}

/** Characters of two bytes, by a decoder that wants both in the upper half. */
function decodeWide(run: Uint8Array, { label = "utf-8", prefix }: CodeElement): string {
  const decoder = decoderOf(label);
  let text = "";
  for (let at = 0; at < run.byteLength; at += 2) {
    const first = (run[at] ?? 0) | 0x80;
    const second = (run[at + 1] ?? 0) | 0x80;
    const isPair = at + 1 < run.byteLength && first >= 0xa1 && second >= 0xa1 && second <= 0xfe;
    if (!isPair) text += REPLACEMENT;
    else
      text += decoder.decode(
        prefix === undefined
          ? new Uint8Array([first, second])
          : new Uint8Array([prefix, first, second]),
      );
  }
  return text;
}

/** A decoder of the Encoding standard; made once, as that is what takes time. */
export function decoderOf(label: string): Decoder {
  const known = decoders.get(label);
  if (known !== undefined) return known;
  const decoder = new TextDecoder(label);
  decoders.set(label, decoder);
  return decoder;
}
