import { OK, OUT_OF_MEMORY } from "../kernel-status";
import { take } from "./arena";
import { DctFrame } from "./dct-frame";
import { JpegStream } from "./jpeg-stream";
import { PixelRows } from "./pixel-rows";
import { Upsampling8Bit } from "./upsampling-8-bit";

/** Bytes before and behind a row that vectors may reach. */
const MARGIN: u64 = 64;

/** Makes the frame, colour by pixel, of the planes of a DCT frame of 8 bits: subsampling and YCbCr undone. */
export abstract class ColourRows8Bit {
  /** The frame: samples `u8`. */
  static frame: usize = 0;
  /** One row of each component that is not as wide and high as the image, with margins; and a row of words. */
  private static rows: usize = 0;
  private static rowBytes: usize = 0;
  private static sums: usize = 0;

  /** `isYcc`: the first three components are YCbCr, and are to be RGB. */
  static fill(isYcc: bool): i32 {
    if (JpegStream.components === 1) {
      ColourRows8Bit.pack();
      return OK;
    }
    const components = JpegStream.components;
    const frameRow = <usize>JpegStream.columns * <usize>components;
    ColourRows8Bit.frame = take(<u64>frameRow * <u64>JpegStream.rows + MARGIN);
    ColourRows8Bit.rowBytes = <usize>JpegStream.columns + 2 * <usize>MARGIN;
    const rows = take(<u64>ColourRows8Bit.rowBytes * <u64>components + MARGIN);
    const sums = take(2 * <u64>ColourRows8Bit.rowBytes);
    if (ColourRows8Bit.frame === 0 || rows === 0 || sums === 0) return OUT_OF_MEMORY;
    ColourRows8Bit.rows = rows + <usize>MARGIN;
    ColourRows8Bit.sums = sums + <usize>MARGIN;
    for (let row = 0; row < JpegStream.rows; row++) {
      const to = ColourRows8Bit.frame + <usize>row * frameRow;
      if (components !== 3) ColourRows8Bit.interleave(row, to);
      else {
        const first = ColourRows8Bit.upsampled(0, row);
        const second = ColourRows8Bit.upsampled(1, row);
        const third = ColourRows8Bit.upsampled(2, row);
        if (isYcc) PixelRows.storeRgb(first, second, third, to, <usize>JpegStream.columns);
        else PixelRows.storePixels(first, second, third, to, <usize>JpegStream.columns);
      }
    }
    return OK;
  }

  /** A plane becomes the frame, in place. */
  private static pack(): void {
    const plane = DctFrame.plane(0);
    const stride = DctFrame.stride(0);
    const columns = <usize>JpegStream.columns;
    ColourRows8Bit.frame = plane;
    if (stride === columns) return;
    for (let row: usize = 1; row < <usize>JpegStream.rows; row++)
      memory.copy(plane + row * columns, plane + row * stride, columns);
  }

  /** A row of a component as wide as the image: where it stands. */
  private static upsampled(component: i32, row: i32): usize {
    const across = DctFrame.largestHorizontal / DctFrame.horizontal(component);
    const down = DctFrame.largestVertical / DctFrame.vertical(component);
    const width = <usize>DctFrame.width(component);
    const from = ColourRows8Bit.planeRow(component, row / down);
    if (across === 1 && down !== 2) return from;
    const to = ColourRows8Bit.rows + <usize>component * ColourRows8Bit.rowBytes;
    const isFiltered = across === 2 && width > 2;
    if (isFiltered && down === 1) Upsampling8Bit.widen(from, to, width);
    else if ((isFiltered || across === 1) && down === 2) {
      // The nearer row of the plane counts three quarters, the one above or below it a quarter.
      const isAbove = (row & 1) === 0;
      const further = (row >> 1) + (isAbove ? -1 : 1);
      const inside = min(max(further, 0), DctFrame.height(component) - 1);
      const beside = ColourRows8Bit.planeRow(component, inside);
      if (isFiltered) Upsampling8Bit.widenBoth(from, beside, to, width, ColourRows8Bit.sums);
      else Upsampling8Bit.lengthen(from, beside, to, width, isAbove);
    } else Upsampling8Bit.repeat(from, to, <usize>JpegStream.columns, <usize>across);
    return to;
  }

  private static planeRow(component: i32, row: i32): usize {
    return DctFrame.plane(component) + <usize>row * DctFrame.stride(component);
  }

  /** A row of two or four components, as they stand. */
  private static interleave(row: i32, to: usize): void {
    const components = <usize>JpegStream.components;
    for (let component: usize = 0; component < components; component++) {
      const from = ColourRows8Bit.upsampled(<i32>component, row);
      for (let column: usize = 0; column < <usize>JpegStream.columns; column++)
        store<u8>(to + column * components + component, load<u8>(from + column));
    }
  }
}
