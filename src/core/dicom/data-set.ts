import type { DataElement } from "./data-element.ts";
import { decodeNumbers } from "./numbers.ts";
import { type PersonName, parsePersonName } from "./person-name.ts";
import type { Tag } from "./tag.ts";
import { SINGLE_TEXT_VRS, TEXT_VRS, type Vr } from "./vr.ts";

/** How the values of a data set that are still bytes are to be understood. */
export interface ValueEncoding {
  readonly littleEndian: boolean;
  /** Text of a value, by the Specific Character Set of the data set; never throws (PS3.3 C.12.1.1.2). */
  decodeText(bytes: Uint8Array, vr: Vr): string;
}

/** Little endian, default repertoire: for data sets whose values hold no bytes, or ASCII only. */
export const PLAIN_ENCODING: ValueEncoding = {
  littleEndian: true,
  decodeText: (bytes) => String.fromCharCode(...bytes),
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
    const sorted = [...elements].sort((a, b) => a.tag - b.tag);
    this.elements = new Map(sorted.map((element) => [element.tag, element]));
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
