import type { FileHandle } from "node:fs/promises";
import type { ByteSource } from "#core/dicom/byte-source.ts";

/** What one read of the disk brings at least; the headers of most images fit. */
const BLOCK_BYTES = 65_536;

/** Bytes of an open file. Holds one block, so that the many small reads of a header are one read of the disk. */
export function fileSource(handle: FileHandle, byteLength: number): ByteSource {
  let block: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  let blockOffset = 0;
  return {
    byteLength,
    read: async (offset, length, signal) => {
      signal?.throwIfAborted();
      const wanted = Math.max(0, Math.min(length, byteLength - offset));
      if (wanted > BLOCK_BYTES) return await readFully(handle, offset, wanted);
      if (offset < blockOffset || offset + wanted > blockOffset + block.byteLength) {
        block = await readFully(handle, offset, Math.min(BLOCK_BYTES, byteLength - offset));
        blockOffset = offset;
      }
      return block.subarray(offset - blockOffset, offset - blockOffset + wanted);
    },
  };
}

/** The bytes of a range in chunks; the next one is read when it is asked for. */
export async function* readChunks(
  source: ByteSource,
  offset: number,
  length: number,
  chunkBytes = 262_144,
): AsyncGenerator<Uint8Array> {
  const end = offset + length;
  for (let at = offset; at < end; ) {
    const chunk = await source.read(at, Math.min(chunkBytes, end - at));
    if (chunk.byteLength === 0) return;
    yield chunk;
    at += chunk.byteLength;
  }
}

async function readFully(
  handle: FileHandle,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.max(length, 0));
  let filled = 0;
  while (filled < bytes.byteLength) {
    const { bytesRead } = await handle.read(
      bytes,
      filled,
      bytes.byteLength - filled,
      offset + filled,
    );
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled === bytes.byteLength ? bytes : bytes.slice(0, filled);
}
