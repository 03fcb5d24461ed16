import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import { hasLongLength, vrOfBytes } from "#core/dicom/vr-code.ts";

const PIXEL_DATA = 0x7fe00010;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const UNDEFINED_LENGTH = 0xffffffff;
const LONGEST_HEADER = 12;
const MOST_NESTED = 1024;

/** How elements are encoded at a depth. */
interface Encoding {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
}

/**
 * Walks over a data set while it arrives, from header to header, to tell at the end whether it breaks off: a peer can
 * say that it is complete in the middle of a value. Claims nothing of what it does not understand, of what follows the
 * pixel data, and of deflated data sets.
 */
export class DataSetWalk {
  readonly #header = new Uint8Array(LONGEST_HEADER);
  readonly #view = new DataView(this.#header.buffer);
  readonly #open: Encoding[] = [];
  #encoding: Encoding;
  #isOver: boolean;
  #isPixelData = false;
  /** Bytes of the header that are there. */
  #held = 0;
  /** Bytes of the value that are still to come. */
  #toCome = 0;

  constructor(transferSyntaxUid: string) {
    const syntax = transferSyntaxOf(transferSyntaxUid);
    const { explicitVr = true, littleEndian = true, isDeflated = false } = syntax ?? {};
    this.#encoding = { explicitVr, littleEndian };
    this.#isOver = isDeflated;
  }

  /** Whether the bytes so far end inside a value, a header or a sequence. */
  get isInside(): boolean {
    return !this.#isOver && (this.#toCome > 0 || this.#held > 0 || this.#open.length > 0);
  }

  /** The next bytes. */
  take(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.byteLength && !this.#isOver; ) {
      if (this.#toCome > 0) {
        const step = Math.min(this.#toCome, chunk.byteLength - at);
        this.#toCome -= step;
        at += step;
        if (this.#toCome === 0) this.#valueEnds();
        continue;
      }
      const missing = this.#headerSize() - this.#held;
      const part = chunk.subarray(at, at + missing);
      this.#header.set(part, this.#held);
      this.#held += part.byteLength;
      at += part.byteLength;
      if (this.#held >= 8 && this.#held === this.#headerSize()) this.#element();
    }
  }

  /** Bytes of the header that is being read; eight as long as its VR is not known. */
  #headerSize(): 8 | 12 {
    if (this.#held < 8 || !this.#hasVr()) return 8;
    const vr = this.#vr();
    return vr !== undefined && hasLongLength(vr) ? 12 : 8;
  }

  #hasVr(): boolean {
    return this.#encoding.explicitVr && this.#group() !== 0xfffe;
  }

  #group(): number {
    return this.#view.getUint16(0, this.#encoding.littleEndian);
  }

  #vr() {
    return vrOfBytes(this.#header[4] ?? 0, this.#header[5] ?? 0);
  }

  /** The header is complete. */
  #element(): void {
    const { littleEndian } = this.#encoding;
    const tag = this.#group() * 0x10000 + this.#view.getUint16(2, littleEndian);
    const isLong = this.#headerSize() === 12;
    this.#held = 0;
    if (this.#hasVr()) {
      const vr = this.#vr();
      if (vr === undefined) this.#isOver = true;
      else if (isLong) this.#value(tag, this.#view.getUint32(8, littleEndian), vr === "UN");
      else this.#value(tag, this.#view.getUint16(6, littleEndian), false);
    } else this.#value(tag, this.#view.getUint32(4, littleEndian), false);
  }

  #value(tag: number, length: number, isUnknown: boolean): void {
    if (this.#open.length === 0) this.#isPixelData = tag === PIXEL_DATA;
    if (tag === ITEM_END || tag === SEQUENCE_END) {
      const outer = this.#open.pop();
      if (outer === undefined) this.#isOver = true;
      else this.#encoding = outer;
      this.#valueEnds();
    } else if (length === UNDEFINED_LENGTH) this.#enter(tag, isUnknown);
    else {
      this.#toCome = length;
      if (length === 0) this.#valueEnds();
    }
  }

  #enter(tag: number, isUnknown: boolean): void {
    if (this.#open.length >= MOST_NESTED) {
      this.#isOver = true;
      return;
    }
    this.#open.push(this.#encoding);
    // PS3.5 section 6.2.2 note 4: a value of undefined length and VR UN is in implicit VR little endian.
    if (isUnknown && tag !== ITEM) this.#encoding = { explicitVr: false, littleEndian: true };
  }

  #valueEnds(): void {
    if (this.#isPixelData && this.#open.length === 0) this.#isOver = true;
  }
}
