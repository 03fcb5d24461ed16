import { isUid } from "#core/dicom/uid.ts";
import { hasLongLength, vrOfBytes } from "#core/dicom/vr-code.ts";
import type { StoreOutcome } from "../source.ts";
import { type ObjectIdentity, readIdentity } from "./object-identity.ts";
import { FAILURE_REASONS, failedOutcome } from "./store-failure.ts";

/** What is known of an object before its data set is sent on. */
export interface ObjectHead {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly transferSyntaxUid: string;
  /** The bytes of the data set that were read to know this; the stream goes on after them. */
  readonly begin: readonly Uint8Array[];
}

const PREAMBLE_BYTES = 128;
const PREFIX = 0x4449434d;
const META_GROUP = 0x0002;
const LONGEST_META_BYTES = 65_536;
/** UIDs of study and series stand before nearly everything that is long. */
const LONGEST_LOOK_AHEAD_BYTES = 4 * 1024 * 1024;

const MEDIA_STORAGE_SOP_CLASS_UID = 0x00020002;
const MEDIA_STORAGE_SOP_INSTANCE_UID = 0x00020003;
const TRANSFER_SYNTAX_UID = 0x00020010;

/**
 * Reads a Part 10 stream (PS3.10 section 7) up to the place where it is known what the object is. The preamble is
 * never interpreted. An outcome says why the object cannot be stored.
 */
export async function readObjectHead(
  chunks: AsyncIterator<Uint8Array>,
): Promise<ObjectHead | StoreOutcome> {
  const start = new HeldStart(chunks);
  const meta = await readMeta(start);
  if (typeof meta === "string") return cannotUnderstand(meta);
  const transferSyntaxUid = meta.uids.get(TRANSFER_SYNTAX_UID);
  const named = {
    sopClassUid: checked(meta.uids.get(MEDIA_STORAGE_SOP_CLASS_UID)),
    sopInstanceUid: checked(meta.uids.get(MEDIA_STORAGE_SOP_INSTANCE_UID)),
  };
  if (checked(transferSyntaxUid) === undefined || transferSyntaxUid === undefined)
    return cannotUnderstand("The file meta information names no transfer syntax", named);
  const begin = [start.after(meta.end)];
  const identity = await identify(chunks, begin, transferSyntaxUid);
  if (typeof identity === "string") return cannotUnderstand(identity, named);
  const { sopClassUid } = identity;
  if (sopClassUid === undefined || !isUid(sopClassUid))
    return cannotUnderstand("The object has no valid SOP Class UID", named);
  return contradiction(named, identity) ?? { ...identity, sopClassUid, transferSyntaxUid, begin };
}

interface NamedByMeta {
  readonly sopClassUid: string | undefined;
  readonly sopInstanceUid: string | undefined;
}

function checked(uid: string | undefined): string | undefined {
  return uid !== undefined && isUid(uid) ? uid : undefined;
}

function cannotUnderstand(message: string, named?: NamedByMeta): StoreOutcome {
  return failedOutcome(FAILURE_REASONS.cannotUnderstand, message, named);
}

/** File meta information that says something else than the data set. */
function contradiction(named: NamedByMeta, identity: ObjectIdentity): StoreOutcome | undefined {
  const message = "The file meta information and the data set name different";
  if (named.sopClassUid !== undefined && named.sopClassUid !== identity.sopClassUid)
    return failedOutcome(FAILURE_REASONS.doesNotMatch, `${message} SOP classes`, identity);
  if (named.sopInstanceUid !== undefined && named.sopInstanceUid !== identity.sopInstanceUid)
    return failedOutcome(FAILURE_REASONS.doesNotMatch, `${message} SOP instances`, identity);
  return undefined;
}

