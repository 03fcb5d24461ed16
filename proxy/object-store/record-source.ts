import type { ByteSource } from "#core/dicom/byte-source.ts";
import { type RecordReader, readRange } from "./read-record.ts";
import type { StoredRecord } from "./stored-record.ts";

/**
 * A record as a source for readers of DICOM. Whole chunks are read and kept in memory, so that small reads one behind the
 * other cost one.
 */
export function recordSource(
  reader: RecordReader,
  byteLength: number,
  record: () => StoredRecord,
): ByteSource {
  return {
    byteLength,
    read: async (offset, length, signal) => {
      signal?.throwIfAborted();
      const end = Math.min(offset + length, byteLength);
      if (offset >= end) return new Uint8Array();
      const parts: Uint8Array<ArrayBuffer>[] = [];
      for await (const part of readRange(reader, record(), offset, end)) {
        signal?.throwIfAborted();
        parts.push(part);
      }
      return joined(parts, end - offset);
    },
  };
}

function joined(parts: readonly Uint8Array<ArrayBuffer>[], byteLength: number) {
  const [only] = parts;
  if (only?.byteLength === byteLength) return only;
  const bytes = new Uint8Array(byteLength);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
