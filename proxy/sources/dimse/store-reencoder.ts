import { DicomError } from "#core/dicom/dicom-error.ts";
import { entryOf, vrOf } from "#core/dicom/dictionary.ts";
import { swapByteOrder } from "#core/dicom/swap-byte-order.ts";
import { elementOf, type Tag } from "#core/dicom/tag.ts";
import { NUMBER_BYTES, type Vr } from "#core/dicom/vr.ts";
import { hasLongLength, vrOfBytes } from "#core/dicom/vr-code.ts";

const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const DELIMITER_GROUP = 0xfffe;
const PIXEL_REPRESENTATION = 0x00280103;
const UNDEFINED_LENGTH = 0xffffffff;
const LONGEST_SHORT_VALUE = 0xffff;
const DEEPEST = 64;

/** How the elements of a data set are encoded. */
interface DataSetEncoding {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
}

/** What is open: the data set itself, a sequence, or an item. */
interface Level extends DataSetEncoding {
  readonly kind: "root" | "sequence" | "item";
  /** Position in the source after its last byte; infinite until its delimiter. */
  readonly end: number;
  readonly writesVr: boolean;
  isSigned: boolean;
}

interface Header {
  readonly tag: Tag;
  /** Undefined in implicit encoding, for delimiters, and for letters that are no VR. */
  readonly vr: Vr | undefined;
  readonly length: number;
  readonly size: number;
}

/** The value that is being passed on. */
interface PendingValue {
  left: number;
  readonly vr: Vr | undefined;
  readonly isDropped: boolean;
}

/** Rewrites the headers of elements as their bytes come, and passes values on. */
export class Reencoder {
  readonly #levels: Level[];
  #rest: Uint8Array = new Uint8Array(0);
  /** Position in the source of the first byte of `#rest`. */
  #position = 0;
  /** Bytes of the current value that are still to come, and what is done with them. */
  #value: PendingValue | undefined;

  constructor(from: DataSetEncoding, writesVr: boolean) {
    const { explicitVr, littleEndian } = from;
    const end = Number.POSITIVE_INFINITY;
    this.#levels = [{ kind: "root", end, explicitVr, littleEndian, writesVr, isSigned: false }];
  }

