import type { Vr } from "../dicom/vr.ts";

/** How a text key is compared. */
export interface MatchOptions {
  /** Letters of either case are the same. */
  readonly ignoresCase: boolean;
  readonly fuzzyNames: boolean;
}

/** VRs that take wildcards (PS3.4 C.2.2.2.4). */
const WILDCARD_VRS: ReadonlySet<Vr> = new Set<Vr>([
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

const NUMERIC_TEXT_VRS: ReadonlySet<Vr> = new Set<Vr>(["DS", "IS"]);

/** Makes the test of one value of an attribute against a key that is not empty (PS3.4 C.2.2.2). */
export function valueMatcher(
  vr: Vr,
  key: string,
  { ignoresCase, fuzzyNames }: MatchOptions,
): (value: string) => boolean {
  if (key === "*") return () => true;
  switch (vr) {
    case "UI":
      return listMatcher(key.split(/[\\,]/));
    case "DA":
      return rangeMatcher(key, (text) => text.replaceAll(".", ""));
    case "TM":
      return rangeMatcher(key, (text) => text.replaceAll(":", ""));
    case "DT":
      return dateTimeMatcher(key);
    case "PN":
      return fuzzyNames ? fuzzyNameMatcher(key) : nameMatcher(key);
    case "CS":
      return anyOf(key.split("\\").map((part) => wildcardMatcher(part, ignoresCase)));
    default:
  }
  if (WILDCARD_VRS.has(vr)) return wildcardMatcher(key, ignoresCase);
  if (NUMERIC_TEXT_VRS.has(vr) || Number.isFinite(Number(key))) {
    return (value) => value === key || (value !== "" && Number(value) === Number(key));
  }
  return (value) => value === key;
}

function anyOf(matchers: readonly ((value: string) => boolean)[]): (value: string) => boolean {
  return (value) => matchers.some((matches) => matches(value));
}

function listMatcher(entries: readonly string[]): (value: string) => boolean {
  const wanted = new Set(entries.map((entry) => entry.trim()));
  return (value) => wanted.has(value);
}

/** Single value or range of dates or times; both ends are inclusive, to the precision that they are given in. */
function rangeMatcher(
  key: string,
  normalize: (text: string) => string,
): (value: string) => boolean {
  const dash = key.indexOf("-");
  const first = normalize((dash < 0 ? key : key.slice(0, dash)).trim());
  const last = normalize((dash < 0 ? key : key.slice(dash + 1)).trim());
  return (value) => isWithin(normalize(value), first, last);
}

/** As dates, but a dash can be the sign of an offset from UTC: `20240101-0500` is one moment. */
function dateTimeMatcher(key: string): (value: string) => boolean {
  const moment = String.raw`\d{4,14}(?:\.\d{1,6})?(?:[+-]\d{4})?`;
  const range = new RegExp(`^(${moment})?-(${moment})?$`).exec(key);
  const isOffset = /^\d{4,14}(?:\.\d{1,6})?-\d{4}$/.test(key) && !/^\d{4}-\d{4}$/.test(key);
  const [first, last] = range === null || isOffset ? [key, key] : [range[1] ?? "", range[2] ?? ""];
  const local = (text: string) => text.replace(/[+-]\d{4}$/, "");
  return (value) => isWithin(local(value), local(first), local(last));
}

function isWithin(value: string, first: string, last: string): boolean {
  if (value === "") return false;
  return value >= first && (last === "" || value.slice(0, last.length) <= last);
}

/** `*` is any text, `?` any one character. */
function wildcardMatcher(key: string, ignoresCase: boolean): (value: string) => boolean {
  const wanted = ignoresCase ? fold(key) : key;
  if (!/[*?]/.test(wanted)) {
    return (value) => (ignoresCase ? fold(value) : value) === wanted;
  }
  return (value) => matchesWildcard(ignoresCase ? fold(value) : value, wanted);
}

/** Greedy comparison that goes back to the last star only: linear in practice, never exponential. */
function matchesWildcard(value: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < value.length) {
    const wanted = pattern[inPattern];
    if (wanted === "*") {
      star = inPattern++;
      resume = at;
    } else if (wanted === "?" || (wanted !== undefined && wanted === value[at])) {
      at++;
      inPattern++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern++;
  return inPattern === pattern.length;
}

/** Any component group, without regard to case, accents, and empty components at the end. */
function nameMatcher(key: string): (value: string) => boolean {
  const matches = anyOf(groupsOf(key).map((group) => wildcardMatcher(group, true)));
  return (value) => groupsOf(value).some(matches);
}

/** Each word of the key begins a word of the name, in any order. */
function fuzzyNameMatcher(key: string): (value: string) => boolean {
  const wanted = wordsOf(key.replace(/[*?]/g, " "));
  return (value) => {
    const words = wordsOf(value);
    return wanted.every((start) => words.some((word) => word.startsWith(start)));
  };
}

function groupsOf(name: string): readonly string[] {
  const groups = name.split("=").map((group) => group.replace(/[\s^]+$/, ""));
  return groups.some((group) => group !== "") ? groups.filter((group) => group !== "") : [""];
}

function wordsOf(name: string): readonly string[] {
  return fold(name)
    .split(/[\s^=,.'-]+/)
    .filter((word) => word !== "");
}

/** Lower case, without combining marks. */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
