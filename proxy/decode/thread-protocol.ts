import type { EncodedFrameRequest } from "#core/jobs/decode-job.ts";
import type { DecodeOutcome } from "#core/pixels/decode-outcome.ts";
import type { PictureOutcome, PictureRequest } from "./rendering/render-picture.ts";

/** A frame to decode, and where `picture` says so to make a picture of. */
export interface ThreadRequest extends EncodedFrameRequest {
  readonly picture?: PictureRequest;
}

/** The samples, or the picture that was asked for. */
export type ThreadOutcome = DecodeOutcome | PictureOutcome;

/** Messages to a decode thread, which has one job at a time. */
export type ToDecodeThread =
  | { readonly type: "decode"; readonly id: number; readonly request: ThreadRequest }
  | { readonly type: "warm"; readonly transferSyntaxUid: string };

/** Messages from a decode thread. */
export type FromDecodeThread =
  | { readonly type: "started"; readonly id: number }
  | { readonly type: "decoded"; readonly id: number; readonly outcome: ThreadOutcome };
