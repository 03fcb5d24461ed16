import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { rolldown } from "rolldown";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { JPEG_2000_LOSSLESS } from "#core/dicom/transfer-syntax.ts";
import type { EncodedFrameRequest } from "#core/jobs/decode-job.ts";
import { imagePixel } from "../../wasm/test-image-pixel.ts";
import { DecodeThreads, threadOf } from "./decode-threads.ts";
import { encodeJpeg2000 } from "./encoders/jpeg-2000-encoder.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entry = `${root}.cache/decode-thread-test/decode-thread.js`;
const never = new AbortController().signal;
const side = 512;
const samples = Int16Array.from(
  { length: side * side },
  (_, at) => ((at * 7919) % 65_536) - 32_768,
);
let encoded = new Uint8Array();
const open: DecodeThreads[] = [];

beforeAll(async () => {
  const bundle = await rolldown({
    input: `${root}proxy/decode/decode-thread.ts`,
    platform: "node",
    cwd: root,
    external: /^@cornerstonejs/,
  });
  await bundle.write({ file: entry, format: "esm", codeSplitting: false });
  await bundle.close();
  encoded = await encodeJpeg2000(samples, { rows: side, columns: side, samplesPerPixel: 1 }, 16);
});

afterEach(() => {
  for (const threads of open.splice(0)) threads.close();
});

function request(): EncodedFrameRequest {
  return {
    encoded: encoded.slice(),
    transferSyntaxUid: JPEG_2000_LOSSLESS,
    imagePixel: imagePixel({
      rows: side,
      columns: side,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      pixelRepresentation: 1,
    }),
  };
}

/** Threads of the bundled entry, and the workers that they have started. */
function realThreads(size: number): {
  readonly threads: DecodeThreads;
  readonly workers: Worker[];
} {
  const workers: Worker[] = [];
  const threads = new DecodeThreads({
    size,
    spawn: (events) => {
      const worker = new Worker(entry);
      workers.push(worker);
      return threadOf(worker, events);
    },
  });
  open.push(threads);
  return { threads, workers };
}

describe("DecodeThreads", () => {
  it("decodes in threads, several at a time", async () => {
    const { threads, workers } = realThreads(2);
    const outcomes = await Promise.all([1, 2, 3].map(() => threads.decode(request(), never)));
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ ok: true, frame: { samples, fidelity: "exact" } });
    expect(workers).toHaveLength(2);
  });

  it("decodes again in a new thread when one is killed in the middle of a frame", async () => {
    const { threads, workers } = realThreads(1);
    const outcome = threads.decode(request(), never);
    await workers[0]?.terminate();
    expect(await outcome).toMatchObject({ ok: true, frame: { samples } });
    expect(workers).toHaveLength(2);
  });

  it("says that the decoder broke down when it cannot start", async () => {
    const threads = new DecodeThreads({
      spawn: (events) => threadOf(new Worker(`${root}.cache/no-such-thread.js`), events),
    });
    open.push(threads);
    expect(await threads.decode(request(), never)).toMatchObject({
      ok: false,
      error: { code: "worker-died" },
    });
  });

  it("answers an abort at once and decodes the next frame all the same", async () => {
    const { threads } = realThreads(1);
    const controller = new AbortController();
    const aborted = threads.decode(request(), controller.signal);
    controller.abort();
    expect(await aborted).toMatchObject({ ok: false, error: { code: "aborted" } });
    expect(await threads.decode(request(), never)).toMatchObject({ ok: true, frame: { samples } });
  });

  it("decodes in place where there is no built thread", async () => {
    const threads = new DecodeThreads();
    open.push(threads);
    expect(await threads.decode(request(), never)).toMatchObject({ ok: true, frame: { samples } });
  });
});
