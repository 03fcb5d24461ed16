import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ByteReader } from "./byte-reader.ts";

/** A box of a JP2 or JPEG XL file (ITU-T T.800 I.4). */
export interface Box {
  readonly type: number;
  /** Offset of what the box holds, and of the first byte after it. */
  readonly start: number;
  readonly end: number;
}

/** The boxes between two offsets, one after the other. @throws DicomError `truncated`, `codec-failure`. */
export function* boxesOf(
  reader: ByteReader,
  { start, end: limit }: Pick<Box, "start" | "end">,
): Generator<Box> {
  for (let at = start; at < limit; ) {
    const length = reader.u32(at);
    // Length 1: the true length follows in 64 bits. Length 0: the box reaches to the end.
    const header = length === 1 ? 16 : 8;
    const whole = length === 1 ? reader.u32(at + 8) * 2 ** 32 + reader.u32(at + 12) : length;
    const end = whole === 0 ? limit : at + whole;
    if (end < at + header)
      throw new DicomError("codec-failure", "The encoded frame has a box that is too short");
    yield { type: reader.u32(at + 4), start: at + header, end: Math.min(end, limit) };
    at = end;
  }
}
