/** The colour space of IEC 61966-2-1 as an ICC profile of version 4: primaries under D50, and its curve as a formula. */
export function srgbProfile(): Uint8Array<ArrayBuffer> {
  const curve = [
    ...text("para"),
    ...u32(0, 0x0003_0000),
    ...fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.040_45),
  ];
  const tags: readonly (readonly [name: string, value: readonly number[]])[] = [
    ["desc", localized("sRGB")],
    ["cprt", localized("No copyright, use freely")],
    ["wtpt", xyz(0.9642, 1, 0.8249)],
    [
      "chad",
      [
        ...text("sf32"),
        ...u32(0),
        ...fixed(1.047_88, 0.022_92, -0.050_22),
        ...fixed(0.029_59, 0.990_48, -0.017_07),
        ...fixed(-0.009_25, 0.015_07, 0.751_68),
      ],
    ],
    ["rXYZ", xyz(0.436_07, 0.222_49, 0.013_92)],
    ["gXYZ", xyz(0.385_15, 0.716_87, 0.097_08)],
    ["bXYZ", xyz(0.143_07, 0.060_61, 0.714_1)],
    ["rTRC", curve],
    ["gTRC", curve],
    ["bTRC", curve],
  ];
  return assembled(tags);
}

const HEADER_BYTES = 128;

/** Header, table of tags and their values (ICC.1:2022 section 7). Equal values are written once. */
function assembled(
  tags: readonly (readonly [name: string, value: readonly number[]])[],
): Uint8Array<ArrayBuffer> {
  const offsets = new Map<string, number>();
  const body: number[] = [];
  const start = HEADER_BYTES + 4 + tags.length * 12;
  const table = tags.flatMap(([name, value]) => {
    const key = value.join();
    const offset = offsets.get(key) ?? start + body.length;
    if (!offsets.has(key)) body.push(...value, ...zeros(-value.length & 3));
    offsets.set(key, offset);
    return [...text(name), ...u32(offset, value.length)];
  });
  const header = [
    ...u32(start + body.length, 0, 0x0430_0000),
    ...text("mntrRGB XYZ "),
    ...[2026, 1, 1, 0, 0, 0].flatMap((part) => [part >> 8, part & 0xff]),
    ...text("acsp"),
    ...zeros(24),
    // Relative colorimetric, and the white of the connection space.
    ...u32(1),
    ...fixed(0.9642, 1, 0.8249),
  ];
  return Uint8Array.from([
    ...header,
    ...zeros(HEADER_BYTES - header.length),
    ...u32(tags.length),
    ...table,
    ...body,
  ]);
}

function localized(words: string): number[] {
  const wide = [...words].flatMap((character) => [0, character.charCodeAt(0)]);
  return [...text("mluc"), ...u32(0, 1, 12), ...text("enUS"), ...u32(wide.length, 28), ...wide];
}

function xyz(...values: readonly number[]): number[] {
  return [...text("XYZ "), ...u32(0), ...fixed(...values)];
}

function text(characters: string): number[] {
  return [...characters].map((character) => character.charCodeAt(0));
}

function u32(...values: readonly number[]): number[] {
  return values.flatMap((value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff));
}

function fixed(...values: readonly number[]): number[] {
  return u32(...values.map((value) => Math.round(value * 0x1_0000)));
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}
