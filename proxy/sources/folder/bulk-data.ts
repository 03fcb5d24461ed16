import { readDicom } from "#core/dicom/part10-reader.ts";
import { bulkValueOf } from "../bulk-value.ts";
import type { StoredBulkData } from "../source.ts";
import type { InstanceRecord } from "./file-record.ts";
import { fileSource, readChunks } from "./file-source.ts";
import { type OnStale, openUnchanged, withFile } from "./instance-file.ts";

/**
 * A value of an instance by its path, little endian, read from the file while it is asked for.
 * @throws SourceError `not-found` when there is no such value, or it has no single stream of bytes
 */
export async function bulkDataOf(
  record: InstanceRecord,
  path: string,
  onStale: OnStale,
  signal: AbortSignal,
): Promise<StoredBulkData> {
  return await withFile(record, onStale, async (handle) => {
    const file = await readDicom(fileSource(handle, record.size), { signal });
    const open = (offset: number, length: number) => readBytes(record, onStale, offset, length);
    return await bulkValueOf(file, path, open, signal);
  });
}

async function* readBytes(
  record: InstanceRecord,
  onStale: OnStale,
  offset: number,
  length: number,
): AsyncGenerator<Uint8Array> {
  const handle = await openUnchanged(record, onStale);
  try {
    yield* readChunks(fileSource(handle, record.size), offset, length);
  } finally {
    await handle.close();
  }
}
