/**
 * Chroma of 8 bits brought to the width and height of the image. JPEG leaves the filter open: these are those of the
 * reference library, which weigh a sample with 3/4 and the one beside it with 1/4; halves are rounded down and up in
 * turn. Rows have room for whole vectors before and behind.
 */
export abstract class Upsampling8Bit {
  /** Each sample `times` times, for `columns` columns. */
  static repeat(from: usize, to: usize, columns: usize, times: usize): void {
    for (let column: usize = 0; column < columns; column++)
      store<u8>(to + column, load<u8>(from + column / times));
  }

  /** Twice as many samples in a row. */
  static widen(from: usize, to: usize, width: usize): void {
    const one = i16x8.splat(1);
    const two = i16x8.splat(2);
    for (let column: usize = 0; column < width; column += 8) {
      const own = v128.load8x8_u(from + column);
      const weighted = Upsampling8Bit.threeTimes(own);
      const left = i16x8.add(weighted, v128.load8x8_u(from + column - 1));
      const right = i16x8.add(weighted, v128.load8x8_u(from + column + 1));
      const first = i16x8.shr_u(i16x8.add(left, one), 2);
      const second = i16x8.shr_u(i16x8.add(right, two), 2);
      v128.store(to + 2 * column, v128.or(first, i16x8.shl(second, 8)));
    }
    store<u8>(to, load<u8>(from));
    store<u8>(to + 2 * width - 1, load<u8>(from + width - 1));
  }

  /** A row between two: `from` is the nearer row and `beside` the further one, which stands above or below it. */
  static lengthen(from: usize, beside: usize, to: usize, width: usize, isAbove: bool): void {
    const bias = i16x8.splat(isAbove ? 1 : 2);
    for (let column: usize = 0; column < width; column += 8) {
      const sum = Upsampling8Bit.weighted(from + column, beside + column);
      const words = i16x8.shr_u(i16x8.add(sum, bias), 2);
      v128.store64_lane(to + column, i8x16.narrow_i16x8_u(words, words), 0);
    }
  }

  /** Both ways at once. `sums` is room for a row of words. */
  static widenBoth(from: usize, beside: usize, to: usize, width: usize, sums: usize): void {
    for (let column: usize = 0; column < width; column += 8)
      v128.store(sums + 2 * column, Upsampling8Bit.weighted(from + column, beside + column));
    // Beyond its ends a row goes on with its last sum.
    store<u16>(sums - 2, load<u16>(sums));
    store<u16>(sums + 2 * width, load<u16>(sums + 2 * width - 2));
    const eight = i16x8.splat(8);
    const seven = i16x8.splat(7);
    for (let column: usize = 0; column < width; column += 8) {
      const at = sums + 2 * column;
      const weighted = Upsampling8Bit.threeTimes(v128.load(at));
      const left = i16x8.add(weighted, v128.load(at - 2));
      const right = i16x8.add(weighted, v128.load(at + 2));
      const first = i16x8.shr_u(i16x8.add(left, eight), 4);
      const second = i16x8.shr_u(i16x8.add(right, seven), 4);
      v128.store(to + 2 * column, v128.or(first, i16x8.shl(second, 8)));
    }
  }

  /** Three times eight samples of the nearer row and once those of the further one. */
  @inline private static weighted(nearer: usize, further: usize): v128 {
    return i16x8.add(Upsampling8Bit.threeTimes(v128.load8x8_u(nearer)), v128.load8x8_u(further));
  }

  @inline private static threeTimes(words: v128): v128 {
    return i16x8.add(words, i16x8.add(words, words));
  }
}
