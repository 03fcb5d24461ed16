import {
  BAD_RESTART,
  BAD_SCAN,
  BAD_SEGMENT,
  EXCESS_DATA,
  OK,
  OTHER_FRAME,
  OUT_OF_MEMORY,
  TRUNCATED,
  UNSUPPORTED_PROCESS,
} from "../kernel-status";
import { take } from "./arena";
import { Bits } from "./bit-reader";
import { HuffmanTable, TABLE_BYTES } from "./huffman-table";

const SOI: u32 = 0xffd8;
const DHT: u32 = 0xc4;
const DAC: u32 = 0xcc;
const JPG: u32 = 0xc8;
const RST: u32 = 0xd0;
const EOI: u32 = 0xd9;
const SOS: u32 = 0xda;
const DQT: u32 = 0xdb;
const DNL: u32 = 0xdc;
const DRI: u32 = 0xdd;
const COM: u32 = 0xfe;

const MAXIMUM_COMPONENTS: i32 = 4;

/** Component identifier, horizontal and vertical sampling factor and quantization table of each component. */
const COMPONENTS = memory.data(4 * MAXIMUM_COMPONENTS);
/** Component, DC table and AC table of each component of the scan. */
const SCAN = memory.data(4 * MAXIMUM_COMPONENTS);
/** Which of the eight Huffman tables and four quantization tables are defined, a byte for each. */
const DEFINED = memory.data(16);

/** Place of coefficient k of the zigzag sequence in the block (T.81 figure A.6). */
const ZIGZAG = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
  13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52,
  45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]);

/** More than these behind a scan were lost by what was decoded, not left there by an encoder. */
const MOST_STRAY_BYTES: i64 = 16;

/** A JPEG as a sequence of marker segments (T.81 Annex B): what was said so far, and where reading goes on. */
export abstract class JpegStream {
  static at: usize = 0;
  static end: usize = 0;
  /** The frame as its header says; `rows` may come from a DNL segment after the first scan. */
  static process: i32 = 0;
  static precision: i32 = 0;
  static rows: i32 = 0;
  static columns: i32 = 0;
  static components: i32 = 0;
  /** MCUs between restart markers, 0 for none. */
  static restartInterval: i32 = 0;
  /** The scan: components, and Ss, Se, Ah and Al of its header. */
  static scanComponents: i32 = 0;
  static spectralStart: i32 = 0;
  static spectralEnd: i32 = 0;
  static approximationHigh: i32 = 0;
  static approximationLow: i32 = 0;
  /** Bytes behind the data of scans that belong to nothing. */
  static strayBytes: i32 = 0;
  /** Whether the frame header was read. */
  private static hasFrame: bool = false;
  private static huffmanTables: usize = 0;
  private static quantizationTables: usize = 0;

  /**
   * Starts with a JPEG of `length` bytes. Its frame must be the one that the caller has checked; `rows` is the number
   * of lines that is known when the frame header leaves it to DNL.
   */
  static open(input: usize, length: u32, rows: i32, columns: i32, components: i32): i32 {
    JpegStream.at = input;
    JpegStream.end = input + length;
    JpegStream.rows = rows;
    JpegStream.columns = columns;
    JpegStream.components = components;
    JpegStream.restartInterval = 0;
    JpegStream.strayBytes = 0;
    JpegStream.hasFrame = false;
    memory.fill(DEFINED, 0, 16);
    JpegStream.huffmanTables = take(<u64>(8 * TABLE_BYTES));
    JpegStream.quantizationTables = take(4 * 64 * 4);
    const segment = take(Bits.bytesFor(length));
    if (segment === 0) return OUT_OF_MEMORY;
    Bits.useMemory(segment);
    if (length < 2) return TRUNCATED;
    if (JpegStream.u16(0) !== SOI) return BAD_SEGMENT;
    JpegStream.at += 2;
    return OK;
  }

  static identifier(component: i32): u32 {
    return <u32>load<u8>(COMPONENTS + 4 * component);
  }

  static horizontalSampling(component: i32): i32 {
    return <i32>load<u8>(COMPONENTS + 4 * component, 1);
  }

  static verticalSampling(component: i32): i32 {
    return <i32>load<u8>(COMPONENTS + 4 * component, 2);
  }

  /** Component of the frame, from 0, that is the given one of the scan. */
  static scanComponent(index: i32): i32 {
    return <i32>load<u8>(SCAN + 4 * index);
  }

  /** The DC table of a component of the scan, which is that of lossless coding too; 0 when it is not defined. */
  static dcTable(index: i32): usize {
    return JpegStream.huffmanTable(<i32>load<u8>(SCAN + 4 * index, 1));
  }

  static acTable(index: i32): usize {
    return JpegStream.huffmanTable(4 + <i32>load<u8>(SCAN + 4 * index, 2));
  }

