import type { DecodeFailure, DecodeOutcome } from "../pixels/decode-outcome.ts";
import type { ImagePixel } from "../pixels/image-pixel.ts";
import type { Job, JobOutcome } from "./job-worker.ts";

/** What every request to decode says, in the browser and in the companion. */
export interface EncodedFrameRequest {
  readonly encoded: Uint8Array<ArrayBuffer>;
  readonly transferSyntaxUid: string;
  readonly imagePixel: ImagePixel;
}

const MEGABYTE = 1024 * 1024;
/** Memory that a codec takes while it works, in decoded frames: JPEG 2000 has each sample in 32 bits, and parts of them twice. */
const WORKING_FRAMES = 4;

/** Bytes that waiting and running frames may take in one pool. */
export const DECODE_LIMITS = {
  prepareMs: 30_000,
  maximumQueuedBytes: 256 * MEGABYTE,
  maximumRunningBytes: 512 * MEGABYTE,
} as const;

/** The job of decoding a frame: it may take 2 s and one more for each decoded megabyte. */
export function decodeJob<Request extends EncodedFrameRequest>(
  request: Request,
  priority: number,
): Job<Request> {
  const { rows, columns, samplesPerPixel, bitsAllocated } = request.imagePixel;
  const decodedBytes = rows * columns * samplesPerPixel * Math.ceil(bitsAllocated / 8);
  return {
    request,
    queuedBytes: request.encoded.byteLength,
    runningBytes: request.encoded.byteLength + WORKING_FRAMES * decodedBytes,
    timeoutMs: Math.min(2000 + 1000 * (decodedBytes / MEGABYTE), 300_000),
    priority,
  };
}

/** The outcome of such a job as the outcome of decoding, or of what a worker makes of a decoded frame. */
export function decodeOutcome<Result = DecodeOutcome>(
  outcome: JobOutcome<Result>,
): Result | { readonly ok: false; readonly error: DecodeFailure } {
  return outcome.kind === "finished" ? outcome.result : { ok: false, error: failureOf(outcome) };
}

function failureOf(outcome: Exclude<JobOutcome<never>, { kind: "finished" }>): DecodeFailure {
  switch (outcome.kind) {
    case "aborted":
      return { code: "aborted", message: "Decoding was aborted." };
    case "closed":
      return { code: "aborted", message: "The decoder was closed." };
    case "timeout":
      return { code: "timeout", message: "Decoding took too long and was stopped." };
    case "worker-died":
      return { code: "worker-died", message: `The decoder broke down twice: ${outcome.reason}` };
    case "crowded-out":
      return { code: "limit-exceeded", message: "Too many frames wait to be decoded." };
  }
}
