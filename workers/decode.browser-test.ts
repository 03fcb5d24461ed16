import { afterEach, describe, expect, it } from "vitest";
import { commands } from "vitest/browser";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { DecodePool, type KeptFrame } from "../src/decode/decode-pool.ts";
import type { DecodeRequest } from "../src/decode/protocol.ts";
import { createDecodeWorker } from "../src/decode/worker.ts";
import { complaintOf } from "../wasm/corpus/accepted-results.ts";
import { checkEntry } from "../wasm/corpus/check-entry.ts";
import { type CorpusEntry, readManifest } from "../wasm/corpus/corpus-entry.ts";
import { type CheckedEntry, corpusReport } from "../wasm/corpus/corpus-report.ts";
import { mutate, seededRandom } from "../wasm/fuzz/mutate.ts";
import { readJpeg2000Header } from "../wasm/jpeg-2000-header.ts";
import { readJpegLsHeader } from "../wasm/jpeg-ls-header.ts";

const never = new AbortController().signal;
const pools: DecodePool[] = [];

function openPool(create = createDecodeWorker, onKept?: (kept: KeptFrame) => void): DecodePool {
  const pool = new DecodePool(create, { size: 2, ...(onKept && { onKept }) });
  pools.push(pool);
  return pool;
}

afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
});

