import { encodeText } from "./character-set-encoder.ts";
import type { DataElement } from "./data-set.ts";
import { formatDecimal } from "./decimal-string.ts";
import { DicomError } from "./dicom-error.ts";
import { swapByteOrder } from "./swap-byte-order.ts";
import { CHARACTER_SET_VRS, NUMBER_BYTES, TEXT_VRS, type Vr } from "./vr.ts";

/** What the bytes of a value depend on beside the element. */
export interface EncodingContext {
  /** Byte order of values that are bytes already. */
  readonly littleEndian: boolean;
  /** Specific Character Set of the data set or of the one around it. */
  readonly characterSet: readonly string[];
}

/**
 * The value of an element that is no sequence, in little endian, padded to even length.
 * @throws DicomError `invalid-value` when the value is elsewhere, does not fit the VR or the character set
 */
export function encodeValue(element: DataElement, context: EncodingContext): Uint8Array {
  return padded(encodeUnpadded(element, context), element.vr);
}

function encodeUnpadded(element: DataElement, context: EncodingContext): Uint8Array {
  const { value, vr, tag } = element;
  switch (value.kind) {
    case "bytes":
      return context.littleEndian ? value.bytes : swapByteOrder(value.bytes, vr);
    case "strings":
      return encodeStrings(value.strings, element, context);
    case "numbers":
      return TEXT_VRS.has(vr)
        ? encodeStrings(value.numbers.map(formatDecimal), element, context)
        : encodeNumbers(value.numbers, element);
    default:
      throw new DicomError("invalid-value", `A value of kind ${value.kind} cannot be written`, {
        tag,
      });
  }
}

function encodeStrings(
  strings: readonly string[],
  { vr, tag }: DataElement,
  context: EncodingContext,
): Uint8Array {
  if (!TEXT_VRS.has(vr)) return encodeNumbers(strings.map(Number), { vr, tag });
  return encodeText(
    strings.join("\\"),
    CHARACTER_SET_VRS.has(vr) ? context.characterSet : [],
    tag,
    vr,
  );
}

/** @throws DicomError `invalid-value` when the VR holds no numbers or a number does not fit it */
export function encodeNumbers(
  numbers: readonly (number | bigint)[],
  { vr, tag }: Pick<DataElement, "vr" | "tag">,
): Uint8Array {
  const size = NUMBER_BYTES[vr];
  if (size === undefined)
    throw new DicomError("invalid-value", `A value of VR ${vr} holds no numbers`, { tag });
  const bytes = new Uint8Array(numbers.length * size);
  const view = new DataView(bytes.buffer);
  for (const [index, number] of numbers.entries())
    if (!writeNumber(view, index * size, number, vr))
      throw new DicomError("invalid-value", `A number does not fit VR ${vr}`, { tag });
  return bytes;
}

/** Whether the number fits the VR; it is written when it does. */
function writeNumber(view: DataView, at: number, number: number | bigint, vr: Vr): boolean {
  switch (vr) {
    case "FL":
    case "OF":
      view.setFloat32(at, Number(number), true);
      return true;
    case "FD":
    case "OD":
      view.setFloat64(at, Number(number), true);
      return true;
    case "SV":
    case "UV":
    case "OV":
      return writeLongInteger(view, at, number, vr);
    default:
      return writeInteger(view, at, Number(number), vr);
  }
}

function writeLongInteger(view: DataView, at: number, number: number | bigint, vr: Vr): boolean {
  if (typeof number === "number" && !Number.isInteger(number)) return false;
  const value = BigInt(number);
  const fitted = vr === "SV" ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  if (fitted !== value) return false;
  view.setBigUint64(at, BigInt.asUintN(64, value), true);
  return true;
}

/** Smallest and largest value of the integer VRs of up to 32 bits. */
const INTEGER_RANGES: Readonly<Partial<Record<Vr, readonly [low: number, high: number]>>> = {
  US: [0, 0xffff],
  OW: [0, 0xffff],
  SS: [-0x8000, 0x7fff],
  UL: [0, 0xffffffff],
  OL: [0, 0xffffffff],
  AT: [0, 0xffffffff],
  SL: [-0x80000000, 0x7fffffff],
  OB: [0, 0xff],
  UN: [0, 0xff],
};

function writeInteger(view: DataView, at: number, number: number, vr: Vr): boolean {
  const [low, high] = INTEGER_RANGES[vr] ?? [0, -1];
  if (!Number.isInteger(number) || number < low || number > high) return false;
  if (vr === "AT") {
    view.setUint16(at, number >>> 16, true);
    view.setUint16(at + 2, number & 0xffff, true);
  } else if (NUMBER_BYTES[vr] === 1) view.setUint8(at, number);
  else if (NUMBER_BYTES[vr] === 2) view.setUint16(at, number & 0xffff, true);
  else view.setUint32(at, number >>> 0, true);
  return true;
}

/** Even length: UI and binary values end in NUL, text in a space (PS3.5 section 6.2). */
function padded(bytes: Uint8Array, vr: Vr): Uint8Array {
  if (bytes.byteLength % 2 === 0) return bytes;
  const even = new Uint8Array(bytes.byteLength + 1);
  even.set(bytes);
  even[bytes.byteLength] = TEXT_VRS.has(vr) && vr !== "UI" ? 0x20 : 0;
  return even;
}
