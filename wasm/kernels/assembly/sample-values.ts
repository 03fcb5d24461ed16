/** Two vectors, to look at their lanes. */
const LANES = memory.data(32, 16);

/** Smallest and largest value that was found last; the smallest is above the largest where there was none. */
let smallest: i32 = 0;
let largest: i32 = 0;

/**
 * Brings samples of one or two bytes down to their bits, in place, by a shift up and one down (PS3.5 section 8.1.1):
 * bits above and below are removed, the sign is extended. Up to 15 bytes behind the samples change.
 */
export function alignSamples(
  from: usize,
  count: u32,
  bytesPerSample: i32,
  isSigned: bool,
  bitsStored: i32,
  highBit: i32,
): void {
  const up = 8 * bytesPerSample - 1 - highBit;
  const down = 8 * bytesPerSample - bitsStored;
  const end = from + <usize>count * bytesPerSample;
  if (bytesPerSample === 1) {
    for (let at = from; at < end; at += 16) {
      const raised = i8x16.shl(v128.load(at), up);
      v128.store(at, isSigned ? i8x16.shr_s(raised, down) : i8x16.shr_u(raised, down));
    }
    return;
  }
  for (let at = from; at < end; at += 16) {
    const raised = i16x8.shl(v128.load(at), up);
    v128.store(at, isSigned ? i16x8.shr_s(raised, down) : i16x8.shr_u(raised, down));
  }
}

/**
 * Finds the smallest and the largest sample, without those from `first` to `last` (pixel padding, PS3.3 C.7.5.1.1.2;
 * none where `first` is above `last`). Up to 15 bytes behind the samples change.
 */
export function measureSamples(
  from: usize,
  count: u32,
  bytesPerSample: i32,
  isSigned: bool,
  first: i32,
  last: i32,
): void {
  smallest = 1;
  largest = 0;
  if (count === 0) return;
  if (bytesPerSample === 1) {
    // Copies of the last sample fill the vector that it is in.
    const end = from + count;
    v128.store(end - 1, i8x16.splat(load<i8>(end - 1)));
    if (isSigned) measure(1, true, from, end, first, last);
    else measure(1, false, from, end, first, last);
    return;
  }
  const end = from + 2 * <usize>count;
  v128.store(end - 2, i16x8.splat(load<i16>(end - 2)));
  if (isSigned) measure(2, true, from, end, first, last);
  else measure(2, false, from, end, first, last);
}

export function smallestSample(): i32 {
  return smallest;
}

export function largestSample(): i32 {
  return largest;
}

/** Eight samples at a time as signed numbers of 16 bits; unsigned ones of 16 bits are lowered by 2^15 meanwhile. */
function measure(
  bytesPerSample: i32,
  isSigned: bool,
  from: usize,
  end: usize,
  first: i32,
  last: i32,
): void {
  const bias: i32 = bytesPerSample === 2 && !isSigned ? 0x8000 : 0;
  const lowest = i16x8.splat(-0x8000);
  const highest = i16x8.splat(0x7fff);
  const raise = i16x8.splat(<i16>bias);
  // Padding beyond what 16 bits hold is none.
  const start = max(first - bias, -0x8000);
  const stop = min(last - bias, 0x7fff);
  const hasPadding = start <= stop;
  const startVector = i16x8.splat(<i16>start);
  const stopVector = i16x8.splat(<i16>stop);
  let low = highest;
  let high = lowest;
  for (let at = from; at < end; at += <usize>(8 * bytesPerSample)) {
    let values: v128;
    if (bytesPerSample === 2) values = v128.xor(v128.load(at), raise);
    else values = isSigned ? v128.load8x8_s(at) : v128.load8x8_u(at);
    if (!hasPadding) {
      low = i16x8.min_s(low, values);
      high = i16x8.max_s(high, values);
      continue;
    }
    const padding = v128.and(i16x8.ge_s(values, startVector), i16x8.le_s(values, stopVector));
    low = i16x8.min_s(low, v128.bitselect(highest, values, padding));
    high = i16x8.max_s(high, v128.bitselect(lowest, values, padding));
  }
  v128.store(LANES, low);
  v128.store(LANES, high, 16);
  smallest = 0x7fff;
  largest = -0x8000;
  for (let lane: usize = 0; lane < 16; lane += 2) {
    smallest = min(smallest, <i32>load<i16>(LANES + lane));
    largest = max(largest, <i32>load<i16>(LANES + lane, 16));
  }
  smallest += bias;
  largest += bias;
}
