import { DicomError } from "#core/dicom/dicom-error.ts";
import { CodecLoader } from "../../wasm/codec-loader.ts";
import { tryDecodeFrame } from "../../wasm/decode-frame.ts";
import { nodeCodecs } from "./node-codecs.ts";
import { renderPicture } from "./rendering/render-picture.ts";
import type {
  FromDecodeThread,
  ThreadOutcome,
  ThreadRequest,
  ToDecodeThread,
} from "./thread-protocol.ts";

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
    const outcome = await outcomeOf(message.request, codecs);
    send({ type: "decoded", id: message.id, outcome }, transferOf(outcome));
  };
}

async function outcomeOf(request: ThreadRequest, codecs: CodecLoader): Promise<ThreadOutcome> {
  const decoded = await tryDecodeFrame(request, codecs);
  if (!decoded.ok || request.picture === undefined) return decoded;
  try {
    return { ok: true, picture: await renderPicture(decoded.frame, request.picture) };
  } catch (error) {
    // Whatever went wrong, the thread lives on and somebody waits for an answer.
    if (error instanceof DicomError)
      return { ok: false, error: { code: error.code, message: error.message } };
    const reason = error instanceof RangeError ? "memory ran out" : "of an unexpected error";
    return {
      ok: false,
      error: { code: "codec-failure", message: `The picture could not be made: ${reason}` },
    };
  }
}

function transferOf(outcome: ThreadOutcome): ArrayBuffer[] {
  if (!outcome.ok) return [];
  if ("picture" in outcome) return [outcome.picture.buffer];
  const overlays = outcome.frame.embeddedOverlays ?? [];
  return [outcome.frame.samples.buffer, ...overlays.map(({ data }) => data.buffer)];
}
