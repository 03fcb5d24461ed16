import type { DicomErrorCode } from "../dicom/dicom-error.ts";
import type { DecodedFrame } from "./decoded-frame.ts";

/** Why a frame could not be decoded, as it crosses threads. */
export interface DecodeFailure {
  readonly code: DicomErrorCode | "aborted" | "timeout" | "worker-died";
  /** One sentence for people, without patient data. */
  readonly message: string;
}

/** An expected outcome of decoding. */
export type DecodeOutcome =
  | { readonly ok: true; readonly frame: DecodedFrame }
  | { readonly ok: false; readonly error: DecodeFailure };
