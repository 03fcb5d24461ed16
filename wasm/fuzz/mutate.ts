/** A stream of numbers from 0 up to 1 that a seed decides (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Mutation = (
  bytes: Uint8Array<ArrayBuffer>,
  below: (limit: number) => number,
) => Uint8Array<ArrayBuffer>;

/** What happens to streams on their way, or is done to them. Each gives another array. */
const MUTATIONS: readonly Mutation[] = [
  // A few bytes anywhere.
  (bytes, below) => {
    const changed = bytes.slice();
    for (let hit = 1 + below(12); hit > 0; hit -= 1) changed[below(changed.length)] = below(256);
    return changed;
  },
  // One bit.
  (bytes, below) => {
    const changed = bytes.slice();
    const at = below(changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << below(8));
    return changed;
  },
  // An extreme value among the headers.
  (bytes, below) => {
    const changed = bytes.slice();
    const at = below(Math.min(changed.length, 160));
    changed.fill([0, 0xff, 0x7f, 0x80][below(4)] ?? 0, at, at + 1 + below(4));
    return changed;
  },
  // Cut short.
  (bytes, below) => bytes.slice(0, below(bytes.length)),
  // Cut short, and ended as if it were whole.
  (bytes, below) => {
    const cut = bytes.slice(0, 2 + below(bytes.length - 2));
    cut.set(bytes.subarray(-2), cut.length - 2);
    return cut;
  },
  // A hole of zeros, or of FF.
  (bytes, below) => {
    const at = below(bytes.length);
    return bytes.slice().fill(below(2) * 255, at, at + 1 + below(bytes.length >> 2));
  },
  // A part that comes twice, in the place of what follows it.
  (bytes, below) => {
    const from = below(bytes.length);
    return bytes.slice().copyWithin(below(bytes.length), from, from + 1 + below(400));
  },
  // Bytes that are missing or too many.
  (bytes, below) => {
    const at = below(bytes.length);
    const lost = below(2) * below(20);
    const gained = Uint8Array.from({ length: below(20) }, () => below(256));
    return new Uint8Array([...bytes.subarray(0, at), ...gained, ...bytes.subarray(at + lost)]);
  },
];

/** The stream, damaged in one to three ways; what a seed decides is the same on every machine. */
export function mutate(
  bytes: Uint8Array<ArrayBuffer>,
  random: () => number,
): Uint8Array<ArrayBuffer> {
  const below = (limit: number) => Math.floor(random() * limit);
  let changed = bytes;
  for (let turn = 1 + below(3); turn > 0 && changed.length > 4; turn -= 1)
    changed = MUTATIONS[below(MUTATIONS.length)]?.(changed, below) ?? changed;
  return changed;
}
