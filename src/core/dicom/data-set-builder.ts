import { type DataElement, DataSet, type ElementValue } from "./data-set.ts";
import { formatDecimal } from "./decimal-string.ts";
import { DicomError } from "./dicom-error.ts";
import { type DictionaryEntry, entryOf, tagOfKeyword, vrOf } from "./dictionary.ts";
import { type Tag, tagFromHex } from "./tag.ts";
import { SINGLE_TEXT_VRS, TEXT_VRS, type Vr } from "./vr.ts";

/** A value of a made data set; which kinds an attribute takes depends on its VR. */
type MadeValue =
  | string
  | number
  | bigint
  | null
  | readonly string[]
  | readonly number[]
  | readonly bigint[]
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Float32Array
  | Float64Array
  | MadeDataSet
  | readonly MadeDataSet[];

/** Values by keyword (`PatientName`) or by eight hexadecimal digits for what has none. */
export interface MadeDataSet {
  readonly [keyword: string]: MadeValue | undefined;
}

const SPECIFIC_CHARACTER_SET = 0x00080005;

/**
 * A data set made from values by keyword, with the VRs of the dictionary: numbers for binary VRs, text or
 * numbers for DS and IS, bytes or typed arrays for OB and OW, objects for sequences, null for an empty value.
 * Undefined values are left out. Text beyond ASCII makes it `ISO_IR 192` unless it says otherwise.
 * @throws DicomError `invalid-value` for an unknown keyword or a value that does not fit the VR
 */
export function buildDataSet(values: MadeDataSet): DataSet {
  const elements = buildElements(values);
  const isDeclared = elements.some(({ tag }) => tag === SPECIFIC_CHARACTER_SET);
  if (!isDeclared && elements.some(hasForeignText))
    elements.push({
      tag: SPECIFIC_CHARACTER_SET,
      vr: "CS",
      value: { kind: "strings", strings: ["ISO_IR 192"] },
    });
  return new DataSet(elements);
}

function buildElements(values: MadeDataSet): DataElement[] {
  const choice: VrChoice = {
    isSigned: values["PixelRepresentation"] === 1,
    bitsAllocated: Number(values["BitsAllocated"] ?? 16),
  };
  return Object.entries(values).flatMap(([keyword, value]) =>
    value === undefined ? [] : [buildElement(keyword, value, choice)],
  );
}

/** What decides between the VRs that the standard leaves open (PS3.5 annex A). */
interface VrChoice {
  readonly isSigned: boolean;
  readonly bitsAllocated: number;
}

function buildElement(keyword: string, value: MadeValue, choice: VrChoice): DataElement {
  const tag = tagOfKeyword(keyword) ?? tagFromHex(keyword);
  if (tag === undefined)
    throw new DicomError("invalid-value", `The dictionary does not know ${keyword}`);
  const vr = chooseVr(tag, value, choice);
  return { tag, vr, value: buildValue(tag, vr, value) };
}

function chooseVr(tag: Tag, value: MadeValue, choice: VrChoice): Vr {
  const entry = entryOf(tag);
  if (entry?.otherVr === undefined) return vrOf(tag) ?? guessVr(value);
  return isOtherVr(entry, value, choice) ? entry.otherVr : entry.vr;
}

function isOtherVr(entry: DictionaryEntry, value: MadeValue, choice: VrChoice): boolean {
  if (entry.otherVr === "OB") return choice.bitsAllocated <= 8;
  if (entry.otherVr === "SS") return choice.isSigned || hasNegative(value);
  return false;
}

function hasNegative(value: MadeValue): boolean {
  const list = Array.isArray(value) ? value : [value];
  return list.some((number) => typeof number === "number" && number < 0);
}

/** VR of a private attribute, by the kind of its value. */
function guessVr(value: MadeValue): Vr {
  if (isMadeItems(value)) return "SQ";
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first === "number") return "FD";
  return typeof first === "string" ? "LO" : "UN";
}

function buildValue(tag: Tag, vr: Vr, value: MadeValue): ElementValue {
  if (vr === "SQ") return { kind: "items", items: buildItems(tag, value) };
  if (ArrayBuffer.isView(value)) return { kind: "bytes", bytes: bytesOf(value) };
  if (value === null) return TEXT_VRS.has(vr) ? strings([]) : numbers([]);
  const list = Array.isArray(value) ? value : [value];
  if (TEXT_VRS.has(vr)) return strings(list.flatMap((text) => texts(tag, vr, text)));
  return numbers(list.map((number) => checkedNumber(tag, vr, number)));
}

function buildItems(tag: Tag, value: MadeValue): readonly DataSet[] {
  if (value === null) return [];
  if (!isMadeItems(value)) throw misfit(tag, "SQ");
  const items: readonly MadeDataSet[] = Array.isArray(value) ? value : [value];
  return items.map((item) => new DataSet(buildElements(item)));
}

function isMadeItems(value: unknown): value is MadeDataSet | readonly MadeDataSet[] {
  if (Array.isArray(value)) return value.every((item) => isMadeItems(item) && !Array.isArray(item));
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}

function texts(tag: Tag, vr: Vr, value: unknown): readonly string[] {
  if (typeof value === "number" || typeof value === "bigint") return [formatDecimal(value)];
  if (typeof value !== "string") throw misfit(tag, vr);
  return SINGLE_TEXT_VRS.has(vr) ? [value] : value.split("\\");
}

function checkedNumber(tag: Tag, vr: Vr, value: unknown): number | bigint {
  if (typeof value === "number" || typeof value === "bigint") return value;
  throw misfit(tag, vr);
}

function misfit(tag: Tag, vr: Vr): DicomError {
  return new DicomError("invalid-value", `The value does not fit VR ${vr}`, { tag });
}

function strings(list: readonly string[]): ElementValue {
  return { kind: "strings", strings: list };
}

function numbers(list: readonly (number | bigint)[]): ElementValue {
  return { kind: "numbers", numbers: list };
}

/** The bytes of a typed array; little endian, as every platform is that runs this. */
function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function hasForeignText({ value }: DataElement): boolean {
  if (value.kind === "strings") return value.strings.some((text) => !isAscii(text));
  if (value.kind !== "items") return false;
  return value.items.some((item) => [...item.elements.values()].some(hasForeignText));
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
