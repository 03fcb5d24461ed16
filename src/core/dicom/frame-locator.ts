import type { ByteSource } from "./byte-source.ts";
import type { ByteRange } from "./data-set.ts";
import type { Deviation } from "./deviation.ts";
import { DicomError } from "./dicom-error.ts";
import type { DicomFile } from "./dicom-file.ts";
import { groupFragments } from "./group-fragments.ts";
import { readFragments } from "./read-fragments.ts";
import { BitsAllocated } from "./tags.generated.ts";
import type { TransferSyntax } from "./transfer-syntax.ts";
import type { Vr } from "./vr.ts";

/** What frames are located by. */
export interface FrameFacts {
  readonly numberOfFrames: number;
  /** Bits of a native frame: rows x columns x samples per pixel x bits allocated. */
  readonly bitsPerFrame: number;
  /** The same if no chroma is subsampled, although the header says so: taken where the pixel data are that long. */
  readonly unsubsampledBitsPerFrame?: number;
}

/** Where the bytes of a frame are. */
interface FrameLocation {
  /** Runs of bytes that make up the frame, in order; one for native frames. */
  readonly ranges: readonly ByteRange[];
  /** Bits that belong to the frame before: 0 except for cells that do not fill bytes, or not words that are swapped. */
  readonly bitOffset: number;
  /** Whether the bytes stand in words of which each is turned round (see `hasSwappedWords`). */
  readonly isWordSwapped: boolean;
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
      return nativeFrames(pixelData.range, facts, hasSwappedWords(file, pixelData.vr));
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
          return { ranges, bitOffset: 0, isWordSwapped: false, bitLength: undefined };
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
  const { ranges, bitOffset, isWordSwapped, bitLength } = index.locate(frameIndex);
  const bytes = await readRanges(file.source, ranges, signal);
  if (bitOffset === 0 || bitLength === undefined) return bytes;
  if (!isWordSwapped) return shiftBits(bytes, bitOffset, bitLength);
  const inOrder = turnWords(bytes).subarray(bitOffset >> 3);
  return turnWords(shiftBits(inOrder, bitOffset & 7, bitLength));
}

/** Frames that follow one another without gaps, also within a byte or word (PS3.5 section 8.1.1). */
function nativeFrames(range: ByteRange, facts: FrameFacts, isWordSwapped: boolean): FrameIndex {
  const { numberOfFrames } = facts;
  const bitsPerFrame = storedBitsPerFrame(range, facts);
  const unitBits = isWordSwapped ? 16 : 8;
  return {
    numberOfFrames,
    deviations: excessDeviations(range, facts, bitsPerFrame),
    locate: (frameIndex) => {
      checkIndex(frameIndex, numberOfFrames);
      const firstBit = frameIndex * bitsPerFrame;
      const bitOffset = firstBit % unitBits;
      const start = (firstBit - bitOffset) / 8;
      const wanted = Math.ceil((bitOffset + bitsPerFrame) / unitBits) * (unitBits / 8);
      const length = Math.min(wanted, range.length - start);
      if (length <= 0) throw missingFrame(frameIndex, range.offset + range.length);
      return {
        ranges: [{ offset: range.offset + start, length }],
        bitOffset,
        isWordSwapped,
        bitLength: bitsPerFrame,
      };
    },
  };
}

function storedBitsPerFrame(
  range: ByteRange,
  { numberOfFrames, bitsPerFrame, unsubsampledBitsPerFrame }: FrameFacts,
): number {
  if (unsubsampledBitsPerFrame === undefined)
    return hasWholeBytes(range, numberOfFrames, bitsPerFrame)
      ? Math.ceil(bitsPerFrame / 8) * 8
      : bitsPerFrame;
  const isUnsubsampled = range.length * 8 >= numberOfFrames * unsubsampledBitsPerFrame;
  return isUnsubsampled ? unsubsampledBitsPerFrame : bitsPerFrame;
}

/** Whether each frame of cells that do not fill bytes begins with one, as some writers have it: the length tells. */
function hasWholeBytes(range: ByteRange, numberOfFrames: number, bitsPerFrame: number): boolean {
  const whole = evenLength(numberOfFrames * Math.ceil(bitsPerFrame / 8));
  const packed = evenLength(Math.ceil((numberOfFrames * bitsPerFrame) / 8));
  return whole > packed && evenLength(range.length) === whole;
}

function evenLength(bytes: number): number {
  return Math.ceil(bytes / 2) * 2;
}

/** What the length of the pixel data says against the header. */
function excessDeviations(
  range: ByteRange,
  { numberOfFrames, bitsPerFrame }: FrameFacts,
  storedBits: number,
): readonly Deviation[] {
  if (storedBits !== bitsPerFrame && storedBits % 8 === 0 && bitsPerFrame % 8 !== 0)
    return [
      { code: "frames-of-whole-bytes", message: "Each frame begins with a byte of its own." },
    ];
  const needed = evenLength(Math.ceil((numberOfFrames * storedBits) / 8));
  if (range.length <= needed) return [];
  const message = `The pixel data have ${range.length - needed} bytes more than the header asks for.`;
  return [{ code: "excess-pixel-data", message }];
}

/** Cells smaller than a word are turned round in pairs of bytes with the words of a big endian OW value (section 7.3). */
function hasSwappedWords({ transferSyntax, dataSet }: DicomFile, vr: Vr): boolean {
  return (
    transferSyntax?.littleEndian === false &&
    vr === "OW" &&
    (dataSet.number(BitsAllocated) ?? 16) < 16
  );
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

/** The bytes of each word in the other order; a last one without a partner gets 0. */
function turnWords(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const turned = new Uint8Array(Math.ceil(bytes.length / 2) * 2);
  for (let at = 0; at < bytes.length; at += 1) turned[at ^ 1] = bytes[at] ?? 0;
  return turned;
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
