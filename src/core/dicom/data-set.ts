import { decodeNumbers } from "./numbers.ts";
import { type PersonName, parsePersonName } from "./person-name.ts";
import type { Tag } from "./tag.ts";
import { SINGLE_TEXT_VRS, TEXT_VRS, type Vr } from "./vr.ts";

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

/** How the values of a data set that are still bytes are to be understood. */
export interface ValueEncoding {
  readonly littleEndian: boolean;
  /** Text of a value, by the Specific Character Set of the data set; never throws (PS3.3 C.12.1.1.2). */
  decodeText(bytes: Uint8Array, vr: Vr): string;
}

/** Little endian and UTF-8: for data sets that were never in a file, such as those of DICOM JSON. */
const PLAIN_ENCODING: ValueEncoding = {
  littleEndian: true,
  decodeText: (bytes) => new TextDecoder().decode(bytes),
};

/**
 * A set of attributes in ascending order of tag, read-only, whatever it was read from: a Part 10 file, a
 * DIMSE message or DICOM JSON. Accessors give values in the standard's types; a missing attribute, an empty
 * one and one of another kind all give `undefined` or an empty list.
 */
export class DataSet {
  readonly elements: ReadonlyMap<Tag, DataElement>;
  readonly encoding: ValueEncoding;

  constructor(elements: Iterable<DataElement>, encoding: ValueEncoding = PLAIN_ENCODING) {
    const sorted = inOrder([...elements]);
    const byTag = new Map<Tag, DataElement>();
    for (const element of sorted) byTag.set(element.tag, element);
    this.elements = byTag;
    this.encoding = encoding;
  }

  has(tag: Tag): boolean {
    return this.elements.has(tag);
  }

  element(tag: Tag): DataElement | undefined {
    return this.elements.get(tag);
  }

  /** First text value, without padding; undefined when it is absent or empty. */
  string(tag: Tag): string | undefined {
    const first = this.strings(tag)[0];
    return first === undefined || first === "" ? undefined : first;
  }

  /** All text values, without padding. Numbers are given in decimal. */
  strings(tag: Tag): readonly string[] {
    const element = this.elements.get(tag);
    if (element === undefined) return [];
    const { value, vr } = element;
    if (value.kind === "strings") return value.strings;
    if (value.kind === "bytes" && TEXT_VRS.has(vr)) return this.#decodeStrings(value.bytes, vr);
    return this.#rawNumbers(element).map(String);
  }

  /** First value as a number, of any numeric VR, IS or DS; undefined when it is not a finite number. */
  number(tag: Tag): number | undefined {
    return this.numbers(tag)[0];
  }

  /** All values as numbers; those that are not finite numbers are left out. */
  numbers(tag: Tag): readonly number[] {
    const element = this.elements.get(tag);
    if (element === undefined) return [];
    const texts =
      element.value.kind === "strings" || TEXT_VRS.has(element.vr) ? this.strings(tag) : undefined;
    const numbers =
      texts?.filter((text) => text !== "").map(Number) ?? this.#rawNumbers(element).map(Number);
    return numbers.filter(Number.isFinite);
  }

  /** The items of a sequence, or an empty list. */
  items(tag: Tag): readonly DataSet[] {
    const value = this.elements.get(tag)?.value;
    return value?.kind === "items" ? value.items : [];
  }

  /** First value of a PN attribute. */
  personName(tag: Tag): PersonName | undefined {
    const text = this.string(tag);
    return text === undefined ? undefined : parsePersonName(text);
  }

  /** The value as bytes, when it is in memory as such. */
  bytes(tag: Tag): Uint8Array | undefined {
    const value = this.elements.get(tag)?.value;
    return value?.kind === "bytes" ? value.bytes : undefined;
  }

  #decodeStrings(bytes: Uint8Array, vr: Vr): readonly string[] {
    const text = this.encoding.decodeText(bytes, vr);
    if (SINGLE_TEXT_VRS.has(vr)) return [text.replace(/[ \0]+$/, "")];
    return text.split("\\").map((part) => part.replace(/[ \0]+$/, "").replace(/^ +/, ""));
  }

  #rawNumbers({ vr, value }: DataElement): readonly (number | bigint)[] {
    if (value.kind === "numbers") return value.numbers;
    return value.kind === "bytes" ? decodeNumbers(value.bytes, vr, this.encoding.littleEndian) : [];
  }
}

/** The elements in ascending order of tag; nearly all sources have them so already. */
function inOrder(elements: DataElement[]): DataElement[] {
  let last = -1;
  for (const { tag } of elements) {
    if (tag < last) return elements.sort((a, b) => a.tag - b.tag);
    last = tag;
  }
  return elements;
}
