import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { decode as decodePng } from "fast-png";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DecodeThreads } from "../decode/decode-threads.ts";
import { openFolderSource } from "../sources/folder/folder-source.ts";
import { createServer } from "./create-server.ts";

const CORPUS = path.resolve("../shared/corpus");
const MANIFEST = path.join(CORPUS, "manifest.json");
const isPresent = existsSync(MANIFEST);
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";

interface Entry {
  readonly file: string;
  readonly sopInstanceUID?: string;
  readonly features?: readonly string[];
  readonly alsoAcceptable?: string;
  readonly reference?: { readonly display?: { readonly png: string; readonly pipeline: string } };
}

const manifest: readonly Entry[] = isPresent
  ? JSON.parse(readFileSync(MANIFEST, "utf8")).files
  : [];
/** One file of each UID, as an archive holds it once. */
const entries = [
  ...new Map(
    manifest
      .filter(
        ({ reference, alsoAcceptable, sopInstanceUID }) =>
          reference?.display !== undefined &&
          alsoAcceptable === undefined &&
          sopInstanceUID !== undefined,
      )
      .map((entry) => [entry.sopInstanceUID, entry]),
  ).values(),
];

const host = "localhost";
let base: string;
let app: FastifyInstance;
const decoder = new DecodeThreads();
const addresses = new Map<string, string>();

beforeAll(async () => {
  if (!isPresent) return;
  base = await mkdtemp(path.join(tmpdir(), "negato-rendered-"));
  const folder = path.join(base, "files");
  for (const { file } of entries) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await cp(path.join(CORPUS, file), path.join(folder, file));
  }
  const source = await openFolderSource({
    name: "corpus",
    folder,
    indexFolder: path.join(base, "index"),
    watches: false,
  });
  await source.rescan();
  app = await createServer({ sources: [source], decoder, allowedHosts: [host], version: "1" });
  const found = (await app.inject({ url: "/dicom-web/instances", headers: { host } })).json();
  for (const instance of found)
    addresses.set(instance["00080018"]?.Value[0], new URL(instance["00081190"]?.Value[0]).pathname);
}, 60_000);

afterAll(async () => {
  decoder.close();
  if (!isPresent) return;
  await app.close();
  await rm(base, { recursive: true, force: true });
});

/**
 * Whether a rendering has something that the reference pictures leave out: overlays, shutters, a supplemental palette. Videos are
 * played, not rendered.
 */
function isPlain({ file, features = [] }: Entry): boolean {
  if (file.startsWith("video/") || file.startsWith("multiframe/ect-2f")) return false;
  return !features.some((feature) => feature.startsWith("overlay") || feature === "shutter");
}

/**
 * Where a reference had no window to go by it counts padding in, which we do not: then its window is asked for. Its
 * range is that of the modality values.
 */
function windowOf({ features, reference }: Entry): string {
  const { pipeline = "" } = reference?.display ?? {};
  const found = /min-max (-?[\d.e+-]+?)\.\.(-?[\d.e+-]+) of frame/.exec(pipeline);
  const [low, high] = [Number(found?.[1]), Number(found?.[2])];
  if (!(high > low) || features?.includes("pixel-padding") !== true) return "";
  return `?window=${low + (high - low) / 2},${high - low},linear-exact`;
}

async function difference(entry: Entry): Promise<string | undefined> {
  const address = addresses.get(entry.sopInstanceUID ?? "");
  const window = windowOf(entry);
  const url = `${address}/frames/1/rendered${window}`;
  const response = await app.inject({ url, headers: { host, accept: "image/png" } });
  if (response.statusCode !== 200) return `${entry.file}: ${response.json().detail}`;
  const given = decodePng(response.rawPayload);
  const expected = decodePng(readFileSync(path.join(CORPUS, entry.reference?.display?.png ?? "")));
  if (given.width !== expected.width || given.height !== expected.height)
    return `${entry.file}: ${given.width} x ${given.height}`;
  let largest = 0;
  for (let pixel = 0; pixel < given.width * given.height; pixel += 1) {
    // Padding is black here, and a value like others there.
    if (window !== "" && at(given, pixel, 0) === 0) continue;
    for (let channel = 0; channel < 3; channel += 1)
      largest = Math.max(
        largest,
        Math.abs(at(given, pixel, channel) - at(expected, pixel, channel)),
      );
  }
  return largest <= 1 ? undefined : `${entry.file}: ${largest}`;
}

function at(png: ReturnType<typeof decodePng>, pixel: number, channel: number): number {
  return png.data[pixel * png.channels + (png.channels >= 3 ? channel : 0)] ?? 0;
}

describe.skipIf(!isPresent && !isRequired)("the conformance corpus, rendered over HTTP", () => {
  it("looks like the reference pictures, within one level", async () => {
    // Objects without the UID of a study are no part of an archive.
    const isKept = (entry: Entry) => addresses.has(entry.sopInstanceUID ?? "");
    const plain = entries.filter((entry) => isPlain(entry) && isKept(entry));
    expect(plain.length).toBeGreaterThan(80);
    const wrong: string[] = [];
    for (const entry of plain) {
      const found = await difference(entry);
      if (found !== undefined) wrong.push(found);
    }
    expect(wrong).toEqual([]);
  }, 120_000);
});
