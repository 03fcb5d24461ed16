import { InverseDct } from "./inverse-dct";
import { InverseDct8Bit } from "./inverse-dct-8-bit";

/** Quantization steps, 64 `i16` in the order of the block. */
const STEPS = memory.data(128, 16);
/** Coefficients multiplied with their steps, 64 `i16`. */
const BLOCK = memory.data(128, 16);

/** Turns coefficients of 8-bit samples, 64 `i16` as they are in the stream, into samples: the end of progressive coding. */
export abstract class DequantizedBlock {
  private static quantization: usize = 0;
  /** Whether all steps are numbers of 16 bits with sign. */
  private static hasShortSteps: bool = false;

  /** Sets the steps of the blocks that follow, 64 `i32`. */
  static useSteps(quantization: usize): void {
    let largest: u32 = 0;
    for (let index: usize = 0; index < 64; index++) {
      const step = load<u32>(quantization + 4 * index);
      largest = max(largest, step);
      store<i16>(STEPS + 2 * index, <i16>step);
    }
    DequantizedBlock.hasShortSteps = largest <= 0x7fff;
    DequantizedBlock.quantization = quantization;
  }

  static transform(coefficients: usize, to: usize, stride: usize): void {
    if (!DequantizedBlock.hasShortSteps || !transformShort(coefficients, to, stride))
      InverseDct.transform8Bit(coefficients, DequantizedBlock.quantization, to, stride);
  }
}

/** False when numbers of more than 16 bits are needed. */
function transformShort(coefficients: usize, to: usize, stride: usize): bool {
  const upper = v128.or(
    v128.or(i16x8.replace_lane(v128.load(coefficients), 0, 0), v128.load(coefficients, 16)),
    v128.or(v128.load(coefficients, 32), v128.load(coefficients, 48)),
  );
  const lower = v128.or(
    v128.or(v128.load(coefficients, 64), v128.load(coefficients, 80)),
    v128.or(v128.load(coefficients, 96), v128.load(coefficients, 112)),
  );
  if (!v128.any_true(v128.or(upper, lower))) {
    InverseDct8Bit.flat(<i32>load<i16>(coefficients) * <i32>load<i16>(STEPS), to, stride);
    return true;
  }
  const right = v128.and(upper, i16x8(0, 0, 0, 0, -1, -1, -1, -1));
  const isQuarter = !v128.any_true(v128.or(right, lower));
  const end: usize = isQuarter ? 64 : 128;
  let joined = i64x2.splat(0);
  for (let at: usize = 0; at < end; at += 16) {
    const values = v128.load(coefficients + at);
    const steps = v128.load(STEPS + at);
    const products = i16x8.narrow_i32x4_s(
      i32x4.extmul_low_i16x8_s(values, steps),
      i32x4.extmul_high_i16x8_s(values, steps),
    );
    v128.store(BLOCK + at, products);
    // Products that were limited to 16 bits are beyond 15.
    joined = v128.or(joined, i16x8.add(products, i16x8.splat(0x4000)));
  }
  if (i16x8.bitmask(joined) !== 0) return false;
  return isQuarter
    ? InverseDct8Bit.quarter(BLOCK, to, stride)
    : InverseDct8Bit.full(BLOCK, to, stride);
}
