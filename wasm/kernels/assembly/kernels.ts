import { OK } from "../kernel-status";
import { JpegLossless } from "./jpeg-lossless";
import { JpegStream } from "./jpeg-stream";
import { SampleRows } from "./sample-rows";

export { reserveInput } from "./arena";

/** Decodes lossless JPEG (ITU-T T.81 Annex H). */
export function decodeJpegLossless(
  input: usize,
  length: u32,
  rows: i32,
  columns: i32,
  components: i32,
): i32 {
  SampleRows.frame = 0;
  const status = JpegStream.open(input, length, rows, columns, components);
  return status == OK ? JpegLossless.decode() : status;
}

/** Where the samples of the last lossless JPEG stand. */
export function losslessFrame(): usize {
  return SampleRows.frame;
}

/** Low bits that the encoder of the last lossless JPEG left out. */
export function losslessPointTransform(): i32 {
  return JpegLossless.pointTransform;
}

/** Whether all samples of the last lossless JPEG fit its precision, as unsigned or as signed numbers. */
export function losslessFits(asSigned: bool): bool {
  return SampleRows.fits(asSigned);
}