  /** 64 `i32` in the order of the block, not of the stream; 0 when the table is not defined. */
  static quantizationTable(component: i32): usize {
    const table = <i32>load<u8>(COMPONENTS + 4 * component, 3);
    const isDefined = load<u8>(DEFINED + 8 + table) !== 0;
    return isDefined ? JpegStream.quantizationTables + (table << 8) : 0;
  }

  /** Place in the block of a coefficient of the zigzag sequence. */
  @inline static zigzag(k: i32): i32 {
    return <i32>load<u8>(ZIGZAG + k);
  }

  /**
   * Starts with the data of a restart interval of the scan, counted from 0: before all but the first stands a marker
   * RST0 to RST7, in turn (T.81 F.2.2.5). Reading goes on behind the data.
   */
  static startInterval(index: i32): i32 {
    if (index > 0) {
      if (JpegStream.isAtEnd()) return TRUNCATED;
      if (<i32>JpegStream.u16(0) !== 0xffd0 + ((index - 1) & 7)) return BAD_RESTART;
      JpegStream.at += 2;
    }
    JpegStream.at = Bits.start(JpegStream.at, JpegStream.end);
    return OK;
  }

  /** Whether the data of the interval was enough, and all of it was used. */
  static endInterval(): i32 {
    if (Bits.left() < 0) return TRUNCATED;
    return Bits.isLeftPadding() ? OK : EXCESS_DATA;
  }

  /** The same for the last interval of a scan, behind which some encoders leave a few bytes. */
  static endLastInterval(): i32 {
    const status = JpegStream.endInterval();
    if (status !== EXCESS_DATA || Bits.left() >> 3 > MOST_STRAY_BYTES) return status;
    JpegStream.strayBytes += <i32>(Bits.left() >> 3);
    return OK;
  }

  /**
   * Reads marker segments up to the next scan header, and reads that; or up to the end (see `isAtEnd`).
   */
  static nextScan(): i32 {
    while (!JpegStream.isAtEnd()) {
      const marker = JpegStream.u16(0) & 0xff;
      if (JpegStream.u16(0) >> 8 !== 0xff) return BAD_SEGMENT;
      // Some encoders end the last interval of a scan with a marker, too.
      if (marker >> 3 === RST >> 3) {
        JpegStream.at += 2;
        continue;
      }
      if (JpegStream.at + 4 > JpegStream.end) return TRUNCATED;
      const length = <usize>JpegStream.u16(2);
      if (length < 2) return BAD_SEGMENT;
      const next = JpegStream.at + 2 + length;
      if (next > JpegStream.end) return TRUNCATED;
      const status = JpegStream.readSegment(marker, JpegStream.at + 4, next);
      if (status !== OK) return status;
      JpegStream.at = next;
      if (marker === SOS) return OK;
    }
    return OK;
  }

  /** Whether nothing follows: reading stands at EOI, or at the end of the bytes. Skips fill bytes (T.81 B.1.1.2). */
  static isAtEnd(): bool {
    while (JpegStream.at + 2 <= JpegStream.end && JpegStream.u16(0) === 0xffff) JpegStream.at++;
    if (JpegStream.at + 2 > JpegStream.end) return true;
    return JpegStream.u16(0) === (0xff00 | EOI);
  }

  private static readSegment(marker: u32, from: usize, to: usize): i32 {
    if (marker === DHT) return JpegStream.readHuffmanTables(from, to);
    if (marker === DQT) return JpegStream.readQuantizationTables(from, to);
    if (marker === SOS) return JpegStream.readScanHeader(from, to);
    if (marker === DRI || marker === DNL) return JpegStream.readNumber(marker, from, to);
    if (marker === DAC) return UNSUPPORTED_PROCESS;
    const group = marker >> 4;
    if (group === 0xc && marker !== JPG) return JpegStream.readFrameHeader(marker, from, to);
    // Application data and comments say nothing about the samples; other markers belong to no process known here.
    return group === 0xe || marker === COM ? OK : BAD_SEGMENT;
  }

  /** Restart interval (T.81 B.2.4.4), or number of lines (B.2.5). */
  private static readNumber(marker: u32, from: usize, to: usize): i32 {
    if (to - from < 2) return BAD_SEGMENT;
    const value = <i32>bswap<u16>(load<u16>(from));
    if (marker === DNL) return value === JpegStream.rows ? OK : OTHER_FRAME;
    JpegStream.restartInterval = value;
    return OK;
  }

