import type { ByteSource } from "#core/dicom/byte-source.ts";

/** Headers are read in small steps; one such window holds the header of most instances. */
const WINDOW_BYTES = 256 * 1024;

/** A byte source over a file. Short reads are answered from a window that is read ahead. */
export function blobSource(blob: Blob): ByteSource {
  let windowStart = 0;
  let window = new Uint8Array(0);
  const readBlob = async (offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
  return {
    byteLength: blob.size,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      if (length >= WINDOW_BYTES) return readBlob(offset, length);
      const end = Math.min(offset + length, blob.size);
      if (offset < windowStart || end > windowStart + window.length) {
        window = await readBlob(offset, WINDOW_BYTES);
        windowStart = offset;
      }
      return window.subarray(offset - windowStart, Math.max(offset, end) - windowStart);
    },
  };
}
