import { constants, inflateRawSync } from "node:zlib";
import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import { isUid } from "#core/dicom/uid.ts";
import { LONG_LENGTH_VRS } from "#core/dicom/vr.ts";

/** Whose object a data set is, by its own attributes. */
export interface ObjectIdentity {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string | undefined;
}

/** `more`: it may stand behind the bytes that are there; `none`: the data set has no such attributes, or cannot be read. */
export type IdentityReading = ObjectIdentity | "more" | "none";

const SOP_CLASS_UID = 0x00080016;
const SOP_INSTANCE_UID = 0x00080018;
const STUDY_INSTANCE_UID = 0x0020000d;
const SERIES_INSTANCE_UID = 0x0020000e;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const UNDEFINED_LENGTH = 0xffffffff;
const LONG_HEADERS: ReadonlySet<string> = LONG_LENGTH_VRS;
const MOST_NESTED = 64;
/** Bytes that a deflated beginning may become. */
const MOST_INFLATED = 16 * 1024 * 1024;

/** How elements are encoded at a depth. */
interface Encoding {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
}

interface Header {
  readonly tag: number;
  readonly vr: string;
  readonly length: number;
  readonly valueAt: number;
}

/**
 * Reads the identity from the beginning of a data set; values are passed over, so its cost does not depend on them.
 * What lies in sequences does not count.
 */
export function readIdentity(bytes: Uint8Array, transferSyntaxUid: string): IdentityReading {
  const syntax = transferSyntaxOf(transferSyntaxUid);
  const encoding = {
    explicitVr: syntax?.explicitVr ?? true,
    littleEndian: syntax?.littleEndian ?? true,
  };
  if (syntax?.isDeflated !== true) return new IdentityScan(bytes, encoding).run();
  const inflated = inflateBeginning(bytes);
  return inflated === undefined ? "none" : new IdentityScan(inflated, encoding).run();
}

function inflateBeginning(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return inflateRawSync(bytes, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MOST_INFLATED,
    });
  } catch {
    return undefined;
  }
}

/** A walk over the elements in order of tag, with a stack of the undefined lengths that are open. */
class IdentityScan {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #open: Encoding[] = [];
  readonly #found = new Map<number, string>();
  #encoding: Encoding;
  #at = 0;

  constructor(bytes: Uint8Array, encoding: Encoding) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#encoding = encoding;
  }

  run(): IdentityReading {
    for (;;) {
      const header = this.#header();
      if (header === undefined) return "more";
      if (this.#open.length === 0 && header.tag > SERIES_INSTANCE_UID) return "none";
      const outcome = this.#open.length > 0 ? this.#inside(header) : this.#outside(header);
      if (outcome !== undefined) return outcome;
    }
  }

  /** An element of the data set itself. */
  #outside(header: Header): IdentityReading | undefined {
    const { tag, length, valueAt } = header;
    if (length === UNDEFINED_LENGTH) return this.#enter(header);
    if (isWanted(tag)) {
      if (valueAt + length > this.#bytes.byteLength) return length > 128 ? "none" : "more";
      this.#found.set(tag, this.#text(valueAt, length));
    }
    this.#at = valueAt + length;
    return tag === SERIES_INSTANCE_UID ? this.#identity() : undefined;
  }

  /** Something within a sequence of undefined length. */
  #inside(header: Header): IdentityReading | undefined {
    const { tag, length, valueAt } = header;
    if (tag === ITEM_END || tag === SEQUENCE_END) {
      this.#encoding = this.#open.pop() ?? this.#encoding;
      this.#at = valueAt;
      return undefined;
    }
    if (length === UNDEFINED_LENGTH) return this.#enter(header);
    this.#at = valueAt + length;
    return undefined;
  }

  #enter({ tag, vr, valueAt }: Header): IdentityReading | undefined {
    if (this.#open.length >= MOST_NESTED) return "none";
    this.#open.push(this.#encoding);
    // PS3.5 section 6.2.2 note 4: a value of undefined length and VR UN is in implicit VR little endian.
    if (vr === "UN" && tag !== ITEM) this.#encoding = { explicitVr: false, littleEndian: true };
    this.#at = valueAt;
    return undefined;
  }

  #header(): Header | undefined {
    const at = this.#at;
    if (at + 8 > this.#bytes.byteLength) return undefined;
    const { explicitVr, littleEndian } = this.#encoding;
    const group = this.#view.getUint16(at, littleEndian);
    const tag = group * 0x10000 + this.#view.getUint16(at + 2, littleEndian);
    if (!explicitVr || group === 0xfffe) {
      return { tag, vr: "", length: this.#view.getUint32(at + 4, littleEndian), valueAt: at + 8 };
    }
    const vr = String.fromCharCode(this.#bytes[at + 4] ?? 0, this.#bytes[at + 5] ?? 0);
    if (!LONG_HEADERS.has(vr)) {
      return { tag, vr, length: this.#view.getUint16(at + 6, littleEndian), valueAt: at + 8 };
    }
    if (at + 12 > this.#bytes.byteLength) return undefined;
    return { tag, vr, length: this.#view.getUint32(at + 8, littleEndian), valueAt: at + 12 };
  }

  #text(at: number, length: number): string {
    let text = "";
    for (let index = at; index < at + length; index += 1) {
      const code = this.#bytes[index] ?? 0;
      if (code !== 0) text += String.fromCharCode(code);
    }
    return text.trim();
  }

  #identity(): IdentityReading {
    const studyInstanceUid = this.#found.get(STUDY_INSTANCE_UID) ?? "";
    const seriesInstanceUid = this.#found.get(SERIES_INSTANCE_UID) ?? "";
    const sopInstanceUid = this.#found.get(SOP_INSTANCE_UID) ?? "";
    const areUids = [studyInstanceUid, seriesInstanceUid, sopInstanceUid].every(isUid);
    if (!areUids) return "none";
    const sopClassUid = this.#found.get(SOP_CLASS_UID);
    return { studyInstanceUid, seriesInstanceUid, sopInstanceUid, sopClassUid };
  }
}

function isWanted(tag: number): boolean {
  return (
    tag === SOP_CLASS_UID ||
    tag === SOP_INSTANCE_UID ||
    tag === STUDY_INSTANCE_UID ||
    tag === SERIES_INSTANCE_UID
  );
}
