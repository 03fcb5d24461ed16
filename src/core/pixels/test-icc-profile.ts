/** Values of tags by their signature. */
export type TestTags = Readonly<Record<string, readonly number[]>>;

/** An ICC profile for tests: a header and tags, big endian as ICC.1 has it. */
export function testProfile(
  tags: TestTags,
  header: { readonly space?: string; readonly connection?: string; readonly version?: number } = {},
): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tags).map(([name, value]) => ({ name, value: padded(value) }));
  const table: number[] = [...u32(entries.length)];
  const body: number[] = [];
  const start = 128 + 4 + entries.length * 12;
  for (const { name, value } of entries) {
    table.push(...text(name), ...u32(start + body.length), ...u32(value.length));
    body.push(...value);
  }
  const head = [
    ...u32(start + body.length),
    ...u32(0),
    ...u32((header.version ?? 4) * 0x100_0000),
    ...text("mntr"),
    ...text(header.space ?? "RGB "),
    ...text(header.connection ?? "XYZ "),
    ...Array.from({ length: 12 }, () => 0),
    ...text("acsp"),
  ];
  // Illuminant of the connection space at 68 (ICC.1:2022 7.2.16).
  const rest = Array.from({ length: 128 - head.length }, () => 0);
  rest.splice(68 - head.length, 12, ...[0.9642, 1, 0.8249].flatMap(fixed));
  return Uint8Array.from([...head, ...rest, ...table, ...body]);
}

export function text(characters: string): number[] {
  return [...characters].map((character) => character.charCodeAt(0));
}

export function u16(value: number): number[] {
  return [value >>> 8, value & 0xff];
}

export function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value & 0xffff)];
}

/** A number with 16 bits behind the point. */
export function fixed(value: number): number[] {
  return u32(Math.round(value * 0x1_0000) >>> 0);
}

export function xyz(...values: readonly number[]): number[] {
  return [...text("XYZ "), ...u32(0), ...values.flatMap(fixed)];
}

export function parametric(type: number, ...parameters: readonly number[]): number[] {
  return [...text("para"), ...u32(0), ...u16(type), ...u16(0), ...parameters.flatMap(fixed)];
}

export function sampled(...entries: readonly number[]): number[] {
  return [...text("curv"), ...u32(0), ...u32(entries.length), ...entries.flatMap(u16)];
}

/** To a multiple of four bytes. */
export function padded(value: readonly number[]): number[] {
  return [...value, ...Array.from({ length: (4 - (value.length % 4)) % 4 }, () => 0)];
}
