import type { EncodedFrameRequest } from "#core/jobs/decode-job.ts";
import type { DecodeOutcome } from "#core/pixels/decode-outcome.ts";

/** Messages to a decode thread, which has one job at a time. */
export type ToDecodeThread =
  | { readonly type: "decode"; readonly id: number; readonly request: EncodedFrameRequest }
  | { readonly type: "warm"; readonly transferSyntaxUid: string };

/** Messages from a decode thread. */
export type FromDecodeThread =
  | { readonly type: "started"; readonly id: number }
  | { readonly type: "decoded"; readonly id: number; readonly outcome: DecodeOutcome };
