import { BAD_CODE, OK } from "../kernel-status";
import { Bits } from "./bit-reader";
import { DctBlock, extend } from "./dct-block";
import { JpegStream } from "./jpeg-stream";

/** What scans of progressive coding (T.81 Annex G) add to the coefficients of a block, 64 `i16`. */
export abstract class ProgressiveBlock {
  /** Blocks that follow without new coefficients in the band (EOBRUN of T.81 G.1.2.2). */
  static endRun: i32 = 0;

  /** First scan of the DC coefficients (T.81 G.1.2.1). */
  static firstDc(block: usize, table: usize, prediction: usize): i32 {
    const dc = load<i32>(prediction) + DctBlock.readDifference(table);
    if (DctBlock.isBroken) return DctBlock.broken();
    store<i32>(prediction, dc);
    store<i16>(block, <i16>(dc << JpegStream.approximationLow));
    return OK;
  }

  /** One more bit of the DC coefficient. */
  static refineDc(block: usize): i32 {
    const bit = Bits.read(1) << JpegStream.approximationLow;
    store<i16>(block, load<i16>(block) | <i16>bit);
    return OK;
  }

  /** First scan of a band of AC coefficients (T.81 G.1.2.2). */
  static firstAc(block: usize, table: usize): i32 {
    if (ProgressiveBlock.endRun > 0) {
      ProgressiveBlock.endRun--;
      return OK;
    }
    for (let k = JpegStream.spectralStart; k <= JpegStream.spectralEnd; k++) {
      const entry = Bits.peekEntry(table);
      if (entry === 0) return DctBlock.broken();
      Bits.skip(entry >> 24);
      const run = <i32>(entry >> 20) & 15;
      const size = <i32>(entry >> 8) & 15;
      if (size === 0 && run < 15) {
        ProgressiveBlock.endRun = ProgressiveBlock.readEndRun(run) - 1;
        return OK;
      }
      k += run;
      if (k > JpegStream.spectralEnd) return BAD_CODE;
      if (size === 0) continue;
      const value = extend(Bits.read(size), size) << JpegStream.approximationLow;
      store<i16>(block + (JpegStream.zigzag(k) << 1), <i16>value);
    }
    return OK;
  }

  /** One more bit of the coefficients of a band, and new ones among them (T.81 G.1.2.3, figure G.7). */
  static refineAc(block: usize, table: usize): i32 {
    let k = JpegStream.spectralStart;
    if (ProgressiveBlock.endRun === 0) {
      k = ProgressiveBlock.addRefined(block, table, k);
      if (k < 0) return DctBlock.broken();
    }
    if (ProgressiveBlock.endRun === 0) return OK;
    ProgressiveBlock.refineUpTo(block, k, 64);
    ProgressiveBlock.endRun--;
    return OK;
  }

  /** Refines and adds coefficients from `k` on. Where it ended: at a run of ended blocks, or behind the band; or -1. */
  private static addRefined(block: usize, table: usize, k: i32): i32 {
    for (; k <= JpegStream.spectralEnd; k++) {
      const entry = Bits.peekEntry(table);
      const run = <i32>(entry >> 20) & 15;
      const size = <i32>(entry >> 8) & 15;
      if (entry === 0 || size > 1) return -1;
      Bits.skip(entry >> 24);
      if (size === 0 && run < 15) {
        ProgressiveBlock.endRun = ProgressiveBlock.readEndRun(run);
        return k;
      }
      const added = size === 0 ? 0 : ProgressiveBlock.readSigned();
      k = ProgressiveBlock.refineUpTo(block, k, run);
      if (k > JpegStream.spectralEnd) return -1;
      if (added !== 0) store<i16>(block + (JpegStream.zigzag(k) << 1), <i16>added);
    }
    return k;
  }

  /** A new coefficient: one bit of the approximation, with its sign. */
  private static readSigned(): i32 {
    const bit: i32 = 1 << JpegStream.approximationLow;
    return Bits.read(1) !== 0 ? bit : -bit;
  }

  /**
   * Gives each coefficient that is not 0 its next bit, from `k` on, up to the 0 that follows after `zeros` others.
   * The place of that one, or one beyond the band.
   */
  private static refineUpTo(block: usize, k: i32, zeros: i32): i32 {
    const bit: i32 = 1 << JpegStream.approximationLow;
    for (; k <= JpegStream.spectralEnd; k++) {
      const place = block + (JpegStream.zigzag(k) << 1);
      const value = <i32>load<i16>(place);
      if (value === 0) {
        if (zeros === 0) return k;
        zeros--;
      } else if (Bits.read(1) !== 0 && (value & bit) === 0) {
        store<i16>(place, <i16>(value > 0 ? value + bit : value - bit));
      }
    }
    return k;
  }

  /** Length of a run of ended blocks, this one included. */
  private static readEndRun(bits: i32): i32 {
    return (1 << bits) + <i32>Bits.read(bits);
  }
}
