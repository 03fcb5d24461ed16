import type { DataElement, DataSet } from "#core/dicom/data-set.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import { tagFromHex } from "#core/dicom/tag.ts";
import type { Vr } from "#core/dicom/vr.ts";
import { SourceError, type StoredBulkData } from "./source.ts";

/** Bytes of a file, read while they are asked for. */
export type OpenBytes = (offset: number, length: number) => AsyncIterable<Uint8Array>;

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
 * A value of a file by its path, little endian. `file` is read with its pixel data.
 * @throws SourceError `not-found` when there is no such value, or it has no single stream of bytes
 */
export async function bulkValueOf(
  file: DicomFile,
  path: string,
  open: OpenBytes,
  signal: AbortSignal,
): Promise<StoredBulkData> {
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
  return inFile(open, { offset, length, unit });
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

/** A run of bytes that are numbers of so many bytes each. */
interface Place {
  readonly offset: number;
  readonly length: number;
  readonly unit: number;
}

function inFile(open: OpenBytes, place: Place): StoredBulkData {
  const { offset, length, unit } = place;
  return {
    byteLength: length,
    open(range) {
      const first = range?.first ?? 0;
      const end = Math.min(range === undefined ? length : range.last + 1, length);
      if (unit === 1) return open(offset + first, end - first);
      return readSwapped(open, place, first, end);
    },
  };
}

/** Reads whole units, swaps them, and gives the part that is asked for. */
async function* readSwapped(
  open: OpenBytes,
  { offset, length, unit }: Place,
  first: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  const from = first - (first % unit);
  const to = Math.min(end + ((unit - (end % unit)) % unit), length);
  let at = from;
  for await (const chunk of wholeUnits(open(offset + from, to - from), unit)) {
    const bytes = swapped(chunk, unit);
    yield bytes.subarray(
      Math.max(first - at, 0),
      Math.max(Math.min(end - at, bytes.byteLength), 0),
    );
    at += bytes.byteLength;
  }
}

/** The same bytes in chunks of whole units, but for the last. */
async function* wholeUnits(
  chunks: AsyncIterable<Uint8Array>,
  unit: number,
): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    const bytes = rest.byteLength === 0 ? chunk : joined(rest, chunk);
    const whole = bytes.byteLength - (bytes.byteLength % unit);
    rest = bytes.subarray(whole);
    if (whole > 0) yield bytes.subarray(0, whole);
  }
  if (rest.byteLength > 0) yield rest;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.byteLength + b.byteLength);
  both.set(a);
  both.set(b, a.byteLength);
  return both;
}

/** A copy with each whole unit reversed. */
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
