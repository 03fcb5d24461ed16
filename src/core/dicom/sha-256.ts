/** Bytes of a block. */
const BLOCK_BYTES = 64;
/** Offset in the last block at which the length of the message stands. */
const LENGTH_OFFSET = 56;

/**
 * SHA-256 (FIPS 180-4 section 6.2) of bytes that come in pieces. The digests of browsers take a whole message at
 * once, and only on pages of https; this one takes files of any size everywhere.
 */
export class Sha256 {
  readonly #state = Int32Array.from(INITIAL_STATE);
  readonly #schedule = new Int32Array(64);
  readonly #block = new Uint8Array(BLOCK_BYTES);
  #filled = 0;
  #byteLength = 0;

  update(bytes: Uint8Array): void {
    this.#byteLength += bytes.byteLength;
    let at = 0;
    if (this.#filled > 0) {
      at = Math.min(BLOCK_BYTES - this.#filled, bytes.byteLength);
      this.#block.set(bytes.subarray(0, at), this.#filled);
      this.#filled += at;
      if (this.#filled < BLOCK_BYTES) return;
      this.#compress(this.#block, 0);
      this.#filled = 0;
    }
    for (; at + BLOCK_BYTES <= bytes.byteLength; at += BLOCK_BYTES) this.#compress(bytes, at);
    this.#block.set(bytes.subarray(at));
    this.#filled = bytes.byteLength - at;
  }

  /** The 32 bytes of the digest; nothing may be added after it. */
  digest(): Uint8Array<ArrayBuffer> {
    const bitLength = BigInt(this.#byteLength) * 8n;
    const end = this.#filled < LENGTH_OFFSET ? LENGTH_OFFSET : BLOCK_BYTES + LENGTH_OFFSET;
    const padding = new Uint8Array(end - this.#filled + 8);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.byteLength - 8, bitLength);
    this.update(padding);
    const digest = new Uint8Array(32);
    const view = new DataView(digest.buffer);
    for (const [index, word] of this.#state.entries()) view.setInt32(index * 4, word);
    return digest;
  }

  #compress(bytes: Uint8Array, offset: number): void {
    const words = this.#schedule;
    expandBlock(bytes, offset, words);
    const state = this.#state;
    let a = wordAt(state, 0);
    let b = wordAt(state, 1);
    let c = wordAt(state, 2);
    let d = wordAt(state, 3);
    let e = wordAt(state, 4);
    let f = wordAt(state, 5);
    let g = wordAt(state, 6);
    let h = wordAt(state, 7);
    for (let round = 0; round < 64; round++) {
      const upper = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
      const choice = (e & f) ^ (~e & g);
      const first =
        (h + upper + choice + wordAt(ROUND_CONSTANTS, round) + wordAt(words, round)) | 0;
      const lower = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
      const majority = (a & b) ^ (a & c) ^ (b & c);
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + lower + majority) | 0;
    }
    addTo(state, 0, a);
    addTo(state, 1, b);
    addTo(state, 2, c);
    addTo(state, 3, d);
    addTo(state, 4, e);
    addTo(state, 5, f);
    addTo(state, 6, g);
    addTo(state, 7, h);
  }
}

/** The message schedule of a block (section 6.2.2, step 1). */
function expandBlock(bytes: Uint8Array, offset: number, words: Int32Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, BLOCK_BYTES);
  for (let index = 0; index < 16; index++) words[index] = view.getInt32(index * 4);
  for (let index = 16; index < 64; index++) {
    const early = wordAt(words, index - 15);
    const late = wordAt(words, index - 2);
    const lower = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
    const upper = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
    words[index] = wordAt(words, index - 16) + lower + wordAt(words, index - 7) + upper;
  }
}

/** The word of an index that exists. */
function wordAt(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

function addTo(state: Int32Array, index: number, word: number): void {
  state[index] = wordAt(state, index) + word;
}

function rotated(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/** Fractional parts of the square roots of the first 8 primes (section 5.3.3). */
const INITIAL_STATE: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/** Fractional parts of the cube roots of the first 64 primes (section 4.2.2). */
const ROUND_CONSTANTS: Int32Array = Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
);
