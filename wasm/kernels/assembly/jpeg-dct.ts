import {
  BAD_SCAN,
  MISSING_SCAN,
  MISSING_TABLE,
  OK,
  TOO_MANY_SCANS,
  TRUNCATED,
  UNSUPPORTED_PROCESS,
} from "../kernel-status";
import { Bits } from "./bit-reader";
import { LARGEST_DC_CATEGORY } from "./dct-block";
import { DctFrame } from "./dct-frame";
import { DequantizedBlock } from "./dequantized-block";
import { HuffmanTable } from "./huffman-table";
import { InverseDct } from "./inverse-dct";
import { JpegStream } from "./jpeg-stream";
import { ProgressiveBlock } from "./progressive-block";
import { SequentialScan } from "./sequential-scan";

const SOF2: i32 = 2;
/** Scans that a frame may have: several times what encoders make, so that no stream takes for ever. */
const MAXIMUM_SCANS: i32 = 128;

/** What a coefficient lacks that no scan has brought. */
const ALL_BITS: u8 = 0xff;
/** How many of its lowest bits each coefficient of each component lacks in progressive coding, 64 `u8` each. */
const MISSING_BITS = memory.data(256, 16);

/** DC coefficients of the last block of each component of the scan. */
const PREDICTIONS = memory.data(4 * 4);

/** DCT-based JPEG of 8 and 12 bits (T.81 Annexes F and G): sequential and progressive, into the planes of DctFrame. */
export abstract class JpegDct {
  /** Components that were in a scan, in progressive coding in one of DC coefficients; a bit for each. */
  private static decoded: u32 = 0;
  private static isProgressive: bool = false;
  private static precision: i32 = 0;

  /** Decodes a frame whose samples have so many bits, 8 or 12. */
  static decode(precision: i32): i32 {
    JpegDct.precision = precision;
    JpegDct.decoded = 0;
    memory.fill(MISSING_BITS, ALL_BITS, 256);
    const scans = JpegDct.decodeScans();
    if (scans !== OK) return scans;
    if (JpegDct.decoded !== (1 << JpegStream.components) - 1) return MISSING_SCAN;
    if (!JpegDct.isProgressive) return OK;
    return JpegDct.isComplete() ? JpegDct.transformAll() : MISSING_SCAN;
  }

  private static decodeScans(): i32 {
    for (let scans = 0; !JpegStream.isAtEnd(); scans++) {
      const header = JpegStream.nextScan();
      if (header !== OK) return header;
      // Segments may stand behind the last scan.
      if (JpegStream.isAtEnd()) break;
      if (scans === MAXIMUM_SCANS) return TOO_MANY_SCANS;
      const opened = scans === 0 ? JpegDct.open() : OK;
      if (opened !== OK) return opened;
      const scan = JpegDct.decodeScan();
      if (scan !== OK) return scan;
    }
    return OK;
  }

  private static open(): i32 {
    if (JpegStream.process > SOF2) return UNSUPPORTED_PROCESS;
    if (JpegStream.precision !== JpegDct.precision) return UNSUPPORTED_PROCESS;
    JpegDct.isProgressive = JpegStream.process === SOF2;
    return DctFrame.open(JpegDct.isProgressive);
  }

  private static decodeScan(): i32 {
    const header = JpegDct.isProgressive ? JpegDct.checkProgressive() : JpegDct.checkSequential();
    if (header !== OK) return header;
    const tables = JpegDct.checkTables();
    if (tables !== OK) return tables;
    const isSingle = JpegStream.scanComponents === 1;
    const component = JpegStream.scanComponent(0);
    // A scan of one component has only the blocks that hold samples of the image (T.81 A.2.2).
    const across = isSingle ? (DctFrame.width(component) + 7) >> 3 : DctFrame.unitsAcross;
    const down = isSingle ? (DctFrame.height(component) + 7) >> 3 : DctFrame.unitsDown;
    if (!JpegDct.isProgressive) SequentialScan.open(across);
    const units = across * down;
    const interval = JpegStream.restartInterval === 0 ? units : JpegStream.restartInterval;
    for (let first = 0, index = 0; first < units; first += interval, index++) {
      const end = min(first + interval, units);
      const status = JpegDct.decodeInterval(index, first, end, units, across);
      if (status !== OK) return status;
    }
    return OK;
  }

  /** MCUs `first` to before `end` of `units`, of which `across` make a row. */
  private static decodeInterval(index: i32, first: i32, end: i32, units: i32, across: i32): i32 {
    const started = JpegStream.startInterval(index);
    if (started !== OK) return started;
    if (!JpegDct.isProgressive) {
      const decoded = SequentialScan.decode(first, end);
      return decoded === OK ? JpegDct.endInterval(end, units) : decoded;
    }
    memory.fill(PREDICTIONS, 0, 16);
    ProgressiveBlock.endRun = 0;
    const isSingle = JpegStream.scanComponents === 1;
    for (let unit = first; unit < end; unit++) {
      const row = unit / across;
      const column = unit - row * across;
      const status = isSingle
        ? JpegDct.decodeBlock(0, row, column)
        : JpegDct.decodeUnit(row, column);
      if (status !== OK) return status;
      // What follows the end reads as zeros; there is no use in going on with them.
      if (Bits.missing > 64) return TRUNCATED;
    }
    return JpegDct.endInterval(end, units);
  }

