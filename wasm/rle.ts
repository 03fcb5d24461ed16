import { DicomError } from "#core/dicom/dicom-error.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";

const HEADER_BYTES = 64;
const MAXIMUM_SEGMENTS = 15;

/**
 * The native bytes of an RLE frame (PS3.5 Annex G): little endian, colour by pixel. Segments may stand in any order
 * and be padded.
 * @throws DicomError `truncated`, `codec-failure`.
 */
export function decodeRle(encoded: Uint8Array, imagePixel: ImagePixel): Uint8Array<ArrayBuffer> {
  const { rows, columns, samplesPerPixel, bitsAllocated } = imagePixel;
  const bytesPerSample = Math.ceil(bitsAllocated / 8);
  const stride = samplesPerPixel * bytesPerSample;
  const planeBytes = bitsAllocated === 1 ? Math.ceil((rows * columns) / 8) : rows * columns;
  const segments = readSegments(encoded, stride);
  const native = new Uint8Array(planeBytes * stride);
  for (const [index, segment] of segments.entries()) {
    const sample = Math.floor(index / bytesPerSample);
    // The most significant byte of a sample has the first segment, and is the last one in little endian.
    const byte = bytesPerSample - 1 - (index % bytesPerSample);
    decodeSegment(segment, native, sample * bytesPerSample + byte, stride);
  }
  return native;
}

/** The segments in the order of the header; each reaches to the next one that follows it in the frame. */
function readSegments(encoded: Uint8Array, expected: number): readonly Uint8Array[] {
  if (encoded.length < HEADER_BYTES)
    throw new DicomError("truncated", "The RLE frame ends within its header");
  const header = new DataView(encoded.buffer, encoded.byteOffset, HEADER_BYTES);
  const count = header.getUint32(0, true);
  if (count !== expected || count > MAXIMUM_SEGMENTS)
    throw new DicomError(
      "codec-failure",
      `The RLE frame has ${count} segments where its header asks for ${expected}`,
    );
  const offsets = Array.from({ length: count }, (_, index) =>
    header.getUint32(4 + index * 4, true),
  );
  return offsets.map((offset) => {
    if (offset < HEADER_BYTES)
      throw new DicomError("codec-failure", "An RLE segment lies within the header of its frame");
    if (offset >= encoded.length)
      throw new DicomError("truncated", "An RLE segment lies beyond the end of its frame");
    const later = offsets.filter((other) => other > offset);
    return encoded.subarray(offset, Math.min(encoded.length, ...later));
  });
}

/** PackBits (PS3.5 G.3.2) into every `stride`th byte from `first` on, until the plane is full. */
function decodeSegment(
  segment: Uint8Array,
  native: Uint8Array,
  first: number,
  stride: number,
): void {
  let from = 0;
  let to = first;
  while (to < native.length) {
    // A control byte that is missing leaves less than what follows it, too.
    const control = segment[from] ?? 0;
    from += 1;
    if (control === 128) continue;
    const isRun = control > 128;
    const count = isRun ? 257 - control : control + 1;
    const end = Math.min(to + count * stride, native.length);
    const used = isRun ? 1 : Math.ceil((end - to) / stride);
    if (from + used > segment.length) throw endsEarly();
    const step = isRun ? 0 : 1;
    for (let source = from; to < end; to += stride, source += step)
      native[to] = segment[source] ?? 0;
    from += used;
  }
}

function endsEarly(): DicomError {
  return new DicomError("truncated", "An RLE segment ends before its plane is full");
}
