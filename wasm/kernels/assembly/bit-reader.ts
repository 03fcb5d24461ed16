import { HuffmanTable } from "./huffman-table";

/** Bytes beyond the segment that are written or read with it. */
const SLACK: usize = 32;

/**
 * The entropy-coded segment that is being read (T.81 F.2.2.5), without its stuffed bytes, and the bits that were
 * taken from it but not used. Loops that are hot hold these in local variables.
 */
export abstract class Bits {
  /** The next bit is the most significant one; bits beyond `count` are 0. */
  static buffer: u64 = 0;
  static count: i32 = 0;
  /** Next byte, and the first one after the segment; at least 8 zeros follow that. */
  static at: usize = 0;
  static end: usize = 0;
  /** Zero bits that were given out after the end. */
  static missing: i32 = 0;
  /** Memory that holds a segment. */
  private static segment: usize = 0;

  /** Bytes of memory that segments of an input of so many bytes need. */
  static bytesFor(inputBytes: u32): u64 {
    return <u64>inputBytes + SLACK;
  }

  static useMemory(segment: usize): void {
    Bits.segment = segment;
  }

  /**
   * Starts with the entropy-coded segment from `from` on: copies it without the zero after each FF, up to the next
   * marker (T.81 B.1.1.5). Gives the place of that marker's FF, or `inputEnd` when there is none.
   */
  static start(from: usize, inputEnd: usize): usize {
    let to = Bits.segment;
    let at = from;
    const ones = i8x16.splat(-1);
    while (at < inputEnd) {
      const bytes = v128.load(at);
      v128.store(to, bytes);
      const found = i8x16.bitmask(i8x16.eq(bytes, ones));
      const whole: usize = found === 0 ? 16 : <usize>ctz(found);
      if (at + whole >= inputEnd) {
        to += inputEnd - at;
        at = inputEnd;
        break;
      }
      at += whole;
      to += whole;
      if (found === 0) continue;
      const next = load<u8>(at + 1);
      if (at + 1 >= inputEnd || (next !== 0 && next !== 0xff)) break;
      // FF 00 stands for FF; of several FF the last one belongs to the marker.
      if (next === 0) to += 1;
      at += next === 0 ? 2 : 1;
    }
    v128.store(to, i8x16.splat(0));
    Bits.buffer = 0;
    Bits.count = 0;
    Bits.missing = 0;
    Bits.at = Bits.segment;
    Bits.end = to;
    return at;
  }

  /** Has at least 33 bits in the buffer. */
  @inline static refill(): void {
    if (Bits.count > 32) return;
    Bits.buffer |= (<u64>bswap<u32>(load<u32>(Bits.at))) << (32 - Bits.count);
    Bits.count += 32;
    if (Bits.at < Bits.end) Bits.at += 4;
    else Bits.missing += 32;
  }

  /** The next `bits` bits, 0 to 16, as a number. */
  @inline static read(bits: i32): u32 {
    Bits.refill();
    const value = <u32>((Bits.buffer >> 1) >> (63 - bits));
    Bits.buffer <<= bits;
    Bits.count -= bits;
    return value;
  }

  /** The entry of the next code (see HuffmanTable), which stays in the buffer, or 0 for bits that are no code. */
  @inline static peekEntry(table: usize): u32 {
    Bits.refill();
    return HuffmanTable.find(table, Bits.buffer);
  }

  @inline static skip(bits: i32): void {
    Bits.buffer <<= bits;
    Bits.count -= bits;
  }

  /** Bits of the segment that are not used yet; below 0 when more were used than there are. */
  static left(): i64 {
    const ahead = <i64>Bits.end - <i64>Bits.at;
    return ahead * 8 + <i64>Bits.count - <i64>Bits.missing;
  }

  /** Whether all whole bytes that are left are 00 or FF: padding that some encoders leave. */
  static isLeftPadding(): bool {
    const bytes = <usize>(Bits.left() >> 3);
    for (let at = Bits.end - bytes; at < Bits.end; at++) {
      const byte = load<u8>(at);
      if (byte !== 0 && byte !== 0xff) return false;
    }
    return true;
  }
}
