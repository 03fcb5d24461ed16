import { DicomError } from "#core/dicom/dicom-error.ts";
import { hasLongLength, vrOfBytes } from "#core/dicom/vr-code.ts";

const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const DELIMITER_GROUP = 0xfffe;
const UNDEFINED_LENGTH = 0xffffffff;
const DEEPEST = 64;

/** Where an element stands among the bytes of its data set, header and delimiters included. */
export interface ElementPlace {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

interface Header {
  readonly tag: number;
  readonly isUnknown: boolean;
  readonly length: number;
  readonly valueAt: number;
}

/**
 * The elements of a data set in explicit VR little endian, without those inside of sequences.
 * @throws DicomError `malformed`, `truncated`
 */
export function* topLevelElements(dataSet: Uint8Array): Generator<ElementPlace> {
  const view = new DataView(dataSet.buffer, dataSet.byteOffset, dataSet.byteLength);
  for (let start = 0; start < dataSet.byteLength; ) {
    const header = headerAt(view, start, true);
    const end = endOf(view, header, true, 0);
    yield { tag: header.tag, start, end };
    start = end;
  }
}

function headerAt(view: DataView, at: number, explicitVr: boolean): Header {
  demand(view, at + 8);
  const group = view.getUint16(at, true);
  const tag = group * 0x10000 + view.getUint16(at + 2, true);
  if (!explicitVr || group === DELIMITER_GROUP)
    return { tag, isUnknown: false, length: view.getUint32(at + 4, true), valueAt: at + 8 };
  const vr = vrOfBytes(view.getUint8(at + 4), view.getUint8(at + 5));
  if (vr === undefined) throw new DicomError("malformed", "An element has no VR");
  if (!hasLongLength(vr))
    return { tag, isUnknown: false, length: view.getUint16(at + 6, true), valueAt: at + 8 };
  demand(view, at + 12);
  return { tag, isUnknown: vr === "UN", length: view.getUint32(at + 8, true), valueAt: at + 12 };
}

/** Offset after an element, a fragment or an item. */
function endOf(view: DataView, header: Header, explicitVr: boolean, depth: number): number {
  const { tag, length, valueAt } = header;
  if (length !== UNDEFINED_LENGTH) {
    demand(view, valueAt + length);
    return valueAt + length;
  }
  if (depth >= DEEPEST) throw new DicomError("malformed", "Sequences are nested too deeply");
  // PS3.5 section 6.2.2 note 4: a value of undefined length and VR UN is in implicit VR little endian.
  const isExplicit = explicitVr && !header.isUnknown;
  const last = tag === ITEM ? ITEM_END : SEQUENCE_END;
  for (let at = valueAt; ; ) {
    const inner = headerAt(view, at, isExplicit);
    if (inner.tag === last) return inner.valueAt;
    at = endOf(view, inner, isExplicit, depth + 1);
  }
}

function demand(view: DataView, end: number): void {
  if (end > view.byteLength)
    throw new DicomError("truncated", "The data set ends inside an element");
}
