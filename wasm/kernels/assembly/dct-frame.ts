import { OK, OUT_OF_MEMORY, UNSUPPORTED_SAMPLING } from "../kernel-status";
import { take } from "./arena";
import { JpegStream } from "./jpeg-stream";

/** Six numbers for each of up to four components, `u32`: see the accessors. */
const FACTS = memory.data(6 * 4 * 4);
const FACT_BYTES: i32 = 24;

/** Samples that vectors may write behind a plane. */
const MARGIN: u64 = 32;

/**
 * The components of a DCT frame (T.81 A.1.1, A.2): their size, the planes of samples that they are decoded to, and in
 * progressive coding the coefficients that scans build up.
 */
export abstract class DctFrame {
  static largestHorizontal: i32 = 0;
  static largestVertical: i32 = 0;
  /** MCUs of interleaved scans, from left to right and from top to bottom. */
  static unitsAcross: i32 = 0;
  static unitsDown: i32 = 0;
  /** Of a sample in a plane: 1 or 2. */
  static bytesPerSample: i32 = 0;

  /** Works out sizes, and takes memory for planes, and coefficients when `isProgressive`. */
  static open(isProgressive: bool): i32 {
    DctFrame.bytesPerSample = JpegStream.precision > 8 ? 2 : 1;
    DctFrame.largestHorizontal = 1;
    DctFrame.largestVertical = 1;
    for (let component = 0; component < JpegStream.components; component++) {
      DctFrame.largestHorizontal = max(DctFrame.largestHorizontal, DctFrame.horizontal(component));
      DctFrame.largestVertical = max(DctFrame.largestVertical, DctFrame.vertical(component));
    }
    DctFrame.unitsAcross = ceilDivide(JpegStream.columns, 8 * DctFrame.largestHorizontal);
    DctFrame.unitsDown = ceilDivide(JpegStream.rows, 8 * DctFrame.largestVertical);
    for (let component = 0; component < JpegStream.components; component++) {
      const status = DctFrame.openComponent(component, isProgressive);
      if (status !== OK) return status;
    }
    return OK;
  }

  /** Sampling factors; those of a single component mean nothing (T.81 A.2.2). */
  static horizontal(component: i32): i32 {
    return JpegStream.components === 1 ? 1 : JpegStream.horizontalSampling(component);
  }

  static vertical(component: i32): i32 {
    return JpegStream.components === 1 ? 1 : JpegStream.verticalSampling(component);
  }

  /** Samples of the component in a row of the image, and rows of it. */
  static width(component: i32): i32 {
    return DctFrame.fact(component, 0);
  }

  static height(component: i32): i32 {
    return DctFrame.fact(component, 1);
  }

  /** Blocks from left to right in the plane, those beyond the image included. */
  static blocksAcross(component: i32): i32 {
    return DctFrame.fact(component, 2);
  }

  /** Samples `u8` or `u16`, `blocksAcross` times 8 in a row. */
  static plane(component: i32): usize {
    return <usize>DctFrame.fact(component, 4);
  }

  /** Coefficients of a block, 64 `i16`. */
  static coefficients(component: i32, blockRow: i32, blockColumn: i32): usize {
    const index = <usize>(blockRow * DctFrame.blocksAcross(component) + blockColumn);
    return <usize>DctFrame.fact(component, 5) + index * 128;
  }

  /** Where the samples of a block stand in the plane. */
  static samples(component: i32, blockRow: i32, blockColumn: i32): usize {
    const row = DctFrame.plane(component) + <usize>blockRow * 8 * DctFrame.stride(component);
    return row + <usize>(blockColumn * 8 * DctFrame.bytesPerSample);
  }

  /** Bytes from a row of the plane to the next. */
  static stride(component: i32): usize {
    return <usize>(DctFrame.blocksAcross(component) * 8 * DctFrame.bytesPerSample);
  }

  private static openComponent(component: i32, isProgressive: bool): i32 {
    const horizontal = DctFrame.horizontal(component);
    const vertical = DctFrame.vertical(component);
    if (DctFrame.largestHorizontal % horizontal !== 0) return UNSUPPORTED_SAMPLING;
    if (DctFrame.largestVertical % vertical !== 0) return UNSUPPORTED_SAMPLING;
    const across = DctFrame.unitsAcross * horizontal;
    const blocks = <u64>across * <u64>(DctFrame.unitsDown * vertical);
    const width = ceilDivide(JpegStream.columns * horizontal, DctFrame.largestHorizontal);
    const height = ceilDivide(JpegStream.rows * vertical, DctFrame.largestVertical);
    const plane = take(blocks * <u64>(64 * DctFrame.bytesPerSample) + MARGIN);
    const coefficients = isProgressive ? take(blocks * 128) : 0;
    if (plane === 0 || (isProgressive && coefficients === 0)) return OUT_OF_MEMORY;
    if (isProgressive) memory.fill(coefficients, 0, <usize>(blocks * 128));
    const facts = FACTS + component * FACT_BYTES;
    store<i32>(facts, width, 0);
    store<i32>(facts, height, 4);
    store<i32>(facts, across, 8);
    store<u32>(facts, <u32>plane, 16);
    store<u32>(facts, <u32>coefficients, 20);
    return OK;
  }

  @inline private static fact(component: i32, index: i32): i32 {
    return load<i32>(FACTS + component * FACT_BYTES + index * 4);
  }
}

function ceilDivide(value: i32, by: i32): i32 {
  return (value + by - 1) / by;
}
