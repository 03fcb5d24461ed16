import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { QUIRK_NAMES } from "../proxy/config/pacs-address.ts";
import { conformanceTables } from "./dicom-conformance-tables.ts";

const FILE = new URL("../docs/dicom-conformance-statement.md", import.meta.url);
const PLACE = /<!-- table: ([\w-]+) -->\n([\s\S]*?)<!-- end -->/g;

/** Set to write the tables into the statement instead of comparing them. */
const IS_WRITING = process.env["NEGATO_WRITE_STATEMENT"] === "1";

function statement(): string {
  return readFileSync(FILE, "utf8");
}

describe("the DICOM conformance statement", () => {
  const tables = conformanceTables();

  test.runIf(IS_WRITING)("is written with the tables of the code", () => {
    const written = statement().replace(PLACE, (_, name: string) => {
      return `<!-- table: ${name} -->\n\n${tables.get(name) ?? ""}\n\n<!-- end -->`;
    });
    writeFileSync(FILE, written);
  });

  test("has a place for every table of the code, and no other", () => {
    const places = [...statement().matchAll(PLACE)].map(([, name]) => name);
    expect(places.toSorted()).toEqual([...tables.keys()].toSorted());
  });

  test.each([...tables.keys()])("says what the code says: %s", (name) => {
    const place = [...statement().matchAll(PLACE)].find(([, found]) => found === name);
    expect(place?.[2]?.trim()).toBe(tables.get(name));
  });

  test("has the sections of PS3.2", () => {
    const headings = [...statement().matchAll(/^#{1,3} ([\d.]*\d )?(.+)$/gm)].map(
      ([, , title]) => title,
    );
    for (const section of [
      "Conformance statement overview",
      "Introduction",
      "Networking",
      "Implementation model",
      "AE specifications",
      "Network interfaces",
      "Configuration",
      "Media interchange",
      "Support of character sets",
      "Security",
    ]) {
      expect(headings).toContain(section);
    }
  });

  test("names every switch for deviations of a PACS", () => {
    for (const name of QUIRK_NAMES) expect(statement()).toContain(`\`${name}\``);
  });
});
