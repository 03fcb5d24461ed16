import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { entryOf } from "./dictionary.ts";
import type { Vr } from "./vr.ts";

/** An attribute of DCMTK's dictionary, an independent reading of PS3.6 2022b. */
interface Attribute {
  readonly tag: number;
  readonly vr: string;
  readonly keyword: string;
}

/** What DCMTK calls VRs that depend on other attributes. */
const CHOICES: Readonly<Record<string, readonly Vr[]>> = {
  xs: ["SS", "US"],
  ox: ["OB", "OW"],
  px: ["OB", "OW"],
  lt: ["OW", "US"],
  up: ["UL"],
};

const dictionary = findDictionary();

describe.skipIf(dictionary === undefined)("our dictionary and that of DCMTK", () => {
  const attributes = dictionary === undefined ? [] : readAttributes(dictionary);

  test("name the same attributes, with the same keywords", () => {
    expect(attributes.length).toBeGreaterThan(4000);
    const differences = attributes
      .filter(({ tag, keyword }) => entryOf(tag)?.keyword !== keyword)
      .map(({ tag, keyword }) => `${hex(tag)} ${keyword}: ${entryOf(tag)?.keyword}`);
    expect(differences).toEqual([]);
  });

  test("give them the same VRs", () => {
    const differences = attributes
      .filter(({ tag, vr }) => ourVrs(tag) !== (CHOICES[vr] ?? [vr]).join("/"))
      .map(({ tag, vr, keyword }) => `${hex(tag)} ${keyword} ${vr}: ${ourVrs(tag)}`);
    expect(differences).toEqual([]);
  });
});

function findDictionary(): string | undefined {
  const share = "/usr/share";
  if (!existsSync(share)) return undefined;
  return readdirSync(share)
    .filter((name) => /^(lib)?dcmtk/.test(name))
    .map((name) => `${share}/${name}/dicom.dic`)
    .find((file) => existsSync(file));
}

/** The attributes of the standard, each with a tag of its own: neither ranges nor the delimiters of items. */
function readAttributes(file: string): Attribute[] {
  const line = /^\(([0-9A-Fa-f]{4}),([0-9A-Fa-f]{4})\)\t(\w\w)\t(\w+)\t\S+\tDICOM(?:\/retired)?$/;
  return readFileSync(file, "utf8")
    .split("\n")
    .map((text) => line.exec(text))
    .filter((match) => match !== null)
    .filter(([, , , vr]) => vr !== "na")
    .map(([, group, element, vr = "", keyword = ""]) => ({
      tag: Number.parseInt(`${group}${element}`, 16),
      vr,
      keyword: keyword.replace(/^RETIRED_/, ""),
    }));
}

function ourVrs(tag: number): string {
  const entry = entryOf(tag);
  return [entry?.vr, entry?.otherVr]
    .filter((vr) => vr !== undefined)
    .sort()
    .join("/");
}

function hex(tag: number): string {
  return tag.toString(16).padStart(8, "0");
}
