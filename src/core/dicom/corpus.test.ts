import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesSource } from "./byte-source.ts";
import type { DataSet } from "./data-set.ts";
import { writeDataSet } from "./data-set-writer.ts";
import { DicomError } from "./dicom-error.ts";
import type { DicomFile } from "./dicom-file.ts";
import { locateFrames, readFrame } from "./frame-locator.ts";
import { readDicom } from "./part10-reader.ts";

const corpus = fileURLToPath(new URL("../../../../shared/corpus/", import.meta.url));
const isThere = existsSync(`${corpus}manifest.json`);
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";

/** What the manifest says of a file, as far as it is compared here. */
interface Entry {
  readonly file: string;
  readonly transferSyntaxUID?: string;
  readonly sopInstanceUID?: string;
  readonly rows?: number;
  readonly columns?: number;
  readonly frames?: number;
  readonly reference: { readonly text?: { readonly PatientName?: string } };
}

/** Facts in which the reader and the manifest differ, and why. */
const EXPLAINED: Readonly<Record<string, string>> = {
  "bad/bulk-3gb-truncated.dcm rows": "in the file; the reference reader gave up before",
  "bad/bulk-3gb-truncated.dcm columns": "in the file; the reference reader gave up before",
  "bad/no_meta.dcm rows": "in the file, after a stray byte",
  "bad/no_meta.dcm columns": "in the file, after a stray byte",
  "bad/no_meta.dcm sopInstanceUid": "in the file, after a stray byte",
  "jpegls/us-mono-gh364.dcm rows": "in the file; the reference reader gave up before",
  "jpegls/us-mono-gh364.dcm columns": "in the file; the reference reader gave up before",
  "jpegls/us-mono-gh364.dcm sopInstanceUid": "in the file; the reference reader gave up before",
};

async function entries(): Promise<readonly Entry[]> {
  const { files } = JSON.parse(await readFile(`${corpus}manifest.json`, "utf8"));
  return files.filter(({ file }: Entry) => !file.startsWith("codestreams/"));
}

async function load(entry: Entry): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(corpus + entry.file));
}

/** Names of the facts that differ. */
function differences(entry: Entry, file: DicomFile): string[] {
  const { dataSet } = file;
  const facts: Record<string, readonly [ours: unknown, theirs: unknown]> = {
    rows: [dataSet.number(0x00280010), entry.rows],
    columns: [dataSet.number(0x00280011), entry.columns],
    sopInstanceUid: [dataSet.string(0x00080018) ?? "", entry.sopInstanceUID ?? ""],
  };
  if (entry.transferSyntaxUID)
    facts["transferSyntaxUid"] = [file.meta.string(0x00020010), entry.transferSyntaxUID];
  if (entry.frames !== undefined) facts["frames"] = [dataSet.number(0x00280008) ?? 1, entry.frames];
  const name = entry.reference.text?.PatientName;
  if (name !== undefined) facts["patientName"] = [trimmed(findName(dataSet) ?? ""), trimmed(name)];
  return Object.entries(facts)
    .filter(([fact, [ours, theirs]]) => ours !== theirs && !EXPLAINED[`${entry.file} ${fact}`])
    .map(([fact, [ours, theirs]]) => `${entry.file} ${fact}: ${ours}, not ${theirs}`);
}

/** Patient's Name of the data set, or of the first item that has one. */
function findName(dataSet: DataSet): string | undefined {
  if (dataSet.has(0x00100010)) return dataSet.string(0x00100010);
  const items = [...dataSet.elements.keys()].flatMap((tag) => dataSet.items(tag));
  return items.map(findName).find((name) => name !== undefined);
}

function trimmed(name: string): string {
  return name.replace(/[=^ ]+$/, "");
}

/** Everything that can be asked of a file; throws DicomError at most. */
async function exercise(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const file = await readDicom(bytesSource(bytes));
  for (const tag of file.dataSet.elements.keys()) file.dataSet.strings(tag);
  const numberOfFrames = file.dataSet.number(0x00280008) ?? 1;
  const index = await locateFrames(file, { numberOfFrames, bitsPerFrame: 8000 });
  await readFrame(file, index, Math.max(0, numberOfFrames - 1));
}

