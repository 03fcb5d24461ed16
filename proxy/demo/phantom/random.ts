/** A source of numbers in [0, 1) that depends on its seed alone. */
export type Random = () => number;

/** The mulberry32 generator: 32 bits of state, the same sequence on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number of the normal distribution with mean 0 and deviation 1, of the sum of four uniform ones. */
export function nearlyGaussian(random: Random): number {
  return (random() + random() + random() + random() - 2) * 1.7320508;
}
