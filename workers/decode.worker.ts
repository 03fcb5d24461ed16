import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { FrameWriter } from "../src/cache/frame-writer.ts";
import type {
  DecodeRequest,
  FromDecodeWorker,
  KeepFrame,
  KeepRequest,
  ToDecodeWorker,
} from "../src/decode/protocol.ts";
import { CodecLoader } from "../wasm/codec-loader.ts";
import { tryDecodeFrame } from "../wasm/decode-frame.ts";
import { fetchedCodecs } from "./fetched-codecs.ts";

/** Frames that may wait to be written before the next one is decoded. */
const MOST_PENDING_WRITES = 4;

const codecs = new CodecLoader(fetchedCodecs);
const writer = new FrameWriter();
const pendingWrites = new Set<Promise<void>>();

addEventListener("message", ({ data }: MessageEvent<ToDecodeWorker>) => {
  switch (data.type) {
    case "decode":
      void decode(data.id, data.request);
      break;
    case "keep":
      void take(data.id, data.request);
      break;
    case "warm":
      // Loading is tried again, and then fails visibly, with the first frame.
      codecs.warm(data.transferSyntaxUid).catch(() => undefined);
      break;
  }
});

async function decode(id: number, request: DecodeRequest): Promise<void> {
  await prepare(request);
  answer({ type: "started", id });
  const outcome = await tryDecodeFrame(request, codecs);
  // The copy for the cache is made before the samples leave.
  if (outcome.ok && request.keep !== undefined) keep(outcome.frame, request.keep);
  answer({ type: "decoded", id, outcome }, outcome.ok ? [outcome.frame.samples.buffer] : []);
}

/** Loads the codec, which the watchdog does not count; what fails here fails again, and visibly, in decoding. */
async function prepare(request: DecodeRequest): Promise<void> {
  await roomForWrite();
  await codecs.warm(request.transferSyntaxUid).catch(() => undefined);
}

async function roomForWrite(): Promise<void> {
  if (pendingWrites.size >= MOST_PENDING_WRITES) await Promise.race(pendingWrites);
}

/** Keeps a frame that was decoded before there was a place for it. */
async function take(id: number, request: KeepRequest): Promise<void> {
  await roomForWrite();
  keep(request.frame, request.keep);
  answer({ type: "taken", id });
}

function keep(frame: DecodedFrame, slot: KeepFrame): void {
  const write = writer.write(slot, frame).then(({ ok, bytes }) => {
    pendingWrites.delete(write);
    answer({ type: "kept", frameKey: slot.frameKey, bytes, ok });
  });
  pendingWrites.add(write);
}

function answer(message: FromDecodeWorker, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}
