import { OK, OUT_OF_MEMORY } from "../kernel-status";
import { take } from "./arena";
import { DctFrame } from "./dct-frame";
import { JpegStream } from "./jpeg-stream";

const LARGEST: i32 = 4095;
const CENTRE: i32 = 2048;

/** Fraction bits of the constants of the colour transform, which are times 2^16. */
const COLOUR_BITS: i32 = 16;
const HALF: i32 = 1 << (COLOUR_BITS - 1);
const CR_TO_RED: i32 = 91881;
const CB_TO_BLUE: i32 = 116130;
const CR_TO_GREEN: i32 = 46802;
const CB_TO_GREEN: i32 = 22554;

/** Samples beyond the row that may be written with it. */
const MARGIN: u64 = 64;

/** Makes the frame, colour by pixel, of the planes of a DCT frame of 12 bits: subsampling and YCbCr undone. */
export abstract class ColourRows {
  /** The frame: samples `u16`. */
  static frame: usize = 0;
  /** One row of each component, full width. */
  private static rows: usize = 0;
  private static rowBytes: usize = 0;

  /** `isYcc`: the first three components are YCbCr, and are to be RGB. */
  static fill(isYcc: bool): i32 {
    const columns = <usize>JpegStream.columns;
    const components = JpegStream.components;
    const frameRow = columns * <usize>components * 2;
    ColourRows.frame = take(<u64>frameRow * <u64>JpegStream.rows + MARGIN);
    ColourRows.rowBytes = columns * 2 + <usize>MARGIN;
    ColourRows.rows = take(<u64>ColourRows.rowBytes * <u64>components);
    if (ColourRows.frame === 0 || ColourRows.rows === 0) return OUT_OF_MEMORY;
    for (let row = 0; row < JpegStream.rows; row++) {
      const to = ColourRows.frame + <usize>row * frameRow;
      if (components === 1) {
        memory.copy(to, DctFrame.plane(0) + <usize>row * DctFrame.stride(0), frameRow);
        continue;
      }
      for (let component = 0; component < components; component++)
        ColourRows.upsample(component, row, ColourRows.rowOf(component));
      if (isYcc && components >= 3) ColourRows.toRgb();
      ColourRows.interleave(to);
    }
    return OK;
  }

  private static rowOf(component: i32): usize {
    return ColourRows.rows + <usize>component * ColourRows.rowBytes;
  }

  /** One row of a component, as wide as the image. */
  private static upsample(component: i32, row: i32, to: usize): void {
    const across = DctFrame.largestHorizontal / DctFrame.horizontal(component);
    const down = DctFrame.largestVertical / DctFrame.vertical(component);
    const width = DctFrame.width(component);
    const from = ColourRows.planeRow(component, row / down);
    if (across === 2 && width > 2 && down === 1) ColourRows.widen(from, to, width);
    else if (across === 2 && width > 2 && down === 2) {
      // The nearer row of the plane counts three quarters, the one above or below it a quarter.
      const nearer = row >> 1;
      const further = row & 1 ? nearer + 1 : nearer - 1;
      const beside = min(max(further, 0), DctFrame.height(component) - 1);
      ColourRows.widenBoth(from, ColourRows.planeRow(component, beside), to, width);
    } else if (across === 1) memory.copy(to, from, <usize>width * 2);
    else ColourRows.repeat(from, to, across);
  }

  private static planeRow(component: i32, row: i32): usize {
    return DctFrame.plane(component) + <usize>row * DctFrame.stride(component);
  }

  /** Each sample `times` times. */
  private static repeat(from: usize, to: usize, times: i32): void {
    for (let column = 0; column < JpegStream.columns; column++)
      store<u16>(to + (column << 1), load<u16>(from + ((column / times) << 1)));
  }

  /**
   * Twice as many samples, each 3/4 of the nearer and 1/4 of the further one; halves are rounded down and up in turn.
   * JPEG leaves the filter open: this is the one of the reference library.
   */
  private static widen(from: usize, to: usize, width: i32): void {
    for (let column = 0; column < width; column++) {
      const at = from + (column << 1);
      const own = <u32>load<u16>(at);
      const left = column === 0 ? own : <u32>load<u16>(at - 2);
      const right = column === width - 1 ? own : <u32>load<u16>(at, 2);
      store<u16>(to + (column << 2), <u16>((3 * own + left + 1) >> 2));
      store<u16>(to + (column << 2), <u16>((3 * own + right + 2) >> 2), 2);
    }
  }

  /** The same in both directions: `from` is the nearer row and `beside` the further one. */
  private static widenBoth(from: usize, beside: usize, to: usize, width: i32): void {
    let left: u32 = 0;
    let own = weighted(from, beside, 0);
    for (let column = 0; column < width; column++) {
      const right = column === width - 1 ? own : weighted(from, beside, column + 1);
      const before = column === 0 ? own : left;
      store<u16>(to + (column << 2), <u16>((3 * own + before + 8) >> 4));
      store<u16>(to + (column << 2), <u16>((3 * own + right + 7) >> 4), 2);
      left = own;
      own = right;
    }
  }

  /** YCbCr to RGB, in place, in the whole numbers of the reference library (T.871 section 7, for 12 bits). */
  private static toRgb(): void {
    const first = ColourRows.rowOf(0);
    const second = ColourRows.rowOf(1);
    const third = ColourRows.rowOf(2);
    for (let at: usize = 0, end = <usize>JpegStream.columns * 2; at < end; at += 2) {
      const y = <i32>load<u16>(first + at);
      const cb = <i32>load<u16>(second + at) - CENTRE;
      const cr = <i32>load<u16>(third + at) - CENTRE;
      const green = (HALF - CB_TO_GREEN * cb - CR_TO_GREEN * cr) >> COLOUR_BITS;
      store<u16>(first + at, limit(y + ((CR_TO_RED * cr + HALF) >> COLOUR_BITS)));
      store<u16>(second + at, limit(y + green));
      store<u16>(third + at, limit(y + ((CB_TO_BLUE * cb + HALF) >> COLOUR_BITS)));
    }
  }

  private static interleave(to: usize): void {
    const components = <usize>JpegStream.components;
    for (let component: usize = 0; component < components; component++) {
      const from = ColourRows.rowOf(<i32>component);
      let place = to + component * 2;
      for (let at: usize = 0, end = <usize>JpegStream.columns * 2; at < end; at += 2) {
        store<u16>(place, load<u16>(from + at));
        place += components * 2;
      }
    }
  }
}

/** Three times the sample of the nearer row and once that of the further one. */
function weighted(nearer: usize, further: usize, column: i32): u32 {
  const at: usize = column << 1;
  return 3 * <u32>load<u16>(nearer + at) + <u32>load<u16>(further + at);
}

function limit(value: i32): u16 {
  return <u16>min(max(value, 0), LARGEST);
}
