/** A Huffman code: for each symbol its bits and their number. */
export type HuffmanCode = ReadonlyMap<number, { readonly code: number; readonly length: number }>;

/** Symbols and the length of the code of each, in ascending order of lengths. */
export type CodeLengths = readonly (readonly [symbol: number, length: number])[];

/** The canonical code of these lengths (ITU-T T.81 Annex C). */
export function huffmanCode(lengths: CodeLengths): HuffmanCode {
  const codes = new Map<number, { readonly code: number; readonly length: number }>();
  let next = 0;
  let before = lengths[0]?.[1] ?? 1;
  for (const [symbol, length] of lengths) {
    next *= 2 ** (length - before);
    before = length;
    codes.set(symbol, { code: next, length });
    next += 1;
  }
  return codes;
}

/** Writes a JPEG for tests: marker segments, and entropy-coded data with stuffed bytes. */
export class JpegWriter {
  readonly #bytes: number[] = [];
  #pending = 0;
  #pendingBits = 0;

  /** A marker alone: SOI, EOI, RST. Whole bytes are made of what is pending, filled with ones (T.81 F.1.2.3). */
  marker(code: number): void {
    this.#flush();
    this.#bytes.push(0xff, code);
  }

  /** A marker segment; its length is put before the bytes. */
  segment(code: number, bytes: readonly number[]): void {
    this.marker(code);
    this.#bytes.push(...u16(bytes.length + 2), ...bytes);
  }

  /** DHT; class 0 is DC and lossless, 1 is AC. */
  huffmanTable(tableClass: 0 | 1, destination: number, lengths: CodeLengths): void {
    const counts = Array.from(
      { length: 16 },
      (_, at) => lengths.filter(([, length]) => length === at + 1).length,
    );
    const symbols = lengths.map(([symbol]) => symbol);
    this.segment(0xc4, [tableClass * 16 + destination, ...counts, ...symbols]);
  }

  /** Fill bytes, which may stand before any marker (T.81 B.1.1.2). */
  fill(count: number): void {
    this.#flush();
    for (let index = 0; index < count; index += 1) this.#bytes.push(0xff);
  }

  bits(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit -= 1) {
      this.#pending = this.#pending * 2 + ((value >>> bit) & 1);
      this.#pendingBits += 1;
      if (this.#pendingBits === 8) this.#put();
    }
  }

  symbol(code: HuffmanCode, symbol: number): void {
    const found = code.get(symbol);
    if (found === undefined) throw new Error(`The table has no symbol ${symbol}`);
    this.bits(found.code, found.length);
  }

  /** The magnitude bits of a number of the category (T.81 F.1.2.1). */
  magnitude(value: number, category: number): void {
    this.bits(value < 0 ? value + 2 ** category - 1 : value, category);
  }

  finish(): Uint8Array<ArrayBuffer> {
    this.#flush();
    return new Uint8Array(this.#bytes);
  }

  #flush(): void {
    while (this.#pendingBits > 0) this.bits(1, 1);
  }

  #put(): void {
    this.#bytes.push(this.#pending);
    if (this.#pending === 0xff) this.#bytes.push(0);
    this.#pending = 0;
    this.#pendingBits = 0;
  }
}

/** Bits that the magnitude of a number takes: SSSS of T.81 table F.1. */
export function categoryOf(value: number): number {
  return value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1;
}

/** Two bytes, big endian. */
export function u16(value: number): readonly [number, number] {
  return [value >> 8, value & 0xff];
}
