import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isUid } from "#core/dicom/uid.ts";
import { DecodeThreads } from "../decode/decode-threads.ts";
import { openFolderSource } from "../sources/folder/folder-source.ts";
import { createServer } from "./create-server.ts";
import { canDecode } from "./decode-stored-frame.ts";

const CORPUS = path.resolve("../shared/corpus");
const MANIFEST = path.join(CORPUS, "manifest.json");
const isPresent = existsSync(MANIFEST);

interface Entry {
  readonly file: string;
  readonly transferSyntaxUID?: string;
  readonly sopInstanceUID?: string;
  readonly rows?: number;
  readonly columns?: number;
  readonly bitsAllocated?: number;
  readonly expected?: "decode" | "no-pixels" | "error";
  readonly alsoAcceptable?: string;
  readonly reference?: {
    readonly lossy?: unknown;
    readonly frames?: readonly { readonly frame: number; readonly sha256: string }[];
  };
}

const entries: readonly Entry[] = isPresent ? JSON.parse(readFileSync(MANIFEST, "utf8")).files : [];
/** Files with a UID that occurred before go to a folder of their own, as one archive holds a UID once; directories are skipped. */
const layers = layersOf(entries.filter(({ file }) => !file.includes("DICOMDIR")));

function layersOf(files: readonly Entry[]): readonly (readonly Entry[])[] {
  const made: { entries: Entry[]; uids: Set<string> }[] = [];
  for (const entry of files) {
    const uid = entry.sopInstanceUID || entry.file;
    let layer = made.find(({ uids }) => !uids.has(uid));
    if (layer === undefined) {
      layer = { entries: [], uids: new Set() };
      made.push(layer);
    }
    layer.entries.push(entry);
    layer.uids.add(uid);
  }
  return made.map((layer) => layer.entries);
}

const host = "localhost";
let base: string;
let app: FastifyInstance;
const decoder = new DecodeThreads();
/** Address of each file that is served. */
const addresses = new Map<string, string>();

beforeAll(async () => {
  if (!isPresent) return;
  base = await mkdtemp(path.join(tmpdir(), "negato-corpus-"));
  const sources = [];
  for (const [index, layer] of layers.entries()) {
    const folder = path.join(base, `layer-${index}`);
    for (const { file } of layer) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await cp(path.join(CORPUS, file), path.join(folder, file));
    }
    const options = { name: `layer-${index}`, folder, indexFolder: path.join(base, "index") };
    const source = await openFolderSource({ ...options, watches: false });
    await source.rescan();
    sources.push(source);
  }
  app = await createServer({ sources, decoder, allowedHosts: [host], version: "1" });
  for (const [index, layer] of layers.entries()) await locate(index, layer);
}, 60_000);

afterAll(async () => {
  decoder.close();
  if (!isPresent) return;
  await app.close();
  await rm(base, { recursive: true, force: true });
});

async function locate(index: number, layer: readonly Entry[]): Promise<void> {
  const prefix = `/sources/layer-${index}/dicom-web`;
  const found = (await app.inject({ url: `${prefix}/instances`, headers: { host } })).json();
  const byUid = new Map<string, string>(
    found.map((instance: Record<string, { Value: string[] }>) => [
      instance["00080018"]?.Value[0],
      new URL(instance["00081190"]?.Value[0] ?? "").pathname,
    ]),
  );
  for (const { file, sopInstanceUID } of layer) {
    const address = byUid.get(sopInstanceUID ?? "");
    if (address !== undefined) addresses.set(file, address);
  }
}

async function frameHash(entry: Entry, frameNumber: number): Promise<string> {
  const response = await app.inject({
    url: `${addresses.get(entry.file)}/frames/${frameNumber}`,
    headers: { host, accept: "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1" },
  });
  if (response.statusCode !== 200) return `${response.statusCode} ${response.json().detail}`;
  const { rows = 0, columns = 0, bitsAllocated } = entry;
  const bytes =
    bitsAllocated === 1 ? unpacked(response.rawPayload, rows * columns) : response.rawPayload;
  return createHash("sha256").update(bytes).digest("hex");
}

/** The references hold a byte for each single bit. */
function unpacked(bytes: Uint8Array, count: number): Uint8Array {
  return Uint8Array.from(
    { length: count },
    (_, index) => ((bytes[index >> 3] ?? 0) >> (index & 7)) & 1,
  );
}

function isDecodedHere({
  transferSyntaxUID = "",
  reference,
  expected,
  alsoAcceptable,
}: Entry): boolean {
  return (
    expected === "decode" &&
    alsoAcceptable === undefined &&
    canDecode(transferSyntaxUID) &&
    reference?.lossy === undefined &&
    (reference?.frames ?? []).length > 0
  );
}

describe.skipIf(!isPresent)("the conformance corpus served as a folder", () => {
  it("has every file either as an instance or among the problems", async () => {
    const unaccounted: string[] = [];
    for (const [index, layer] of layers.entries()) {
      const get = async (what: string) =>
        (await app.inject({ url: `/sources/layer-${index}${what}`, headers: { host } })).json();
      const { problems } = await get("/problems");
      const { instances } = await get("");
      const listed = new Set(
        problems
          .filter(({ severity }: { severity: string }) => severity === "failure")
          .map(({ where }: { where: string }) => where),
      );
      const isFound = ({ file }: Entry) => addresses.has(file) || listed.has(file);
      // Files without a UID that the manifest could name are among the instances under made-up ones: the sum says so.
      const lost = layer.filter((entry) => !isFound(entry) && isUid(entry.sopInstanceUID ?? ""));
      unaccounted.push(...lost.map(({ file }) => file));
      expect(instances + listed.size).toBe(layer.length);
    }
    expect(unaccounted).toEqual([]);
    expect(addresses.size).toBeGreaterThan(400);
  });

  it("gives the reference samples of every frame that this version decodes", async () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const entry of entries.filter((one) => addresses.has(one.file) && isDecodedHere(one))) {
      for (const { frame, sha256 } of entry.reference?.frames ?? []) {
        const hash = await frameHash(entry, frame);
        compared += 1;
        if (hash !== sha256) wrong.push(`${entry.file} frame ${frame}: ${hash}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(400);
  }, 120_000);

  it("gives metadata of every instance as DICOM JSON", async () => {
    for (const [file, address] of addresses) {
      const response = await app.inject({ url: `${address}/metadata`, headers: { host } });
      expect([file, response.statusCode, response.json().length]).toEqual([file, 200, 1]);
    }
  }, 60_000);
});
