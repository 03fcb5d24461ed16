import type { ByteSource } from "#core/dicom/byte-source.ts";
import type { DataElement, DataSet } from "#core/dicom/data-set.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { tagFromHex } from "#core/dicom/tag.ts";
import type { Vr } from "#core/dicom/vr.ts";
import { SourceError, type StoredBulkData } from "../source.ts";
import type { InstanceRecord } from "./file-record.ts";
import { fileSource, readChunks } from "./file-source.ts";
import { type OnStale, openUnchanged, withFile } from "./instance-file.ts";

/** Values of deflated files have to be in memory. */
const MOST_INFLATED_BYTES = 512 * 1024 * 1024;

/** Bytes of one number in VRs whose order of bytes depends on the transfer syntax. */
const UNIT_BYTES: Readonly<Partial<Record<Vr, number>>> = {
  OW: 2,
  US: 2,
  SS: 2,
  OL: 4,
  OF: 4,
  UL: 4,
  SL: 4,
  FL: 4,
  OD: 8,
  OV: 8,
  FD: 8,
  SV: 8,
  UV: 8,
};

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
    const { element, littleEndian } = elementAt(file.dataSet, path.split("/"));
    const unit = littleEndian ? 1 : (UNIT_BYTES[element.vr] ?? 1);
    const { value } = element;
    if (value.kind === "bytes") return inMemory(value.bytes, unit);
    if (value.kind !== "range") throw noSuchValue();
    const { offset, length } = value.range;
    if (file.transferSyntax?.isDeflated === true) {
      if (length > MOST_INFLATED_BYTES) throw noSuchValue();
      return inMemory(await file.source.read(offset, length, signal), unit);
    }
    return inFile(record, onStale, { offset, length, unit });
  });
}

function inMemory(bytes: Uint8Array, unit: number): StoredBulkData {
  const value = unit === 1 ? bytes : swapped(bytes, unit);
  return {
    byteLength: value.byteLength,
    async *open(range) {
      yield range === undefined ? value : value.subarray(range.first, range.last + 1);
    },
  };
}

function inFile(
  record: InstanceRecord,
  onStale: OnStale,
  place: { readonly offset: number; readonly length: number; readonly unit: number },
): StoredBulkData {
  const { offset, length, unit } = place;
  return {
    byteLength: length,
    async *open(range) {
      const first = range?.first ?? 0;
      const end = Math.min(range === undefined ? length : range.last + 1, length);
      const handle = await openUnchanged(record, onStale);
      try {
        yield* unit === 1
          ? readChunks(fileSource(handle, record.size), offset + first, end - first)
          : readSwapped(fileSource(handle, record.size), place, first, end);
      } finally {
        await handle.close();
      }
    },
  };
}

/** Reads whole units, swaps them, and gives the part that is asked for. */
async function* readSwapped(
  source: ByteSource,
  { offset, unit }: { readonly offset: number; readonly unit: number },
  first: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  const from = first - (first % unit);
  const to = end + ((unit - (end % unit)) % unit);
  let at = from;
  for await (const chunk of readChunks(source, offset + from, to - from)) {
    const bytes = swapped(chunk, unit);
    yield bytes.subarray(
      Math.max(first - at, 0),
      Math.max(Math.min(end - at, bytes.byteLength), 0),
    );
    at += bytes.byteLength;
  }
}

/** A copy with each whole unit reversed; the chunks of a file are multiples of every unit but the last. */
function swapped(bytes: Uint8Array, unit: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  for (let at = 0; at + unit <= copy.byteLength; at += unit) copy.subarray(at, at + unit).reverse();
  return copy;
}

/** Follows `00420011` or `0040A730/2/00420011`, items counted from 1. */
function elementAt(
  dataSet: DataSet,
  path: readonly string[],
): { readonly element: DataElement; readonly littleEndian: boolean } {
  const [head = "", item, ...rest] = path;
  const tag = tagFromHex(head);
  const element = tag === undefined ? undefined : dataSet.element(tag);
  if (element === undefined || tag === undefined) throw noSuchValue();
  if (item === undefined) return { element, littleEndian: dataSet.encoding.littleEndian };
  const inner = /^[1-9]\d{0,8}$/.test(item) ? dataSet.items(tag)[Number(item) - 1] : undefined;
  if (inner === undefined) throw noSuchValue();
  return elementAt(inner, rest);
}

function noSuchValue(): SourceError {
  return new SourceError("not-found", "The instance has no such value");
}
