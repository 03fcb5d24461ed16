/** Vectors taken apart and put together in ways that processors have one instruction for. */
export abstract class Lanes {
  /** The lower four `i16` of both, in turn. */
  @inline static low16(a: v128, b: v128): v128 {
    return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  }

  /** The higher four `i16` of both, in turn. */
  @inline static high16(a: v128, b: v128): v128 {
    return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  }

  /** The lower eight bytes of both, in turn. */
  @inline static low8(a: v128, b: v128): v128 {
    return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  }

  /** The higher eight bytes of both, in turn. */
  @inline static high8(a: v128, b: v128): v128 {
    return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  }

  /** Two factors `i16`, in turn. */
  @inline static pairs(first: i32, second: i32): v128 {
    return i32x4.splat((first & 0xffff) | (second << 16));
  }

  /** Turns eight rows of eight `i16` into columns, in place. */
  @inline static transpose(at: usize): void {
    const a0 = Lanes.low16(v128.load(at), v128.load(at, 64));
    const a1 = Lanes.high16(v128.load(at), v128.load(at, 64));
    const a2 = Lanes.low16(v128.load(at, 16), v128.load(at, 80));
    const a3 = Lanes.high16(v128.load(at, 16), v128.load(at, 80));
    const a4 = Lanes.low16(v128.load(at, 32), v128.load(at, 96));
    const a5 = Lanes.high16(v128.load(at, 32), v128.load(at, 96));
    const a6 = Lanes.low16(v128.load(at, 48), v128.load(at, 112));
    const a7 = Lanes.high16(v128.load(at, 48), v128.load(at, 112));
    Lanes.storeColumns(at, a0, a2, a4, a6, 0);
    Lanes.storeColumns(at, a1, a3, a5, a7, 64);
  }

  @inline private static storeColumns(
    at: usize,
    a: v128,
    b: v128,
    c: v128,
    d: v128,
    offset: usize,
  ): void {
    const evenLow = Lanes.low16(a, c);
    const evenHigh = Lanes.high16(a, c);
    const oddLow = Lanes.low16(b, d);
    const oddHigh = Lanes.high16(b, d);
    v128.store(at + offset, Lanes.low16(evenLow, oddLow));
    v128.store(at + offset, Lanes.high16(evenLow, oddLow), 16);
    v128.store(at + offset, Lanes.low16(evenHigh, oddHigh), 32);
    v128.store(at + offset, Lanes.high16(evenHigh, oddHigh), 48);
  }
}
