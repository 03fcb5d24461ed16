/**
 * A code element: a set of characters that is put into G0 or G1, the lower or the upper half of the code table
 * (ISO/IEC 2022, PS3.3 C.12.1.1.2).
 */
export interface CodeElement {
  readonly half: "G0" | "G1";
  /** Bytes of a character. */
  readonly width: 1 | 2;
  /** Label of the decoder of the Encoding standard; undefined where there is none that is exact. */
  readonly label: string | undefined;
  /** Bytes before each character that the decoder wants and the value does not have. */
  readonly prefix?: number;
  /** How bytes become text without a decoder. */
  readonly table?: "ascii" | "latin-1" | "jis-roman" | "katakana";
}

const ASCII: CodeElement = { half: "G0", width: 1, label: undefined, table: "ascii" };
const JIS_ROMAN: CodeElement = { half: "G0", width: 1, label: undefined, table: "jis-roman" };
const KATAKANA: CodeElement = { half: "G1", width: 1, label: undefined, table: "katakana" };
const LATIN_1: CodeElement = { half: "G1", width: 1, label: undefined, table: "latin-1" };

function upperHalf(label: string): CodeElement {
  return { half: "G1", width: 1, label };
}

const JIS_X_0208: CodeElement = { half: "G0", width: 2, label: "euc-jp" };
const JIS_X_0212: CodeElement = { half: "G0", width: 2, label: "euc-jp", prefix: 0x8f };
const KS_X_1001: CodeElement = { half: "G1", width: 2, label: "euc-kr" };
const GB_2312: CodeElement = { half: "G1", width: 2, label: "gbk" };

/** The code elements that a defined term starts with. */
export interface CharacterSet {
  readonly g0: CodeElement;
  readonly g1: CodeElement | undefined;
}

/** By ISO registration number, which the defined terms with and without code extensions share (tables C.12-2 to C.12-4). */
const BY_NUMBER: Readonly<Record<string, CharacterSet>> = {
  "6": { g0: ASCII, g1: undefined },
  "100": { g0: ASCII, g1: LATIN_1 },
  "101": { g0: ASCII, g1: upperHalf("iso-8859-2") },
  "109": { g0: ASCII, g1: upperHalf("iso-8859-3") },
  "110": { g0: ASCII, g1: upperHalf("iso-8859-4") },
  "144": { g0: ASCII, g1: upperHalf("iso-8859-5") },
  "127": { g0: ASCII, g1: upperHalf("iso-8859-6") },
  "126": { g0: ASCII, g1: upperHalf("iso-8859-7") },
  "138": { g0: ASCII, g1: upperHalf("iso-8859-8") },
  // The decoder of Windows-1254 differs from ISO 8859-9 below A0 only, where DICOM has no characters.
  "148": { g0: ASCII, g1: upperHalf("windows-1254") },
  "203": { g0: ASCII, g1: upperHalf("iso-8859-15") },
  "13": { g0: JIS_ROMAN, g1: KATAKANA },
  // The decoder of Windows-874 agrees with TIS 620-2533 from A1 on.
  "166": { g0: ASCII, g1: upperHalf("windows-874") },
  "87": { g0: JIS_X_0208, g1: undefined },
  "159": { g0: JIS_X_0212, g1: undefined },
  "149": { g0: ASCII, g1: KS_X_1001 },
  "58": { g0: ASCII, g1: GB_2312 },
};

/** Escape sequences by what follows ESC (PS3.3 tables C.12-3 and C.12-4). */
export const ESCAPES: Readonly<Record<string, CodeElement>> = {
  "(B": ASCII,
  "-A": LATIN_1,
  "-B": upperHalf("iso-8859-2"),
  "-C": upperHalf("iso-8859-3"),
  "-D": upperHalf("iso-8859-4"),
  "-L": upperHalf("iso-8859-5"),
  "-G": upperHalf("iso-8859-6"),
  "-F": upperHalf("iso-8859-7"),
  "-H": upperHalf("iso-8859-8"),
  "-M": upperHalf("windows-1254"),
  "-b": upperHalf("iso-8859-15"),
  "-T": upperHalf("windows-874"),
  ")I": KATAKANA,
  "(J": JIS_ROMAN,
  $B: JIS_X_0208,
  // The older JIS C 6226, which some writers still announce.
  "$@": JIS_X_0208,
  "$(D": JIS_X_0212,
  "$)C": KS_X_1001,
  "$)A": GB_2312,
};

/** The default repertoire (PS3.5 section 6.1.2.1). */
export const DEFAULT_CHARACTER_SET: CharacterSet = { g0: ASCII, g1: undefined };

/** Terms for sets without code extensions, which a decoder reads as a whole, by its label. */
const WHOLE_SETS: readonly (readonly [pattern: RegExp, label: string])[] = [
  [/^(ISO[ _-]?IR[ _-]?192|UTF-?8)$/i, "utf-8"],
  [/^GB18030$/i, "gb18030"],
  [/^GBK$/i, "gbk"],
];

/** Label of the decoder that a term is read with as a whole, or undefined. */
export function wholeSetLabel(term: string): string | undefined {
  return WHOLE_SETS.find(([pattern]) => pattern.test(term.trim()))?.[1];
}

/** The character set of a term, however its blanks and underscores were written; undefined when it is none. */
export function characterSetOf(term: string): CharacterSet | undefined {
  if (term.trim() === "") return DEFAULT_CHARACTER_SET;
  const match = /^ISO[ _-]?(?:2022[ _-]?)?IR[ _-]?(\d+)$/i.exec(term.trim());
  return match?.[1] === undefined ? undefined : BY_NUMBER[match[1]];
}
