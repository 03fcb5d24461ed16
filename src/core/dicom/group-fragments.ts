import { START_BYTES, startsCodestream } from "./codestream-start.ts";
import type { ByteRange, DataSet, EncapsulatedPixelData } from "./data-set.ts";
import type { Deviation } from "./deviation.ts";
import { DeviationLog } from "./deviation-log.ts";
import { DicomError } from "./dicom-error.ts";
import type { DicomFile } from "./dicom-file.ts";
import { decodeNumbers } from "./numbers.ts";
import type { Tag } from "./tag.ts";

const PIXEL_DATA = 0x7fe00010;
const EXTENDED_OFFSET_TABLE = 0x7fe00001;
const EXTENDED_OFFSET_TABLE_LENGTHS = 0x7fe00002;
/** Bytes of the header of an item. */
const ITEM_HEADER = 8;

/** The fragments of each frame, in order; fewer frames than declared where the file is cut short. */
export interface GroupedFragments {
  readonly frames: readonly (readonly ByteRange[])[];
  readonly deviations: readonly Deviation[];
}

/**
 * Tells which fragments make up which frame (PS3.5 section A.4): by the extended offset table, the basic one, one
 * to one, or by the starts of codestreams. Tables are believed only where they point at fragments; fragments that
 * cannot be told apart give no frame rather than a wrong one.
 * @throws DicomError `malformed`
 */
export async function groupFragments(
  file: DicomFile,
  value: EncapsulatedPixelData,
  numberOfFrames: number,
  signal?: AbortSignal,
): Promise<GroupedFragments> {
  const { fragments } = value;
  const log = new DeviationLog();
  const group = async () => {
    const extended = await extendedFrames(file, value, numberOfFrames, log, signal);
    if (extended !== undefined) return extended;
    const isVideo = file.transferSyntax?.frameEncoding === "video";
    if (fragments.length === 0) return [];
    if (isVideo || fragments.length === 1) return [fragments];
    const starts = basicStarts(value, numberOfFrames);
    if (starts === undefined && value.basicOffsetTable.length > 0)
      log.add("wrong-offset-table", "The Basic Offset Table is not that of the fragments");
    if (fragments.length === numberOfFrames) return fragments.map((range) => [range]);
    const marked = await markedStarts(file, fragments, signal);
    if (numberOfFrames === 1 && marked?.length !== fragments.length) return [fragments];
    const chosen = chooseStarts(starts, marked, value, numberOfFrames, log);
    return cutAt(fragments, chosen).slice(0, numberOfFrames);
  };
  return { frames: await group(), deviations: log.deviations };
}

/**
 * Where frames start when there are more or fewer fragments than frames: where codestreams start, if there are as
 * many of them as frames; else where the table says. A file cut short has fewer of both. Where every fragment is a
 * codestream, there are more frames than the header says, of which only those that it counts are known.
 */
function chooseStarts(
  starts: readonly number[] | undefined,
  marked: readonly number[] | undefined,
  { fragments }: EncapsulatedPixelData,
  numberOfFrames: number,
  log: DeviationLog,
): readonly number[] {
  const isCut = fragments.length < numberOfFrames;
  if (!isCut && marked?.length === fragments.length) {
    log.add(
      "excess-frames",
      `There are ${marked.length} frames where the header says ${numberOfFrames}`,
    );
    return marked.slice(0, numberOfFrames + 1);
  }
  const isMarked = marked?.[0] === 0 && (isCut || marked.length === numberOfFrames);
  if (!isMarked && starts !== undefined) return starts;
  if (isMarked) {
    if (starts?.some((start, frame) => start !== marked[frame]))
      log.add("wrong-offset-table", "The Basic Offset Table contradicts the codestreams");
    return marked;
  }
  // Without marks, one fragment per frame is all that can be meant.
  if (isCut && marked === undefined) return fragments.map((_, index) => index);
  throw new DicomError(
    "malformed",
    `${fragments.length} fragments cannot be told apart into ${numberOfFrames} frames`,
    { tag: PIXEL_DATA },
  );
}

function cutAt(
  fragments: readonly ByteRange[],
  starts: readonly number[],
): readonly (readonly ByteRange[])[] {
  return starts.map((start, frame) => fragments.slice(start, starts[frame + 1]));
}

