import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DecodeThreads } from "../decode/decode-threads.ts";
import { type MadeFolder, madeFolder } from "../testing/made-archive.ts";
import { createServer } from "./create-server.ts";

const CORPUS = path.resolve("../shared/corpus");
const MANIFEST = path.join(CORPUS, "manifest.json");
const isPresent = existsSync(MANIFEST);
const isRequired = process.env["NEGATO_REQUIRE_CORPUS"] === "1";

/** Images whose files have no Study and Series Instance UID, some of them no SOP Instance UID either. */
const FILES: readonly string[] = [
  "display/leadtools-flowers-sv1-luts-overlay.dcm",
  "htj2k/HTJ2KLossless_08_RGB.dcm",
  "jpegls/JLSL_08_07.dcm",
  "jpegls/JLSL_16_15_signed.dcm",
  "jpegls/JLSL_RGB_ILV0.dcm",
  "jpegls/JLSL_RGB_ILV2.dcm",
  "jpegls/JPEGLSNearLossless_08.dcm",
];

interface Entry {
  readonly file: string;
  readonly reference?: { readonly frames?: readonly { readonly sha256: string }[] };
}
type Json = Readonly<Record<string, { readonly Value?: readonly unknown[] }>>;

const host = "localhost";
const decoder = new DecodeThreads();
let made: MadeFolder;
let app: FastifyInstance;
/** Address of the one instance of each study. */
let addresses: readonly string[];

async function get(url: string, accept?: string) {
  return await app.inject({ url, headers: { host, ...(accept ? { accept } : {}) } });
}

async function open(): Promise<void> {
  const source = await made.open();
  app = await createServer({ sources: [source], decoder, allowedHosts: [host], version: "1" });
  const found: readonly Json[] = (await get("/dicom-web/instances")).json();
  addresses = found.map((one) => new URL(String(one["00081190"]?.Value?.[0])).pathname).sort();
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

beforeAll(async () => {
  if (!isPresent) return;
  made = await madeFolder(
    Object.fromEntries(FILES.map((file) => [file, readFileSync(path.join(CORPUS, file))])),
  );
  await open();
});

afterAll(async () => {
  decoder.close();
  if (!isPresent) return;
  await app.close();
  await made.remove();
});

it.skipIf(!isRequired)("the corpus is there", () => expect(isPresent).toBe(true));

describe.skipIf(!isPresent)("images whose files lack identifiers", () => {
  it("are each a study of its own, under made-up UIDs that metadata repeat and mark", async () => {
    const studies: readonly Json[] = (await get("/dicom-web/studies")).json();
    const uids = studies.map((study) => String(study["0020000D"]?.Value?.[0]));
    expect(new Set(uids).size).toBe(FILES.length);
    for (const uid of uids) {
      expect(uid).toMatch(/^2\.25\.\d+$/);
      const [metadata, ...others]: readonly Json[] = (
        await get(`/dicom-web/studies/${uid}/metadata`)
      ).json();
      expect(others).toEqual([]);
      expect(metadata?.["0020000D"]?.Value).toEqual([uid]);
      expect(metadata?.["0020000E"]?.Value?.[0]).toMatch(/^2\.25\.\d+$/);
      expect(metadata?.["04000561"]?.Value).toMatchObject([
        {
          "04000563": { Value: ["NEGATO"] },
          "04000550": { Value: [{ "0020000D": { vr: "UI" } }] },
        },
      ]);
    }
  });

  it("give the reference samples, a rendering and a thumbnail", async () => {
    const entries: readonly Entry[] = JSON.parse(readFileSync(MANIFEST, "utf8")).files;
    const expected = entries
      .filter(({ file }) => FILES.includes(file))
      .map(({ reference }) => reference?.frames?.[0]?.sha256);
    const hashes: string[] = [];
    for (const address of addresses) {
      const frame = await get(
        `${address}/frames/1`,
        "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1",
      );
      hashes.push(sha256(frame.rawPayload));
      expect((await get(`${address}/rendered`, "image/png")).statusCode).toBe(200);
      expect((await get(`${address}/thumbnail`, "image/jpeg")).statusCode).toBe(200);
    }
    expect(hashes.sort()).toEqual(expected.sort());
  });

  it("are given as they are stored, or converted with the made-up identifiers", async () => {
    const stored = FILES.map((file) => readFileSync(path.join(CORPUS, file)));
    for (const address of addresses) {
      const asStored = await get(address, "application/dicom; transfer-syntax=*");
      // A file without preamble gets one, and nothing else.
      const { rawPayload } = asStored;
      const file = stored.find((bytes) => rawPayload.subarray(-bytes.length).equals(bytes));
      expect([0, 132]).toContain(rawPayload.length - (file?.length ?? 0));
      const converted = await get(
        address,
        "application/dicom; transfer-syntax=1.2.840.10008.1.2.1",
      );
      const [, study = "none"] = /studies\/([\d.]+)/.exec(address) ?? [];
      expect(converted.rawPayload.includes(study)).toBe(true);
    }
  });

  it("are remarks among the problems, and neither counted nor warned of", async () => {
    const { problems } = (await get("/sources/made/problems")).json();
    expect(problems).toHaveLength(FILES.length);
    for (const problem of problems)
      expect(problem).toMatchObject({ severity: "remark", code: "made-up-identifiers" });
    expect((await get("/sources/made")).json()).toMatchObject({ instances: 7, problems: 0 });
    expect((await get("/dicom-web/studies")).headers["warning"]).toBeUndefined();
  });

  it("have the same UIDs after a restart, and when the index is built anew elsewhere", async () => {
    const before = addresses;
    await open();
    expect(addresses).toEqual(before);
    const elsewhere = await madeFolder(
      Object.fromEntries(
        FILES.map((file, index) => [`copy-${index}`, readFileSync(path.join(CORPUS, file))]),
      ),
    );
    await made.remove();
    made = elsewhere;
    await open();
    expect(addresses).toEqual(before);
  });
});
