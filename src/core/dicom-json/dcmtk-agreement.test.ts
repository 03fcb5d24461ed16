import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesSource } from "../dicom/byte-source.ts";
import type { DicomFile } from "../dicom/dicom-file.ts";
import { readDicom } from "../dicom/part10-reader.ts";
import { dataSetFromJson } from "./from-json.ts";
import { dataSetToJson, type JsonAttribute, type JsonDataSet, type JsonValue } from "./to-json.ts";

/*
 * Our JSON against that of DCMTK's dcm2json, attribute by attribute, on the corpus. Each file is cut at its pixel data,
 * as dcm2json refuses encapsulated ones. Whatever differs must be explained by one of these tables.
 */

const corpus = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url));
const dcm2json = ["/usr/bin/dcm2json", "/usr/local/bin/dcm2json"].find((path) => existsSync(path));
const isThere = existsSync(`${corpus}manifest.json`) && dcm2json !== undefined;
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";

/** Files that dcm2json 3.6.7 gives no JSON for, and why. */
const REFUSED_BY_DCMTK: Readonly<Record<string, string>> = {
  "bad/no-preamble-dicm-in-data.dcm": "takes DICM inside a value for the prefix",
  "bad/no_meta.dcm": "one stray byte before the data set",
  "bad/rtplan_truncated.dcm": "ends inside a sequence",
  "charset/chrH31.dcm": "no conversion of ISO 2022 IR 87 with this iconv",
  "charset/chrH32.dcm": "no conversion of ISO 2022 IR 87 with this iconv",
  "charset/chrJapMulti.dcm": "no conversion of ISO 2022 IR 87 with this iconv",
  "display/mg-voilut-sigmoid.dcm": "compressed icon",
  "j2k/elscint-jp2-boxed.dcm": "a single value ISO 2022 IR 100",
  "j2k/J2K_pixelrep_mismatch.dcm": "no conversion of ISO 2022 IR 87 with this iconv",
  "jpeg/SC_rgb_jpeg.dcm": "in implicit encoding, against its transfer syntax",
  "jpeg/gh538-sv1-rgb.dcm": "writes 55. as a number, which is no JSON",
  "jpegls/us-mono-gh364.dcm": "a stray delimiter",
  "multiframe/us-fragmented-no-bot-ftv.dcm": "the spelling ISO-IR 100",
  "pr/gsps-issue168.dcm": "text beyond ASCII without a character set",
};

interface Difference {
  readonly tag: string;
  readonly ours: JsonAttribute | undefined;
  readonly theirs: JsonAttribute | undefined;
}

/** Differences that are known, and why ours is as it is. */
const EXPLANATIONS: readonly (readonly [why: string, (difference: Difference) => boolean])[] = [
  [
    "private attributes: the dictionaries know different creators",
    ({ tag, ours, theirs }) =>
      isPrivate(tag) && ours !== undefined && theirs !== undefined && ours.vr !== theirs.vr,
  ],
  [
    "bad/gh179a.dcm has a VR that is none there; ours is that of the dictionary",
    ({ tag, theirs }) => tag === "00280120" && theirs?.vr === "UN",
  ],
  [
    "dcm2json rounds FL to 9 digits and FD to 17; ours are the exact values",
    ({ ours, theirs }) => sameNumbers(ours, theirs),
  ],
  [
    "dcm2json drops empty components at the end of a name; ours are kept",
    ({ ours, theirs }) => ours?.vr === "PN" && trimmedNames(ours) === trimmedNames(theirs),
  ],
  [
    "dcm2json gives [null] for text of blanks; an empty attribute has no Value (PS3.18 F.2.5)",
    ({ ours, theirs }) => ours?.Value === undefined && JSON.stringify(theirs?.Value) === "[null]",
  ],
  [
    "dcm2json leaves the character set of items, although their text is UTF-8 too",
    ({ tag }) => tag === "00080005",
  ],
  [
    "DS and IS padded with NUL or with leading zeros are numbers all the same",
    ({ ours, theirs }) =>
      (ours?.vr === "DS" || ours?.vr === "IS") && decimals(ours) === decimals(theirs),
  ],
  [
    "dcm2json pads binary values of odd length",
    ({ ours, theirs }) => bytesOf(ours) !== "" && [`${bytesOf(ours)}\0`].includes(bytesOf(theirs)),
  ],
  [
    "dcm2json does not use the character set that an item has for itself",
    ({ ours, theirs }) => ours?.vr === "PN" && JSON.stringify(theirs).includes("\\u001b"),
  ],
];

function isPrivate(tag: string): boolean {
  return Number.parseInt(tag.slice(3, 4), 16) % 2 === 1;
}