  private static endInterval(end: i32, units: i32): i32 {
    return end === units ? JpegStream.endLastInterval() : JpegStream.endInterval();
  }

  /** One MCU of an interleaved scan (T.81 A.2.3). */
  private static decodeUnit(unitRow: i32, unitColumn: i32): i32 {
    for (let index = 0; index < JpegStream.scanComponents; index++) {
      const component = JpegStream.scanComponent(index);
      const horizontal = DctFrame.horizontal(component);
      const vertical = DctFrame.vertical(component);
      for (let block = 0; block < horizontal * vertical; block++) {
        const row = unitRow * vertical + block / horizontal;
        const column = unitColumn * horizontal + (block % horizontal);
        const status = JpegDct.decodeBlock(index, row, column);
        if (status !== OK) return status;
      }
    }
    return OK;
  }

  private static decodeBlock(index: i32, row: i32, column: i32): i32 {
    const component = JpegStream.scanComponent(index);
    const block = DctFrame.coefficients(component, row, column);
    return JpegDct.decodeProgressive(index, block, PREDICTIONS + 4 * index);
  }

  private static decodeProgressive(index: i32, block: usize, prediction: usize): i32 {
    const isFirst = JpegStream.approximationHigh === 0;
    if (JpegStream.spectralStart > 0) {
      const table = JpegStream.acTable(index);
      return isFirst
        ? ProgressiveBlock.firstAc(block, table)
        : ProgressiveBlock.refineAc(block, table);
    }
    return isFirst
      ? ProgressiveBlock.firstDc(block, JpegStream.dcTable(index), prediction)
      : ProgressiveBlock.refineDc(block);
  }

  /**
   * In sequential coding each component is in one scan. What its header says of coefficients is always the same
   * (T.81 table B.3), so that encoders that leave it out do no harm.
   */
  private static checkSequential(): i32 {
    JpegStream.spectralStart = 0;
    JpegStream.spectralEnd = 63;
    JpegStream.approximationHigh = 0;
    JpegStream.approximationLow = 0;
    for (let index = 0; index < JpegStream.scanComponents; index++)
      if (JpegDct.decoded & (1 << JpegStream.scanComponent(index))) return BAD_SCAN;
    return OK;
  }

  /** The scan header of progressive coding (T.81 G.1.1.1). */
  private static checkProgressive(): i32 {
    const start = JpegStream.spectralStart;
    const end = JpegStream.spectralEnd;
    const low = JpegStream.approximationLow;
    const high = JpegStream.approximationHigh;
    if (start === 0 ? end !== 0 : end < start || end > 63) return BAD_SCAN;
    if (start > 0 && JpegStream.scanComponents !== 1) return BAD_SCAN;
    return low > 13 || (high !== 0 && high !== low + 1) ? BAD_SCAN : OK;
  }

  /** Looks whether the scan has the tables that it needs, and notes its components. */
  private static checkTables(): i32 {
    const needsDc = JpegStream.spectralStart === 0 && JpegStream.approximationHigh === 0;
    const needsAc = JpegStream.spectralEnd > 0;
    for (let index = 0; index < JpegStream.scanComponents; index++) {
      const component = JpegStream.scanComponent(index);
      const dcTable = JpegStream.dcTable(index);
      if (needsDc && (dcTable === 0 || HuffmanTable.largest(dcTable) > LARGEST_DC_CATEGORY))
        return MISSING_TABLE;
      if (needsAc && JpegStream.acTable(index) === 0) return MISSING_TABLE;
      if (JpegStream.quantizationTable(component) === 0) return MISSING_TABLE;
      if (needsDc) JpegDct.decoded |= 1 << component;
      const start = JpegStream.spectralStart;
      const count = JpegStream.spectralEnd + 1 - start;
      const missing = MISSING_BITS + 64 * component + start;
      memory.fill(missing, <u8>JpegStream.approximationLow, count);
    }
    return OK;
  }

  /** Whether scans brought all bits of all coefficients. A picture that lacks some is only coarse: nothing else tells. */
  private static isComplete(): bool {
    for (let at = MISSING_BITS, end = MISSING_BITS + 64 * JpegStream.components; at < end; at++)
      if (load<u8>(at) !== 0) return false;
    return true;
  }

  /** The planes of a progressive frame, once all scans are read. */
  private static transformAll(): i32 {
    for (let component = 0; component < JpegStream.components; component++) {
      const quantization = JpegStream.quantizationTable(component);
      if (JpegDct.precision === 8) DequantizedBlock.useSteps(quantization);
      const across = DctFrame.blocksAcross(component);
      const down = DctFrame.unitsDown * DctFrame.vertical(component);
      const stride = DctFrame.stride(component);
      for (let row = 0; row < down; row++)
        for (let column = 0; column < across; column++)
          JpegDct.transformBlock(
            DctFrame.coefficients(component, row, column),
            quantization,
            DctFrame.samples(component, row, column),
            stride,
          );
    }
    return OK;
  }

  private static transformBlock(block: usize, quantization: usize, to: usize, stride: usize): void {
    if (JpegDct.precision === 8) DequantizedBlock.transform(block, to, stride);
    else InverseDct.transform(block, quantization, to, stride);
  }
}
