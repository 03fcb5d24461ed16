import { CodecLoader } from "../../wasm/codec-loader.ts";
import { tryDecodeFrame } from "../../wasm/decode-frame.ts";
import { nodeCodecs } from "./node-codecs.ts";
import type { FromDecodeThread, ToDecodeThread } from "./thread-protocol.ts";

/** Sends an answer; the samples in `transfer` leave with it. */
export type SendAnswer = (message: FromDecodeThread, transfer: ArrayBuffer[]) => void;

/** What a decode thread does with its messages, wherever it runs. */
export function decodeAnswerer(send: SendAnswer): (message: ToDecodeThread) => Promise<void> {
  const codecs = new CodecLoader(nodeCodecs);
  return async (message) => {
    const { transferSyntaxUid } = message.type === "warm" ? message : message.request;
    // Loading is tried again, and then fails visibly, in decoding.
    await codecs.warm(transferSyntaxUid).catch(() => undefined);
    if (message.type === "warm") return;
    send({ type: "started", id: message.id }, []);
    const outcome = await tryDecodeFrame(message.request, codecs);
    const transfer = outcome.ok ? [outcome.frame.samples.buffer] : [];
    send({ type: "decoded", id: message.id, outcome }, transfer);
  };
}