function sameNumbers(ours: JsonAttribute | undefined, theirs: JsonAttribute | undefined): boolean {
  if (ours?.vr !== "FL" && ours?.vr !== "FD") return false;
  const [a, b] = [ours.Value ?? [], theirs?.Value ?? []];
  const precision = ours.vr === "FL" ? 1e-8 : 1e-15;
  return (
    a.length === b.length &&
    a.every((value, at) => {
      const other = Number(b[at]);
      return Math.abs(Number(value) - other) <= Math.abs(other) * precision;
    })
  );
}

function trimmedNames(attribute: JsonAttribute | undefined): string {
  return JSON.stringify(attribute?.Value ?? [])
    .replace(/\^+"/g, '"')
    .replace(/^\[\{"Alphabetic":""\}\]$/, "[]");
}

function decimals(attribute: JsonAttribute | undefined): string {
  return JSON.stringify(
    (attribute?.Value ?? []).map((value) => Number(String(value).replace(/\0/g, ""))),
  );
}

function bytesOf(attribute: JsonAttribute | undefined): string {
  return atob(attribute?.InlineBinary ?? "");
}

/** Differences between two data sets, at any depth, that nothing explains. */
function unexplained(ours: JsonDataSet, theirs: JsonDataSet): string[] {
  const tags = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...tags].flatMap((tag) => {
    const difference = { tag, ours: ours[tag], theirs: theirs[tag] };
    if (difference.ours?.vr === "SQ" && difference.theirs?.vr === "SQ")
      return unexplainedItems(tag, difference.ours.Value ?? [], difference.theirs.Value ?? []);
    if (JSON.stringify(difference.ours) === JSON.stringify(difference.theirs)) return [];
    if (EXPLANATIONS.some(([, explains]) => explains(difference))) return [];
    return [JSON.stringify(difference).slice(0, 200)];
  });
}

function unexplainedItems(tag: string, ours: JsonValue[], theirs: JsonValue[]): string[] {
  if (ours.length !== theirs.length) return [`${tag}: ${ours.length} items, ${theirs.length}`];
  return ours.flatMap((item, at) =>
    unexplained(dataSetToPlain(item), dataSetToPlain(theirs[at])).map((text) => `${tag}/${text}`),
  );
}

/** JSON as it is, once it has been checked to be a data set. */
function dataSetToPlain(value: unknown): JsonDataSet {
  dataSetFromJson(value);
  return JSON.parse(JSON.stringify(value));
}

/** The bytes of a file up to its pixel data. */
function headOf(file: DicomFile, bytes: Uint8Array): Uint8Array {
  const { pixelData, transferSyntax } = file;
  if (pixelData.kind === "none" || transferSyntax?.isDeflated === true) return bytes;
  const headerBytes = transferSyntax?.explicitVr === false ? 8 : 12;
  const start = pixelData.kind === "native" ? pixelData.range.offset : pixelData.offset;
  return bytes.subarray(0, start - headerBytes);
}

/** One slice of each volume and each large study will do. */
async function fileNames(): Promise<readonly string[]> {
  const { files } = JSON.parse(await readFile(`${corpus}manifest.json`, "utf8"));
  return files
    .map(({ file }: { readonly file: string }) => file)
    .filter((file: string) => !file.startsWith("codestreams/"))
    .filter((file: string) => !/volumes\/.*\/(?!001)|pet-0(?!01)/.test(file));
}

const names = isThere ? await fileNames() : [];

describe.skipIf(!isThere)("DICOM JSON of the corpus and that of dcm2json", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "negato-dcm2json-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function theirJson(head: Uint8Array): Promise<JsonDataSet | undefined> {
    const path = join(folder, "file.dcm");
    await writeFile(path, head);
    try {
      const options = { maxBuffer: 2 ** 28 };
      const { stdout } = await promisify(execFile)(
        dcm2json ?? "",
        ["-q", "-fc", "-ee", path],
        options,
      );
      return dataSetToPlain(JSON.parse(stdout));
    } catch {
      return undefined;
    }
  }

  test("agree on every attribute of every file, but for what is listed", async () => {
    const problems: string[] = [];
    const refused: string[] = [];
    for (const name of names) {
      const bytes = new Uint8Array(await readFile(corpus + name));
      const file = await readDicom(bytesSource(bytes), { stopAtPixelData: true });
      const theirs = await theirJson(headOf(file, bytes));
      if (theirs === undefined) refused.push(name);
      else {
        const found = unexplained(
          dataSetToPlain(dataSetToJson(file.dataSet)),
          withoutPixels(theirs),
        );
        problems.push(...found.map((text) => `${name}: ${text}`));
      }
    }
    expect(problems).toEqual([]);
    expect(refused.toSorted()).toEqual(Object.keys(REFUSED_BY_DCMTK).toSorted());
  }, 120_000);
});

function withoutPixels(json: JsonDataSet): JsonDataSet {
  return Object.fromEntries(Object.entries(json).filter(([tag]) => tag < "7FE00008"));
}

test.runIf(isRequired)("the corpus and dcm2json are there", () => {
  expect(isThere).toBe(true);
});