async function readCorpusFile(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`/corpus/${file}`);
  if (!response.ok) throw new Error(`The corpus has no ${file}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function readEntries(kind: "files" | "codestreams"): Promise<readonly CorpusEntry[]> {
  const response = await fetch("/corpus/manifest.json");
  return response.ok ? readManifest(await response.json(), kind) : [];
}

const entries = await readEntries("files");
const codestreams = await readEntries("codestreams");

function nativeRequest(side: number): DecodeRequest {
  return {
    encoded: new Uint8Array(side * side).fill(5),
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
    imagePixel: imagePixel({ rows: side, columns: side }),
  };
}

describe("the decode worker", () => {
  it("gives the samples of a frame, and leaves the encoded bytes as they were", async () => {
    const request = nativeRequest(4);
    const outcome = await openPool().decode(request, never);
    expect(outcome).toMatchObject({ ok: true, frame: { samples: new Uint8Array(16).fill(5) } });
    expect(request.encoded).toHaveLength(16);
  });

  it("goes on after it is ended in the middle of a frame", async () => {
    const workers: Worker[] = [];
    const pool = openPool(() => {
      const worker = createDecodeWorker();
      workers.push(worker);
      return worker;
    });
    const outcome = pool.decode(nativeRequest(2048), never);
    // A worker that ends itself says nothing: the error event is what the browser sends of one that breaks.
    workers[0]?.terminate();
    workers[0]?.dispatchEvent(new ErrorEvent("error"));
    expect(await outcome).toMatchObject({ ok: true });
    expect(workers).toHaveLength(2);
  });

  it("is ended when it hangs in a frame, and another one decodes the next", async () => {
    const script =
      "onmessage = ({ data }) => { postMessage({ type: 'started', id: data.id }); for (;;); }";
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const create = [() => new Worker(url), createDecodeWorker];
    const pool = new DecodePool(() => (create.shift() ?? createDecodeWorker)(), { size: 1 });
    pools.push(pool);
    const hanging = pool.decode(nativeRequest(4), never);
    const next = pool.decode(nativeRequest(4), never);
    expect(await hanging).toMatchObject({ ok: false, error: { code: "timeout" } });
    expect(await next).toMatchObject({ ok: true });
    URL.revokeObjectURL(url);
  });

  it("keeps a frame in the cache after it has answered", async () => {
    const { promise, resolve } = Promise.withResolvers<KeptFrame>();
    const pool = openPool(createDecodeWorker, resolve);
    const cryptoKey = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
      "encrypt",
      "decrypt",
    ]);
    const keep = { frameKey: "test frame", studyKey: "test study", cryptoKey };
    const outcome = await pool.decode({ ...nativeRequest(16), keep }, never);
    expect(outcome).toMatchObject({ ok: true, frame: { samples: new Uint8Array(256).fill(5) } });
    expect(await promise).toMatchObject({ frameKey: "test frame", ok: true });
  });
});

describe("a decode worker that is given a decoded frame", () => {
  it("keeps it in the cache, and the page keeps its samples", async () => {
    const { promise, resolve } = Promise.withResolvers<KeptFrame>();
    const pool = openPool(createDecodeWorker, resolve);
    const decoded = await pool.decode(nativeRequest(16), never);
    if (!decoded.ok) throw new Error("Not decoded");
    const cryptoKey = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
      "encrypt",
    ]);
    const keep = { frameKey: "late frame", studyKey: "test study", cryptoKey };
    await pool.keep({ frame: decoded.frame, keep }, never);
    expect(await promise).toMatchObject({ frameKey: "late frame", ok: true });
    expect(decoded.frame.samples).toEqual(new Uint8Array(256).fill(5));
  });
});

describe.skipIf(entries.length === 0)("the decode worker, on the corpus", () => {
  it("shows what can be decoded as its reference does, refuses the rest, and stays alive", async () => {
    const pool = openPool();
    const checked: CheckedEntry[] = [];
    await forEachEntry(entries, async (entry) => {
      const result = await checkEntry(entry, readCorpusFile, (frame) => pool.decode(frame, never));
      checked.push({ entry, result });
    });
    const complaints = checked.flatMap(({ entry, result }) => {
      const complaint = complaintOf(entry, result, { hasPlatformImages: true });
      const isDead = result.kind === "refused" && result.code === "worker-died";
      return complaint === undefined && !isDead
        ? []
        : [complaint ?? `${entry.file} killed its worker`];
    });
    expect(complaints).toEqual([]);
    expect(await pool.decode(nativeRequest(4), never)).toMatchObject({ ok: true });
    const report = corpusReport("browser", checked);
    await commands.writeFile(
      ".cache/corpus-report-browser.json",
      `${JSON.stringify(report, undefined, 2)}\n`,
    );
  }, 180_000);
});

describe.skipIf(codestreams.length === 0)("the decode worker, on damaged frames", () => {
  it("answers each, keeps its worker, and decodes the next good one as before", async () => {
    const workers: Worker[] = [];
    const pool = openPool(() => {
      const worker = createDecodeWorker();
      workers.push(worker);
      return worker;
    });
    const random = seededRandom(3);
    const codes = new Set<string>();
    for (const { file } of codestreams) {
      const good = codestreamRequest(await readCorpusFile(file), file);
      const before = await pool.decode({ ...good, encoded: good.encoded.slice() }, never);
      for (let round = 0; round < 10; round += 1) {
        const outcome = await pool.decode(
          { ...good, encoded: mutate(good.encoded, random) },
          never,
        );
        if (!outcome.ok) codes.add(outcome.error.code);
      }
      expect(await pool.decode(good, never)).toEqual(before);
    }
    expect(workers.length).toBeLessThanOrEqual(2);
    expect([...codes]).not.toContain("worker-died");
    expect([...codes]).not.toContain("timeout");
  }, 120_000);
});

/** The request of a stream without a DICOM header, with what would stand in one. */
function codestreamRequest(encoded: Uint8Array<ArrayBuffer>, file: string): DecodeRequest {
  const isJpegLs = file.endsWith(".jls");
  const header = isJpegLs ? readJpegLsHeader(encoded) : readJpeg2000Header(encoded);
  const { rows, columns, components, bitDepth, isSigned } = header;
  const facts = imagePixel({
    rows,
    columns,
    ...(components === 3 && { samplesPerPixel: 3, photometricInterpretation: "RGB" }),
    bitsAllocated: bitDepth > 8 ? 16 : 8,
    bitsStored: bitDepth,
    highBit: bitDepth - 1,
    pixelRepresentation: isSigned ? 1 : 0,
  });
  const transferSyntaxUid = isJpegLs ? "1.2.840.10008.1.2.4.81" : "1.2.840.10008.1.2.4.203";
  return { encoded, imagePixel: facts, transferSyntaxUid };
}

/** Checks entries, four at a time. */
async function forEachEntry(
  entriesToCheck: readonly CorpusEntry[],
  check: (entry: CorpusEntry) => Promise<void>,
): Promise<void> {
  const rest = [...entriesToCheck];
  const lane = async () => {
    for (let entry = rest.pop(); entry !== undefined; entry = rest.pop()) await check(entry);
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}
