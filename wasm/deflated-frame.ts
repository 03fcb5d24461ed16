import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { unsubsampledFrameBytes } from "#core/pixels/native-frame.ts";
import { checkFrameSize } from "./codestream-header.ts";

/** Bytes beyond the frame that are put up with: one to even length, and a little more. */
const TOLERATED_EXCESS = 4096;

/**
 * The native bytes of a deflated frame (PS3.5 section A.4.14: RFC 1951, perhaps one NUL to even length), in a buffer of
 * their own. Inflating ends when there are more bytes than a frame can have.
 * @throws DicomError `truncated`, `codec-failure`, `limit-exceeded`.
 */
export async function inflateFrame(
  encoded: Uint8Array<ArrayBuffer>,
  imagePixel: ImagePixel,
): Promise<Uint8Array<ArrayBuffer>> {
  checkFrameSize(imagePixel, imagePixel.bitsAllocated / 8);
  // Subsampled colour is sometimes stored with a chroma for each pixel.
  const limit = unsubsampledFrameBytes(imagePixel) + TOLERATED_EXCESS;
  const whole = await inflate(encoded, limit);
  if (whole.isWhole) return whole.bytes;
  // Chromium accepts nothing after the end, not even the byte of padding.
  const ended = encoded.at(-1) === 0 ? await inflate(encoded.subarray(0, -1), limit) : whole;
  if (ended.isWhole) return ended.bytes;
  if (whole.bytes.length === 0)
    throw new DicomError("codec-failure", "The deflated frame cannot be inflated");
  throw new DicomError("truncated", "The deflated frame ends early");
}

async function inflate(
  deflated: Uint8Array<ArrayBuffer>,
  limit: number,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly isWhole: boolean }> {
  const stream = new DecompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  // Failures of writing come out of reading as well; there they are handled.
  writer.write(deflated).catch(() => undefined);
  writer.close().catch(() => undefined);
  const bytes = new Uint8Array(limit);
  let length = 0;
  try {
    for (;;) {
      const next = await reader.read();
      if (next.done) return { bytes: bytes.slice(0, length), isWhole: true };
      if (length + next.value.length > limit)
        throw new DicomError("limit-exceeded", `The frame inflates beyond ${limit} bytes`);
      bytes.set(next.value, length);
      length += next.value.length;
    }
  } catch (error) {
    if (!(error instanceof DicomError)) return { bytes: bytes.slice(0, length), isWhole: false };
    await reader.cancel(error);
    throw error;
  }
}
