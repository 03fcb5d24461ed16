import type { DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { expandSegments } from "./segmented-lut.ts";

/**
 * A palette color lookup table (PS3.3 C.7.6.3.1.5, C.7.9): stored values below the first mapped one take the first
 * colour, those above the last one the last colour.
 */
export interface Palette {
  /** Stored value that the first colour belongs to. */
  readonly firstMapped: number;
  /** Red, green, blue of each colour, 0 to 255; three bytes per colour, 1 to 65,536 colours. */
  readonly colors: Uint8Array<ArrayBuffer>;
}

interface ChannelTags {
  readonly descriptor: Tag;
  readonly data: Tag;
  readonly segmented: Tag;
}

/** Red, green and blue: descriptor, data and segmented data (PS3.3 table C.7-22). */
const CHANNELS: readonly ChannelTags[] = [
  {
    descriptor: TAGS.RedPaletteColorLookupTableDescriptor,
    data: TAGS.RedPaletteColorLookupTableData,
    segmented: TAGS.SegmentedRedPaletteColorLookupTableData,
  },
  {
    descriptor: TAGS.GreenPaletteColorLookupTableDescriptor,
    data: TAGS.GreenPaletteColorLookupTableData,
    segmented: TAGS.SegmentedGreenPaletteColorLookupTableData,
  },
  {
    descriptor: TAGS.BluePaletteColorLookupTableDescriptor,
    data: TAGS.BluePaletteColorLookupTableData,
    segmented: TAGS.SegmentedBluePaletteColorLookupTableData,
  },
];

/**
 * The palette of a data set; undefined when a channel is missing or empty, or is not in memory.
 * @param isSigned whether stored values, and with them the first mapped one, are two's complement.
 * @throws DicomError `malformed` when segmented data break PS3.3 C.7.9.2.
 */
export function readPalette(dataSet: DataSet, isSigned: boolean): Palette | undefined {
  const channels = CHANNELS.map((tags) => readChannel(dataSet, tags));
  const [red, green, blue] = channels;
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  const count = Math.max(red.length, green.length, blue.length);
  const colors = new Uint8Array(count * 3);
  [red, green, blue].forEach((channel, offset) => {
    for (let index = 0; index < count; index += 1)
      colors[index * 3 + offset] = channel[Math.min(index, channel.length - 1)] ?? 0;
  });
  const first = dataSet.numbers(TAGS.RedPaletteColorLookupTableDescriptor)[1] ?? 0;
  return { firstMapped: isSigned ? (first << 16) >> 16 : first & 0xffff, colors };
}

/** One channel, 0 to 255 each; undefined when it has no entries. */
function readChannel(dataSet: DataSet, tags: ChannelTags): Uint8Array | undefined {
  const [declared = 0, , bits = 16] = dataSet.numbers(tags.descriptor);
  // A count of 0 stands for 65,536 (PS3.3 C.7.6.3.1.5).
  const count = declared & 0xffff || 65_536;
  const segments = readUnits(dataSet, tags.segmented, bits > 8 ? 16 : 8);
  if (segments.length > 0) return scaled(expandSegments(segments, count, bits), bits);
  const words = readUnits(dataSet, tags.data, 16);
  // Entries of 8 bits lie two to a word; some writers give each a word of its own all the same.
  const isPacked = words.length < count;
  const entries = isPacked ? readUnits(dataSet, tags.data, 8) : words;
  return entries.length === 0 ? undefined : scaled(entries.slice(0, count), isPacked ? 8 : bits);
}

/**
 * Entries to the 8 bits of a screen. Tables that declare 16 bits and hold nothing above 255 were written with 8; the
 * other way round, entries above 255 show that 16 were meant. Bits in between, which the standard does not know, are taken at
 * their word as long as all entries fit into them.
 */
function scaled(entries: readonly number[], bits: number): Uint8Array {
  let largest = 0;
  for (const entry of entries) largest = Math.max(largest, entry);
  if (largest <= 255 && bits >= 8) return Uint8Array.from(entries);
  const range = bits > 8 && bits < 16 && largest < 2 ** bits ? 2 ** bits - 1 : 0xffff;
  return Uint8Array.from(entries, (entry) => Math.round((entry * 255) / range));
}

/** The value as units of 8 or 16 bits in the byte order of the data set; OW and US hold words, others bytes. */
function readUnits(dataSet: DataSet, tag: Tag, bits: 8 | 16): readonly number[] {
  const element = dataSet.element(tag);
  if (element === undefined) return [];
  const isWords = element.vr === "OW" || element.vr === "US" || element.vr === "SS";
  const numbers = isWords ? dataSet.numbers(tag) : [...(dataSet.bytes(tag) ?? [])];
  if (isWords === (bits === 16)) return isWords ? numbers.map((word) => word & 0xffff) : numbers;
  if (isWords) return numbers.flatMap((word) => [word & 0xff, (word >> 8) & 0xff]);
  return Array.from(
    { length: numbers.length >> 1 },
    (_, index) => (numbers[index * 2] ?? 0) | ((numbers[index * 2 + 1] ?? 0) << 8),
  );
}
