import type { EncodedFrameRequest } from "#core/jobs/decode-job.ts";
import type { DecodeOutcome } from "#core/pixels/decode-outcome.ts";
import type { PictureOutcome, PictureRequest } from "../decode/rendering/render-picture.ts";

/** Gives the samples of an encoded frame; what the HTTP room needs of `proxy/decode`. */
export interface FrameDecoder {
  /** Takes `request.encoded` over; never rejects. */
  decode(request: EncodedFrameRequest, signal: AbortSignal): Promise<DecodeOutcome>;
  /** Decodes and makes a picture of the frame; otherwise like `decode`. */
  render(
    request: EncodedFrameRequest,
    picture: PictureRequest,
    signal: AbortSignal,
  ): Promise<PictureOutcome>;
}
