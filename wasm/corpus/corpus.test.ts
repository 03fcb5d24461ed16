import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { nodeCodecs } from "../../proxy/decode/node-codecs.ts";
import { CodecLoader } from "../codec-loader.ts";
import { tryDecodeFrame } from "../decode-frame.ts";
import { checkEntry, type EntryResult } from "./check-entry.ts";
import { type CorpusEntry, isDecodable, readManifest } from "./corpus-entry.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const corpus = `${root}../shared/corpus/`;
const isThere = existsSync(`${corpus}manifest.json`);
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";
const codecs = new CodecLoader(nodeCodecs);
const results: { readonly entry: CorpusEntry; readonly result: EntryResult }[] = [];

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

/** Counts for people, in a file, as the console belongs to the test runner. */
async function writeReport(): Promise<void> {
  const counts: Record<string, number> = {};
  for (const { result } of results) {
    const kind =
      result.kind === "refused" ? `refused in ${result.stage}: ${result.code}` : result.kind;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const refused = results.flatMap(({ entry, result }) =>
    result.kind === "refused" || result.kind === "different"
      ? [
          {
            file: entry.file,
            transferSyntaxUid: entry.transferSyntaxUid,
            expected: entry.expected,
            ...result,
          },
        ]
      : [],
  );
  await mkdir(`${root}.cache`, { recursive: true });
  await writeFile(
    `${root}.cache/corpus-report.json`,
    `${JSON.stringify({ files: results.length, counts, refused }, undefined, 2)}\n`,
  );
}

it.runIf(isRequired)("has the corpus that is required", () => {
  expect(entries.length).toBeGreaterThan(0);
});

describe.skipIf(!isThere)("the corpus", () => {
  afterAll(writeReport);

  const decodable = entries.filter((entry) => entry.expected === "decode" && isDecodable(entry));
  const known = entries.filter((entry) => entry.expected === "decode" && !isDecodable(entry));
  const withoutPixels = entries.filter(({ expected }) => expected === "no-pixels");
  const broken = entries.filter(({ expected }) => expected === "error");

  it.each(decodable.map((entry) => [entry.file, entry] as const))(
    "shows %s as its reference does",
    async (_file, entry) => {
      const accepted = ["exact"];
      if (entry.tolerance !== undefined) accepted.push("within-tolerance");
      if (entry.alsoAcceptable === "error") accepted.push("refused");
      expect(accepted).toContain(kindOf(await check(entry)));
    },
  );

  it.each(known.map((entry) => [entry.file, entry] as const))(
    "says of %s that it cannot be decoded yet",
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
