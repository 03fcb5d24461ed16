import { Lanes } from "./lanes";

/** Rows of three components of 8 bits made into a row of pixels; up to 45 bytes behind the row change. */
export abstract class PixelRows {
  /**
   * YCbCr to RGB (T.871 section 7) in the numbers of the reference library, which are times 2^16 and rounded. Here the
   * whole part of a factor is an addition of its own, as factors have 16 bits: of Cr to red 1 and 26345 (which the
   * products of 8 bits do not tell from 26346), of Cb to blue 2 and -14942, of Cr to green -1 and 18734.
   */
  static storeRgb(first: usize, second: usize, third: usize, to: usize, columns: usize): void {
    for (let column: usize = 0; column < columns; column += 16) {
      const y = v128.load(first + column);
      const cb = i8x16.sub(v128.load(second + column), i8x16.splat(-128));
      const cr = i8x16.sub(v128.load(third + column), i8x16.splat(-128));
      const yLow = i16x8.extend_low_i8x16_u(y);
      const yHigh = i16x8.extend_high_i8x16_u(y);
      const cbLow = i16x8.extend_low_i8x16_s(cb);
      const cbHigh = i16x8.extend_high_i8x16_s(cb);
      const crLow = i16x8.extend_low_i8x16_s(cr);
      const crHigh = i16x8.extend_high_i8x16_s(cr);
      PixelRows.store16(
        to,
        i8x16.narrow_i16x8_u(PixelRows.red(yLow, crLow), PixelRows.red(yHigh, crHigh)),
        i8x16.narrow_i16x8_u(
          PixelRows.green(yLow, cbLow, crLow),
          PixelRows.green(yHigh, cbHigh, crHigh),
        ),
        i8x16.narrow_i16x8_u(PixelRows.blue(yLow, cbLow), PixelRows.blue(yHigh, cbHigh)),
      );
      to += 48;
    }
  }

  @inline private static red(y: v128, cr: v128): v128 {
    return i16x8.add(i16x8.add(y, cr), i16x8.q15mulr_sat_s(cr, i16x8.splat(13173)));
  }

  @inline private static green(y: v128, cb: v128, cr: v128): v128 {
    const factors = Lanes.pairs(-22554, 18734);
    const half = i32x4.splat(0x8000);
    const low = i32x4.dot_i16x8_s(Lanes.low16(cb, cr), factors);
    const high = i32x4.dot_i16x8_s(Lanes.high16(cb, cr), factors);
    const product = i16x8.narrow_i32x4_s(
      i32x4.shr_s(i32x4.add(low, half), 16),
      i32x4.shr_s(i32x4.add(high, half), 16),
    );
    return i16x8.add(i16x8.sub(y, cr), product);
  }

  @inline private static blue(y: v128, cb: v128): v128 {
    const product = i16x8.q15mulr_sat_s(cb, i16x8.splat(-7471));
    return i16x8.add(i16x8.add(y, i16x8.add(cb, cb)), product);
  }

  /** Three components as they stand. */
  static storePixels(first: usize, second: usize, third: usize, to: usize, columns: usize): void {
    for (let column: usize = 0; column < columns; column += 16) {
      PixelRows.store16(
        to,
        v128.load(first + column),
        v128.load(second + column),
        v128.load(third + column),
      );
      to += 48;
    }
  }

  /** Sixteen pixels of three samples. */
  @inline private static store16(to: usize, a: v128, b: v128, c: v128): void {
    const ab0 = v128.shuffle<i8>(a, b, 0, 16, 0, 1, 17, 1, 2, 18, 2, 3, 19, 3, 4, 20, 4, 5);
    const ab1 = v128.shuffle<i8>(a, b, 21, 5, 6, 22, 6, 7, 23, 7, 8, 24, 8, 9, 25, 9, 10, 26);
    const ab2 = v128.shuffle<i8>(
      a,
      b,
      10,
      11,
      27,
      11,
      12,
      28,
      12,
      13,
      29,
      13,
      14,
      30,
      14,
      15,
      31,
      15,
    );
    v128.store(
      to,
      v128.shuffle<i8>(ab0, c, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15),
    );
    v128.store(
      to,
      v128.shuffle<i8>(ab1, c, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15),
      16,
    );
    v128.store(
      to,
      v128.shuffle<i8>(ab2, c, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31),
      32,
    );
  }
}
