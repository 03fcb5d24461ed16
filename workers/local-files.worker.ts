import { DicomError } from "#core/dicom/dicom-error.ts";
import type {
  FromLocalWorker,
  LocalFailure,
  ToLocalWorker,
} from "../src/retrieve/local-protocol.ts";
import { FileError } from "./local-files/found-file.ts";
import { LocalArchive } from "./local-files/local-archive.ts";
import { LocalFrames } from "./local-files/local-frames.ts";

const archive = new LocalArchive();
const frames = new LocalFrames((sopInstanceUid) => archive.fileOf(sopInstanceUid));
const underWay = new Map<number, AbortController>();

addEventListener("message", ({ data }: MessageEvent<ToLocalWorker>) => {
  if (data.type === "abort") underWay.get(data.id)?.abort();
  else void serve(data);
});

async function serve(demand: Exclude<ToLocalWorker, { type: "abort" }>): Promise<void> {
  const abort = new AbortController();
  underWay.set(demand.id, abort);
  try {
    await answerTo(demand, abort.signal);
  } catch (cause) {
    const error = failureOf(cause, abort.signal);
    answer({ type: "failed", id: demand.id, ok: false, error });
  } finally {
    underWay.delete(demand.id);
  }
}

async function answerTo(
  demand: Exclude<ToLocalWorker, { type: "abort" }>,
  signal: AbortSignal,
): Promise<void> {
  const { id } = demand;
  switch (demand.type) {
    case "open": {
      const tell = (findings: Omit<Extract<FromLocalWorker, { type: "found" }>, "type">): void =>
        answer({ type: "found", ...findings });
      const progress = await archive.open(demand.request.files, tell, signal);
      answer({ type: "open", id, ok: true, response: { progress } });
      break;
    }
    case "frame": {
      const { sopInstanceUid, frameNumber } = demand.request;
      const response = await frames.frame(sopInstanceUid, frameNumber, signal);
      answer({ type: "frame", id, ok: true, response }, [response.bytes.buffer]);
      break;
    }
    case "bulkData": {
      const bytes = await frames.bulkData(demand.request.uri, signal);
      answer({ type: "bulkData", id, ok: true, response: { bytes } }, [bytes.buffer]);
      break;
    }
  }
}

function failureOf(cause: unknown, signal: AbortSignal): LocalFailure {
  if (signal.aborted) return { code: "aborted", message: "No longer needed." };
  if (cause instanceof FileError)
    return {
      code: cause.code === "missing" ? "not-found" : "bad-response",
      message: cause.message,
    };
  if (cause instanceof DicomError && cause.code === "no-pixel-data")
    return { code: cause.code, message: "This object has no pixel data." };
  if (cause instanceof DicomError) return { code: "bad-response", message: cause.message };
  return { code: "bad-response", message: "The file cannot be read; was it moved or changed?" };
}

function answer(message: FromLocalWorker, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}
