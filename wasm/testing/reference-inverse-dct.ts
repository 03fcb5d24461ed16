const CONSTANT_BITS = 13;
const PASS_BITS = 2;

/** Places in the block, row by row, in the order of the zigzag sequence (T.81 figure A.6). */
const ZIGZAG = Array.from({ length: 64 }, (_, at) => at).sort((one, other) => {
  const [row, column, otherRow, otherColumn] = [one >> 3, one & 7, other >> 3, other & 7];
  const diagonal = row + column;
  if (diagonal !== otherRow + otherColumn) return diagonal - otherRow - otherColumn;
  return diagonal % 2 === 0 ? otherRow - row : row - otherRow;
});

/**
 * The inverse DCT of the IJG library for samples of 8 bits (`jidctint.c`, "islow"), for tests: whole numbers, 13
 * fraction bits, 2 kept between the passes, and a table of 1024 entries that limits samples. `zigzag` has 64
 * coefficients multiplied with their steps; gives 64 samples, row by row.
 */
export function inverseDct(zigzag: readonly number[]): readonly number[] {
  const block = Array.from({ length: 64 }, () => 0);
  for (const [k, place] of ZIGZAG.entries()) block[place] = zigzag[k] ?? 0;
  for (let column = 0; column < 8; column += 1) {
    const places = Array.from({ length: 8 }, (_, row) => row * 8 + column);
    // A column of its mean alone is not rounded: products could overrun where this does not.
    const isFlat = places.slice(1).every((place) => block[place] === 0);
    const first = block[column] ?? 0;
    const results = isFlat
      ? places.map(() => first << PASS_BITS)
      : pass(
          places.map((place) => block[place] ?? 0),
          CONSTANT_BITS - PASS_BITS,
        );
    for (const [row, place] of places.entries()) block[place] = results[row] ?? 0;
  }
  return Array.from({ length: 8 }, (_, row) => {
    const elements = block.slice(row * 8, row * 8 + 8);
    const isFlat = elements.slice(1).every((element) => element === 0);
    const first = elements[0] ?? 0;
    return isFlat
      ? elements.map(() => (first + (1 << (PASS_BITS + 2))) >> (PASS_BITS + 3))
      : pass(elements, CONSTANT_BITS + PASS_BITS + 3);
  })
    .flat()
    .map((value) => Math.min(255, Math.max(0, ((value << 22) >> 22) + 128)));
}

/** One dimension, rounded and shifted down; sums wrap at 32 bits. */
function pass(elements: readonly number[], shift: number): readonly number[] {
  const [e0 = 0, e1 = 0, e2 = 0, e3 = 0, e4 = 0, e5 = 0, e6 = 0, e7 = 0] = elements;
  const sum = times(e2 + e6, 0.5411961);
  const inner = sum - times(e6, 1.847759065);
  const outer = sum + times(e2, 0.765366865);
  const [plus, minus] = [(e0 + e4) << CONSTANT_BITS, (e0 - e4) << CONSTANT_BITS];
  const even = [plus + outer, minus + inner, minus - inner, plus - outer];
  const odd = oddPart(e1, e3, e5, e7);
  const half = 1 << (shift - 1);
  const firsts = even.map((value, at) => (value + (odd[at] ?? 0) + half) >> shift);
  const lasts = even.map((value, at) => (value - (odd[at] ?? 0) + half) >> shift);
  return [...firsts, ...lasts.reverse()];
}

function oddPart(e1: number, e3: number, e5: number, e7: number): readonly number[] {
  const z5 = times(e1 + e3 + e5 + e7, 1.175875602);
  const z1 = times(e7 + e1, -0.899976223);
  const z2 = times(e5 + e3, -2.562915447);
  const z3 = times(e7 + e3, -1.96157056) + z5;
  const z4 = times(e5 + e1, -0.390180644) + z5;
  return [
    times(e1, 1.50132111) + z1 + z4,
    times(e3, 3.072711026) + z2 + z3,
    times(e5, 2.053119869) + z2 + z4,
    times(e7, 0.298631336) + z1 + z3,
  ];
}

function times(value: number, factor: number): number {
  return Math.imul(value, fixed(factor));
}

function fixed(factor: number): number {
  return Math.round(factor * 2 ** CONSTANT_BITS);
}
