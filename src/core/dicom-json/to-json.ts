import type { DataElement, DataSet, ValueEncoding } from "../dicom/data-set.ts";
import { encodeNumbers } from "../dicom/encode-value.ts";
import { decodeNumbers } from "../dicom/numbers.ts";
import { swapByteOrder } from "../dicom/swap-byte-order.ts";
import { elementOf, tagToHex } from "../dicom/tag.ts";
import { TEXT_VRS, type Vr } from "../dicom/vr.ts";
import { toBase64 } from "./base64.ts";

const SPECIFIC_CHARACTER_SET = 0x00080005;
const DEFAULT_INLINE_LIMIT = 1024;

/** Byte order of a binary value. */
type ByteOrder = Pick<ValueEncoding, "littleEndian">;

const LITTLE_ENDIAN: ByteOrder = { littleEndian: true };

/** VRs whose values are bytes in the model (PS3.18 table F.2.3-1). */
const BINARY_VRS: ReadonlySet<Vr> = new Set<Vr>(["OB", "OD", "OF", "OL", "OV", "OW", "UN"]);

/** Where values go that are not written inline. */
export interface JsonOptions {
  /**
   * The address of a value that is a range, or bytes longer than `inlineLimit`. The path is `["00420011"]`, or
   * `["0040A730", "1", "00420011"]` with item numbers from 1. Without an address, bytes go inline and a range
   * is left out.
   */
  readonly bulkDataUri?: (path: readonly string[], element: DataElement) => string | undefined;
  /** Bytes of a binary value that go inline as Base64; 1024 by default. */
  readonly inlineLimit?: number;
}

/** An attribute in the DICOM JSON model (PS3.18 F.2.2). */
export interface JsonAttribute {
  vr: string;
  Value?: JsonValue[];
  InlineBinary?: string;
  BulkDataURI?: string;
}

/** A name with its component groups (PS3.18 F.2.2). */
interface JsonPersonName {
  Alphabetic?: string;
  Ideographic?: string;
  Phonetic?: string;
}

export type JsonValue = string | number | null | JsonPersonName | JsonDataSet;

/** A data set in the DICOM JSON model, by tag in eight hexadecimal digits. */
export interface JsonDataSet {
  [tag: string]: JsonAttribute;
}

/**
 * The data set in the DICOM JSON model (PS3.18 annex F), without group lengths. Its character set becomes UTF-8, as
 * that is what the text is in.
 */
export function dataSetToJson(dataSet: DataSet, options: JsonOptions = {}): JsonDataSet {
  return writeDataSet(dataSet, options, []);
}

function writeDataSet(
  dataSet: DataSet,
  options: JsonOptions,
  path: readonly string[],
): JsonDataSet {
  const json: JsonDataSet = {};
  for (const element of dataSet.elements.values()) {
    if (elementOf(element.tag) === 0) continue;
    const key = tagToHex(element.tag);
    const attribute =
      element.tag === SPECIFIC_CHARACTER_SET
        ? { vr: "CS", Value: ["ISO_IR 192"] }
        : writeAttribute(dataSet, element, options, [...path, key]);
    if (attribute !== undefined) json[key] = attribute;
  }
  return json;
}

function writeAttribute(
  dataSet: DataSet,
  element: DataElement,
  options: JsonOptions,
  path: readonly string[],
): JsonAttribute | undefined {
  const { vr, value } = element;
  switch (value.kind) {
    case "items":
      return withValues(
        vr,
        value.items.map((item, index) => writeDataSet(item, options, [...path, `${index + 1}`])),
      );
    case "uri":
      return { vr, BulkDataURI: value.uri };
    case "range":
    case "encapsulated": {
      const uri = options.bulkDataUri?.(path, element);
      return uri === undefined ? undefined : { vr, BulkDataURI: uri };
    }
    case "bytes":
      if (BINARY_VRS.has(vr))
        return writeBinary(dataSet.encoding, element, value.bytes, options, path);
      return withValues(vr, writeValues(dataSet, element));
    case "numbers":
      if (BINARY_VRS.has(vr))
        return writeBinary(
          LITTLE_ENDIAN,
          element,
          encodeNumbers(value.numbers, element),
          options,
          path,
        );
      return withValues(vr, writeValues(dataSet, element));
    case "strings":
      return withValues(vr, writeValues(dataSet, element));
  }
}

/** An empty attribute has its VR and nothing else (PS3.18 F.2.5). */
function withValues(vr: Vr, values: JsonValue[]): JsonAttribute {
  return values.length === 0 ? { vr } : { vr, Value: values };
}

function writeBinary(
  { littleEndian }: ByteOrder,
  element: DataElement,
  bytes: Uint8Array,
  options: JsonOptions,
  path: readonly string[],
): JsonAttribute {
  const { vr } = element;
  if (bytes.byteLength === 0) return { vr };
  if (bytes.byteLength > (options.inlineLimit ?? DEFAULT_INLINE_LIMIT)) {
    const uri = options.bulkDataUri?.(path, element);
    if (uri !== undefined) return { vr, BulkDataURI: uri };
  }
  const inOrder = littleEndian ? bytes : swapByteOrder(bytes, vr);
  return { vr, InlineBinary: toBase64(inOrder) };
}

function writeValues(dataSet: DataSet, element: DataElement): JsonValue[] {
  const { tag, vr } = element;
  if (TEXT_VRS.has(vr)) {
    const texts = dataSet.strings(tag);
    if (texts.every((text) => text === "")) return [];
    return texts.map((text) => (text === "" ? null : writeText(text, vr)));
  }
  return numbersOf(dataSet, element).map((number) => writeNumber(number, vr));
}

function numbersOf(
  { encoding }: DataSet,
  { value, vr }: DataElement,
): readonly (number | bigint)[] {
  if (value.kind === "numbers") return value.numbers;
  if (value.kind === "strings") return value.strings.map(Number);
  return value.kind === "bytes" ? decodeNumbers(value.bytes, vr, encoding.littleEndian) : [];
}

function writeText(text: string, vr: Vr): JsonValue {
  if (vr === "PN") return writePersonName(text);
  if (vr === "DS" || vr === "IS") return writeDecimal(text);
  return text;
}

/** Component groups that are there; the name of each is its place (PS3.18 F.2.2). */
function writePersonName(text: string): JsonPersonName {
  const [alphabetic = "", ideographic = "", phonetic = ""] = text.split("=");
  return {
    ...(alphabetic === "" ? {} : { Alphabetic: alphabetic }),
    ...(ideographic === "" ? {} : { Ideographic: ideographic }),
    ...(phonetic === "" ? {} : { Phonetic: phonetic }),
  };
}

/**
 * DS and IS are numbers (PS3.18 table F.2.3-1), but stay text where a number would not be the same: more digits than
 * a double holds, or no number at all.
 */
function writeDecimal(text: string): number | string {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return text;
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  return canonicalDecimal(text) === canonicalDecimal(String(number)) ? number : text;
}

/** Digits and exponent of a decimal number, alike for all spellings of the same value. */
function canonicalDecimal(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === "-" ? "-" : ""}${significant}e${power}`;
}

function writeNumber(number: number | bigint, vr: Vr): number | string {
  if (vr === "AT") return tagToHex(Number(number));
  const value = Number(number);
  if (typeof number === "bigint" && !Number.isSafeInteger(value)) return String(number);
  // JSON has no literals for what is not finite.
  return Number.isFinite(value) ? value : String(value);
}
