import type { ChunkMemory } from "./chunk-memory.ts";
import { TAG_BYTES } from "./record-cipher.ts";
import type { StoredRecord } from "./stored-record.ts";

/** A run of chunks of one record. */
export interface ChunkRun {
  readonly record: StoredRecord;
  readonly count: number;
}

/** Bytes that the next chunks of a record take on the disk. */
export function storedBytesOf(record: StoredRecord, count: number): number {
  let sum = 0;
  for (let index = record.storedChunks; index < record.storedChunks + count; index += 1) {
    sum += (record.chunk(index)?.byteLength ?? 0) + TAG_BYTES;
  }
  return sum;
}

/** All chunks of a record may be forgotten; with the first of them that the disk has not, the record is gone. */
export function letGo(record: StoredRecord, memory: ChunkMemory): void {
  for (let index = record.storedChunks; index < record.sealedChunks; index += 1) {
    const chunk = record.chunk(index);
    if (chunk !== undefined) memory.risk(chunk);
  }
}

/** Encrypts a run of chunks to `parts`; gives their length. Nothing where the record is gone. */
export function encryptRun(
  { record, count }: ChunkRun,
  dataKey: Uint8Array,
  parts: Uint8Array[],
): number {
  if (record.state === "gone" || count === 0) return 0;
  const cipher = record.cipher(dataKey);
  const first = parts.length;
  for (let index = record.storedChunks; index < record.storedChunks + count; index += 1) {
    const chunk = record.chunk(index);
    if (chunk === undefined) throw new Error("A chunk that is to be written has left memory");
    cipher.encrypt(index, chunk.pieces, parts);
  }
  return parts.slice(first).reduce((sum, part) => sum + part.byteLength, 0);
}

/** The memory of encrypted pieces, each of which has its own; tags are small, and may share theirs. */
export function encryptedMemory(parts: readonly Uint8Array[]): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  for (const { buffer, byteLength } of parts) {
    const isAlone = byteLength > TAG_BYTES && buffer.byteLength === byteLength;
    if (isAlone && buffer instanceof ArrayBuffer) buffers.push(buffer);
  }
  return buffers;
}
