/** Fraction bits of the constants, and of the numbers between the two passes for samples of 12 and of 8 bits. */
const CONSTANT_BITS: i32 = 13;
const PASS_BITS: i32 = 1;
const PASS_BITS_OF_8: i32 = 2;

/** 64 `i32` between the passes. */
const WORK = memory.data(256, 16);

/** Four rows of 8 `i32` of the result. */
const ROWS = memory.data(128, 16);

/** Constants of the transform, times 2^13. */
const C0_298631336: i32 = 2446;
const C0_390180644: i32 = 3196;
const C0_541196100: i32 = 4433;
const C0_765366865: i32 = 6270;
const C0_899976223: i32 = 7373;
const C1_175875602: i32 = 9633;
const C1_501321110: i32 = 12299;
const C1_847759065: i32 = 15137;
const C1_961570560: i32 = 16069;
const C2_053119869: i32 = 16819;
const C2_562915447: i32 = 20995;
const C3_072711026: i32 = 25172;

const LARGEST: i32 = 4095;
const CENTRE: i32 = 2048;

/**
 * The inverse DCT (T.81 A.3.3) of blocks of 12-bit samples, in whole numbers: the algorithm of Loeffler, Ligtenberg
 * and Moschytz with 12 multiplications, 13 fraction bits in the first and 1 kept between the passes. These are the
 * numbers that the JPEG library of DCMTK and GDCM works with, so that every sample is the same.
 */
export abstract class InverseDct {
  /** Turns 64 coefficients `i16` into 8 rows of 8 samples `u16`; `quantization` is 64 `i32` in the same order. */
  static transform(coefficients: usize, quantization: usize, to: usize, stride: usize): void {
    InverseDct.columns(coefficients, quantization, 0, PASS_BITS);
    InverseDct.columns(coefficients, quantization, 4, PASS_BITS);
    for (let half: usize = 0; half < 2; half++)
      InverseDct.rows(half, to + half * 4 * stride, stride);
  }

  /** The same for samples of 8 bits, which become 8 rows of 8 `u8`. */
  static transform8Bit(coefficients: usize, quantization: usize, to: usize, stride: usize): void {
    InverseDct.columns(coefficients, quantization, 0, PASS_BITS_OF_8);
    InverseDct.columns(coefficients, quantization, 4, PASS_BITS_OF_8);
    for (let half: usize = 0; half < 2; half++) {
      InverseDct.secondPass(half, PASS_BITS_OF_8);
      const rows = to + half * 4 * stride;
      for (let row: usize = 0; row < 4; row++) {
        const left = v128.load(ROWS + row * 32);
        const samples = InverseDct.limit8Bit(left, v128.load(ROWS + row * 32, 16));
        v128.store64_lane(rows + row * stride, samples, 0);
      }
    }
  }

  /** The same for a block that has no coefficient but the first. */
  static flat(coefficient: i32, quantization: usize, to: usize, stride: usize): void {
    const first = (coefficient * load<i32>(quantization)) << PASS_BITS;
    const shift = PASS_BITS + 3;
    // Held within 14 bits, as in the table that the samples of the reference library go through.
    const wide = (((first + (1 << (shift - 1))) >> shift) << 18) >> 18;
    const sample = i16x8.splat(<i16>min(max(wide + CENTRE, 0), LARGEST));
    for (let row: usize = 0; row < 8; row++) v128.store(to + row * stride, sample);
  }

  /** First pass: four columns of coefficients. The result is transposed, four rows of eight. */
  private static columns(
    coefficients: usize,
    quantization: usize,
    first: usize,
    passBits: i32,
  ): void {
    const from = coefficients + first * 2;
    const steps = quantization + first * 4;
    InverseDct.pass(
      InverseDct.dequantized(from, steps, 0),
      InverseDct.dequantized(from, steps, 1),
      InverseDct.dequantized(from, steps, 2),
      InverseDct.dequantized(from, steps, 3),
      InverseDct.dequantized(from, steps, 4),
      InverseDct.dequantized(from, steps, 5),
      InverseDct.dequantized(from, steps, 6),
      InverseDct.dequantized(from, steps, 7),
      CONSTANT_BITS - passBits,
      WORK + first * 32,
    );
  }

  /** Second pass: four rows, which the transposed result of the first pass holds as columns of four. */
  private static rows(half: usize, to: usize, stride: usize): void {
    InverseDct.secondPass(half, PASS_BITS);
    for (let row: usize = 0; row < 4; row++) {
      const left = InverseDct.limit(v128.load(ROWS + row * 32));
      const right = InverseDct.limit(v128.load(ROWS + row * 32, 16));
      v128.store(to + row * stride, i16x8.narrow_i32x4_u(left, right));
    }
  }

  private static secondPass(half: usize, passBits: i32): void {
    const from = WORK + half * 16;
    InverseDct.pass(
      v128.load(from, 0),
      v128.load(from, 32),
      v128.load(from, 64),
      v128.load(from, 96),
      v128.load(from, 128),
      v128.load(from, 160),
      v128.load(from, 192),
      v128.load(from, 224),
      CONSTANT_BITS + passBits + 3,
      ROWS,
    );
  }

