import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DICTIONARY_EDITION, DICTIONARY_SUPPLEMENT } from "#core/dicom/dictionary.generated.ts";
import { namedSopClassUids, sopClassName, storageKindOf } from "#core/dicom/sop-class-names.ts";
import { TRANSFER_SYNTAXES } from "#core/dicom/transfer-syntax.ts";
import { UID_REGISTRY_SOURCE } from "#core/dicom/uids.generated.ts";
import { CODEC_TABLE } from "../wasm/codec-table.ts";

const project = new URL("../", import.meta.url);
const statement = readFileSync(new URL("docs/conformance.md", project), "utf8");

/** Tests named in the table of safety requirements may be of these kinds. */
const TEST_FILE = /`([\w./-]+\.(?:test|browser-test|e2e)\.ts)`/g;

describe("the conformance statement", () => {
  test("names every transfer syntax and says of each whether its frames are decoded", () => {
    const claims = rowsOf("Transfer syntaxes").map(([name, uid, verdict]) => [
      name,
      uid?.replaceAll("`", ""),
      verdict !== "no",
    ]);
    const facts = TRANSFER_SYNTAXES.map(({ name, uid, frameEncoding }) => [
      name,
      uid,
      CODEC_TABLE[frameEncoding].kind !== "not-yet",
    ]);
    expect(claims).toEqual(facts);
  });

  test("names every SOP class under the kind that the viewer takes it for", () => {
    const claims = [...sectionOf("SOP classes").matchAll(/^- ([\w-]+): (.+)$/gm)].flatMap(
      ([, kind, classes = ""]) => classes.split("; ").map((name) => `${name}: ${kind}`),
    );
    const facts = namedSopClassUids().map((uid) => `${sopClassName(uid)}: ${storageKindOf(uid)}`);
    expect(claims.toSorted()).toEqual(facts.toSorted());
    const kinds = rowsOf("SOP classes").map(([kind]) => kind);
    expect(kinds.toSorted()).toEqual([...new Set(namedSopClassUids().map(storageKindOf))].sort());
  });

  test("states the edition that the dictionary and the registry were made from", () => {
    const [registry = ""] = UID_REGISTRY_SOURCE.split(" (");
    const plain = statement.replaceAll("`", "");
    for (const source of [`PS3.6 ${DICTIONARY_EDITION}`, DICTIONARY_SUPPLEMENT, registry])
      expect(plain).toContain(source);
  });

  test("has a verdict in each table, and a reason where it is not yes", () => {
    const bare = statement
      .split("\n")
      .filter((line) => /\| (partly|no) +\|/.test(line) && /\| *\|\s*$/.test(line));
    expect(bare).toEqual([]);
  });

  test("lists the safety requirements C1 to C32, each proven by tests that exist, or not claimed", () => {
    const rows = rowsOf("Safety");
    expect(rows.map(([id]) => id)).toEqual(Array.from({ length: 32 }, (_, i) => `C${i + 1}`));
    for (const [id, , verdict, evidence = ""] of rows) {
      const files = [...evidence.matchAll(TEST_FILE)].map(([, file = ""]) => file);
      expect(["yes", "partly", "no"], id).toContain(verdict);
      expect(files.length > 0, `${id} has tests`).toBe(verdict !== "no");
      expect(files.filter((file) => !existsSync(new URL(file, project)))).toEqual([]);
    }
  });
});

function sectionOf(heading: string): string {
  const [, section = ""] = statement.split(`\n## ${heading}\n`);
  return section.split("\n## ")[0] ?? "";
}

/** Cells of the table below a heading, without its head. */
function rowsOf(heading: string): string[][] {
  return sectionOf(heading)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
