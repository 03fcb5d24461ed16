/** JPEG XL of 5 x 3 pixels, made with libjxl from known samples; `gray8`, `boxed` and `rgb8` are lossless. */
const JPEG_XL = {
  /** Gray, 8 bits: 17 times the number of the pixel, from 0. */
  gray8: "ff0a1050101417020802010068004b12c58285241283f31200c8bf1f344208a1f2f37384455e1501",
  /** The same in the boxes of a file. */
  boxed:
    "0000000c4a584c200d0a870a00000014667479706a786c20000000006a786c20000000306a786c63ff0a1050101417020802010068004b12c58285241283f31200c8bf1f344208a1f2f37384455e1501",
  /** Gray, 16 bits. */
  gray16:
    "0000000c4a584c200d0a870a00000014667479706a786c20000000006a786c20000000096a786c6c0a0000003f6a786c63ff0a1050fc00c58508020100a4004b12c58285241687665c62031948d76fd4081121224484880ac04f854f54fb1ea58b88161daec6b603",
  /** RGB, 8 bits: 17 times the number of the pixel, and 40 more for green, 80 for blue, modulo 256. */
  rgb8: "ff0a105010505c0808020100c8004b12c582852416e1f94ef60000dcfeb6d2a5a4037042144551a389ad326e746df9f4baff10cbe00734bc1100bcc081dfbd0a",
  /** RGB, coded as XYB, which is lossy. */
  xyb: "ff0a105090505c080012080100f8015de5120000152aa38c1bbc9cebf9f24387c5b48deb0c6db56d6149a2c8383649277048128bc0c60534068001983976ea004d8514480260b32a1b59a9a52a75bfffbba434ff2272a26bf74d97e31c1eb11eb7665a494b4790656813115d4e0e069514f74428668e226e2fb31c5795ac4e8b32d294f4711222933e6304800b",
} as const;

/** The bytes of one of them. */
export function jpegXl(name: keyof typeof JPEG_XL): Uint8Array<ArrayBuffer> {
  const digits = JPEG_XL[name].match(/../g) ?? [];
  return Uint8Array.from(digits, (pair) => Number.parseInt(pair, 16));
}

export const JPEG_XL_SIZE = { rows: 3, columns: 5 } as const;
export const JPEG_XL_GRAY: readonly number[] = Array.from({ length: 15 }, (_, at) => at * 17);
export const JPEG_XL_RGB: readonly number[] = Array.from(
  { length: 45 },
  (_, at) => (Math.floor(at / 3) * 17 + (at % 3) * 40) & 0xff,
);
