import { describe, expect, it } from "vitest";
import type { Vr } from "../dicom/vr.ts";
import { valueMatcher } from "./match-value.ts";

const EXACT = { ignoresCase: false, fuzzyNames: false };

const CASES: readonly (readonly [
  rule: string,
  vr: Vr,
  key: string,
  value: string,
  matches: boolean,
])[] = [
  ["single value is compared with case", "LO", "abc", "ABC", false],
  ["star is any text", "LO", "CT*", "CT Thorax", true],
  ["star may be empty", "LO", "CT*", "CT", true],
  ["question mark is one character", "LO", "C?", "CT", true],
  ["question mark is not none", "LO", "CT?", "CT", false],
  ["several stars", "LO", "*h*r*x", "CT Thorax", true],
  ["characters of patterns have no other meaning", "LO", "a.c", "abc", false],
  ["names do not know case", "PN", "doe^jane", "Doe^Jane", true],
  ["names do not know accents", "PN", "muller*", "Müller^Eva", true],
  ["empty components at the end of names do not count", "PN", "Doe^Jane", "Doe^Jane^^^", true],
  ["any component group of a name", "PN", "山田*", "Yamada^Tarou=山田^太郎", true],
  ["date range, both ends inclusive, at the start", "DA", "20240501-20240531", "20240501", true],
  ["date range, both ends inclusive, at the end", "DA", "20240501-20240531", "20240531", true],
  ["date beyond the range", "DA", "20240501-20240531", "20240601", false],
  ["date range without an end", "DA", "20240501-", "20990101", true],
  ["date range without a start", "DA", "-20240501", "20240502", false],
  ["empty date is in no range", "DA", "-20240501", "", false],
  ["old form of dates", "DA", "20240501", "2024.05.01", true],
  ["time range to the minute", "TM", "0900-0930", "093015.5", true],
  ["time beyond the range", "TM", "0900-0930", "0931", false],
  ["date time range", "DT", "20240101-20241231", "20240501120000", true],
  ["dash of an offset is no range", "DT", "20240501120000-0500", "20240501120000", true],
  ["list of UIDs with commas", "UI", "1.2,1.3", "1.3", true],
  ["list of UIDs with backslashes", "UI", "1.2\\1.3", "1.2", true],
  ["UIDs take no wildcards", "UI", "1.*", "1.3", false],
  ["list of codes", "CS", "CT\\MR", "MR", true],
  ["numbers by value", "IS", "7", "007", true],
  ["numbers of binary VRs", "US", "512", "512", true],
];

describe("matching of a value against a key (PS3.4 C.2.2.2)", () => {
  it.each(CASES)("%s", (_rule, vr, key, value, matches) => {
    expect(valueMatcher(vr, key, EXACT)(value)).toBe(matches);
  });

  it("finds names by the beginnings of their words in any order when it is fuzzy", () => {
    const matches = valueMatcher("PN", "jan doe", { ...EXACT, fuzzyNames: true });
    expect(matches("Doe^Jane")).toBe(true);
    expect(matches("Doe^John")).toBe(false);
  });

  it("stays fast on a pattern made to be slow", () => {
    const matches = valueMatcher("LO", `${"*a".repeat(40)}b`, EXACT);
    const begin = performance.now();
    expect(matches("a".repeat(5000))).toBe(false);
    expect(performance.now() - begin).toBeLessThan(500);
  });
});
