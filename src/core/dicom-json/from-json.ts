import { type DataElement, DataSet, type ElementValue } from "../dicom/data-set.ts";
import { DicomError } from "../dicom/dicom-error.ts";
import { joinPersonName } from "../dicom/person-name.ts";
import { tagFromHex } from "../dicom/tag.ts";
import { isVr, TEXT_VRS, type Vr } from "../dicom/vr.ts";
import { fromBase64 } from "./base64.ts";

/** Sequences in sequences that are followed. */
const DEPTH_LIMIT = 64;

/**
 * A data set of the DICOM JSON model (PS3.18 annex F), checked. Takes what archives really send: numbers as
 * text, missing VRs, nulls, names as plain text. Members whose names are no tags are passed over.
 * @throws DicomError `bad-message` when it is not an object of attributes, `limit-exceeded` when it is nested too deep
 */
export function dataSetFromJson(json: unknown): DataSet {
  return readDataSet(json, 0);
}

function readDataSet(json: unknown, depth: number): DataSet {
  if (!isRecord(json)) throw new DicomError("bad-message", "A data set is not a JSON object");
  if (depth > DEPTH_LIMIT)
    throw new DicomError("limit-exceeded", `Sequences are nested deeper than ${DEPTH_LIMIT}`);
  const elements: DataElement[] = [];
  for (const [key, attribute] of Object.entries(json)) {
    const tag = tagFromHex(key);
    if (tag === undefined) continue;
    if (!isRecord(attribute))
      throw new DicomError("bad-message", "An attribute is not a JSON object", { tag });
    const vr = vrOf(attribute);
    elements.push({ tag, vr, value: readValue(attribute, vr, depth) });
  }
  return new DataSet(elements);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The VR as given, or one that the values fit. */
function vrOf(attribute: Record<string, unknown>): Vr {
  const { vr } = attribute;
  if (typeof vr === "string" && isVr(vr.toUpperCase())) return upperVr(vr);
  const first = valuesOf(attribute).find((value) => value !== null);
  if (typeof first === "number") return Number.isInteger(first) ? "IS" : "DS";
  if (typeof first === "string") return "LO";
  if (isRecord(first)) return isPersonName(first) ? "PN" : "SQ";
  return "UN";
}

function upperVr(text: string): Vr {
  const upper = text.toUpperCase();
  return isVr(upper) ? upper : "UN";
}

function isPersonName(value: Record<string, unknown>): boolean {
  return "Alphabetic" in value || "Ideographic" in value || "Phonetic" in value;
}

function valuesOf({ Value: value }: Record<string, unknown>): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function readValue(attribute: Record<string, unknown>, vr: Vr, depth: number): ElementValue {
  const { BulkDataURI: uri, InlineBinary: inline } = attribute;
  if (typeof uri === "string") return { kind: "uri", uri };
  if (inline !== undefined && inline !== null) return readInline(inline);
  const values = valuesOf(attribute);
  if (vr === "SQ") return { kind: "items", items: values.map((item) => readItem(item, depth)) };
  if (vr === "PN") return { kind: "strings", strings: values.map(readPersonName) };
  if (TEXT_VRS.has(vr)) return { kind: "strings", strings: values.map(readText) };
  return { kind: "numbers", numbers: values.flatMap((value) => readNumber(value, vr)) };
}

/** InlineBinary is text; some archives put it into a list. */
function readInline(inline: unknown): ElementValue {
  const text = Array.isArray(inline) ? inline[0] : inline;
  const bytes = typeof text === "string" ? fromBase64(text) : undefined;
  if (bytes === undefined) throw new DicomError("bad-message", "InlineBinary is not Base64");
  return { kind: "bytes", bytes };
}

/** An empty item is `{}`; null is taken for one. */
function readItem(item: unknown, depth: number): DataSet {
  return item === null ? new DataSet([]) : readDataSet(item, depth + 1);
}

function readPersonName(value: unknown): string {
  if (!isRecord(value)) return readText(value);
  return joinPersonName({
    alphabetic: readText(value["Alphabetic"]),
    ideographic: readText(value["Ideographic"]),
    phonetic: readText(value["Phonetic"]),
  });
}

/** Text without the padding that some archives leave on it. */
function readText(value: unknown): string {
  if (typeof value === "string") return value.replace(/[ \0]+$/, "");
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return "";
}

function readNumber(value: unknown, vr: Vr): readonly (number | bigint)[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "string" || value.trim() === "") return [];
  const text = value.trim();
  if (vr === "AT") return atNumber(text);
  if (/^-?\d{16,}$/.test(text)) return [safe(BigInt(text))];
  const special = SPECIAL_NUMBERS[text.toLowerCase()];
  const number = special ?? Number(text);
  return special === undefined && Number.isNaN(number) ? [] : [number];
}

/** How numbers are written that JSON has no literal for. */
const SPECIAL_NUMBERS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
};

function atNumber(text: string): readonly number[] {
  const tag = tagFromHex(text.replace(/[(),\s]/g, ""));
  return tag === undefined ? [] : [tag];
}

function safe(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