async function failureOf(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  try {
    await exercise(bytes);
    return undefined;
  } catch (error) {
    return error instanceof DicomError ? undefined : error;
  }
}

describe.skipIf(!isThere)("the corpus", async () => {
  const all = isThere ? await entries() : [];

  test("every file is read, and says what the manifest says", async () => {
    const problems: string[] = [];
    for (const entry of all)
      problems.push(...differences(entry, await readDicom(bytesSource(await load(entry)))));
    expect(problems).toEqual([]);
  });

  test("what is read of every file is written, and reads back the same", async () => {
    const problems: string[] = [];
    for (const entry of all) {
      const bytes = await load(entry);
      const { dataSet, transferSyntax } = await readDicom(bytesSource(bytes), {
        stopAtPixelData: true,
        inlineLimit: Number.POSITIVE_INFINITY,
      });
      // UN values of a big endian source keep their VR until they are in a little endian one.
      if (transferSyntax?.littleEndian === false || hasDistantValue(dataSet)) continue;
      const written = writeDataSet(dataSet);
      const again = await readDicom(bytesSource(prefixed(written)));
      if (!equal(writeDataSet(again.dataSet), written)) problems.push(entry.file);
    }
    expect(problems).toEqual([]);
  });

  test("damaged files give a value or a DicomError, in time", async () => {
    const small: Uint8Array<ArrayBuffer>[] = [];
    for (const entry of all) {
      const bytes = await load(entry);
      if (bytes.byteLength < 12_000) small.push(bytes);
    }
    const damage = fc.array(
      fc.record({
        // Half of the damage goes where headers are.
        at: fc.oneof(
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.double({ min: 0, max: 0.2, noNaN: true }),
        ),
        bytes: fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 4 }),
          fc.constantFrom(
            Uint8Array.of(0xff, 0xff, 0xff, 0xff),
            Uint8Array.of(0xfe, 0xff, 0x00, 0xe0),
            Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0),
            Uint8Array.of(0x53, 0x51, 0, 0),
            Uint8Array.of(0x55, 0x4e, 0, 0),
          ),
        ),
      }),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(small.length - 1),
        damage,
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        async (which, wounds, keep) => {
          const bytes = (small[which] ?? new Uint8Array(0)).slice();
          for (const { at, bytes: wound } of wounds)
            bytes.set(wound, Math.floor(at * (bytes.byteLength - wound.byteLength)));
          const cut = keep > 0.9 ? bytes : bytes.slice(0, Math.floor(keep * bytes.byteLength));
          const start = performance.now();
          expect(await failureOf(cut)).toBeUndefined();
          expect(performance.now() - start).toBeLessThan(2000);
        },
      ),
      { numRuns: 3000, seed: 20_260_101 },
    );
  }, 60_000);
});

test.runIf(isRequired)("the corpus is there", () => {
  expect(isThere).toBe(true);
});

function hasDistantValue(dataSet: DataSet): boolean {
  return [...dataSet.elements.values()].some(
    ({ value }) =>
      value.kind === "range" ||
      value.kind === "encapsulated" ||
      (value.kind === "items" && value.items.some(hasDistantValue)),
  );
}

/** A data set as a file: the prefix and a transfer syntax before it. */
function prefixed(dataSet: Uint8Array): Uint8Array<ArrayBuffer> {
  const syntax = [2, 0, 0x10, 0, 0x55, 0x49, 20, 0];
  const uid = new TextEncoder().encode("1.2.840.10008.1.2.1\0");
  return Uint8Array.from([
    ...new Array<number>(128).fill(0),
    0x44,
    0x49,
    0x43,
    0x4d,
    ...syntax,
    ...uid,
    ...dataSet,
  ]);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, at) => byte === b[at]);
}
