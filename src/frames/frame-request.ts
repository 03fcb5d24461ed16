import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import type { FrameAddress } from "../retrieve/study-source.ts";
import type { Failure } from "./failure.ts";

export type { FrameAddress } from "../retrieve/study-source.ts";

/** A frame that is wanted, and what its header says about its pixels. */
export interface FrameRequest {
  readonly address: FrameAddress;
  readonly imagePixel: ImagePixel;
  /** Available Transfer Syntax UID of the metadata, so that the codec can load while the frame is on the wire. */
  readonly expectedTransferSyntaxUid?: string;
}

/** A decoded frame or the reason why there is none; both are expected. The samples are shared: do not change them. */
export type FrameOutcome =
  | {
      readonly ok: true;
      readonly frame: DecodedFrame;
      readonly from: "memory" | "storage" | "network";
    }
  | { readonly ok: false; readonly failure: Failure };

/** Identity of a frame within one source, as key of a map. */
export function frameKeyOf(address: FrameAddress): string {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, frameNumber } = address;
  return `${studyInstanceUid}/${seriesInstanceUid}/${sopInstanceUid}/${frameNumber}`;
}

/** Bytes that the decoded frame is going to take, by its header. */
export function expectedFrameBytes({
  rows,
  columns,
  samplesPerPixel,
  bitsAllocated,
}: ImagePixel): number {
  return rows * columns * samplesPerPixel * Math.ceil(bitsAllocated / 8);
}
