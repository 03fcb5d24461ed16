/** Codes of up to so many bits are found by one look into the table. */
const LOOKAHEAD: i32 = 12;
const LONGEST_CODE: i32 = 16;

/** Where the parts of a table lie, in bytes from its start. */
const LIMITS: usize = 4 << LOOKAHEAD;
const OFFSETS: usize = LIMITS + 4 * 17;
const SYMBOLS: usize = OFFSETS + 4 * 17;
const LARGEST: usize = SYMBOLS + 256;

/** Bytes of a table. */
export const TABLE_BYTES: usize = LARGEST + 8;

/**
 * A Huffman table (T.81 Annex C) in memory, made for looking up. What is found is an entry:
 *
 *     bits 0-5    code length + magnitude bits, what the whole symbol takes from the stream
 *     bits 8-11   magnitude bits: the low four bits of the symbol
 *     bits 16-23  the symbol
 *     bits 24-28  code length
 */
export abstract class HuffmanTable {
  /**
   * Makes the table from the 16 counts and the symbols of a DHT segment (T.81 B.2.4.2, C.2). False when there are
   * more codes of a length than bits allow.
   */
  static define(table: usize, counts: usize, symbols: usize): bool {
    memory.fill(table, 0, LIMITS);
    let code: u32 = 0;
    let index: u32 = 0;
    let largest: u32 = 0;
    for (let length = 1; length <= LONGEST_CODE; length++) {
      store<u32>(table + OFFSETS + 4 * length, index - code);
      for (let count = <u32>load<u8>(counts + length - 1); count > 0; count--) {
        if (code >= (<u32>1) << length) return false;
        const symbol = <u32>load<u8>(symbols + index);
        store<u8>(table + SYMBOLS + index, <u8>symbol);
        if (symbol > largest) largest = symbol;
        if (length <= LOOKAHEAD) HuffmanTable.fill(table, code, length, symbol);
        code++;
        index++;
      }
      // The first 16 bits that are beyond all codes of up to this length.
      store<u32>(table + LIMITS + 4 * length, code << (LONGEST_CODE - length));
      code <<= 1;
    }
    store<u32>(table + LARGEST, largest);
    return true;
  }

  /** Largest symbol of the table. */
  static largest(table: usize): u32 {
    return load<u32>(table + LARGEST);
  }

  /** The entry of the code at the top of `bits`, or 0 when it is none. */
  @inline static find(table: usize, bits: u64): u32 {
    const entry = load<u32>(table + ((<usize>(bits >> (64 - LOOKAHEAD))) << 2));
    return entry !== 0 ? entry : HuffmanTable.findLong(table, bits);
  }

  /** The entry of a code that is longer than the lookahead (T.81 F.2.2.3). */
  private static findLong(table: usize, bits: u64): u32 {
    const first = <u32>(bits >> (64 - LONGEST_CODE));
    for (let length = LOOKAHEAD + 1; length <= LONGEST_CODE; length++) {
      if (first >= load<u32>(table + LIMITS + 4 * length)) continue;
      const index = (first >> (LONGEST_CODE - length)) + load<u32>(table + OFFSETS + 4 * length);
      return HuffmanTable.entry(<u32>load<u8>(table + SYMBOLS + (index & 255)), length);
    }
    return 0;
  }

  private static fill(table: usize, code: u32, length: i32, symbol: u32): void {
    const entry = HuffmanTable.entry(symbol, length);
    const spare = LOOKAHEAD - length;
    const end = table + (((code + 1) << spare) << 2);
    for (let at = table + ((code << spare) << 2); at < end; at += 4) store<u32>(at, entry);
  }

  @inline private static entry(symbol: u32, length: u32): u32 {
    const magnitude = symbol & 15;
    return (length + magnitude) | (magnitude << 8) | (symbol << 16) | (length << 24);
  }
}
