import type * as outcome from "#core/pixels/decode-outcome.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";

/** One encoded frame to decode. */
export interface DecodeRequest {
  /** Encoded bytes, exactly one frame. Decoding takes them over: do not use them afterwards. */
  readonly encoded: Uint8Array<ArrayBuffer>;
  readonly transferSyntaxUid: string;
  readonly imagePixel: ImagePixel;
  /** Where the decoded frame is to be kept; absent when it is not. */
  readonly keep?: KeepFrame;
}

/** Where and under which key a worker keeps what it decoded (see src/cache). */
export interface KeepFrame {
  readonly frameKey: string;
  readonly studyKey: string;
  /** Non-extractable AES-GCM key of the session. */
  readonly cryptoKey: CryptoKey;
}

/** A frame that was decoded before there was a place to keep it. Its samples are copied to the worker. */
export interface KeepRequest {
  readonly frame: DecodedFrame;
  readonly keep: KeepFrame;
}

/** Why a frame could not be decoded, as it crosses the thread. */
export type DecodeFailure = outcome.DecodeFailure;

/** An expected outcome of decoding. */
export type DecodeOutcome = outcome.DecodeOutcome;

/** Messages from page to worker. A worker has one job at a time. */
export type ToDecodeWorker =
  | { readonly type: "decode"; readonly id: number; readonly request: DecodeRequest }
  | { readonly type: "keep"; readonly id: number; readonly request: KeepRequest }
  /** A frame of this transfer syntax will come: its codec can be loaded in advance. */
  | { readonly type: "warm"; readonly transferSyntaxUid: string };

/** Messages from worker to page. */
export type FromDecodeWorker =
  /** The codec is there and work begins now: from here the watchdog counts. */
  | { readonly type: "started"; readonly id: number }
  | { readonly type: "decoded"; readonly id: number; readonly outcome: DecodeOutcome }
  /** Everything of a request to keep is copied; its writing goes on, and `kept` follows. */
  | { readonly type: "taken"; readonly id: number }
  /** The frame was kept (or could not be kept) in the cache. */
  | {
      readonly type: "kept";
      readonly frameKey: string;
      readonly bytes: number;
      readonly ok: boolean;
    };
