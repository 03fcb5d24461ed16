import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import { type ReadOptions, readDicom } from "#core/dicom/part10-reader.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { SourceError } from "../source.ts";
import type { InstanceRecord, Part10Repair } from "./file-record.ts";
import { fileSource, readChunks } from "./file-source.ts";

/** Told when a file is not what the index knows. */
export type OnStale = (record: InstanceRecord) => void;

/**
 * Opens the file of a record for the time of an action, if it is still the one that was indexed.
 * @throws SourceError `not-found` when it is gone, `unavailable` when it has changed
 */
export async function withFile<Result>(
  record: InstanceRecord,
  onStale: OnStale,
  action: (handle: FileHandle) => Promise<Result>,
): Promise<Result> {
  const handle = await openUnchanged(record, onStale);
  try {
    return await action(handle);
  } finally {
    await handle.close();
  }
}

/** Reads the attributes of a record from its file; large values stay there. */
export async function readInstance(
  record: InstanceRecord,
  onStale: OnStale,
  options: ReadOptions,
): Promise<DicomFile> {
  return await withFile(record, onStale, async (handle) => {
    return await readDicom(fileSource(handle, record.size), options);
  }).catch((error: unknown) => {
    throw error instanceof DicomError ? unreadable(error) : error;
  });
}

/** Chunks of the file as a Part 10 stream; the file is open while they are asked for. */
export async function* readPart10(
  record: InstanceRecord,
  onStale: OnStale,
  range?: { readonly first: number; readonly last: number },
): AsyncGenerator<Uint8Array> {
  const { prefix, skip } = part10Layout(record);
  const first = range?.first ?? 0;
  const end = range === undefined ? part10Length(record) : range.last + 1;
  const handle = await openUnchanged(record, onStale);
  try {
    if (first < prefix.byteLength) yield prefix.subarray(first, end);
    const from = Math.max(first - prefix.byteLength, 0) + skip;
    const to = end - prefix.byteLength + skip;
    let left = to - from;
    for await (const chunk of readChunks(fileSource(handle, record.size), from, left)) {
      left -= chunk.byteLength;
      yield chunk;
    }
    if (left > 0) throw new SourceError("unavailable", "The file became shorter while it was read");
  } finally {
    await handle.close();
  }
}

/** Bytes of the Part 10 stream of a record. */
export function part10Length(record: InstanceRecord): number {
  const { prefix, skip } = part10Layout(record);
  return prefix.byteLength + record.size - skip;
}

/** @throws SourceError `not-found`, `unavailable` */
export async function openUnchanged(record: InstanceRecord, onStale: OnStale): Promise<FileHandle> {
  const handle = await open(path.join(record.root, record.path), "r").catch((error: unknown) => {
    onStale(record);
    throw new SourceError("not-found", "The file of this instance is not there any more", error);
  });
  try {
    const { size, mtimeMs } = await handle.stat();
    if (size === record.size && mtimeMs === record.mtimeMs) return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  onStale(record);
  throw new SourceError(
    "unavailable",
    "The file of this instance has changed and is being indexed again; ask again in a moment",
  );
}

function unreadable(error: DicomError): SourceError {
  return new SourceError("unavailable", `The file cannot be read: ${error.message}`, error);
}

function part10Layout({ content }: InstanceRecord): {
  readonly prefix: Uint8Array<ArrayBuffer>;
  readonly skip: number;
} {
  const { repair } = content;
  if (repair === undefined) return { prefix: new Uint8Array(0), skip: 0 };
  return { prefix: prefixOf(repair, content), skip: repair.skip };
}

/** Preamble, prefix, and file meta information where the file has none (PS3.10 section 7.1). */
function prefixOf(
  repair: Part10Repair,
  content: InstanceRecord["content"],
): Uint8Array<ArrayBuffer> {
  const preamble = new Uint8Array(132);
  preamble.set([0x44, 0x49, 0x43, 0x4d], 128);
  if (repair.prefix === "preamble") return preamble;
  const uid = (tag: number, text: string): DataElement => ({
    tag,
    vr: "UI",
    value: { kind: "strings", strings: [text] },
  });
  const version: DataElement = {
    tag: 0x00020001,
    vr: "OB",
    value: { kind: "bytes", bytes: Uint8Array.of(0, 1) },
  };
  const body = writeDataSet(
    new DataSet([
      version,
      uid(0x00020002, content.sopClassUid),
      uid(0x00020003, content.sopInstanceUid),
      uid(0x00020010, content.transferSyntaxUid || EXPLICIT_VR_LITTLE_ENDIAN),
    ]),
  );
  const length = writeDataSet(
    new DataSet([
      { tag: 0x00020000, vr: "UL", value: { kind: "numbers", numbers: [body.byteLength] } },
    ]),
  );
  const prefix = new Uint8Array(132 + length.byteLength + body.byteLength);
  prefix.set(preamble);
  prefix.set(length, 132);
  prefix.set(body, 132 + length.byteLength);
  return prefix;
}
