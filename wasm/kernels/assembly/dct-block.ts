import { BAD_CODE, OK, TRUNCATED } from "../kernel-status";
import { Bits } from "./bit-reader";
import { HuffmanTable } from "./huffman-table";
import { JpegStream } from "./jpeg-stream";

/** Largest category of a DC difference of 12-bit samples, which take four bits more than a sample (T.81 table F.6). */
export const LARGEST_DC_CATEGORY: u32 = 15;

/** The coefficients of one block, from the entropy-coded data of a sequential scan (T.81 F.2.2). */
export abstract class DctBlock {
  /** Place of the last coefficient in the zigzag sequence that is not 0; 0 where there is but the first. */
  static last: i32 = 0;

  /**
   * Decodes a block into 64 `i16`, in the order of the block. `prediction` is where the DC coefficient of the block
   * before stands, which becomes that of this one.
   */
  static decode(block: usize, dcTable: usize, acTable: usize, prediction: usize): i32 {
    clear(block);
    const dc = load<i32>(prediction) + DctBlock.readDifference(dcTable);
    if (DctBlock.isBroken) return DctBlock.broken();
    store<i32>(prediction, dc);
    store<i16>(block, <i16>dc);
    let buffer = Bits.buffer;
    let count = Bits.count;
    let at = Bits.at;
    const end = Bits.end;
    let last = 0;
    for (let k = 1; k < 64; k++) {
      if (count <= 32) {
        buffer |= (<u64>bswap<u32>(load<u32>(at))) << (32 - count);
        count += 32;
        if (at < end) at += 4;
        else Bits.missing += 32;
      }
      const entry = HuffmanTable.find(acTable, buffer);
      if (entry === 0) return DctBlock.broken();
      // Symbols are a run of zeros and a category (T.81 F.1.2.2.1); 00 is the end of the block, F0 sixteen zeros.
      const bits = entry & 63;
      const most: u32 = (1 << ((entry >> 8) & 15)) - 1;
      const magnitude = <u32>(buffer >> (64 - bits)) & most;
      buffer <<= bits;
      count -= bits;
      const run = (entry >> 20) & 15;
      if (most === 0 && run === 0) break;
      if (most === 0 && run !== 15) return BAD_CODE;
      k += run;
      if (k > 63) return BAD_CODE;
      const negative = magnitude <= most >> 1 ? most : 0;
      store<i16>(block + (JpegStream.zigzag(k) << 1), <i16>(magnitude - negative));
      last = k;
    }
    Bits.buffer = buffer;
    Bits.count = count;
    Bits.at = at;
    DctBlock.last = last;
    return OK;
  }

  /** Whether the last `readDifference` met bits that are no code. */
  static isBroken: bool = false;

  /** The next DC difference (T.81 F.2.2.1). */
  static readDifference(table: usize): i32 {
    const entry = Bits.peekEntry(table);
    DctBlock.isBroken = entry === 0;
    if (entry === 0) return 0;
    const bits = entry & 63;
    const size = (entry >> 8) & 15;
    const magnitude = <u32>(Bits.buffer >> (64 - bits)) & (((<u32>1) << size) - 1);
    Bits.skip(bits);
    return extend(magnitude, size);
  }

  /** Why a code was not found. */
  static broken(): i32 {
    return Bits.missing > 0 ? TRUNCATED : BAD_CODE;
  }
}

/** EXTEND (T.81 figure F.12): the lower half of the magnitudes stands for negative numbers. */
export function extend(magnitude: u32, bits: i32): i32 {
  const most = ((<u32>1) << bits) - 1;
  return <i32>(magnitude - (magnitude <= most >> 1 ? most : 0));
}

function clear(block: usize): void {
  const zero = i64x2.splat(0);
  for (let at: usize = 0; at < 128; at += 16) v128.store(block + at, zero);
}
