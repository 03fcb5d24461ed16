import { ATTRIBUTES, PRIVATE_ATTRIBUTES } from "./dictionary.generated.ts";
import { elementOf, isPrivateTag, type Tag, tagToHex } from "./tag.ts";
import { isVr, type Vr } from "./vr.ts";

/** What the standard says of an attribute (PS3.6 table 6-1). */
export interface DictionaryEntry {
  readonly keyword: string;
  /** Name for people: `Patient's Name`. */
  readonly name: string;
  /** The VR, or the one to take where the standard leaves a choice and nothing else is known. */
  readonly vr: Vr;
  /** Other VRs that the standard allows: SS beside US, OB beside OW, US beside OW. */
  readonly otherVr: Vr | undefined;
  /** Value multiplicity as written: `1`, `2-2n`. */
  readonly vm: string;
}

/** VRs that depend on other attributes, under their names in the generated table. */
const CHOICES: Readonly<Record<string, readonly [Vr, Vr]>> = {
  xs: ["US", "SS"],
  ox: ["OW", "OB"],
  lt: ["OW", "US"],
};

interface Tables {
  readonly byTag: ReadonlyMap<Tag, string>;
  /** Lines of repeating groups and elements, with `x` for any digit. */
  readonly patterns: readonly (readonly [pattern: RegExp, line: string])[];
}

let tables: Tables | undefined;
let tagsByKeyword: ReadonlyMap<string, Tag> | undefined;
let privateVrs: ReadonlyMap<string, string> | undefined;
const entries = new Map<string, DictionaryEntry>();

/** What the standard says of a tag; undefined for private and unknown ones. */
export function entryOf(tag: Tag): DictionaryEntry | undefined {
  const line = lineOf(tag);
  if (line === undefined) return undefined;
  const known = entries.get(line);
  if (known !== undefined) return known;
  const entry = parseLine(line);
  entries.set(line, entry);
  return entry;
}

/**
 * VR of a tag: of the standard, or of a private attribute of a creator that the dictionary knows. Group lengths
 * are UL and private creators LO (PS3.5 section 7.2 and 7.8.1).
 */
export function vrOf(tag: Tag, creator?: string): Vr | undefined {
  const element = elementOf(tag);
  if (element === 0) return "UL";
  if (!isPrivateTag(tag)) return entryOf(tag)?.vr;
  if (element >= 0x10 && element <= 0xff) return "LO";
  return creator === undefined ? undefined : privateVrOf(tag, creator);
}

/** Keyword of a tag of the standard: `PatientName`. */
export function keywordOf(tag: Tag): string | undefined {
  return entryOf(tag)?.keyword;
}

/** Name of a tag of the standard for people: `Patient's Name`. */
export function nameOf(tag: Tag): string | undefined {
  return entryOf(tag)?.name;
}

/** The tag of a keyword; undefined for unknown ones and those of repeating groups. */
export function tagOfKeyword(keyword: string): Tag | undefined {
  tagsByKeyword ??= new Map(
    [...loadTables().byTag].map(([tag, line]) => [parseLine(line).keyword, tag]),
  );
  return tagsByKeyword.get(keyword);
}

function lineOf(tag: Tag): string | undefined {
  const { byTag, patterns } = loadTables();
  const line = byTag.get(tag);
  if (line !== undefined || isPrivateTag(tag)) return line;
  const hex = tagToHex(tag);
  return patterns.find(([pattern]) => pattern.test(hex))?.[1];
}

function loadTables(): Tables {
  if (tables !== undefined) return tables;
  const byTag = new Map<Tag, string>();
  const patterns: [RegExp, string][] = [];
  for (const line of ATTRIBUTES.trim().split("\n")) {
    const pattern = line.slice(0, 8);
    if (pattern.includes("x"))
      patterns.push([new RegExp(`^${pattern.replaceAll("x", "[0-9A-F]")}$`), line]);
    else byTag.set(Number.parseInt(pattern, 16), line);
  }
  tables = { byTag, patterns };
  return tables;
}

function parseLine(line: string): DictionaryEntry {
  const [head = "", name] = line.split("|");
  const [, code = "", vm = "1", keyword = ""] = head.split(" ");
  const [vr, otherVr] = CHOICES[code] ?? [isVr(code) ? code : "UN", undefined];
  return { keyword, name: name ?? spaced(keyword), vr, otherVr, vm };
}

/** `StudyDate` as `Study Date`. */
function spaced(keyword: string): string {
  return keyword.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
}

function privateVrOf(tag: Tag, creator: string): Vr | undefined {
  privateVrs ??= new Map(
    PRIVATE_ATTRIBUTES.trim()
      .split("\n")
      .map((line) => {
        const [key = "", code = ""] = line.split("|");
        return [key, code];
      }),
  );
  const hex = tagToHex(tag);
  const code = privateVrs.get(`${hex.slice(0, 4)}${hex.slice(6)} ${creator}`);
  if (code === undefined) return undefined;
  return CHOICES[code]?.[0] ?? (isVr(code) ? code : undefined);
}
