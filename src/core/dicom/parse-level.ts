import type { ByteRange, DataElement, DataSet } from "./data-set.ts";
import type { ElementEncoding } from "./element-header.ts";
import { elementOf, groupOf, isPrivateTag, type Tag } from "./tag.ts";
import type { Vr } from "./vr.ts";

/** A data set in the middle of being read: the root or an item. */
export interface DataSetLevel {
  readonly kind: "data-set";
  /** Offset beyond which it does not go; infinite where nothing around it has a length. */
  readonly end: number;
  /** Whether a delimiter ends it. */
  readonly isDelimited: boolean;
  readonly encoding: ElementEncoding;
  readonly elements: DataElement[];
  /** Specific Character Set: of this data set, or of the one around it. */
  characterSet: readonly string[];
  /** Whether Pixel Representation says two's complement: decides US or SS in implicit encoding. */
  isSigned: boolean;
  /** Private creators by block: group and upper byte of the element. */
  creators: Map<number, string> | undefined;
  lastTag: Tag;
}

/** A sequence in the middle of being read. */
export interface SequenceLevel {
  readonly kind: "sequence";
  readonly tag: Tag;
  /** Offset beyond which it does not go. */
  readonly end: number;
  /** Of its items; undefined until the first item of a UN sequence shows it. */
  encoding: ElementEncoding | undefined;
  readonly items: DataSet[];
}

/** Encapsulated pixel data in the middle of being read. */
export interface FragmentsLevel {
  readonly kind: "fragments";
  readonly tag: Tag;
  readonly vr: Vr;
  /** Offset of the first item. */
  readonly offset: number;
  readonly littleEndian: boolean;
  basicOffsetTable: readonly number[] | undefined;
  readonly fragments: ByteRange[];
}

export type ParseLevel = DataSetLevel | SequenceLevel | FragmentsLevel;

/** A data set that begins; what it does not say itself holds as around it. */
export function dataSetLevel(
  encoding: ElementEncoding,
  extent: Pick<DataSetLevel, "end" | "isDelimited">,
  around: Pick<DataSetLevel, "characterSet" | "isSigned"> | undefined,
): DataSetLevel {
  return {
    kind: "data-set",
    end: extent.end,
    isDelimited: extent.isDelimited,
    encoding,
    elements: [],
    characterSet: around?.characterSet ?? [],
    isSigned: around?.isSigned ?? false,
    creators: undefined,
    lastTag: -1,
  };
}

/** Remembers a private creator (PS3.5 section 7.8.1). */
export function noteCreator(level: DataSetLevel, tag: Tag, creator: string): void {
  level.creators ??= new Map();
  level.creators.set(groupOf(tag) * 0x100 + elementOf(tag), creator);
}

/** The creator of the block that a private attribute is in. */
export function creatorOf(level: DataSetLevel, tag: Tag): string | undefined {
  if (!isPrivateTag(tag)) return undefined;
  return level.creators?.get(groupOf(tag) * 0x100 + (elementOf(tag) >>> 8));
}
