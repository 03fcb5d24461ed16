import {
  type CodeLengths,
  categoryOf,
  type HuffmanCode,
  huffmanCode,
  JpegWriter,
  u16,
} from "./jpeg-writer.ts";

/** A component: its sampling factors and a sample for each of its places, row by row, `width` in a row. */
export interface DctComponent {
  readonly horizontal: number;
  readonly vertical: number;
  readonly sample: (row: number, column: number) => number;
  /** The quantized coefficients of a block in zigzag order, in place of those of its samples. */
  readonly coefficients?: (row: number, column: number) => readonly number[];
}

/** What a DCT-based JPEG for tests is like. */
export interface DctJpegOptions {
  /** Bits of a sample; 12 by default. */
  readonly precision?: 8 | 12;
  readonly rows: number;
  readonly columns: number;
  readonly components: readonly DctComponent[];
  /** The step of all coefficients, 1 to 65535. */
  readonly step?: number;
  /** MCUs between restart markers; 0 for none. */
  readonly restartInterval?: number;
  readonly order?: "interleaved" | "scans";
  /** Progressive: DC in two scans of one bit more each, AC in bands, the first of them refined once. */
  readonly process?: "sequential" | "progressive";
  /** Number of the frame header; by default that of the process. */
  readonly frameHeader?: number;
}

/** A component with the coefficients of its blocks, in zigzag order, quantized. */
interface CodedComponent extends DctComponent {
  readonly index: number;
  readonly blocksAcross: number;
  readonly blocksDown: number;
  readonly block: (row: number, column: number) => readonly number[];
}

const DC_LENGTHS: CodeLengths = Array.from({ length: 16 }, (_, at) => [at, 5]);
const AC_LENGTHS: CodeLengths = Array.from({ length: 256 }, (_, at) => [at, at < 3 ? 4 : 9]);
const DC = huffmanCode(DC_LENGTHS);
const AC = huffmanCode(AC_LENGTHS);
const END_OF_BLOCK = 0;
const SIXTEEN_ZEROS = 0xf0;

const ZIGZAG: readonly (readonly [row: number, column: number])[] = Array.from(
  { length: 64 },
  (_, at): readonly [number, number] => [at >> 3, at & 7],
).sort(([r1, c1], [r2, c2]) => r1 + c1 - r2 - c2 || ((r1 + c1) % 2 === 0 ? r2 - r1 : r1 - r2));

/** Encodes samples as DCT-based JPEG (ITU-T T.81 Annexes F and G), with a cosine transform in doubles. */
export function encodeDctJpeg(options: DctJpegOptions): Uint8Array<ArrayBuffer> {
  const { rows, columns, components, step = 1, restartInterval = 0, precision = 12 } = options;
  const isProgressive = options.process === "progressive";
  const coded = components.map((component, index) => transform(component, index, options));
  const writer = new JpegWriter();
  writer.marker(0xd8);
  const steps = Array.from({ length: 64 }, () => u16(step)).flat();
  writer.segment(0xdb, [0x10, ...steps]);
  const parts = coded.flatMap(({ index, horizontal, vertical }) => [
    index + 1,
    horizontal * 16 + vertical,
    0,
  ]);
  const frameHeader = options.frameHeader ?? (isProgressive ? 0xc2 : 0xc1);
  writer.segment(frameHeader, [
    precision,
    ...u16(rows),
    ...u16(columns),
    components.length,
    ...parts,
  ]);
  writer.huffmanTable(0, 0, DC_LENGTHS);
  writer.huffmanTable(1, 0, AC_LENGTHS);
  if (restartInterval > 0) writer.segment(0xdd, u16(restartInterval));
  if (isProgressive) writeProgressive(writer, coded, options);
  else
    for (const scan of options.order === "scans" ? coded.map((one) => [one]) : [coded])
      writeScan(writer, scan, [0, 63, 0, 0], options, () => (block, dc) => {
        writeDc(writer, (block[0] ?? 0) - dc);
        writeAc(writer, block, 1, 63, 0);
      });
  writer.marker(0xd9);
  return writer.finish();
}

function writeProgressive(
  writer: JpegWriter,
  coded: readonly CodedComponent[],
  options: DctJpegOptions,
): void {
  writeScan(writer, coded, [0, 0, 0, 1], options, () => (block, dc) => {
    writeDc(writer, ((block[0] ?? 0) >> 1) - (dc >> 1));
  });
  writeScan(writer, coded, [0, 0, 1, 0], options, () => (block) => {
    writer.bits((block[0] ?? 0) & 1, 1);
  });
  for (const one of coded) {
    writeScan(
      writer,
      [one],
      [1, 5, 0, 1],
      options,
      () => (block) => writeAc(writer, block, 1, 5, 1),
    );
    writeScan(
      writer,
      [one],
      [6, 63, 0, 0],
      options,
      () => (block) => writeAc(writer, block, 6, 63, 0),
    );
    writeScan(writer, [one], [1, 5, 1, 0], options, () => (block) => refineAc(writer, block, 1, 5));
  }
}

/** What a scan writes of a block; `dc` is the DC coefficient of the block before of the same component. */
type WriteBlock = (block: readonly number[], dc: number) => void;

