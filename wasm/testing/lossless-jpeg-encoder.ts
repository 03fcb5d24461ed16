import { type CodeLengths, categoryOf, huffmanCode, JpegWriter, u16 } from "./jpeg-writer.ts";

/** What a lossless JPEG for tests is like. */
export interface LosslessJpegOptions {
  readonly rows: number;
  readonly columns: number;
  readonly precision: number;
  readonly components?: number;
  /** Selection value, 1 to 7. */
  readonly selection?: number;
  readonly pointTransform?: number;
  /** Rows between restart markers; 0 for none. */
  readonly restartRows?: number;
  /** `scans`: each component in a scan of its own. */
  readonly order?: "interleaved" | "scans";
  /** `dnl`: the frame header says 0 lines, and a segment after the first scan how many there are. */
  readonly lines?: "header" | "dnl";
  /** `long`: codes of up to 16 bits, and two tables in one segment. */
  readonly codes?: "short" | "long";
  /** FF bytes before each marker that may have them. */
  readonly fillBytes?: number;
}

const CATEGORIES = 17;
const SHORT: CodeLengths = Array.from({ length: CATEGORIES }, (_, at) => [at, 5]);
const LONG: CodeLengths = Array.from({ length: CATEGORIES }, (_, at) => [
  CATEGORIES - 1 - at,
  Math.min(Math.max(2, at + 1), 16),
]);

/**
 * Encodes unsigned samples, those of a pixel one after the other, as lossless JPEG (ITU-T T.81 Annex H): the simplest
 * encoder that shows every feature.
 */
export function encodeLosslessJpeg(
  samples: ArrayLike<number>,
  options: LosslessJpegOptions,
): Uint8Array<ArrayBuffer> {
  const { rows, columns, precision, components = 1, restartRows = 0 } = options;
  const lengths = options.codes === "long" ? LONG : SHORT;
  const writer = new JpegWriter();
  writer.marker(0xd8);
  writer.fill(options.fillBytes ?? 0);
  const lines = options.lines === "dnl" ? 0 : rows;
  const parts = indexes(components).flatMap((index) => [index + 1, 0x11, 0]);
  writer.segment(0xc3, [precision, ...u16(lines), ...u16(columns), components, ...parts]);
  writer.huffmanTable(0, 1, lengths);
  if (restartRows > 0) writer.segment(0xdd, u16(restartRows * columns));
  const scans =
    options.order === "scans" ? indexes(components).map((index) => [index]) : [indexes(components)];
  for (const [index, scan] of scans.entries()) {
    encodeScan(writer, samples, scan, options);
    if (index === 0 && options.lines === "dnl") writer.segment(0xdc, u16(rows));
  }
  writer.fill(options.fillBytes ?? 0);
  writer.marker(0xd9);
  return writer.finish();
}

function encodeScan(
  writer: JpegWriter,
  samples: ArrayLike<number>,
  scan: readonly number[],
  options: LosslessJpegOptions,
): void {
  const { rows, columns, components = 1, selection = 1, pointTransform = 0 } = options;
  const { precision, restartRows = 0 } = options;
  const code = huffmanCode(options.codes === "long" ? LONG : SHORT);
  writer.fill(options.fillBytes ?? 0);
  const parts = scan.flatMap((component) => [component + 1, 0x10]);
  writer.segment(0xda, [scan.length, ...parts, selection, 0, pointTransform]);
  const sample = (row: number, column: number, component: number) =>
    (samples[(row * columns + column) * components + component] ?? 0) >> pointTransform;
  for (let row = 0; row < rows; row += 1) {
    const isFirst = restartRows > 0 ? row % restartRows === 0 : row === 0;
    if (isFirst && row > 0) {
      writer.marker(0xd0 + ((row / restartRows - 1) & 7));
    }
    for (let column = 0; column < columns; column += 1)
      for (const component of scan) {
        const at = (up: number, left: number) => sample(row - up, column - left, component);
        const predicted = predict(
          { isFirst, column, selection },
          at,
          2 ** (precision - pointTransform - 1),
        );
        encodeDifference(writer, code, at(0, 0) - predicted);
      }
  }
}

/** Px of T.81 H.1.2.1; `at` gives samples by rows up and columns to the left. */
function predict(
  place: { readonly isFirst: boolean; readonly column: number; readonly selection: number },
  at: (up: number, left: number) => number,
  initial: number,
): number {
  if (place.isFirst) return place.column === 0 ? initial : at(0, 1);
  if (place.column === 0) return at(1, 0);
  const [a, b, c] = [at(0, 1), at(1, 0), at(1, 1)];
  switch (place.selection) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}

/** A difference modulo 2^16, from -32767 to 32768 (T.81 table H.2). */
function encodeDifference(
  writer: JpegWriter,
  code: ReturnType<typeof huffmanCode>,
  difference: number,
): void {
  const modulo = difference & 0xffff;
  const value = modulo > 32_768 ? modulo - 65_536 : modulo;
  const category = categoryOf(value);
  writer.symbol(code, category);
  if (category < 16) writer.magnitude(value, category);
}

function indexes(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