/**
 * Indices of the fragments at which frames start, by the basic table; undefined when it is empty or wrong. Where the
 * file is cut short, of the frames that begin before the end.
 */
function basicStarts(
  { basicOffsetTable, fragments }: EncapsulatedPixelData,
  numberOfFrames: number,
): readonly number[] | undefined {
  if (basicOffsetTable.length !== numberOfFrames || basicOffsetTable[0] !== 0) return undefined;
  const last = fragments.at(-1);
  if (fragments.length >= numberOfFrames || last === undefined)
    return startsAt(fragments, basicOffsetTable);
  const end = last.offset - (fragments[0]?.offset ?? 0);
  return startsAt(
    fragments,
    basicOffsetTable.filter((offset) => offset <= end),
  );
}

/** Indices of the fragments that offsets point at; undefined unless each points at one and they rise. */
function startsAt(
  fragments: readonly ByteRange[],
  offsets: readonly number[],
): readonly number[] | undefined {
  const origin = (fragments[0]?.offset ?? 0) - ITEM_HEADER;
  const starts: number[] = [];
  let index = 0;
  for (const offset of offsets) {
    while (index < fragments.length && itemOffset(fragments[index], origin) < offset) index++;
    if (itemOffset(fragments[index], origin) !== offset) return undefined;
    starts.push(index);
    index++;
  }
  return starts;
}

function itemOffset(fragment: ByteRange | undefined, origin: number): number {
  return fragment === undefined ? Number.NaN : fragment.offset - ITEM_HEADER - origin;
}

/**
 * Frames by the extended table, which has each frame in one fragment (PS3.3 C.7.6.3.1.8); undefined when there is
 * none, or it is wrong.
 */
async function extendedFrames(
  file: DicomFile,
  { fragments }: EncapsulatedPixelData,
  numberOfFrames: number,
  log: DeviationLog,
  signal: AbortSignal | undefined,
): Promise<readonly (readonly ByteRange[])[] | undefined> {
  if (!file.dataSet.has(EXTENDED_OFFSET_TABLE)) return undefined;
  const offsets = await readTable(file, EXTENDED_OFFSET_TABLE, signal);
  const lengths = await readTable(file, EXTENDED_OFFSET_TABLE_LENGTHS, signal);
  const starts = offsets.length === numberOfFrames ? startsAt(fragments, offsets) : undefined;
  const frames = starts?.map((start, frame) => {
    const fragment = fragments[start];
    const length = lengths[frame] ?? fragment?.length ?? 0;
    return fragment === undefined || length > fragment.length || length + 1 < fragment.length
      ? undefined
      : [{ offset: fragment.offset, length }];
  });
  const whole = frames?.filter((frame) => frame !== undefined);
  if (whole !== undefined && whole.length === fragments.length) return whole;
  log.add("wrong-offset-table", "The Extended Offset Table is not that of the fragments", {
    tag: EXTENDED_OFFSET_TABLE,
  });
  return undefined;
}

async function readTable(
  { dataSet, source }: { readonly dataSet: DataSet; readonly source: DicomFile["source"] },
  tag: Tag,
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  const value = dataSet.element(tag)?.value;
  if (value?.kind !== "range") return dataSet.numbers(tag);
  const bytes = await source.read(value.range.offset, value.range.length, signal);
  return decodeNumbers(bytes, "OV", dataSet.encoding.littleEndian).map(Number);
}

/** Indices of the fragments that begin a codestream; undefined where the encoding has no mark to know it by. */
async function markedStarts(
  file: DicomFile,
  fragments: readonly ByteRange[],
  signal: AbortSignal | undefined,
): Promise<readonly number[] | undefined> {
  const encoding = file.transferSyntax?.frameEncoding;
  if (encoding === undefined) return undefined;
  const starts: number[] = [];
  for (const [index, { offset, length }] of fragments.entries()) {
    const bytes = await file.source.read(offset, Math.min(START_BYTES, length), signal);
    const isStart = startsCodestream(bytes, encoding);
    if (isStart === undefined) return undefined;
    if (isStart) starts.push(index);
  }
  return starts;
}
