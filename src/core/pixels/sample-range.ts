import type { Samples } from "./decoded-frame.ts";
import type { PixelPadding } from "./image-pixel.ts";

/** The smallest and largest of the samples, in stored values. */
export interface SampleRange {
  readonly minimum: number;
  readonly maximum: number;
}

/** Range of the samples; padding, NaN and infinities are left out. 0 and 0 where nothing is left. */
export function sampleRange(samples: Samples, padding: PixelPadding = NO_PADDING): SampleRange {
  const range = rangeOf(samples, padding);
  return range.minimum <= range.maximum ? range : { minimum: 0, maximum: 0 };
}

const NO_PADDING: PixelPadding = {
  first: Number.POSITIVE_INFINITY,
  last: Number.NEGATIVE_INFINITY,
};
const NOTHING: SampleRange = {
  minimum: Number.POSITIVE_INFINITY,
  maximum: Number.NEGATIVE_INFINITY,
};

/**
 * Loops over one type of array each, as one that has seen five of them takes 15 times as long (and iterators take six
 * times as long): signed samples are looked at as unsigned ones, from the least one on.
 */
function rangeOf(samples: Samples, padding: PixelPadding): SampleRange {
  const { buffer, byteOffset, length, BYTES_PER_ELEMENT: size } = samples;
  if (size > 2) return rangeOfNumbers(samples, padding);
  const isSigned = samples instanceof Int8Array || samples instanceof Int16Array;
  const sign = isSigned ? 2 ** (8 * size - 1) : 0;
  if (size === 1) return rangeOfBytes(new Uint8Array(buffer, byteOffset, length), sign, padding);
  const words = new Uint16Array(buffer, byteOffset, length);
  const raised = { first: padding.first + sign, last: padding.last + sign };
  const { minimum, maximum } =
    padding.first > padding.last ? rangeOfWords(words, sign) : rangeBesides(words, sign, raised);
  return { minimum: minimum - sign, maximum: maximum - sign };
}

/** By the values that occur, of which there are no more than 256. */
function rangeOfBytes(bytes: Uint8Array, sign: number, { first, last }: PixelPadding): SampleRange {
  const occurs = new Uint8Array(256);
  for (let at = 0; at < bytes.length; at += 1) occurs[(bytes[at] ?? 0) ^ sign] = 1;
  let { minimum, maximum } = NOTHING;
  for (const [raised, isThere] of occurs.entries()) {
    const value = raised - sign;
    if (isThere === 0 || (value >= first && value <= last)) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  return { minimum, maximum };
}

function rangeOfWords(words: Uint16Array, sign: number): SampleRange {
  let { minimum, maximum } = NO_WORDS;
  for (let at = 0; at < words.length; at += 1) {
    const value = (words[at] ?? 0) ^ sign;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}

function rangeBesides(
  words: Uint16Array,
  sign: number,
  { first, last }: PixelPadding,
): SampleRange {
  let { minimum, maximum } = NO_WORDS;
  for (let at = 0; at < words.length; at += 1) {
    const value = (words[at] ?? 0) ^ sign;
    if (value >= first && value <= last) continue;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}

/** Small whole numbers, which loops are faster with than with infinities. */
const NO_WORDS: SampleRange = { minimum: 0x10000, maximum: -1 };

function rangeOfNumbers(samples: Samples, { first, last }: PixelPadding): SampleRange {
  let { minimum, maximum } = NOTHING;
  for (let at = 0; at < samples.length; at += 1) {
    const value = samples[at] ?? 0;
    // The difference is NaN for NaN and the infinities.
    if ((value >= first && value <= last) || value - value !== 0) continue;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}
