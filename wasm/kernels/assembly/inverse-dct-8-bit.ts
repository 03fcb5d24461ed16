import { Lanes } from "./lanes";

/** Fraction bits of the constants, and of the numbers between the two passes, for samples of 8 bits. */
const CONSTANT_BITS: i32 = 13;
const PASS_BITS: i32 = 2;
const FIRST_SHIFT: i32 = CONSTANT_BITS - PASS_BITS;
const SECOND_SHIFT: i32 = CONSTANT_BITS + PASS_BITS + 3;

/** Eight rows of 8 `i16`: results of the first pass, then of the second. */
const WORK = memory.data(128, 16);

/**
 * The inverse DCT (T.81 A.3.3) of blocks of 8-bit samples: the numbers of `InverseDct` with 2 bits kept between the
 * passes, so that every sample is that of the reference library. Its additions and 12 multiplications are here sums of
 * products of numbers of 16 bits, the same to the bit as nothing is rounded between them. What does not fit into 16
 * bits, which no picture needs, is refused.
 */
export abstract class InverseDct8Bit {
  /** A block that has no coefficient but the first, which is given multiplied with its step. */
  static flat(first: i32, to: usize, stride: usize): void {
    // Held within 10 bits, as in the table that the samples of the reference library go through.
    const wide = (((first + 4) >> 3) << 22) >> 22;
    const sample = i8x16.splat(<i8>min(max(wide + 128, 0), 255));
    for (let row: usize = 0; row < 8; row++) v128.store64_lane(to + row * stride, sample, 0);
  }

  /** Turns 64 `i16`, multiplied with their steps, into 8 rows of 8 samples; false when more than 16 bits are needed. */
  static full(block: usize, to: usize, stride: usize): bool {
    if (!InverseDct8Bit.fits(InverseDct8Bit.passOfEight(block, FIRST_SHIFT))) return false;
    Lanes.transpose(WORK);
    InverseDct8Bit.passOfEight(WORK, SECOND_SHIFT);
    InverseDct8Bit.storeSamples(to, stride);
    return true;
  }

  /** The same for a block whose coefficients are all in its first four rows and columns. */
  static quarter(block: usize, to: usize, stride: usize): bool {
    const even = Lanes.low16(v128.load64_zero(block), v128.load64_zero(block, 32));
    const odd = Lanes.low16(v128.load64_zero(block, 16), v128.load64_zero(block, 48));
    const a0 = InverseDct8Bit.even(even, 8192, 10703, FIRST_SHIFT);
    const a1 = InverseDct8Bit.even(even, 8192, 4433, FIRST_SHIFT);
    const a2 = InverseDct8Bit.even(even, 8192, -4433, FIRST_SHIFT);
    const a3 = InverseDct8Bit.even(even, 8192, -10703, FIRST_SHIFT);
    const b0 = i32x4.dot_i16x8_s(odd, Lanes.pairs(11363, 9633));
    const b1 = i32x4.dot_i16x8_s(odd, Lanes.pairs(9633, -2259));
    const b2 = i32x4.dot_i16x8_s(odd, Lanes.pairs(6437, -11362));
    const b3 = i32x4.dot_i16x8_s(odd, Lanes.pairs(2260, -6436));
    const rows01 = InverseDct8Bit.narrowed(i32x4.add(a0, b0), i32x4.add(a1, b1), FIRST_SHIFT);
    const rows23 = InverseDct8Bit.narrowed(i32x4.add(a2, b2), i32x4.add(a3, b3), FIRST_SHIFT);
    const rows45 = InverseDct8Bit.narrowed(i32x4.sub(a3, b3), i32x4.sub(a2, b2), FIRST_SHIFT);
    const rows67 = InverseDct8Bit.narrowed(i32x4.sub(a1, b1), i32x4.sub(a0, b0), FIRST_SHIFT);
    const upper = v128.or(InverseDct8Bit.raised(rows01), InverseDct8Bit.raised(rows23));
    const lower = v128.or(InverseDct8Bit.raised(rows45), InverseDct8Bit.raised(rows67));
    if (!InverseDct8Bit.fits(v128.or(upper, lower))) return false;
    // Elements 0 and 2, and 1 and 3, of the rows.
    const evenLow = v128.shuffle<i16>(rows01, rows23, 0, 2, 4, 6, 8, 10, 12, 14);
    const evenHigh = v128.shuffle<i16>(rows45, rows67, 0, 2, 4, 6, 8, 10, 12, 14);
    const oddLow = v128.shuffle<i16>(rows01, rows23, 1, 3, 5, 7, 9, 11, 13, 15);
    const oddHigh = v128.shuffle<i16>(rows45, rows67, 1, 3, 5, 7, 9, 11, 13, 15);
    InverseDct8Bit.ofFour(0, evenLow, evenHigh, oddLow, oddHigh, 10703, 11363, 9633);
    InverseDct8Bit.ofFour(1, evenLow, evenHigh, oddLow, oddHigh, 4433, 9633, -2259);
    InverseDct8Bit.ofFour(2, evenLow, evenHigh, oddLow, oddHigh, -4433, 6437, -11362);
    InverseDct8Bit.ofFour(3, evenLow, evenHigh, oddLow, oddHigh, -10703, 2260, -6436);
    InverseDct8Bit.storeSamples(to, stride);
    return true;
  }

