import type { DicomErrorCode } from "#core/dicom/dicom-error.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";

/** One encoded frame to decode. */
export interface DecodeRequest {
  /** Encoded bytes, exactly one frame; the buffer is transferred and detached. */
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

/** Why a frame could not be decoded, as it crosses the thread. */
export interface DecodeFailure {
  readonly code: DicomErrorCode | "aborted" | "timeout" | "worker-died";
  /** One sentence for people, without patient data. */
  readonly message: string;
}

/** An expected outcome of decoding. */
export type DecodeOutcome =
  | { readonly ok: true; readonly frame: DecodedFrame }
  | { readonly ok: false; readonly error: DecodeFailure };

/** Messages from page to worker. */
export type ToDecodeWorker =
  | { readonly type: "decode"; readonly id: number; readonly request: DecodeRequest }
  | { readonly type: "abort"; readonly id: number };

/** Messages from worker to page. */
export type FromDecodeWorker =
  | { readonly type: "decoded"; readonly id: number; readonly outcome: DecodeOutcome }
  /** The frame was kept (or could not be kept) in the cache. */
  | {
      readonly type: "kept";
      readonly frameKey: string;
      readonly bytes: number;
      readonly ok: boolean;
    };
