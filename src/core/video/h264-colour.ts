/** How the colours of a picture are meant where the stream does not say so itself (ITU-T H.264 annex E). */
export interface AssumedColour {
  readonly matrix: "smpte170m" | "bt709";
  readonly fullRange: boolean;
}

/** Below this many rows a picture is taken for standard definition: what browsers do with MP4, so that both look alike. */
const HIGH_DEFINITION_ROWS = 720;
/** Profiles whose parameter set says something about chroma (7.3.2.1.1). */
const CHROMA_PROFILES: ReadonlySet<number> = new Set([
  44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244,
]);
const EXTENDED_ASPECT = 255;
const UNSPECIFIED = 2;

/**
 * What to assume of the colours of a stream by its sequence parameter set; undefined where it describes them.
 * @param sps the unit from its header on, with or without the bytes that keep start codes out of it
 */
export function assumedColour(sps: Uint8Array): AssumedColour | undefined {
  const bits = new BitReader(withoutEscapes(sps));
  bits.skip(8);
  const profile = bits.read(8);
  bits.skip(16);
  bits.unsigned();
  if (CHROMA_PROFILES.has(profile)) skipChroma(bits);
  skipOrder(bits);
  const rows = readRows(bits);
  const signal = bits.read(1) === 1 ? readSignal(bits) : NO_SIGNAL;
  if (signal.isDescribed) return undefined;
  const matrix = rows < HIGH_DEFINITION_ROWS ? "smpte170m" : "bt709";
  return { matrix, fullRange: signal.fullRange };
}

const NO_SIGNAL = { isDescribed: false, fullRange: false };

/** Chroma format, bit depths and scaling lists. */
function skipChroma(bits: BitReader): void {
  const chroma = bits.unsigned();
  if (chroma === 3) bits.skip(1);
  bits.unsigned();
  bits.unsigned();
  bits.skip(1);
  if (bits.read(1) === 0) return;
  for (let list = 0; list < (chroma === 3 ? 12 : 8); list++)
    if (bits.read(1) === 1) skipScalingList(bits, list < 6 ? 16 : 64);
}

/** 7.3.2.1.1.1: differences, until one makes the next scale zero. */
function skipScalingList(bits: BitReader, size: number): void {
  let next = 8;
  for (let index = 0; index < size && next !== 0; index++)
    next = (next + bits.signed() + 256) % 256;
}

/** Frame numbers and picture order. */
function skipOrder(bits: BitReader): void {
  bits.unsigned();
  const type = bits.unsigned();
  if (type === 0) bits.unsigned();
  if (type === 1) {
    bits.skip(1);
    bits.signed();
    bits.signed();
    const count = Math.min(bits.unsigned(), 255);
    for (let at = 0; at < count; at++) bits.signed();
  }
  bits.unsigned();
  bits.skip(1);
}

/** Rows of a frame before cropping, which takes less than a macroblock in practice. */
function readRows(bits: BitReader): number {
  bits.unsigned();
  const units = bits.unsigned() + 1;
  const areFrames = bits.read(1) === 1;
  if (!areFrames) bits.skip(1);
  bits.skip(1);
  if (bits.read(1) === 1) for (let edge = 0; edge < 4; edge++) bits.unsigned();
  return units * 16 * (areFrames ? 1 : 2);
}

/** E.1.1 as far as colours go. */
function readSignal(bits: BitReader): typeof NO_SIGNAL {
  if (bits.read(1) === 1 && bits.read(8) === EXTENDED_ASPECT) bits.skip(32);
  if (bits.read(1) === 1) bits.skip(1);
  if (bits.read(1) === 0) return NO_SIGNAL;
  bits.skip(3);
  const fullRange = bits.read(1) === 1;
  if (bits.read(1) === 0) return { isDescribed: false, fullRange };
  bits.skip(16);
  return { isDescribed: bits.read(8) !== UNSPECIFIED, fullRange };
}

/** Reads bits from the most significant one on; behind the end there are zeros. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(count: number): number {
    let value = 0;
    for (let bit = 0; bit < count; bit++, this.#at++)
      value = value * 2 + (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1);
    return value;
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** Exp-Golomb code (9.1), of at most 32 bits. */
  unsigned(): number {
    let zeros = 0;
    while (zeros < 32 && this.read(1) === 0) zeros++;
    return zeros === 32 ? 0 : 2 ** zeros - 1 + this.read(zeros);
  }

  signed(): number {
    const code = this.unsigned();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}

/** Without the bytes 3 that keep start codes out of a unit (7.4.1). */
export function withoutEscapes(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, at) => !(byte === 3 && bytes[at - 1] === 0 && bytes[at - 2] === 0));
}
