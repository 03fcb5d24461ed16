/** Letters of 5 x 7 dots: seven rows of five bits, the leftmost dot being the highest bit. */
const GLYPHS: Readonly<Record<string, string>> = {
  "0": "0e11131519110e",
  "1": "040c040404040e",
  "2": "0e11010204081f",
  "3": "1f02040201110e",
  "4": "02060a121f0202",
  "5": "1f101e0101110e",
  "6": "0608101e11110e",
  "7": "1f010204080808",
  "8": "0e11110e11110e",
  "9": "0e11110f01020c",
  A: "0e11111f111111",
  B: "1e11111e11111e",
  C: "0e11101010110e",
  D: "1c12111111121c",
  E: "1f10101e10101f",
  F: "1f10101e101010",
  G: "0e11101711110f",
  H: "1111111f111111",
  I: "0e04040404040e",
  J: "0702020202120c",
  K: "11121418141211",
  L: "1010101010101f",
  M: "111b1515111111",
  N: "11111915131111",
  O: "0e11111111110e",
  P: "1e11111e101010",
  Q: "0e11111115120d",
  R: "1e11111e141211",
  S: "0f10100e01011e",
  T: "1f040404040404",
  U: "1111111111110e",
  V: "11111111110a04",
  W: "11111115151b11",
  X: "11110a040a1111",
  Y: "1111110a040404",
  Z: "1f01020408101f",
  ".": "00000000000c0c",
  ":": "000c0c000c0c00",
  "-": "0000001f000000",
  "+": "0004041f040400",
  "/": "00010204081000",
  "%": "18190204081303",
  "^": "040a1100000000",
  "(": "02040808080402",
  ")": "08040202020408",
};

/** Draws dots of text: `put` is called with the column and row of each, from the left upper corner. */
export function drawText(text: string, put: (x: number, y: number) => void, size = 1): void {
  for (const [index, letter] of [...text.toUpperCase()].entries()) {
    const glyph = GLYPHS[letter] ?? "";
    for (let row = 0; row * 2 < glyph.length; row++) {
      const bits = Number.parseInt(glyph.slice(row * 2, row * 2 + 2), 16);
      for (let column = 0; column < 5; column++)
        if ((bits >> (4 - column)) & 1) dot((index * 6 + column) * size, row * size, size, put);
    }
  }
}

function dot(x: number, y: number, size: number, put: (x: number, y: number) => void): void {
  for (let dy = 0; dy < size; dy++) for (let dx = 0; dx < size; dx++) put(x + dx, y + dy);
}