  /** Four coefficients of a row, multiplied with their quantization steps (T.81 A.3.4). */
  @inline private static dequantized(from: usize, steps: usize, row: usize): v128 {
    const values = v128.load64_zero(from + row * 16);
    return i32x4.mul(i32x4.extend_low_i16x8_s(values), v128.load(steps + row * 32));
  }

  /** Level shift (T.81 A.3.1) and range of 12 bits; sums beyond 14 bits wrap around, as in the reference library. */
  @inline private static limit(values: v128): v128 {
    const wrapped = i32x4.shr_s(i32x4.shl(values, 18), 18);
    const shifted = i32x4.add(wrapped, i32x4.splat(CENTRE));
    return i32x4.min_s(i32x4.max_s(shifted, i32x4.splat(0)), i32x4.splat(LARGEST));
  }

  /** Level shift and range of 8 bits of a row of eight; sums beyond 10 bits wrap around. In the low half. */
  @inline private static limit8Bit(left: v128, right: v128): v128 {
    const wrappedLeft = i32x4.shr_s(i32x4.shl(left, 22), 22);
    const wrappedRight = i32x4.shr_s(i32x4.shl(right, 22), 22);
    const words = i16x8.narrow_i32x4_s(wrappedLeft, wrappedRight);
    return v128.xor(i8x16.narrow_i16x8_s(words, words), i8x16.splat(-128));
  }

  /**
   * One-dimensional transform of four vectors of eight at once; `in0` holds element 0 of each. Writes the vectors one
   * after the other to `to`, 32 bytes each, rounded and shifted down.
   */
  private static pass(
    in0: v128,
    in1: v128,
    in2: v128,
    in3: v128,
    in4: v128,
    in5: v128,
    in6: v128,
    in7: v128,
    shift: i32,
    to: usize,
  ): void {
    // Even part.
    const evenSum = InverseDct.times(i32x4.add(in2, in6), C0_541196100);
    const even2 = i32x4.sub(evenSum, InverseDct.times(in6, C1_847759065));
    const even3 = i32x4.add(evenSum, InverseDct.times(in2, C0_765366865));
    const even0 = i32x4.shl(i32x4.add(in0, in4), CONSTANT_BITS);
    const even1 = i32x4.shl(i32x4.sub(in0, in4), CONSTANT_BITS);
    const half = i32x4.splat(1 << (shift - 1));
    const a0 = i32x4.add(i32x4.add(even0, even3), half);
    const a3 = i32x4.add(i32x4.sub(even0, even3), half);
    const a1 = i32x4.add(i32x4.add(even1, even2), half);
    const a2 = i32x4.add(i32x4.sub(even1, even2), half);
    // Odd part.
    const z1 = InverseDct.times(i32x4.add(in7, in1), -C0_899976223);
    const z2 = InverseDct.times(i32x4.add(in5, in3), -C2_562915447);
    const sum3 = i32x4.add(in7, in3);
    const sum4 = i32x4.add(in5, in1);
    const z5 = InverseDct.times(i32x4.add(sum3, sum4), C1_175875602);
    const z3 = i32x4.add(InverseDct.times(sum3, -C1_961570560), z5);
    const z4 = i32x4.add(InverseDct.times(sum4, -C0_390180644), z5);
    const b3 = i32x4.add(i32x4.add(InverseDct.times(in7, C0_298631336), z1), z3);
    const b2 = i32x4.add(i32x4.add(InverseDct.times(in5, C2_053119869), z2), z4);
    const b1 = i32x4.add(i32x4.add(InverseDct.times(in3, C3_072711026), z2), z3);
    const b0 = i32x4.add(i32x4.add(InverseDct.times(in1, C1_501321110), z1), z4);
    InverseDct.storeTransposed(
      to,
      i32x4.shr_s(i32x4.add(a0, b0), shift),
      i32x4.shr_s(i32x4.add(a1, b1), shift),
      i32x4.shr_s(i32x4.add(a2, b2), shift),
      i32x4.shr_s(i32x4.add(a3, b3), shift),
    );
    InverseDct.storeTransposed(
      to + 16,
      i32x4.shr_s(i32x4.sub(a3, b3), shift),
      i32x4.shr_s(i32x4.sub(a2, b2), shift),
      i32x4.shr_s(i32x4.sub(a1, b1), shift),
      i32x4.shr_s(i32x4.sub(a0, b0), shift),
    );
  }

  /** Lane i of the four vectors goes to row i, 32 bytes from row to row. */
  @inline private static storeTransposed(to: usize, a: v128, b: v128, c: v128, d: v128): void {
    const abLow = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    const abHigh = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const cdLow = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const cdHigh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i64>(abLow, cdLow, 0, 2));
    v128.store(to, v128.shuffle<i64>(abLow, cdLow, 1, 3), 32);
    v128.store(to, v128.shuffle<i64>(abHigh, cdHigh, 0, 2), 64);
    v128.store(to, v128.shuffle<i64>(abHigh, cdHigh, 1, 3), 96);
  }

  @inline private static times(values: v128, factor: i32): v128 {
    return i32x4.mul(values, i32x4.splat(factor));
  }
}
