import type { DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";

/**
 * A lookup table of the grayscale pipeline (PS3.3 C.11.1.1.1 and C.11.2.1.1). Input values below the first
 * mapped one take the first entry, those above the last one the last entry.
 */
export interface LookupTable {
  /** Input value that the first entry belongs to. */
  readonly firstMapped: number;
  /** Entries in order, 1 to 65,536 of them, unsigned. */
  readonly entries: Uint16Array<ArrayBuffer>;
  /** Bits of an entry, 1 to 16: the output range is 0 to 2^bits - 1. */
  readonly bits: number;
}

/**
 * The table of an item of a Modality or VOI LUT Sequence, or undefined when the item holds none: an empty
 * table, as some writers leave it behind, is no table.
 * @param isSigned whether the first mapped value is two's complement.
 */
export function readLookupTable(item: DataSet, isSigned: boolean): LookupTable | undefined {
  const descriptor = item.numbers(TAGS.LUTDescriptor);
  const [count, first, declaredBits] = descriptor;
  if (count === undefined || first === undefined) return undefined;
  // A count of 0 stands for 65,536 (PS3.3 C.11.1.1.1); LUT Data that is shorter than that wins.
  const wanted = unsigned16(count) === 0 ? 65_536 : unsigned16(count);
  const entries = readEntries(item, TAGS.LUTData, declaredBits ?? 16, wanted).slice(0, wanted);
  if (entries.length === 0) return undefined;
  const bits = neededBits(entries, declaredBits ?? 16);
  return { firstMapped: isSigned ? signed16(first) : unsigned16(first), entries, bits };
}

/**
 * Entries of 8 or 16 bits. Words of 8-bit entries hold two of them each, the first one in the lower byte, or one, where there
 * are enough words for all.
 */
function readEntries(
  item: DataSet,
  tag: Tag,
  bits: number,
  wanted: number,
): Uint16Array<ArrayBuffer> {
  const element = item.element(tag);
  if (element === undefined) return new Uint16Array(0);
  if (element.vr === "OB" || element.vr === "UN") return fromBytes(item.bytes(tag), bits);
  const words = Uint16Array.from(item.numbers(tag), unsigned16);
  if (bits > 8 || words.length >= wanted) return words;
  return Uint16Array.from({ length: words.length * 2 }, (_, at) => {
    const word = words[at >> 1] ?? 0;
    return at % 2 === 0 ? word & 0xff : word >> 8;
  });
}

function fromBytes(bytes: Uint8Array | undefined, bits: number): Uint16Array<ArrayBuffer> {
  if (bytes === undefined) return new Uint16Array(0);
  if (bits <= 8) return Uint16Array.from(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.byteLength >> 1 }, (_, index) =>
    view.getUint16(index * 2, true),
  );
}

/** Declared bits, unless entries need more: then what they need, as a table must not overflow its own range. */
function neededBits(entries: Uint16Array, declared: number): number {
  let all = 0;
  for (const entry of entries) all |= entry;
  const needed = 32 - Math.clz32(all);
  const stated = declared >= 1 && declared <= 16 ? declared : 16;
  return Math.max(stated, needed, 1);
}

function unsigned16(value: number): number {
  return value & 0xffff;
}

function signed16(value: number): number {
  return (value << 16) >> 16;
}
