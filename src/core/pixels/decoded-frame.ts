import type { Deviation } from "../dicom/deviation.ts";
import type { EmbeddedOverlay } from "./embedded-overlay.ts";

/** Arrays that can hold samples; always the whole of a buffer of their own, so that it can be transferred. */
export type Samples =
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** What the samples of a frame mean. */
export type SampleMeaning = "monochrome" | "palette" | "rgb";

/**
 * A frame as stored values: bits outside Bits Stored removed, sign extended, colour converted to RGB.
 * Plain data; the buffer of `samples` is its own and may be transferred.
 */
export interface DecodedFrame {
  readonly rows: number;
  readonly columns: number;
  readonly meaning: SampleMeaning;
  /** rows x columns samples, row-major; for `rgb` three per pixel, interleaved, 0 to 2^bitsStored - 1. */
  readonly samples: Samples;
  /** Bits stored of a sample as decoded: by the codestream where it disagrees with the header (safety C12). */
  readonly bitsStored: number;
  readonly isSigned: boolean;
  /** Smallest and largest stored value of a monochrome frame, pixel padding left out; 0 and 0 where all is padding. */
  readonly minimum: number;
  readonly maximum: number;
  /** What decoded it, with version: `openjpeg 1.3.6`, `native`. */
  readonly decoder: string;
  /** Whether the samples are those that the encoder was given. */
  readonly fidelity: "exact" | "lossy";
  readonly deviations: readonly Deviation[];
  /** The overlay planes that stood in bits of the cells, in the order of `ImagePixel.embeddedOverlayBits`. */
  readonly embeddedOverlays?: readonly EmbeddedOverlay[];
}

/** Bytes that the samples take. */
export function frameBytes(frame: DecodedFrame): number {
  return frame.samples.byteLength;
}
