import { CodecLoader } from "../../wasm/codec-loader.ts";
import { decodeFrame, type EncodedFrame } from "../../wasm/decode-frame.ts";
import { fetchedCodecs } from "../../workers/fetched-codecs.ts";
import type { TimedFrame, TimesRequest } from "./timing-protocol.ts";

/** Decodings before the clock counts: the browser compiles a codec better after some use. */
const WARM_UP = 8;
/** The clock of a page has steps of 0.1 ms, so that short decodings are timed several at once. */
const LEAST_TIMED_MS = 10;

addEventListener("message", ({ data }: MessageEvent<TimesRequest>) => {
  void time(data).then((timed) => postMessage(timed));
});

async function time({ frame, runs }: TimesRequest): Promise<TimedFrame> {
  const codecs = new CodecLoader(fetchedCodecs);
  await codecs.warm(frame.transferSyntaxUid);
  await timeOnce(frame, codecs, WARM_UP);
  const usual = await timeOnce(frame, codecs, 2);
  const times: number[] = [];
  const atOnce = Math.ceil(LEAST_TIMED_MS / Math.max(usual, 0.01));
  for (let run = 0; run < runs; run += 1) times.push(await timeOnce(frame, codecs, atOnce));
  times.sort((a, b) => a - b);
  const { decoder, samples } = await decodeFrame(copyOf(frame), codecs);
  const [least = Number.NaN] = times;
  const median = times[times.length >> 1] ?? Number.NaN;
  return { least, median, decoder, bytes: samples.byteLength };
}

/** Milliseconds of one decoding, as the mean of some. */
async function timeOnce(frame: EncodedFrame, codecs: CodecLoader, count: number): Promise<number> {
  const copies = Array.from({ length: count }, () => copyOf(frame));
  const start = performance.now();
  for (const copy of copies) await decodeFrame(copy, codecs);
  return (performance.now() - start) / count;
}

/** Decoding takes its bytes over. */
function copyOf(frame: EncodedFrame): EncodedFrame {
  return { ...frame, encoded: frame.encoded.slice() };
}
