import type { ByteRange } from "./data-set.ts";
import type { Deviation } from "./deviation.ts";
import { DicomError } from "./dicom-error.ts";
import type { DicomFile } from "./dicom-file.ts";

/** What frames are located by. */
export interface FrameFacts {
  readonly numberOfFrames: number;
  /** Bits of a native frame: rows x columns x samples per pixel x bits allocated. */
  readonly bitsPerFrame: number;
}

/** Where the bytes of a frame are. */
export interface FrameLocation {
  /** Runs of bytes that make up the frame, in order; one for native frames. */
  readonly ranges: readonly ByteRange[];
  /** Bits of the first byte that belong to the frame before (0 except for 1-bit frames). */
  readonly bitOffset: number;
  /** Bits of a native frame; undefined for encapsulated ones. */
  readonly bitLength: number | undefined;
}

/** The frames of a file. */
export interface FrameIndex {
  readonly numberOfFrames: number;
  readonly deviations: readonly Deviation[];
  /**
   * @param frameIndex from 0
   * @throws DicomError `no-such-frame`, `truncated`, `malformed`
   */
  locate(frameIndex: number): FrameLocation;
}

/** @throws DicomError `missing-attribute` when there are no pixel data */
export async function locateFrames(
  _file: DicomFile,
  _facts: FrameFacts,
  _signal?: AbortSignal,
): Promise<FrameIndex> {
  throw new DicomError("missing-attribute", "Nothing locates frames yet");
}

/**
 * The encoded frame: fragments joined, in a buffer of its own. A native frame is as it stands in the file; one
 * of single bits begins at bit 0.
 * @throws DicomError `no-such-frame`, `truncated`, `malformed`
 */
export async function readFrame(
  _file: DicomFile,
  _index: FrameIndex,
  _frameIndex: number,
  _signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  throw new DicomError("no-such-frame", "Nothing reads frames yet");
}