  /** What can be written once these bytes are there. @throws DicomError `malformed` */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    this.#rest = this.#rest.byteLength === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const bytes = this.#value === undefined ? undefined : this.#passOn(this.#value);
      if (bytes !== undefined) yield bytes;
      if (this.#value !== undefined) return;
      yield* this.#closeEnded();
      const header = this.#header();
      const written = header === undefined ? undefined : this.#begin(header);
      if (written === undefined) return;
      if (written.byteLength > 0) yield written;
    }
  }

  /** What is left to be written. @throws DicomError `truncated` */
  *end(): Generator<Uint8Array> {
    yield* this.#closeEnded();
    const isWhole = this.#value === undefined && this.#rest.byteLength === 0;
    if (!isWhole || this.#levels.length > 1)
      throw new DicomError("truncated", "The data set ends inside an element");
  }

  get #level(): Level {
    const level = this.#levels.at(-1);
    if (level === undefined) throw malformed();
    return level;
  }

  #consume(count: number): Uint8Array {
    const bytes = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    this.#position += count;
    return bytes;
  }

  /** Bytes of the current value, as many whole numbers of it as are there. */
  #passOn(value: PendingValue): Uint8Array | undefined {
    const { littleEndian } = this.#level;
    const unit = littleEndian || value.vr === undefined ? 1 : (NUMBER_BYTES[value.vr] ?? 1);
    const there = Math.min(value.left, this.#rest.byteLength);
    const count = there === value.left ? there : there - (there % unit);
    if (count < value.left && count === 0) return undefined;
    const bytes = this.#consume(count);
    value.left -= count;
    if (value.left === 0) this.#value = undefined;
    if (value.isDropped || count === 0) return undefined;
    return unit === 1 || value.vr === undefined ? bytes : swapByteOrder(bytes, value.vr);
  }

  /** Delimiters of what was of defined length and is over. */
  *#closeEnded(): Generator<Uint8Array> {
    for (let level = this.#level; level.end <= this.#position; level = this.#level) {
      if (level.end < this.#position) throw malformed();
      this.#levels.pop();
      yield delimiter(level.kind === "item" ? ITEM_END : SEQUENCE_END);
    }
  }

  #header(): Header | undefined {
    const rest = this.#rest;
    if (rest.byteLength < 8) return undefined;
    const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
    const { explicitVr, littleEndian } = this.#level;
    const tag = view.getUint16(0, littleEndian) * 0x10000 + view.getUint16(2, littleEndian);
    if (!explicitVr || tag >>> 16 === DELIMITER_GROUP)
      return { tag, vr: undefined, length: view.getUint32(4, littleEndian), size: 8 };
    const vr = vrOfBytes(rest[4] ?? 0, rest[5] ?? 0);
    if (vr === undefined) throw malformed();
    if (!hasLongLength(vr)) return { tag, vr, length: view.getUint16(6, littleEndian), size: 8 };
    if (rest.byteLength < 12) return undefined;
    return { tag, vr, length: view.getUint32(8, littleEndian), size: 12 };
  }

  /** The header as it is written; undefined to wait for more bytes. */
  #begin(header: Header): Uint8Array | undefined {
    const { tag, length, size } = header;
    if (tag === ITEM_END || tag === SEQUENCE_END) return this.#close(tag, size);
    if ((this.#level.kind === "sequence") !== (tag === ITEM)) throw malformed();
    const vr = tag === ITEM ? undefined : (header.vr ?? this.#implicitVr(tag, length));
    if (vr !== undefined && vr !== "SQ" && length !== UNDEFINED_LENGTH)
      return this.#beginValue(header, vr);
    this.#consume(size);
    return this.#open(tag, header.vr ?? vr, length);
  }

  #beginValue({ tag, length, size }: Header, vr: Vr): Uint8Array | undefined {
    if (tag === PIXEL_REPRESENTATION && this.#rest.byteLength < size + length) return undefined;
    this.#consume(size);
    const level = this.#level;
    if (tag === PIXEL_REPRESENTATION)
      level.isSigned = this.#rest.subarray(0, length).some((byte) => byte === 1);
    const isDropped = elementOf(tag) === 0;
    this.#value = { left: length, vr, isDropped };
    return isDropped ? new Uint8Array(0) : elementHeader(tag, vr, length, level.writesVr);
  }

  #close(tag: Tag, size: number): Uint8Array {
    const level = this.#level;
    const isOpen = this.#levels.length > 1 && level.end === Number.POSITIVE_INFINITY;
    if (!isOpen || (level.kind === "item") !== (tag === ITEM_END)) throw malformed();
    this.#consume(size);
    this.#levels.pop();
    return delimiter(tag);
  }

  #open(tag: Tag, vr: Vr | undefined, length: number): Uint8Array {
    const around = this.#level;
    const isSequence = tag !== ITEM;
    if (this.#levels.length > DEEPEST) throw malformed();
    if (isSequence && vr !== "SQ" && vr !== "UN") throw malformed();
    // A sequence of unknown VR is in implicit VR little endian, and stays in it (PS3.5 section 6.2.2 note 4).
    const isUnknown = isSequence && vr === "UN" && around.explicitVr;
    this.#levels.push({
      kind: isSequence ? "sequence" : "item",
      end: length === UNDEFINED_LENGTH ? Number.POSITIVE_INFINITY : this.#position + length,
      explicitVr: around.explicitVr && !isUnknown,
      littleEndian: around.littleEndian || isUnknown,
      writesVr: around.writesVr && !isUnknown,
      isSigned: around.isSigned,
    });
    if (!isSequence) return elementHeader(ITEM, "UN", UNDEFINED_LENGTH, false);
    return elementHeader(tag, isUnknown ? "UN" : "SQ", UNDEFINED_LENGTH, around.writesVr);
  }

  /** VR of an element that does not say it; what is unknown and of undefined length can only be a sequence. */
  #implicitVr(tag: Tag, length: number): Vr {
    const entry = entryOf(tag);
    if (length === UNDEFINED_LENGTH) return "SQ";
    if (entry === undefined) return vrOf(tag) ?? "UN";
    return entry.otherVr === "SS" && this.#level.isSigned ? "SS" : entry.vr;
  }
}

function malformed(): DicomError {
  return new DicomError("malformed", "The data set is not what its transfer syntax says");
}

function delimiter(tag: Tag): Uint8Array {
  return elementHeader(tag, "UN", 0, false);
}

/** Little endian; values too long for 16 bits of length are written as UN (PS3.5 section 6.2.2). */
function elementHeader(tag: Tag, vr: Vr, length: number, writesVr: boolean): Uint8Array {
  const written = hasLongLength(vr) || length <= LONGEST_SHORT_VALUE ? vr : "UN";
  const isLong = writesVr && hasLongLength(written);
  const bytes = new Uint8Array(isLong ? 12 : 8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag >>> 16, true);
  view.setUint16(2, tag & 0xffff, true);
  if (!writesVr) view.setUint32(4, length, true);
  else {
    bytes[4] = written.charCodeAt(0);
    bytes[5] = written.charCodeAt(1);
    if (isLong) view.setUint32(8, length, true);
    else view.setUint16(6, length, true);
  }
  return bytes;
}
