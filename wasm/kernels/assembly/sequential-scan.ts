import { OK, TRUNCATED } from "../kernel-status";
import { Bits } from "./bit-reader";
import { DctBlock } from "./dct-block";
import { DctBlock8Bit, STEPS_BYTES, writeSteps } from "./dct-block-8-bit";
import { DctFrame } from "./dct-frame";
import { InverseDct } from "./inverse-dct";
import { JpegStream } from "./jpeg-stream";

/** What is to be done for each block of an MCU, of which there are at most 16 for each of four components. */
const JOBS = memory.data(2048, 16);
const JOB_BYTES: usize = 32;
/** DC coefficients of the last block of each component of the scan. */
const PREDICTIONS = memory.data(16, 16);
/** Quantization steps of each component of the scan (see `writeSteps`). */
const STEPS = memory.data(1024, 16);
/** Coefficients of the block in work, 64 `i16`. */
const BLOCK = memory.data(128, 16);

/** Offsets in a job. Where the block of the next MCU goes, and how far from there that of the MCU after it goes. */
const TO: usize = 0;
const ADVANCE: usize = 4;
/** Bytes from a row of the plane to the next. */
const STRIDE: usize = 8;
const DC_TABLE: usize = 12;
const AC_TABLE: usize = 16;
const PREDICTION: usize = 20;
const SCAN_STEPS: usize = 24;
const QUANTIZATION: usize = 28;

/** The MCUs of a sequential scan (T.81 F.2), into the planes of DctFrame. */
export abstract class SequentialScan {
  private static jobs: usize = 0;
  /** MCUs in a row. */
  private static across: i32 = 0;

  /** Starts a scan whose tables are there, with so many MCUs in a row. */
  static open(across: i32): void {
    SequentialScan.across = across;
    SequentialScan.jobs = JOBS;
    for (let index = 0; index < JpegStream.scanComponents; index++) {
      const component = JpegStream.scanComponent(index);
      writeSteps(JpegStream.quantizationTable(component), STEPS + <usize>index * STEPS_BYTES);
      const blocks = SequentialScan.blocksAcross(component) * SequentialScan.blocksDown(component);
      for (let block = 0; block < blocks; block++) SequentialScan.addJob(index, component);
    }
  }

  /** MCUs `first` to before `end`. */
  static decode(first: i32, end: i32): i32 {
    memory.fill(PREDICTIONS, 0, 16);
    const across = SequentialScan.across;
    let unit = first;
    while (unit < end) {
      const row = unit / across;
      const rowEnd = min(end, (row + 1) * across);
      SequentialScan.place(row, unit - row * across);
      const status =
        DctFrame.bytesPerSample === 1
          ? SequentialScan.decode8Bit(rowEnd - unit)
          : SequentialScan.decode12Bit(rowEnd - unit);
      if (status !== OK) return status;
      unit = rowEnd;
    }
    return OK;
  }

  private static decode8Bit(units: i32): i32 {
    const jobs = SequentialScan.jobs;
    for (; units > 0; units--) {
      for (let job = JOBS; job < jobs; job += JOB_BYTES) {
        const to = load<usize>(job, TO);
        store<usize>(job, to + load<usize>(job, ADVANCE), TO);
        const status = DctBlock8Bit.decode(
          load<usize>(job, DC_TABLE),
          load<usize>(job, AC_TABLE),
          load<usize>(job, PREDICTION),
          load<usize>(job, SCAN_STEPS),
          load<usize>(job, QUANTIZATION),
          to,
          load<usize>(job, STRIDE),
        );
        if (status !== OK) return status;
      }
      // What follows the end reads as zeros; there is no use in going on with them.
      if (Bits.missing > 64) return TRUNCATED;
    }
    return OK;
  }

  private static decode12Bit(units: i32): i32 {
    const jobs = SequentialScan.jobs;
    for (; units > 0; units--) {
      for (let job = JOBS; job < jobs; job += JOB_BYTES) {
        const to = load<usize>(job, TO);
        store<usize>(job, to + load<usize>(job, ADVANCE), TO);
        const dcTable = load<usize>(job, DC_TABLE);
        const acTable = load<usize>(job, AC_TABLE);
        const status = DctBlock.decode(BLOCK, dcTable, acTable, load<usize>(job, PREDICTION));
        if (status !== OK) return status;
        const quantization = load<usize>(job, QUANTIZATION);
        const stride = load<usize>(job, STRIDE);
        if (DctBlock.last === 0) InverseDct.flat(<i32>load<i16>(BLOCK), quantization, to, stride);
        else InverseDct.transform(BLOCK, quantization, to, stride);
      }
      if (Bits.missing > 64) return TRUNCATED;
    }
    return OK;
  }

  /** Blocks of a component in an MCU. A scan of one component has one (T.81 A.2.2). */
  private static blocksAcross(component: i32): i32 {
    return JpegStream.scanComponents === 1 ? 1 : DctFrame.horizontal(component);
  }

  private static blocksDown(component: i32): i32 {
    return JpegStream.scanComponents === 1 ? 1 : DctFrame.vertical(component);
  }

  private static addJob(index: i32, component: i32): void {
    const job = SequentialScan.jobs;
    const across = SequentialScan.blocksAcross(component);
    store<usize>(job, <usize>(across * 8 * DctFrame.bytesPerSample), ADVANCE);
    store<usize>(job, DctFrame.stride(component), STRIDE);
    store<usize>(job, JpegStream.dcTable(index), DC_TABLE);
    store<usize>(job, JpegStream.acTable(index), AC_TABLE);
    store<usize>(job, PREDICTIONS + 4 * <usize>index, PREDICTION);
    store<usize>(job, STEPS + <usize>index * STEPS_BYTES, SCAN_STEPS);
    store<usize>(job, JpegStream.quantizationTable(component), QUANTIZATION);
    SequentialScan.jobs = job + JOB_BYTES;
  }

  /** Says where the blocks of an MCU go. */
  private static place(unitRow: i32, unitColumn: i32): void {
    let job = JOBS;
    for (let index = 0; index < JpegStream.scanComponents; index++) {
      const component = JpegStream.scanComponent(index);
      const across = SequentialScan.blocksAcross(component);
      const down = SequentialScan.blocksDown(component);
      for (let row = unitRow * down; row < (unitRow + 1) * down; row++)
        for (let column = unitColumn * across; column < (unitColumn + 1) * across; column++) {
          store<usize>(job, DctFrame.samples(component, row, column), TO);
          job += JOB_BYTES;
        }
    }
  }
}
