import type { DataSet } from "./data-set.ts";
import type { Tag } from "./tag.ts";
import type { Vr } from "./vr.ts";

/** A run of bytes in a byte source: offset of the first byte and count. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Pixel data in encapsulated form (PS3.5 section A.4), by reference into the byte source. */
export interface EncapsulatedPixelData {
  readonly kind: "encapsulated";
  /** Basic Offset Table: offsets from the first byte after the table item; empty when the item is. */
  readonly basicOffsetTable: readonly number[];
  /** Fragments in order, each the value of one item. Item headers are the 8 bytes before `offset`. */
  readonly fragments: readonly ByteRange[];
}

/** What an element holds; which kind it is depends on where the data set came from. */
export type ElementValue =
  /** The value as it stands in the source, in the byte order and character set of its data set. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** Text values that are decoded already (DICOM JSON). PN values hold their groups joined by `=`. */
  | { readonly kind: "strings"; readonly strings: readonly string[] }
  /** Numbers that are decoded already (DICOM JSON, made data). Integers beyond 2^53 are bigint. */
  | { readonly kind: "numbers"; readonly numbers: readonly (number | bigint)[] }
  | { readonly kind: "items"; readonly items: readonly DataSet[] }
  /** A value that was left where it is, because it is large: bytes of the source. */
  | { readonly kind: "range"; readonly range: ByteRange }
  /** A value that is to be fetched from elsewhere (BulkDataURI of PS3.18 F.2.2). */
  | { readonly kind: "uri"; readonly uri: string }
  | EncapsulatedPixelData;

/** One attribute with its VR and value. */
export interface DataElement {
  readonly tag: Tag;
  readonly vr: Vr;
  readonly value: ElementValue;
}
