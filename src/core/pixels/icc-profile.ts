import { DicomError } from "../dicom/dicom-error.ts";

/** The profile connection space: XYZ, or CIELab. Both are relative to the white of D50. */
export type ConnectionSpace = "XYZ" | "Lab";

/** An ICC profile (ICC.1:2022 section 7), taken apart as far as its tags. */
export interface IccProfile {
  readonly connectionSpace: ConnectionSpace;
  /** Values of tags by their signature, such as `rTRC`; the type signature is their first four bytes. */
  readonly tags: ReadonlyMap<string, DataView>;
  /** What the profile calls itself; empty when it does not say. */
  readonly description: string;
}

const HEADER_BYTES = 128;
/** Profiles have some twenty. */
const MOST_TAGS = 256;
const SPACES: Readonly<Record<string, ConnectionSpace>> = { "XYZ ": "XYZ", "Lab ": "Lab" };
/** Input, display, output and colour space profiles say what their colours are; links and effects do not. */
const CLASSES: ReadonlySet<string> = new Set(["scnr", "mntr", "prtr", "spac"]);

/**
 * The parts of a profile; undefined for one that is not about RGB, or is no device profile.
 * @throws DicomError `malformed`; RangeError where a value is cut off.
 */
export function readIccProfile(bytes: Uint8Array): IccProfile | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (signatureAt(view, 36) !== "acsp")
    throw new DicomError("malformed", "An ICC profile begins otherwise");
  const tags = readTags(view);
  const connectionSpace = SPACES[signatureAt(view, 20)];
  const isUsable = CLASSES.has(signatureAt(view, 12)) && signatureAt(view, 16) === "RGB ";
  if (!isUsable || connectionSpace === undefined) return undefined;
  return { connectionSpace, tags, description: readDescription(tags.get("desc")) };
}

/** Four characters, as types, tags and colour spaces are named by. */
export function signatureAt(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((at) => view.getUint8(offset + at)));
}

/** A number with 16 bits before and 16 behind the point (ICC.1 4.6). */
export function fixedAt(view: DataView, offset: number): number {
  return view.getInt32(offset) / 0x1_0000;
}

/** A part of a value. @throws RangeError when it is not all there */
export function part(view: DataView, offset: number, length = view.byteLength - offset): DataView {
  if (offset > view.byteLength) throw new RangeError("A part of an ICC profile is cut off");
  return new DataView(view.buffer, view.byteOffset + offset, length);
}

function readTags(view: DataView): ReadonlyMap<string, DataView> {
  const count = view.getUint32(HEADER_BYTES);
  if (count > MOST_TAGS) throw new DicomError("malformed", "An ICC profile has too many tags");
  const tags = new Map<string, DataView>();
  for (let index = 0; index < count; index += 1) {
    const at = HEADER_BYTES + 4 + index * 12;
    const offset = view.getUint32(at + 4);
    const length = view.getUint32(at + 8);
    if (offset + length > view.byteLength)
      throw new DicomError("malformed", "A tag of an ICC profile lies outside of it");
    tags.set(signatureAt(view, at), part(view, offset, length));
  }
  return tags;
}

/** Text of `desc` (version 2) and the first of `mluc` (version 4). Display only, so that oddities do not matter. */
function readDescription(view: DataView | undefined): string {
  if (view === undefined || view.byteLength < 28) return "";
  if (signatureAt(view, 0) === "desc") return textAt(view, 12, view.getUint32(8), 1);
  if (signatureAt(view, 0) !== "mluc") return "";
  return textAt(view, view.getUint32(24), view.getUint32(20), 2);
}

const LONGEST_DESCRIPTION = 200;

function textAt(view: DataView, offset: number, length: number, bytesEach: 1 | 2): string {
  let text = "";
  const end = Math.min(offset + Math.min(length, LONGEST_DESCRIPTION), view.byteLength);
  for (let at = offset; at + bytesEach <= end; at += bytesEach) {
    const code = bytesEach === 1 ? view.getUint8(at) : view.getUint16(at);
    if (code === 0) break;
    text += String.fromCharCode(code);
  }
  return text.trim();
}