/** A scan: its header, and its blocks in the order of T.81 A.2. */
function writeScan(
  writer: JpegWriter,
  scan: readonly CodedComponent[],
  [start, end, high, low]: readonly [number, number, number, number],
  options: DctJpegOptions,
  blockWriter: () => WriteBlock,
): void {
  const selectors = scan.flatMap(({ index }) => [index + 1, 0]);
  writer.segment(0xda, [scan.length, ...selectors, start, end, high * 16 + low]);
  const write = blockWriter();
  const predictions = new Map<number, number>();
  for (const [unit, blocks] of unitsOf(scan, options).entries()) {
    const { restartInterval = 0 } = options;
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) {
      writer.marker(0xd0 + ((unit / restartInterval - 1) & 7));
      predictions.clear();
    }
    for (const [component, row, column] of blocks) {
      const block = component.block(row, column);
      write(block, predictions.get(component.index) ?? 0);
      predictions.set(component.index, block[0] ?? 0);
    }
  }
}

type Place = readonly [component: CodedComponent, row: number, column: number];

/** The blocks of each MCU. */
function unitsOf(scan: readonly CodedComponent[], options: DctJpegOptions): readonly Place[][] {
  const [first] = scan;
  if (first !== undefined && scan.length === 1)
    return grid(first.blocksDown, first.blocksAcross).map(([row, column]) => [
      [first, row, column],
    ]);
  const { horizontal, vertical } = largest(options);
  const down = Math.ceil(options.rows / (8 * vertical));
  const across = Math.ceil(options.columns / (8 * horizontal));
  return grid(down, across).map(([unitRow, unitColumn]) =>
    scan.flatMap((component) =>
      grid(component.vertical, component.horizontal).map(
        ([row, column]): Place => [
          component,
          unitRow * component.vertical + row,
          unitColumn * component.horizontal + column,
        ],
      ),
    ),
  );
}

function writeDc(writer: JpegWriter, difference: number): void {
  const category = categoryOf(difference);
  writer.symbol(DC, category);
  writer.magnitude(difference, category);
}

/** Coefficients of a band without their `low` lowest bits, rounded towards 0. */
function writeAc(
  writer: JpegWriter,
  block: readonly number[],
  start: number,
  end: number,
  low: number,
): void {
  let zeros = 0;
  for (let k = start; k <= end; k += 1) {
    const value = Math.trunc((block[k] ?? 0) / 2 ** low);
    if (value === 0) {
      zeros += 1;
      continue;
    }
    for (; zeros > 15; zeros -= 16) writer.symbol(AC, SIXTEEN_ZEROS);
    const category = categoryOf(value);
    writer.symbol(AC, zeros * 16 + category);
    writer.magnitude(value, category);
    zeros = 0;
  }
  if (zeros > 0) writer.symbol(AC, END_OF_BLOCK);
}

/** The lowest bit of the coefficients of a band, which is shorter than 16 (T.81 G.1.2.3). */
function refineAc(writer: JpegWriter, block: readonly number[], start: number, end: number): void {
  let zeros = 0;
  let corrections: number[] = [];
  const writeCorrections = () => {
    for (const bit of corrections) writer.bits(bit, 1);
    corrections = [];
  };
  for (let k = start; k <= end; k += 1) {
    const magnitude = Math.abs(block[k] ?? 0);
    if (magnitude > 1) corrections.push(magnitude & 1);
    else if (magnitude === 0) zeros += 1;
    else {
      writer.symbol(AC, zeros * 16 + 1);
      writer.bits((block[k] ?? 0) > 0 ? 1 : 0, 1);
      writeCorrections();
      zeros = 0;
    }
  }
  if (zeros > 0 || corrections.length > 0) {
    writer.symbol(AC as HuffmanCode, END_OF_BLOCK);
    writeCorrections();
  }
}

function transform(
  component: DctComponent,
  index: number,
  options: DctJpegOptions,
): CodedComponent {
  const { horizontal, vertical } = largest(options);
  const width = Math.ceil((options.columns * component.horizontal) / horizontal);
  const height = Math.ceil((options.rows * component.vertical) / vertical);
  const centre = 2 ** ((options.precision ?? 12) - 1);
  const sample = (row: number, column: number) =>
    component.sample(Math.min(row, height - 1), Math.min(column, width - 1));
  return {
    ...component,
    index,
    blocksAcross: Math.ceil(width / 8),
    blocksDown: Math.ceil(height / 8),
    block:
      component.coefficients ??
      ((blockRow, blockColumn) =>
        forwardDct(
          (row, column) => sample(blockRow * 8 + row, blockColumn * 8 + column) - centre,
          options.step ?? 1,
        )),
  };
}

/** FDCT of T.81 A.3.3, quantized, in zigzag order. */
function forwardDct(
  sample: (row: number, column: number) => number,
  step: number,
): readonly number[] {
  const norm = (index: number) => (index === 0 ? Math.SQRT1_2 : 1);
  const cosine = (place: number, index: number) =>
    Math.cos(((2 * place + 1) * index * Math.PI) / 16);
  return ZIGZAG.map(([v, u]) => {
    const sum = grid(8, 8).reduce(
      (total, [row, column]) => total + sample(row, column) * cosine(row, v) * cosine(column, u),
      0,
    );
    return Math.round((norm(u) * norm(v) * sum) / 4 / step);
  });
}

function largest({ components }: DctJpegOptions): {
  readonly horizontal: number;
  readonly vertical: number;
} {
  return {
    horizontal: Math.max(...components.map(({ horizontal }) => horizontal)),
    vertical: Math.max(...components.map(({ vertical }) => vertical)),
  };
}

/** All places of a grid, row by row. */
function grid(rows: number, columns: number): readonly (readonly [row: number, column: number])[] {
  return Array.from({ length: rows * columns }, (_, at) => [
    Math.floor(at / columns),
    at % columns,
  ]);
}