  /** Results `index` and `7 - index` of the second pass where elements 4 to 7 are 0. */
  @inline private static ofFour(
    index: usize,
    evenLow: v128,
    evenHigh: v128,
    oddLow: v128,
    oddHigh: v128,
    factor2: i32,
    factor1: i32,
    factor3: i32,
  ): void {
    const aLow = InverseDct8Bit.even(evenLow, 8192, factor2, SECOND_SHIFT);
    const aHigh = InverseDct8Bit.even(evenHigh, 8192, factor2, SECOND_SHIFT);
    const bLow = i32x4.dot_i16x8_s(oddLow, Lanes.pairs(factor1, factor3));
    const bHigh = i32x4.dot_i16x8_s(oddHigh, Lanes.pairs(factor1, factor3));
    InverseDct8Bit.storePair(index, aLow, aHigh, bLow, bHigh, SECOND_SHIFT);
  }

  /**
   * One-dimensional transform of eight vectors of eight at once, from `from` (row i has element i of each) to WORK.
   * Gives the results, raised and joined by OR.
   */
  @inline private static passOfEight(from: usize, shift: i32): v128 {
    const low04 = Lanes.low16(v128.load(from), v128.load(from, 64));
    const high04 = Lanes.high16(v128.load(from), v128.load(from, 64));
    const low26 = Lanes.low16(v128.load(from, 32), v128.load(from, 96));
    const high26 = Lanes.high16(v128.load(from, 32), v128.load(from, 96));
    const low13 = Lanes.low16(v128.load(from, 16), v128.load(from, 48));
    const high13 = Lanes.high16(v128.load(from, 16), v128.load(from, 48));
    const low57 = Lanes.low16(v128.load(from, 80), v128.load(from, 112));
    const high57 = Lanes.high16(v128.load(from, 80), v128.load(from, 112));
    const sumLow = InverseDct8Bit.even(low04, 8192, 8192, shift);
    const sumHigh = InverseDct8Bit.even(high04, 8192, 8192, shift);
    const outerLow = i32x4.dot_i16x8_s(low26, Lanes.pairs(10703, 4433));
    const outerHigh = i32x4.dot_i16x8_s(high26, Lanes.pairs(10703, 4433));
    const differenceLow = InverseDct8Bit.even(low04, 8192, -8192, shift);
    const differenceHigh = InverseDct8Bit.even(high04, 8192, -8192, shift);
    const innerLow = i32x4.dot_i16x8_s(low26, Lanes.pairs(4433, -10704));
    const innerHigh = i32x4.dot_i16x8_s(high26, Lanes.pairs(4433, -10704));
    const joined0 = InverseDct8Bit.storePair(
      0,
      i32x4.add(sumLow, outerLow),
      i32x4.add(sumHigh, outerHigh),
      InverseDct8Bit.odd(low13, low57, 11363, 9633, 6437, 2260),
      InverseDct8Bit.odd(high13, high57, 11363, 9633, 6437, 2260),
      shift,
    );
    const joined1 = InverseDct8Bit.storePair(
      1,
      i32x4.add(differenceLow, innerLow),
      i32x4.add(differenceHigh, innerHigh),
      InverseDct8Bit.odd(low13, low57, 9633, -2259, -11362, -6436),
      InverseDct8Bit.odd(high13, high57, 9633, -2259, -11362, -6436),
      shift,
    );
    const joined2 = InverseDct8Bit.storePair(
      2,
      i32x4.sub(differenceLow, innerLow),
      i32x4.sub(differenceHigh, innerHigh),
      InverseDct8Bit.odd(low13, low57, 6437, -11362, 2261, 9633),
      InverseDct8Bit.odd(high13, high57, 6437, -11362, 2261, 9633),
      shift,
    );
    const joined3 = InverseDct8Bit.storePair(
      3,
      i32x4.sub(sumLow, outerLow),
      i32x4.sub(sumHigh, outerHigh),
      InverseDct8Bit.odd(low13, low57, 2260, -6436, 9633, -11363),
      InverseDct8Bit.odd(high13, high57, 2260, -6436, 9633, -11363),
      shift,
    );
    return v128.or(v128.or(joined0, joined1), v128.or(joined2, joined3));
  }

