import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { DecodePool } from "../../src/decode/decode-pool.ts";
import { createDecodeWorker } from "../../src/decode/worker.ts";
import type { TimedFrame, TimesRequest } from "./timing-protocol.ts";

/** One frame to decode, by the address of its bytes. */
interface FrameAddress {
  readonly url: string;
  readonly transferSyntaxUid: string;
  readonly imagePixel: ImagePixel;
}

/** Times of decoding one frame again and again in one worker, without the way to the worker and back. */
async function timeInWorker(address: FrameAddress, runs: number): Promise<TimedFrame> {
  const worker = new Worker(new URL("./timing.worker.ts", import.meta.url), { type: "module" });
  try {
    const answer = new Promise<TimedFrame>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<TimedFrame>) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    const request: TimesRequest = { frame: await requestOf(address), runs };
    worker.postMessage(request);
    return await answer;
  } finally {
    worker.terminate();
  }
}

/** Frames a second that the application's own pool decodes with so many workers. */
async function framesPerSecond(
  address: FrameAddress,
  workers: number,
  count: number,
): Promise<number> {
  const pool = new DecodePool(createDecodeWorker, { size: workers });
  const { signal } = new AbortController();
  const frame = await requestOf(address);
  const decodeMany = (times: number) =>
    Promise.all(
      Array.from({ length: times }, () =>
        pool.decode({ ...frame, encoded: frame.encoded.slice() }, signal),
      ),
    );
  await decodeMany(workers * 6);
  const start = performance.now();
  const outcomes = await decodeMany(count);
  const seconds = (performance.now() - start) / 1000;
  pool.close();
  const failed = outcomes.find(({ ok }) => !ok);
  if (failed !== undefined) throw new Error(JSON.stringify(failed));
  return count / seconds;
}

async function requestOf({ url, transferSyntaxUid, imagePixel }: FrameAddress) {
  const encoded = new Uint8Array(await (await fetch(url)).arrayBuffer());
  return { encoded, transferSyntaxUid, imagePixel };
}

declare global {
  interface Window {
    readonly bench: {
      readonly timeInWorker: typeof timeInWorker;
      readonly framesPerSecond: typeof framesPerSecond;
    };
  }
}

Object.assign(window, { bench: { timeInWorker, framesPerSecond } });