  /** T.81 B.2.2. */
  private static readFrameHeader(marker: u32, from: usize, to: usize): i32 {
    if (JpegStream.hasFrame || to - from < 6) return BAD_SEGMENT;
    const lines = <i32>bswap<u16>(load<u16>(from, 1));
    const columns = <i32>bswap<u16>(load<u16>(from, 3));
    const components = <i32>load<u8>(from, 5);
    if (lines !== 0 && lines !== JpegStream.rows) return OTHER_FRAME;
    if (columns !== JpegStream.columns || components !== JpegStream.components) return OTHER_FRAME;
    if (components < 1 || components > MAXIMUM_COMPONENTS) return BAD_SEGMENT;
    if (to - from !== 6 + 3 * <usize>components) return BAD_SEGMENT;
    JpegStream.process = <i32>marker - 0xc0;
    JpegStream.precision = <i32>load<u8>(from);
    JpegStream.hasFrame = true;
    for (let index = 0; index < components; index++) {
      const facts = from + 6 + 3 * index;
      const factors = <i32>load<u8>(facts, 1);
      const horizontal = factors >> 4;
      const vertical = factors & 15;
      const table = load<u8>(facts, 2);
      if (horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4 || table > 3)
        return BAD_SEGMENT;
      store<u8>(COMPONENTS + 4 * index, load<u8>(facts));
      store<u8>(COMPONENTS + 4 * index, <u8>horizontal, 1);
      store<u8>(COMPONENTS + 4 * index, <u8>vertical, 2);
      store<u8>(COMPONENTS + 4 * index, table, 3);
    }
    return OK;
  }

  /** T.81 B.2.3. */
  private static readScanHeader(from: usize, to: usize): i32 {
    if (!JpegStream.hasFrame || to - from < 1) return BAD_SEGMENT;
    const count = <i32>load<u8>(from);
    if (count < 1 || count > JpegStream.components) return BAD_SCAN;
    if (to - from !== 4 + 2 * <usize>count) return BAD_SEGMENT;
    for (let index = 0; index < count; index++) {
      const facts = from + 1 + 2 * index;
      // Components of a scan stand in the order of the frame header (T.81 B.2.3).
      const first = index === 0 ? 0 : JpegStream.scanComponent(index - 1) + 1;
      const component = JpegStream.componentOf(<u32>load<u8>(facts), first);
      const tables = load<u8>(facts, 1);
      if (component < 0) return BAD_SCAN;
      if (tables >> 4 > 3 || (tables & 15) > 3) return BAD_SEGMENT;
      store<u8>(SCAN + 4 * index, <u8>component);
      store<u8>(SCAN + 4 * index, tables >> 4, 1);
      store<u8>(SCAN + 4 * index, tables & 15, 2);
    }
    JpegStream.scanComponents = count;
    JpegStream.spectralStart = <i32>load<u8>(to - 3);
    JpegStream.spectralEnd = <i32>load<u8>(to - 2);
    JpegStream.approximationHigh = <i32>load<u8>(to - 1) >> 4;
    JpegStream.approximationLow = <i32>load<u8>(to - 1) & 15;
    return OK;
  }

  private static componentOf(identifier: u32, first: i32): i32 {
    for (let component = first; component < JpegStream.components; component++)
      if (JpegStream.identifier(component) === identifier) return component;
    return -1;
  }

  /** T.81 B.2.4.2; one segment may hold several tables. */
  private static readHuffmanTables(from: usize, to: usize): i32 {
    while (from < to) {
      if (from + 17 > to) return BAD_SEGMENT;
      const destination = <i32>load<u8>(from);
      if ((destination & 15) > 3 || destination >> 4 > 1) return BAD_SEGMENT;
      let symbols: usize = 0;
      for (let length: usize = 1; length <= 16; length++) symbols += <usize>load<u8>(from + length);
      if (symbols > 256 || from + 17 + symbols > to) return BAD_SEGMENT;
      const index = (destination >> 4) * 4 + (destination & 15);
      const table = JpegStream.huffmanTables + <usize>index * TABLE_BYTES;
      if (!HuffmanTable.define(table, from + 1, from + 17)) return BAD_SEGMENT;
      store<u8>(DEFINED + index, 1);
      from += 17 + symbols;
    }
    return OK;
  }

  /** T.81 B.2.4.1; values of 8 or 16 bits in zigzag order. */
  private static readQuantizationTables(from: usize, to: usize): i32 {
    while (from < to) {
      const destination = <i32>load<u8>(from);
      const isWide = destination >> 4;
      if (isWide > 1 || (destination & 15) > 3) return BAD_SEGMENT;
      const bytes: usize = 64 << isWide;
      if (from + 1 + bytes > to) return BAD_SEGMENT;
      const table = JpegStream.quantizationTables + ((destination & 15) << 8);
      for (let k = 0; k < 64; k++) {
        const value = isWide
          ? <i32>bswap<u16>(load<u16>(from + 1 + 2 * k))
          : <i32>load<u8>(from + 1 + k);
        store<i32>(table + 4 * JpegStream.zigzag(k), value);
      }
      store<u8>(DEFINED + 8 + (destination & 15), 1);
      from += 1 + bytes;
    }
    return OK;
  }

  private static huffmanTable(index: i32): usize {
    return load<u8>(DEFINED + index) === 0
      ? 0
      : JpegStream.huffmanTables + <usize>index * TABLE_BYTES;
  }

  /** 16 bits at so many bytes from where reading stands. */
  @inline private static u16(offset: usize): u32 {
    return <u32>bswap<u16>(load<u16>(JpegStream.at + offset));
  }
}
