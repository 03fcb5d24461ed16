import { NUMBER_BYTES, type Vr } from "./vr.ts";

/**
 * The numbers of a binary value (PS3.5 section 6.2), in order; bigint for the 64-bit integer VRs beyond the
 * safe range. Bytes that do not make up a whole number are ignored; a VR that is not numeric gives none.
 */
export function decodeNumbers(
  bytes: Uint8Array,
  vr: Vr,
  littleEndian: boolean,
): readonly (number | bigint)[] {
  const size = NUMBER_BYTES[vr];
  if (size === undefined) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers: (number | bigint)[] = [];
  for (let at = 0; at + size <= bytes.byteLength; at += size)
    numbers.push(readNumber(view, at, vr, littleEndian));
  return numbers;
}

function readNumber(view: DataView, at: number, vr: Vr, littleEndian: boolean): number | bigint {
  switch (vr) {
    case "US":
    case "OW":
      return view.getUint16(at, littleEndian);
    case "SS":
      return view.getInt16(at, littleEndian);
    case "UL":
    case "OL":
      return view.getUint32(at, littleEndian);
    case "SL":
      return view.getInt32(at, littleEndian);
    case "FL":
    case "OF":
      return view.getFloat32(at, littleEndian);
    case "FD":
    case "OD":
      return view.getFloat64(at, littleEndian);
    case "AT":
      return view.getUint16(at, littleEndian) * 0x10000 + view.getUint16(at + 2, littleEndian);
    case "SV":
      return safe(view.getBigInt64(at, littleEndian));
    case "UV":
    case "OV":
      return safe(view.getBigUint64(at, littleEndian));
    default:
      return view.getUint8(at);
  }
}

function safe(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
