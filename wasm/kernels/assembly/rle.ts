import {
  BAD_SEGMENT_COUNT,
  BAD_SEGMENT_OFFSET,
  OK,
  OUT_OF_MEMORY,
  TRUNCATED,
} from "../kernel-status";
import { take } from "./arena";

/** Length of the header: the number of segments, and the offsets of up to 15 (PS3.5 G.5). */
const HEADER_BYTES: u32 = 64;
const MAXIMUM_SEGMENTS: u32 = 15;

/** Runs may be written beyond the end of a plane by so many bytes. */
const MARGIN: u64 = 160;

/** RLE of DICOM (PS3.5 Annex G): byte planes, each compressed by PackBits. */
export abstract class Rle {
  /** The native bytes of the frame, little endian, colour by pixel. */
  static frame: usize = 0;

  /** Decodes a frame of `planeBytes` pixels, each of `samples` samples of so many bytes. */
  static decode(
    input: usize,
    length: u32,
    planeBytes: u32,
    samples: u32,
    bytesPerSample: u32,
  ): i32 {
    const count = samples * bytesPerSample;
    const status = Rle.checkHeader(input, length, count);
    if (status !== OK) return status;
    const planes = take(<u64>planeBytes * <u64>count + MARGIN);
    Rle.frame = count === 1 ? planes : take(<u64>planeBytes * <u64>count + MARGIN);
    if (planes === 0 || Rle.frame === 0) return OUT_OF_MEMORY;
    for (let index: u32 = 0; index < count; index++) {
      const from = input + <usize>Rle.offset(input, index);
      const to = input + <usize>Rle.endOf(input, length, count, index);
      const plane = planes + <usize>planeBytes * <usize>index;
      if (!Rle.unpack(from, to, plane, planeBytes)) return TRUNCATED;
    }
    if (count > 1) Rle.merge(planes, planeBytes, samples, bytesPerSample);
    return OK;
  }

  private static checkHeader(input: usize, length: u32, count: u32): i32 {
    if (length < HEADER_BYTES) return TRUNCATED;
    if (load<u32>(input) !== count || count > MAXIMUM_SEGMENTS) return BAD_SEGMENT_COUNT;
    for (let index: u32 = 0; index < count; index++) {
      const offset = Rle.offset(input, index);
      if (offset < HEADER_BYTES) return BAD_SEGMENT_OFFSET;
      for (let before: u32 = 0; before < index; before++)
        if (Rle.offset(input, before) === offset) return BAD_SEGMENT_OFFSET;
      if (offset >= length) return TRUNCATED;
    }
    return OK;
  }

  private static offset(input: usize, index: u32): u32 {
    return load<u32>(input + 4 + 4 * index);
  }

  /** A segment reaches to the next one that follows it in the frame; they may stand in any order. */
  private static endOf(input: usize, length: u32, count: u32, index: u32): u32 {
    const own = Rle.offset(input, index);
    let end = length;
    for (let other: u32 = 0; other < count; other++) {
      const offset = Rle.offset(input, other);
      if (offset > own && offset < end) end = offset;
    }
    return end;
  }

  /** PackBits (PS3.5 G.3.2) until the plane is full; false when the segment ends before that. */
  private static unpack(from: usize, end: usize, plane: usize, planeBytes: u32): bool {
    const full = plane + planeBytes;
    while (plane < full) {
      if (from >= end) return false;
      const control = <usize>load<u8>(from++);
      if (control === 128) continue;
      const isRun = control > 128;
      const count: usize = isRun ? 257 - control : control + 1;
      const used: usize = isRun ? 1 : count;
      // What a run has beyond the plane may be missing.
      if (from + min(used, full - plane) > end) return false;
      if (isRun) fill(plane, load<i8>(from), count);
      else copy(plane, from, count);
      plane += count;
      from += used;
    }
    return true;
  }

  /** The most significant byte of a sample has the first segment, and is the last one in little endian. */
  private static merge(planes: usize, planeBytes: u32, samples: u32, bytesPerSample: u32): void {
    if (samples === 1 && bytesPerSample === 2) {
      Rle.mergeWords(planes + planeBytes, planes, planeBytes);
      return;
    }
    const pixelBytes = samples * bytesPerSample;
    for (let index: u32 = 0; index < pixelBytes; index++) {
      const sample = index / bytesPerSample;
      const byte = bytesPerSample - 1 - (index % bytesPerSample);
      const plane = planes + <usize>planeBytes * <usize>index;
      let to = Rle.frame + sample * bytesPerSample + byte;
      for (let at: usize = 0; at < <usize>planeBytes; at++, to += pixelBytes)
        store<u8>(to, load<u8>(plane + at));
    }
  }

  /** Sixteen samples of two bytes at a time. */
  private static mergeWords(low: usize, high: usize, count: usize): void {
    for (let at: usize = 0; at < count; at += 16) {
      const lows = v128.load(low + at);
      const highs = v128.load(high + at);
      const to = Rle.frame + 2 * at;
      v128.store(to, mergeFirst(lows, highs));
      v128.store(to, mergeLast(lows, highs), 16);
    }
  }
}

/** Whole vectors: what lies beyond the run is written again by what follows it. */
function fill(to: usize, value: i8, count: usize): void {
  const values = i8x16.splat(value);
  for (let at: usize = 0; at < count; at += 16) v128.store(to + at, values);
}

function copy(to: usize, from: usize, count: usize): void {
  for (let at: usize = 0; at < count; at += 16) v128.store(to + at, v128.load(from + at));
}

function mergeFirst(low: v128, high: v128): v128 {
  return v128.shuffle<i8>(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

function mergeLast(low: v128, high: v128): v128 {
  return v128.shuffle<i8>(low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
