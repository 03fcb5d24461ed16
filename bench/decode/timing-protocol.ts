import type { EncodedFrame } from "../../wasm/decode-frame.ts";

/** A frame to decode so many times. */
export interface TimesRequest {
  readonly frame: EncodedFrame;
  readonly runs: number;
}

/** Milliseconds of one decoding, and what decoded it. */
export interface TimedFrame {
  readonly least: number;
  readonly median: number;
  readonly decoder: string;
  readonly bytes: number;
}
