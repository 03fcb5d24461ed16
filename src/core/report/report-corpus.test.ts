import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../dicom/byte-source.ts";
import { readDicom } from "../dicom/part10-reader.ts";
import { joinPersonName } from "../dicom/person-name.ts";
import type { ReportItem } from "./content-item.ts";
import { allItems, readReport } from "./report.ts";

const corpus = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url));
const isThere = existsSync(`${corpus}manifest.json`);
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";
const dsrdump = ["/usr/bin/dsrdump", "/usr/local/bin/dsrdump"].find((path) => existsSync(path));

/** What the corpus says of a report. */
interface Summary {
  readonly title: { readonly meaning: string };
  readonly completion: string;
  readonly verification: string;
  readonly contentItems: Readonly<Record<string, number>>;
  readonly measurements: readonly { readonly value: string }[];
  readonly text: readonly { readonly value: string }[];
  readonly coordinates: readonly { readonly graphic: string; readonly points: number }[];
  readonly references: readonly { readonly instance: string }[];
  readonly dsrdump: { readonly ok: boolean };
}

interface Entry {
  readonly file: string;
  readonly reference?: { readonly summary?: Summary };
}

function reports(): readonly (readonly [file: string, summary: Summary])[] {
  if (!isThere) return [];
  const { files }: { files: readonly Entry[] } = JSON.parse(
    readFileSync(`${corpus}manifest.json`, "utf8"),
  );
  return files.flatMap(({ file, reference }) =>
    reference?.summary?.contentItems === undefined ? [] : [[file, reference.summary] as const],
  );
}

async function read(file: string) {
  const bytes = new Uint8Array(readFileSync(corpus + file));
  return readReport((await readDicom(bytesSource(bytes))).dataSet);
}

const valuesOf = (items: readonly ReportItem[], kind: string) =>
  items.filter(({ value }) => value.kind === kind).map(({ value }) => value);

describe.skipIf(!isThere && !isRequired)("reports of the corpus", () => {
  it("are there", () => expect(reports().length).toBeGreaterThan(8));

  it.each(reports())("%s is read as its reference says", async (file, summary) => {
    const { root, completion = "", verification = "" } = await read(file);
    const items = [...allItems(root)];
    expect(root.name?.meaning).toBe(summary.title.meaning);
    expect([completion, verification]).toEqual([summary.completion, summary.verification]);
    expect(items).toHaveLength(Object.values(summary.contentItems).reduce((a, b) => a + b, 0));
    const measured = valuesOf(items, "number").flatMap((value) =>
      value.kind === "number" && value.measurement !== undefined ? [value.measurement.number] : [],
    );
    expect(measured).toEqual(
      expect.arrayContaining(summary.measurements.map(({ value }) => value)),
    );
    const texts = valuesOf(items, "text").map((value) => (value.kind === "text" ? value.text : ""));
    // The reference cuts long texts, and keeps the breaks of lines as they are stored.
    for (const { value } of summary.text)
      expect(texts.some((text) => text.startsWith(value.replace(/\r\n?/g, "\n").trimEnd()))).toBe(
        true,
      );
    const shapes = valuesOf(items, "coordinates").map((value) =>
      value.kind === "coordinates" ? [value.graphicType, value.pointCount] : [],
    );
    expect(shapes).toEqual(summary.coordinates.map(({ graphic, points }) => [graphic, points]));
    const referenced = items.flatMap(({ value }) =>
      "references" in value ? value.references.map(({ sopInstanceUid }) => sopInstanceUid) : [],
    );
    expect(referenced).toEqual(
      expect.arrayContaining(summary.references.map(({ instance }) => instance)),
    );
  });
});

describe.skipIf(dsrdump === undefined || !isThere)("reports beside DCMTK's dsrdump", () => {
  it.each(reports().filter(([, { dsrdump: theirs }]) => theirs.ok))(
    "%s has every value that dsrdump prints",
    async (file) => {
      const { root } = await read(file);
      const ours = new Set([...allItems(root)].flatMap(printedValues).map(plain));
      const options = ["-q", "+Pl", "+Pu", "+U8", corpus + file];
      const printed = execFileSync(dsrdump ?? "", options, { encoding: "utf8" });
      const tree = printed.slice(printed.indexOf("<CONTAINER"));
      // Quotation marks inside a value are not escaped, so they are told by what stands beside them.
      const quoted = tree.matchAll(/(?<=[=,(])"(.*?)"(?=[)>,]| \()/g);
      const values = [...quoted].map(([, value = ""]) => value);
      expect(values.length).toBeGreaterThan(0);
      expect(values.map(plain).filter((value) => !ours.has(value))).toEqual([]);
    },
  );
});

/** Whatever of an item dsrdump puts into quotation marks. */
function printedValues({ name, value }: ReportItem): readonly string[] {
  const own = name === undefined ? [] : [name.meaning];
  switch (value.kind) {
    case "text":
    case "date":
    case "time":
    case "datetime":
      return [...own, value.text];
    case "code":
      return [...own, value.code?.meaning ?? ""];
    case "number":
      return [...own, value.measurement?.number ?? "", value.measurement?.unit?.meaning ?? ""];
    case "person":
      return [...own, value.name === undefined ? "" : joinPersonName(value.name)];
    case "uid":
      return [...own, value.uid];
    case "image":
    case "composite":
    case "waveform":
      return [
        ...own,
        ...value.references.flatMap(({ sopInstanceUid, presentationStateUid = "" }) => [
          sopInstanceUid,
          presentationStateUid,
        ]),
      ];
    default:
      return own;
  }
}

/** Without what either writes in its own way: breaks of lines, escapes, padding. */
function plain(text: string): string {
  return text.replace(/\\[rn"\\]|[\r\n"\\]/g, "").trim();
}
