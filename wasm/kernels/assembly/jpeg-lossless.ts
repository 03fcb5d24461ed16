import {
  BAD_CODE,
  BAD_RESTART,
  BAD_SCAN,
  MISSING_SCAN,
  MISSING_TABLE,
  OK,
  OUT_OF_MEMORY,
  TRUNCATED,
  UNSUPPORTED_PROCESS,
  UNSUPPORTED_SAMPLING,
} from "../kernel-status";
import { Bits } from "./bit-reader";
import { HuffmanTable } from "./huffman-table";
import { JpegStream } from "./jpeg-stream";
import { SampleRows } from "./sample-rows";

const SOF3: i32 = 3;
/** Largest difference category (T.81 table H.2). */
const LARGEST_CATEGORY: u32 = 16;

/** The tables of up to four components of a scan. */
const TABLES = memory.data(4 * 4);

/**
 * Lossless JPEG with Huffman coding: process 14 of T.81 (Annex H), of 2 to 16 bits, 1 to 4 components, interleaved
 * or in scans of their own. Rows of samples go to SampleRows.
 */
export abstract class JpegLossless {
  /** Components that were in a scan, a bit for each. */
  private static decoded: u32 = 0;
  /** The largest point transform of the scans. */
  static pointTransform: i32 = 0;

  static decode(): i32 {
    JpegLossless.decoded = 0;
    JpegLossless.pointTransform = 0;
    while (!JpegStream.isAtEnd()) {
      const header = JpegStream.nextScan();
      if (header !== OK) return header;
      // Segments may stand behind the last scan.
      if (JpegStream.isAtEnd()) break;
      const scan = JpegLossless.decodeScan();
      if (scan !== OK) return scan;
    }
    return JpegLossless.decoded === (1 << JpegStream.components) - 1 ? OK : MISSING_SCAN;
  }

  private static decodeScan(): i32 {
    const status = JpegLossless.checkScan();
    if (status !== OK) return status;
    const columns = JpegStream.columns;
    const samples = columns * JpegStream.scanComponents;
    const interval = JpegStream.restartInterval;
    // An MCU is one sample of each component, and an interval has whole rows of them (T.81 H.1.1).
    if (interval % columns !== 0) return BAD_RESTART;
    const intervalRows = interval === 0 ? JpegStream.rows : interval / columns;
    const initial: u32 = 1 << (JpegStream.precision - JpegStream.approximationLow - 1);
    if (!SampleRows.start(samples, JpegStream.approximationLow)) return OUT_OF_MEMORY;
    for (let first = 0, index = 0; first < JpegStream.rows; first += intervalRows, index++) {
      const end = min(first + intervalRows, JpegStream.rows);
      const decoded = JpegLossless.decodeInterval(index, first, end, initial);
      if (decoded !== OK) return decoded;
    }
    return OK;
  }

  /** Rows `first` to before `end`, whose prediction starts anew. */
  private static decodeInterval(index: i32, first: i32, end: i32, initial: u32): i32 {
    const started = JpegStream.startInterval(index);
    if (started !== OK) return started;
    for (let row = first; row < end; row++) {
      const decoded = JpegLossless.decodeDifferences(SampleRows.row, JpegStream.columns);
      if (decoded !== OK) return decoded;
      SampleRows.predict(row === first ? 0 : JpegStream.spectralStart, initial);
      SampleRows.keep(row);
      // What follows the end reads as zeros; there is no use in going on with them.
      if (Bits.missing > 64) return TRUNCATED;
    }
    return JpegStream.endInterval();
  }

  /** Checks the scan header (T.81 table B.3, H.1.2) and looks up its tables. */
  private static checkScan(): i32 {
    if (JpegStream.process !== SOF3) return UNSUPPORTED_PROCESS;
    const precision = JpegStream.precision;
    const transform = JpegStream.approximationLow;
    const selection = JpegStream.spectralStart;
    // Selection value 0, no prediction, is for the differential frames of hierarchical coding alone.
    if (selection < 1 || selection > 7 || JpegStream.approximationHigh !== 0) return BAD_SCAN;
    JpegLossless.pointTransform = max(JpegLossless.pointTransform, transform);
    if (precision < 2 || precision > 16 || transform >= precision) return BAD_SCAN;
    for (let index = 0; index < JpegStream.scanComponents; index++) {
      const component = JpegStream.scanComponent(index);
      if (!JpegLossless.isFullSize(component)) return UNSUPPORTED_SAMPLING;
      if (JpegLossless.decoded & (1 << component)) return BAD_SCAN;
      JpegLossless.decoded |= 1 << component;
      const table = JpegStream.dcTable(index);
      if (table === 0) return MISSING_TABLE;
      if (HuffmanTable.largest(table) > LARGEST_CATEGORY) return BAD_CODE;
      store<usize>(TABLES + 4 * index, table);
    }
    return OK;
  }

  /** Whether the component has a sample for each pixel, and one in each MCU. */
  private static isFullSize(component: i32): bool {
    const horizontal = JpegStream.horizontalSampling(component);
    const vertical = JpegStream.verticalSampling(component);
    // The factors of a frame of one component mean nothing (T.81 A.2.2).
    return JpegStream.components === 1 || (horizontal === 1 && vertical === 1);
  }

  /**
   * Decodes the differences of a row (T.81 H.2.1, table H.2) as numbers modulo 2^16. Bits beyond the end of the
   * segment are 0; who calls sees afterwards that some were missing.
   */
  private static decodeDifferences(row: usize, columns: i32): i32 {
    const components = JpegStream.scanComponents;
    const end = row + 2 * <usize>(columns * components);
    const lastTable = TABLES + 4 * (components - 1);
    let tableAt = TABLES;
    let table = load<usize>(TABLES);
    let buffer = Bits.buffer;
    let count = Bits.count;
    let at = Bits.at;
    const segmentEnd = Bits.end;
    for (; row < end; row += 2) {
      if (count <= 32) {
        buffer |= (<u64>bswap<u32>(load<u32>(at))) << (32 - count);
        count += 32;
        if (at < segmentEnd) at += 4;
        else Bits.missing += 32;
      }
      const entry = HuffmanTable.find(table, buffer);
      if (entry === 0) return Bits.missing > 0 ? TRUNCATED : BAD_CODE;
      const bits = entry & 63;
      const most: u32 = (1 << ((entry >> 8) & 15)) - 1;
      const magnitude = <u32>(buffer >> (64 - bits)) & most;
      buffer <<= bits;
      count -= bits;
      // EXTEND (T.81 figure F.12): the lower half of the magnitudes stands for negative numbers. Category 16 has no
      // magnitude bits and is 32768.
      const negative = magnitude <= most >> 1 ? most : 0;
      store<u16>(row, <u16>(magnitude - negative + ((entry >> 20) << 15)));
      if (components > 1) {
        tableAt = tableAt === lastTable ? TABLES : tableAt + 4;
        table = load<usize>(tableAt);
      }
    }
    Bits.buffer = buffer;
    Bits.count = count;
    Bits.at = at;
    return OK;
  }
}
