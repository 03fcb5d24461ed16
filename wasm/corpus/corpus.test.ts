import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { nodeCodecs } from "../../proxy/decode/node-codecs.ts";
import { CodecLoader } from "../codec-loader.ts";
import { tryDecodeFrame } from "../decode-frame.ts";
import { complaintOf } from "./accepted-results.ts";
import { checkEntry, type EntryResult } from "./check-entry.ts";
import { type CorpusEntry, readManifest, reasonNotToDecode } from "./corpus-entry.ts";
import { type CheckedEntry, corpusReport } from "./corpus-report.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const corpus = `${root}../shared/corpus/`;
const isThere = existsSync(`${corpus}manifest.json`);
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";
const codecs = new CodecLoader(nodeCodecs);
const results: CheckedEntry[] = [];
const REALM = { hasPlatformImages: false };

const entries: readonly CorpusEntry[] = isThere
  ? readManifest(JSON.parse(await readFile(`${corpus}manifest.json`, "utf8")))
  : [];

async function readCorpusFile(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(corpus + file));
}

async function check(entry: CorpusEntry): Promise<EntryResult> {
  const result = await checkEntry(entry, readCorpusFile, (frame) => tryDecodeFrame(frame, codecs));
  results.push({ entry, result });
  return result;
}

/** In a file, as the console belongs to the test runner. */
async function writeReport(): Promise<void> {
  const report = corpusReport("node", results);
  await mkdir(`${root}.cache`, { recursive: true });
  await writeFile(`${root}.cache/corpus-report.json`, `${JSON.stringify(report, undefined, 2)}\n`);
}

it.runIf(isRequired)("has the corpus that is required", () => {
  expect(entries.length).toBeGreaterThan(0);
});

describe.skipIf(!isThere)("the corpus", () => {
  afterAll(writeReport);

  it.each(entries.map((entry) => [sentenceOf(entry), entry] as const))(
    "%s",
    async (_sentence, entry) => {
      expect(complaintOf(entry, await check(entry), REALM)).toBeUndefined();
    },
    10_000,
  );

  it("says of what it does not decode that the transfer syntax is the reason", () => {
    const refused = results.filter(
      ({ entry }) => entry.expected === "decode" && reasonNotToDecode(entry, REALM) !== undefined,
    );
    for (const { entry, result } of refused)
      expect(result, entry.file).toMatchObject({ code: "unsupported-transfer-syntax" });
  });
});

function sentenceOf(entry: CorpusEntry): string {
  const { file, expected } = entry;
  const reason = reasonNotToDecode(entry, REALM);
  if (expected === "no-pixels") return `opens ${file}, which has no pixels`;
  if (expected === "error") return `refuses ${file} within 10 s`;
  return reason === undefined
    ? `shows ${file} as its reference does`
    : `says of ${file} that it ${reason}`;
}
