import type { ByteSource } from "./byte-source.ts";
import type { ByteRange } from "./data-set.ts";
import type { Deviation } from "./deviation.ts";
import { DicomError } from "./dicom-error.ts";
import type { DicomFile } from "./dicom-file.ts";
import { groupFragments } from "./group-fragments.ts";
import { readFragments } from "./read-fragments.ts";
import type { TransferSyntax } from "./transfer-syntax.ts";

/** What frames are located by. */
export interface FrameFacts {
  readonly numberOfFrames: number;
  /** Bits of a native frame: rows x columns x samples per pixel x bits allocated. */
  readonly bitsPerFrame: number;
}

/** Where the bytes of a frame are. */
interface FrameLocation {
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
   * @throws DicomError `no-such-frame`, `truncated`, `malformed`; `unsupported-transfer-syntax` inside a video
   */
  locate(frameIndex: number): FrameLocation;
}

/**
 * Finds the frames of the pixel data. A video is one bit stream: all of it is at frame 0.
 * @throws DicomError `no-pixel-data`, or `malformed` when fragments cannot be told apart
 */
export async function locateFrames(
  file: DicomFile,
  facts: FrameFacts,
  signal?: AbortSignal,
): Promise<FrameIndex> {
  const { pixelData } = file;
  switch (pixelData.kind) {
    case "none":
      throw new DicomError("no-pixel-data", "The object is there, but it holds no pixel data");
    case "native":
      return nativeFrames(pixelData.range, facts);
    case "encapsulated": {
      const { value, deviations } =
        pixelData.value === undefined
          ? await readFragments(file, pixelData, signal)
          : { value: pixelData.value, deviations: [] };
      const grouped = await groupFragments(file, value, facts.numberOfFrames, signal);
      return {
        numberOfFrames: facts.numberOfFrames,
        deviations: [...deviations, ...grouped.deviations],
        locate: (frameIndex) => {
          checkIndex(frameIndex, facts.numberOfFrames);
          checkStream(frameIndex, file.transferSyntax);
          const ranges = rangesOf(grouped.frames, frameIndex);
          return { ranges, bitOffset: 0, bitLength: undefined };
        },
      };
    }
  }
}

/**
 * The encoded frame: fragments joined, in a buffer of its own. A native frame is as it stands in the file, and
 * shorter where the file is; one of single bits begins at bit 0.
 * @throws DicomError `no-such-frame`, `truncated`, `malformed`
 */
export async function readFrame(
  file: DicomFile,
  index: FrameIndex,
  frameIndex: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const { ranges, bitOffset, bitLength } = index.locate(frameIndex);
  const bytes = await readRanges(file.source, ranges, signal);
  return bitOffset === 0 || bitLength === undefined
    ? bytes
    : shiftBits(bytes, bitOffset, bitLength);
}

/** Frames that follow one another without gaps, also within a byte (PS3.5 section 8.1.1). */
function nativeFrames(range: ByteRange, facts: FrameFacts): FrameIndex {
  const { numberOfFrames, bitsPerFrame } = facts;
  return {
    numberOfFrames,
    deviations: [],
    locate: (frameIndex) => {
      checkIndex(frameIndex, numberOfFrames);
      const firstBit = frameIndex * bitsPerFrame;
      const start = Math.floor(firstBit / 8);
      const bitOffset = firstBit % 8;
      const wanted = Math.ceil((bitOffset + bitsPerFrame) / 8);
      const length = Math.min(wanted, range.length - start);
      if (length <= 0) throw missingFrame(frameIndex, range.offset + range.length);
      return {
        ranges: [{ offset: range.offset + start, length }],
        bitOffset,
        bitLength: bitsPerFrame,
      };
    },
  };
}

function rangesOf(
  frames: readonly (readonly ByteRange[])[],
  frameIndex: number,
): readonly ByteRange[] {
  const ranges = frames[frameIndex];
  if (ranges === undefined) throw missingFrame(frameIndex, undefined);
  return ranges;
}

function checkIndex(frameIndex: number, numberOfFrames: number): void {
  if (!Number.isInteger(frameIndex) || frameIndex < 0 || frameIndex >= numberOfFrames)
    throw new DicomError(
      "no-such-frame",
      `There is no frame ${frameIndex + 1}; there are ${numberOfFrames}`,
    );
}

/** A frame inside a video has no bytes of its own. */
function checkStream(frameIndex: number, syntax: TransferSyntax | undefined): void {
  if (frameIndex === 0 || syntax?.frameEncoding !== "video") return;
  throw new DicomError(
    "unsupported-transfer-syntax",
    `${syntax.name} is one stream, which stands at frame 1; frame ${frameIndex + 1} is inside it`,
  );
}

function missingFrame(frameIndex: number, offset: number | undefined): DicomError {
  const facts = offset === undefined ? {} : { offset };
  return new DicomError("truncated", `The pixel data end before frame ${frameIndex + 1}`, facts);
}

async function readRanges(
  source: ByteSource,
  ranges: readonly ByteRange[],
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const range of ranges) {
    const part = await source.read(range.offset, range.length, signal);
    if (part.byteLength < range.length)
      throw new DicomError("truncated", "The source ended while a frame was read", {
        offset: range.offset + part.byteLength,
      });
    parts.push(part);
    length += part.byteLength;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

/** Moves bits down so that the first of the frame is bit 0; what follows the last one is cleared (PS3.5 section 8.1.1). */
function shiftBits(
  bytes: Uint8Array,
  bitOffset: number,
  bitLength: number,
): Uint8Array<ArrayBuffer> {
  const exists = Math.min(bitLength, bytes.byteLength * 8 - bitOffset);
  const shifted = new Uint8Array(Math.ceil(exists / 8));
  for (let at = 0; at < shifted.byteLength; at++)
    shifted[at] = ((bytes[at] ?? 0) >>> bitOffset) | ((bytes[at + 1] ?? 0) << (8 - bitOffset));
  const rest = exists % 8;
  const last = shifted.byteLength - 1;
  if (rest !== 0) shifted[last] = (shifted[last] ?? 0) & ((1 << rest) - 1);
  return shifted;
}
