import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { nodeCodecs } from "../../proxy/decode/node-codecs.ts";
import { CodecLoader } from "../codec-loader.ts";
import { tryDecodeFrame } from "../decode-frame.ts";
import { checkEntry, type EntryResult } from "./check-entry.ts";
import { type CorpusEntry, readManifest, reasonNotToDecode } from "./corpus-entry.ts";
import { type CheckedEntry, corpusReport } from "./corpus-report.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const corpus = `${root}../shared/corpus/`;
const isThere = existsSync(`${corpus}manifest.json`);
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";
const codecs = new CodecLoader(nodeCodecs);
const results: CheckedEntry[] = [];

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

function kindOf(result: EntryResult): string {
  return result.kind === "different" ? `different: ${result.detail}` : result.kind;
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

  const isRefused = (entry: CorpusEntry) =>
    reasonNotToDecode(entry, { hasPlatformImages: false }) !== undefined;
  const whole = entries.filter(({ expected }) => expected === "decode");
  const decodable = whole.filter((entry) => !isRefused(entry));
  const known = whole.filter(isRefused);
  const withoutPixels = entries.filter(({ expected }) => expected === "no-pixels");
  const broken = entries.filter(({ expected }) => expected === "error");

  it.each(decodable.map((entry) => [entry.file, entry] as const))(
    "shows %s as its reference does",
    async (_file, entry) => {
      const accepted = ["exact"];
      if (entry.tolerance !== undefined || entry.isAlwaysLossy) accepted.push("within-tolerance");
      if (entry.alsoAcceptable === "error") accepted.push("refused");
      expect(accepted).toContain(kindOf(await check(entry)));
    },
  );

  it.each(known.map((entry) => [entry.file, entry] as const))(
    "says of %s that it is not decoded here",
    async (_file, entry) => {
      const result = await check(entry);
      expect(result.kind).toBe("refused");
      expect(result).toMatchObject({
        code: "unsupported-transfer-syntax",
      });
    },
  );

  it.each(withoutPixels.map((entry) => [entry.file, entry] as const))(
    "opens %s, which has no pixels",
    async (_file, entry) => {
      expect(["no-pixels", "refused", "no-reference"]).toContain(kindOf(await check(entry)));
    },
  );

  it.each(broken.map((entry) => [entry.file, entry] as const))(
    "refuses %s within 10 s",
    async (_file, entry) => {
      const accepted = ["refused", "no-pixels"];
      if (entry.alsoAcceptable === "decode") accepted.push("exact", "no-reference");
      expect(accepted).toContain(kindOf(await check(entry)));
    },
    10_000,
  );
});
