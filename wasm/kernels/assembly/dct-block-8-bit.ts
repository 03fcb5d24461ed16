import { BAD_CODE, OK } from "../kernel-status";
import { Bits } from "./bit-reader";
import { DctBlock } from "./dct-block";
import { HuffmanTable } from "./huffman-table";
import { InverseDct } from "./inverse-dct";
import { InverseDct8Bit } from "./inverse-dct-8-bit";
import { JpegStream } from "./jpeg-stream";

/** Coefficients of the block in work, 64 `i16`. */
const BLOCK = memory.data(128, 16);

/** Bits of a place (see Steps) that coefficients beyond the first four rows and columns have. */
const BEYOND_QUARTER: u32 = 0x48;

/** Bytes of the steps of a component. */
export const STEPS_BYTES: usize = 256;

/**
 * Writes the quantization steps of a component as `DctBlock8Bit.decode` wants them, in the order of the zigzag
 * sequence: the low 16 bits are the place of the coefficient in bytes from the start of the block, the high ones the
 * step.
 */
export function writeSteps(quantization: usize, to: usize): void {
  for (let k = 0; k < 64; k++) {
    const place = JpegStream.zigzag(k);
    const step = load<u32>(quantization + 4 * place);
    store<u32>(to + 4 * k, (step << 16) | (2 * place));
  }
}

/** A block of 8-bit samples in a sequential scan (T.81 F.2.2), from its bits to its samples. */
export abstract class DctBlock8Bit {
  /** All products with steps, plus 2^15, joined by OR; and all entries of the steps. */
  private static excess: u32 = 0;
  private static places: u32 = 0;

  /** `prediction` is where the DC coefficient of the block before stands, which becomes that of this one. */
  static decode(
    dcTable: usize,
    acTable: usize,
    prediction: usize,
    steps: usize,
    quantization: usize,
    to: usize,
    stride: usize,
  ): i32 {
    const buffer = Bits.buffer;
    const count = Bits.count;
    const at = Bits.at;
    const missing = Bits.missing;
    const dc = load<i32>(prediction) + DctBlock.readDifference(dcTable);
    if (DctBlock.isBroken) return DctBlock.broken();
    const first = <i32>(<i16>dc) * <i32>(load<u32>(steps) >> 16);
    const entry = Bits.peekEntry(acTable);
    // Most blocks of most images end here: symbol 00.
    if (entry !== 0 && (entry & 0xff0000) === 0) {
      Bits.skip(entry & 63);
      InverseDct8Bit.flat(first, to, stride);
      store<i32>(prediction, dc);
      return OK;
    }
    const status = DctBlock8Bit.readOthers(acTable, steps);
    if (status !== OK) return status;
    const excess = DctBlock8Bit.excess | <u32>(first + 0x8000);
    if (excess >> 16 === 0 && DctBlock8Bit.transform(first, to, stride)) {
      store<i32>(prediction, dc);
      return OK;
    }
    // Again, in 32 bits.
    Bits.buffer = buffer;
    Bits.count = count;
    Bits.at = at;
    Bits.missing = missing;
    const again = DctBlock.decode(BLOCK, dcTable, acTable, prediction);
    if (again === OK) InverseDct.transform8Bit(BLOCK, quantization, to, stride);
    return again;
  }

  /** Puts all coefficients but the first, multiplied with their steps, into BLOCK. */
  private static readOthers(acTable: usize, steps: usize): i32 {
    let buffer = Bits.buffer;
    let count = Bits.count;
    let at = Bits.at;
    const end = Bits.end;
    let excess: u32 = 0;
    let places: u32 = 0;
    clear();
    for (let k: u32 = 1; k < 64; k++) {
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
      const step = load<u32>(steps + (k << 2));
      const negative = magnitude <= most >> 1 ? most : 0;
      const product = <i32>(magnitude - negative) * <i32>(step >> 16);
      excess |= <u32>(product + 0x8000);
      places |= step;
      store<i16>(BLOCK + (step & 0xff), <i16>product);
    }
    Bits.buffer = buffer;
    Bits.count = count;
    Bits.at = at;
    DctBlock8Bit.excess = excess;
    DctBlock8Bit.places = places;
    return OK;
  }

  /** False when numbers of more than 16 bits are needed. */
  @inline private static transform(first: i32, to: usize, stride: usize): bool {
    store<i16>(BLOCK, <i16>first);
    return (DctBlock8Bit.places & BEYOND_QUARTER) === 0
      ? InverseDct8Bit.quarter(BLOCK, to, stride)
      : InverseDct8Bit.full(BLOCK, to, stride);
  }
}

function clear(): void {
  const zero = i64x2.splat(0);
  for (let at: usize = 0; at < 128; at += 16) v128.store(BLOCK + at, zero);
}