/** Reads on until the identity is known; a sentence when it is not to be known. */
async function identify(
  chunks: AsyncIterator<Uint8Array>,
  begin: Uint8Array[],
  transferSyntaxUid: string,
): Promise<ObjectIdentity | string> {
  let held = begin.reduce((sum, { byteLength }) => sum + byteLength, 0);
  for (let isOver = false; held <= LONGEST_LOOK_AHEAD_BYTES; ) {
    const identity = readIdentity(whole(begin), transferSyntaxUid);
    if (identity === "none" || (identity === "more" && isOver))
      return "The data set has no valid UIDs of study, series and instance, or cannot be read";
    if (identity !== "more") return identity;
    // What is held is looked at anew when it has doubled, so that small chunks cost no more than large ones.
    for (const due = held * 2; !isOver && held <= due; ) {
      const next = await chunks.next();
      isOver = next.done === true;
      if (next.done === true) break;
      begin.push(next.value);
      held += next.value.byteLength;
    }
  }
  return `The UIDs of study and series are not among the first ${LONGEST_LOOK_AHEAD_BYTES} bytes`;
}

function whole(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  return pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
}

interface Meta {
  readonly uids: ReadonlyMap<number, string>;
  /** Offset of the first byte after it. */
  readonly end: number;
}

/** The UIDs of group 0002, which ends where the group does, whatever its length says; a sentence when there is none. */
async function readMeta(start: HeldStart): Promise<Meta | string> {
  const isFile = await start.hold(PREAMBLE_BYTES + 4);
  if (!isFile || start.view.getUint32(PREAMBLE_BYTES) !== PREFIX)
    return "The object is not a DICOM file (PS3.10): preamble and prefix are missing";
  const uids = new Map<number, string>();
  let at = PREAMBLE_BYTES + 4;
  for (;;) {
    const element = await metaElement(start, at);
    if (element === undefined) break;
    if (typeof element === "string") return element;
    if (element.uid !== undefined) uids.set(element.tag, element.uid);
    at = element.end;
  }
  return uids.size === 0 ? "The object has no file meta information" : { uids, end: at };
}

/** An element of group 0002 at an offset; undefined where the group ends, a sentence where it cannot be read. */
async function metaElement(
  start: HeldStart,
  at: number,
): Promise<
  | { readonly tag: number; readonly uid: string | undefined; readonly end: number }
  | string
  | undefined
> {
  if (!(await start.hold(at + 8)) || start.view.getUint16(at, true) !== META_GROUP)
    return undefined;
  const tag = META_GROUP * 0x10000 + start.view.getUint16(at + 2, true);
  const vr = vrOfBytes(start.view.getUint8(at + 4), start.view.getUint8(at + 5));
  if (vr === undefined) return "The file meta information is not in explicit VR little endian";
  const isLong = hasLongLength(vr);
  if (isLong && !(await start.hold(at + 12))) return "The object ends in its file meta information";
  const length = isLong ? start.view.getUint32(at + 8, true) : start.view.getUint16(at + 6, true);
  const value = at + (isLong ? 12 : 8);
  const end = value + length;
  if (end > LONGEST_META_BYTES)
    return `The file meta information is longer than ${LONGEST_META_BYTES} bytes`;
  if (!(await start.hold(end))) return "The object ends in its file meta information";
  const uid = vr === "UI" ? start.text(value, end) : undefined;
  return { tag, uid, end };
}

/** The first bytes of a stream, as one run. */
class HeldStart {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks;
  }

  /** Whether there are as many bytes; waits for them. */
  async hold(length: number): Promise<boolean> {
    if (this.#bytes.byteLength >= length) return true;
    const pieces = [this.#bytes];
    let held = this.#bytes.byteLength;
    while (held < length) {
      const next = await this.#chunks.next();
      if (next.done === true) break;
      pieces.push(next.value);
      held += next.value.byteLength;
    }
    this.#bytes =
      pieces.length === 2 && pieces[1] !== undefined && held === pieces[1].byteLength
        ? pieces[1]
        : Buffer.concat(pieces, held);
    this.view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    return held >= length;
  }

  text(from: number, to: number): string {
    return String.fromCharCode(...this.#bytes.subarray(from, to)).replace(/[ \0]+$/, "");
  }

  after(offset: number): Uint8Array {
    return this.#bytes.subarray(offset);
  }
}
