import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { decode as decodePng } from "fast-png";
import { rolldown } from "rolldown";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { JPEG_2000_LOSSLESS } from "#core/dicom/transfer-syntax.ts";
import type { EncodedFrameRequest } from "#core/jobs/decode-job.ts";
import { imagePixel } from "#core/pixels/test-image-pixel.ts";
import { DecodeThreads, threadOf } from "./decode-threads.ts";
import { encodeJpeg2000 } from "./encoders/jpeg-2000-encoder.ts";
import type { PictureRequest } from "./rendering/render-picture.ts";

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

  it("makes pictures in threads too, with all that a frame has to its display", async () => {
    const { threads } = realThreads(1);
    const asked = { ...PICTURE, viewport: { width: 64, height: 64, region: undefined } };
    const outcome = await threads.render(request(), asked, never);
    if (!outcome.ok) throw new Error(outcome.error.message);
    const png = decodePng(outcome.picture);
    expect([png.width, png.height, png.channels]).toEqual([64, 64, 3]);
    const jpeg = await threads.render(request(), { ...asked, type: "image/jpeg" }, never);
    expect(jpeg.ok && [...jpeg.picture.subarray(0, 2)]).toEqual([0xff, 0xd8]);
  });

  it("says why there is no picture of a frame that cannot be decoded, and makes the next one", async () => {
    const { threads } = realThreads(1);
    const broken = { ...request(), encoded: Uint8Array.of(1, 2, 3) };
    expect(await threads.render(broken, PICTURE, never)).toMatchObject({ ok: false });
    expect(await threads.render(request(), PICTURE, never)).toMatchObject({ ok: true });
  });
});

/** The picture has a red shutter, so that it is in colour only if the extras arrive. */
const PICTURE: PictureRequest = {
  attributes: { modality: { kind: "identity" }, vois: [], presentationLutShape: "IDENTITY" },
  extras: {
    overlays: [],
    bitmaps: [],
    shutter: {
      shapes: [{ kind: "circle", row: side / 2, column: side / 2, radius: side / 4 }],
      color: [255, 0, 0],
      unreadable: [],
    },
    realWorldValues: [],
    notices: [],
  },
  pixelAspect: 1,
  voi: undefined,
  viewport: undefined,
  type: "image/png",
  quality: 90,
  hasProfile: true,
};
