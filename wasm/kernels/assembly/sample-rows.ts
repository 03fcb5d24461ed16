import { take } from "./arena";
import { JpegStream } from "./jpeg-stream";
import { Prediction } from "./lossless-prediction";

/** Room before and after a row, as vectors may reach beyond it. */
const MARGIN: u64 = 32;

/** The row of samples that is being decoded, the one above it, and the frame that the rows go to. */
export abstract class SampleRows {
  /** Differences first, then samples, 16 bits each, those of the components of the scan interleaved. */
  static row: usize = 0;
  private static above: usize = 0;
  /** Samples of a row. */
  private static samples: i32 = 0;
  private static shift: i32 = 0;
  /** The frame: 8 or 16 bits a sample, colour by pixel. */
  static frame: usize = 0;
  static bytesPerSample: i32 = 0;
  /** All samples, and all samples + 2^(precision - 1), joined by OR: they tell whether a sample has too many bits. */
  private static unsignedBits: v128 = i64x2.splat(0);
  private static signedBits: v128 = i64x2.splat(0);

  /** Takes memory for the frame. */
  static open(): bool {
    SampleRows.bytesPerSample = JpegStream.precision > 8 ? 2 : 1;
    SampleRows.unsignedBits = i64x2.splat(0);
    SampleRows.signedBits = i64x2.splat(0);
    const pixels = <u64>JpegStream.rows * <u64>JpegStream.columns;
    SampleRows.frame = take(
      pixels * <u64>(JpegStream.components * SampleRows.bytesPerSample) + MARGIN,
    );
    return SampleRows.frame !== 0;
  }

  /** Starts a scan whose rows have so many samples, which were shifted down by the point transform (T.81 H.1.1). */
  static start(samples: i32, pointTransform: i32): bool {
    if (SampleRows.frame === 0 && !SampleRows.open()) return false;
    const bytes = 2 * <u64>samples + 2 * MARGIN;
    SampleRows.row = take(bytes);
    SampleRows.above = take(bytes);
    SampleRows.samples = samples;
    SampleRows.shift = pointTransform;
    return SampleRows.above !== 0;
  }

  /** Turns the differences of the row into samples; selection value 0 stands for the first row. */
  static predict(selection: i32, initial: u32): void {
    const bytes = <usize>SampleRows.samples * 2;
    const stride = <usize>JpegStream.scanComponents * 2;
    if (selection === 0) Prediction.firstRow(SampleRows.row, bytes, stride, initial);
    else Prediction.nextRow(selection, SampleRows.row, SampleRows.above, bytes, stride);
  }

  /** Puts the samples into the frame, and makes the row the one above the next. */
  static keep(row: i32): void {
    SampleRows.noteBits();
    if (JpegStream.scanComponents === JpegStream.components) SampleRows.keepWhole(row);
    else SampleRows.keepComponents(row);
    const above = SampleRows.above;
    SampleRows.above = SampleRows.row;
    SampleRows.row = above;
  }

  /** All samples joined by OR: the highest bit tells how many bits they have. */
  static joinedBits(): u32 {
    return joinLanes(SampleRows.unsignedBits);
  }

  /** Whether every sample is a two's complement number of the precision. */
  static isSigned(): bool {
    return joinLanes(SampleRows.signedBits) >> JpegStream.precision === 0;
  }

  private static noteBits(): void {
    const half = i16x8.splat(<i16>((<i32>1) << (JpegStream.precision - 1)));
    const bytes = <usize>SampleRows.samples * 2;
    const shift = SampleRows.shift;
    // What lies behind the row in its last vector must not count.
    v128.store(SampleRows.row + bytes, i64x2.splat(0));
    let plain = SampleRows.unsignedBits;
    let raised = SampleRows.signedBits;
    for (let at = SampleRows.row, end = at + bytes; at < end; at += 16) {
      const samples = i16x8.shl(v128.load(at), shift);
      plain = v128.or(plain, samples);
      raised = v128.or(raised, i16x8.add(samples, half));
    }
    SampleRows.unsignedBits = plain;
    SampleRows.signedBits = raised;
  }

  /** The row has all components: it goes into the frame as it stands. */
  private static keepWhole(row: i32): void {
    const samples = <usize>SampleRows.samples;
    const shift = SampleRows.shift;
    const to = SampleRows.frame + <usize>row * samples * SampleRows.bytesPerSample;
    const from = SampleRows.row;
    if (SampleRows.bytesPerSample === 1) {
      const low = i16x8.splat(0xff);
      for (let at: usize = 0; at < samples; at += 8) {
        const words = v128.and(i16x8.shl(v128.load(from + 2 * at), shift), low);
        v128.store64_lane(to + at, i8x16.narrow_i16x8_u(words, words), 0);
      }
      return;
    }
    if (shift === 0) {
      memory.copy(to, from, 2 * samples);
      return;
    }
    for (let at: usize = 0; at < 2 * samples; at += 16)
      v128.store(to + at, i16x8.shl(v128.load(from + at), shift));
  }

  /** The row has some of the components: their samples go between those of the others. */
  private static keepComponents(row: i32): void {
    const columns = <usize>JpegStream.columns;
    const components = <usize>JpegStream.components;
    const inScan = <usize>JpegStream.scanComponents;
    const size = <usize>SampleRows.bytesPerSample;
    const line = SampleRows.frame + <usize>row * columns * components * size;
    for (let index: usize = 0; index < inScan; index++) {
      let to = line + <usize>JpegStream.scanComponent(<i32>index) * size;
      let from = SampleRows.row + 2 * index;
      for (let column: usize = 0; column < columns; column++) {
        const sample = (<u32>load<u16>(from)) << SampleRows.shift;
        if (size === 1) store<u8>(to, <u8>sample);
        else store<u16>(to, <u16>sample);
        to += components * size;
        from += 2 * inScan;
      }
    }
  }
}

function joinLanes(words: v128): u32 {
  const halves = i64x2.extract_lane(words, 0) | i64x2.extract_lane(words, 1);
  const quarters = <u32>halves | <u32>(halves >> 32);
  return (quarters | (quarters >> 16)) & 0xffff;
}