  /** Two elements of the even part, in turn, times two factors; with what rounds. */
  @inline private static even(pairs: v128, first: i32, second: i32, shift: i32): v128 {
    const half = i32x4.splat(1 << (shift - 1));
    return i32x4.add(i32x4.dot_i16x8_s(pairs, Lanes.pairs(first, second)), half);
  }

  /** Elements 1, 3, 5 and 7 times four factors. */
  @inline private static odd(p13: v128, p57: v128, f1: i32, f3: i32, f5: i32, f7: i32): v128 {
    const first = i32x4.dot_i16x8_s(p13, Lanes.pairs(f1, f3));
    return i32x4.add(first, i32x4.dot_i16x8_s(p57, Lanes.pairs(f5, f7)));
  }

  /** Stores results `index` and `7 - index`: sum and difference of the even part `a` and the odd part `b`. */
  @inline private static storePair(
    index: usize,
    aLow: v128,
    aHigh: v128,
    bLow: v128,
    bHigh: v128,
    shift: i32,
  ): v128 {
    const sum = InverseDct8Bit.narrowed(i32x4.add(aLow, bLow), i32x4.add(aHigh, bHigh), shift);
    const rest = InverseDct8Bit.narrowed(i32x4.sub(aLow, bLow), i32x4.sub(aHigh, bHigh), shift);
    v128.store(WORK + index * 16, sum);
    v128.store(WORK + (7 - index) * 16, rest);
    return v128.or(InverseDct8Bit.raised(sum), InverseDct8Bit.raised(rest));
  }

  @inline private static narrowed(low: v128, high: v128, shift: i32): v128 {
    return i16x8.narrow_i32x4_s(i32x4.shr_s(low, shift), i32x4.shr_s(high, shift));
  }

  /** Numbers from -2^14 to 2^14 - 1 become such without the highest bit. */
  @inline private static raised(values: v128): v128 {
    return i16x8.add(values, i16x8.splat(0x4000));
  }

  /** Whether numbers, raised and joined by OR, were all within 15 bits; larger ones may have been limited to 16. */
  @inline private static fits(joined: v128): bool {
    return i16x8.bitmask(joined) === 0;
  }

  /** Level shift (T.81 A.3.1) and range of 8 bits; WORK holds columns of the block, which are stored as rows. */
  @inline private static storeSamples(to: usize, stride: usize): void {
    const c04 = InverseDct8Bit.limited(0, 4);
    const c15 = InverseDct8Bit.limited(1, 5);
    const c26 = InverseDct8Bit.limited(2, 6);
    const c37 = InverseDct8Bit.limited(3, 7);
    const left = Lanes.low8(c04, c15);
    const left2 = Lanes.low8(c26, c37);
    const right = Lanes.high8(c04, c15);
    const right2 = Lanes.high8(c26, c37);
    InverseDct8Bit.storeFour(to, stride, Lanes.low16(left, left2), Lanes.low16(right, right2));
    const lower = to + 4 * stride;
    InverseDct8Bit.storeFour(lower, stride, Lanes.high16(left, left2), Lanes.high16(right, right2));
  }

  /** Two columns of WORK, held within 10 bits and limited to 8. */
  @inline private static limited(first: usize, second: usize): v128 {
    const one = i16x8.shr_s(i16x8.shl(v128.load(WORK + first * 16), 6), 6);
    const two = i16x8.shr_s(i16x8.shl(v128.load(WORK + second * 16), 6), 6);
    return v128.xor(i8x16.narrow_i16x8_s(one, two), i8x16.splat(-128));
  }

  /** Four rows, of which the vectors have the left and the right halves. */
  @inline private static storeFour(to: usize, stride: usize, left: v128, right: v128): void {
    const upper = v128.shuffle<i32>(left, right, 0, 4, 1, 5);
    const lower = v128.shuffle<i32>(left, right, 2, 6, 3, 7);
    v128.store64_lane(to, upper, 0);
    v128.store64_lane(to + stride, upper, 1);
    v128.store64_lane(to + 2 * stride, lower, 0);
    v128.store64_lane(to + 3 * stride, lower, 1);
  }
}
