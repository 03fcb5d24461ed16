import { OK } from "../kernel-status";
import { ColourRows } from "./colour-rows";
import { ColourRows8Bit } from "./colour-rows-8-bit";
import { JpegDct } from "./jpeg-dct";
import { JpegLossless } from "./jpeg-lossless";
import { JpegStream } from "./jpeg-stream";
import { Rle } from "./rle";
import { SampleRows } from "./sample-rows";

export { reserveInput } from "./arena";
export { alignSamples, largestSample, measureSamples, smallestSample } from "./sample-values";

/** Decodes lossless JPEG (ITU-T T.81 Annex H). The frame must be as the caller has read it. */
export function decodeJpegLossless(
  input: usize,
  length: u32,
  rows: i32,
  columns: i32,
  components: i32,
): i32 {
  SampleRows.frame = 0;
  const status = JpegStream.open(input, length, rows, columns, components);
  return status === OK ? JpegLossless.decode() : status;
}

/** Where the samples of the last lossless JPEG stand. */
export function losslessFrame(): usize {
  return SampleRows.frame;
}

/** Low bits that the encoder of the last lossless JPEG left out. */
export function losslessPointTransform(): i32 {
  return JpegLossless.pointTransform;
}

/** All samples of the last lossless JPEG joined by OR. */
export function losslessBits(): u32 {
  return SampleRows.joinedBits();
}

/** Whether all samples of the last lossless JPEG are two's complement numbers of its precision. */
export function isLosslessSigned(): bool {
  return SampleRows.isSigned();
}

/** Decodes DCT-based JPEG of 8 or 12 bits (ITU-T T.81 Annexes F and G); `isYcc` asks for RGB of YCbCr. */
export function decodeJpegDct(
  input: usize,
  length: u32,
  rows: i32,
  columns: i32,
  components: i32,
  precision: i32,
  isYcc: bool,
): i32 {
  ColourRows.frame = 0;
  ColourRows8Bit.frame = 0;
  const opened = JpegStream.open(input, length, rows, columns, components);
  if (opened !== OK) return opened;
  const decoded = JpegDct.decode(precision);
  if (decoded !== OK) return decoded;
  return precision === 8 ? ColourRows8Bit.fill(isYcc) : ColourRows.fill(isYcc);
}

/** Where the samples of the last DCT-based JPEG stand: `u8` for 8 bits, else `u16`. */
export function dctFrame(): usize {
  return ColourRows8Bit.frame === 0 ? ColourRows.frame : ColourRows8Bit.frame;
}

/** Bytes behind the scans of the last DCT-based JPEG that belong to nothing. */
export function strayBytes(): i32 {
  return JpegStream.strayBytes;
}

/** Decodes a frame of RLE (PS3.5 Annex G); a plane has one byte of each pixel, or of eight pixels of one bit. */
export function decodeRle(
  input: usize,
  length: u32,
  planeBytes: u32,
  samples: u32,
  bytesPerSample: u32,
): i32 {
  return Rle.decode(input, length, planeBytes, samples, bytesPerSample);
}

/** Where the native bytes of the last RLE frame stand. */
export function rleFrame(): usize {
  return Rle.frame;
}
