import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { FrameAddress } from "../retrieve/study-source.ts";
import type { Failure } from "./failure.ts";

export type { FrameAddress } from "../retrieve/study-source.ts";

/** A frame that is wanted, and what its header says about its pixels. */
export interface FrameRequest {
  readonly address: FrameAddress;
  readonly imagePixel: ImagePixel;
}

/** A decoded frame or the reason why there is none; both are expected. The samples are shared: do not change them. */
export type FrameOutcome =
  | {
      readonly ok: true;
      readonly frame: DecodedFrame;
      readonly from: "memory" | "storage" | "network";
    }
  | { readonly ok: false; readonly failure: Failure };
