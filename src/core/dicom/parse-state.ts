import { ValueEncodings } from "./character-set.ts";
import {
  type ByteRange,
  type DataElement,
  DataSet,
  type EncapsulatedPixelData,
} from "./data-set.ts";
import type { DeviationLog } from "./deviation-log.ts";
import { DicomError } from "./dicom-error.ts";
import type { PixelDataLocation } from "./dicom-file.ts";
import type { ElementEncoding, ElementHeader } from "./element-header.ts";
import {
  type DataSetLevel,
  dataSetLevel,
  type FragmentsLevel,
  type ParseLevel,
  type SequenceLevel,
} from "./parse-level.ts";
import type { SourceWindow } from "./source-window.ts";
import type { Tag } from "./tag.ts";

/** Elements, items and fragments of a file; each takes 8 bytes of it and many more of memory. */
export const COUNT_LIMIT = 4_000_000;

/** What a reading is told. */
export interface ParseOptions {
  readonly inlineLimit: number;
  readonly stopAtPixelData: boolean;
  /** Whether only group 0002 is read. */
  readonly isMeta: boolean;
}

/**
 * A data set in the middle of being read: where, how deep, and what is open. Nesting is an explicit stack, so
 * that depth costs no call stack, and reading can stop for bytes and go on at any element.
 */
export class ParseState {
  readonly window: SourceWindow;
  readonly log: DeviationLog;
  readonly options: ParseOptions;
  readonly root: DataSetLevel;
  readonly stack: ParseLevel[];
  /** The header of the element being read. */
  readonly header: ElementHeader = { tag: 0, vr: undefined, length: 0, size: 8, isGuessed: false };
  /** Offset of the element, item header or fragment that is next. */
  position: number;
  isDone = false;
  /** Bytes that must be in memory before it can go on. */
  needed: ByteRange = { offset: 0, length: 0 };
  pixelData: PixelDataLocation = { kind: "none" };
  readonly #encodings = new ValueEncodings();
  #count = 0;
  /** Shortens the last value that was passed over in a source of unknown length. */
  #shortenLast: ((sourceEnd: number) => void) | undefined;

  constructor(
    window: SourceWindow,
    offset: number,
    encoding: ElementEncoding,
    options: ParseOptions,
    log: DeviationLog,
  ) {
    this.window = window;
    this.position = offset;
    this.options = options;
    this.log = log;
    const extent = { end: Number.POSITIVE_INFINITY, isDelimited: false };
    this.root = dataSetLevel(encoding, extent, undefined);
    this.stack = [this.root];
  }

  /**
   * Whether the bytes from `position` are in memory. If the source does not have them, reading ends here, and
   * what is open is closed.
   */
  has(length: number): boolean {
    if (this.window.holds(this.position, length)) return true;
    const end = this.window.sourceEnd;
    if (end !== undefined && this.position + length > end) this.#endEarly(end);
    else this.needed = { offset: this.position, length };
    return false;
  }

  /** Whether as many of the bytes from `position` as the source has are in memory. */
  hasAvailable(length: number): boolean {
    const end = this.window.sourceEnd ?? Number.POSITIVE_INFINITY;
    const available = Math.min(length, end - this.position);
    if (this.window.holds(this.position, available)) return true;
    this.needed = { offset: this.position, length: available };
    return false;
  }

  /**
   * Bytes of a run that the source has. Where its length is not known yet all are taken to exist, and `shorten`
   * is called when it turns out otherwise.
   */
  existing(range: ByteRange, shorten: (range: ByteRange) => void): number {
    const end = this.window.sourceEnd;
    if (end !== undefined) return Math.max(0, Math.min(range.length, end - range.offset));
    this.#shortenLast = (sourceEnd) =>
      shorten({ offset: range.offset, length: Math.max(0, sourceEnd - range.offset) });
    return range.length;
  }

  /** The source is at its end. That is right only between the elements of the root. */
  #endEarly(sourceEnd: number): void {
    if (this.position > sourceEnd) {
      this.#shortenLast?.(sourceEnd);
      this.log.add("truncated", "The file ends inside a value", { offset: sourceEnd });
    } else if (this.stack.length > 1)
      this.log.add("truncated", "The file ends inside a sequence or an encapsulated value", {
        offset: sourceEnd,
      });
    else if (this.position < sourceEnd)
      this.log.add("trailing-bytes", "The file ends with bytes that are no element", {
        offset: this.position,
      });
    this.finish();
  }

  /** The source ends inside the value of a tag. */
  endInValue(tag: Tag): void {
    this.log.add("truncated", "The file ends inside a value", { tag, offset: this.position });
    this.finish();
  }

  /** Closes all that is open; nothing more is read. */
  finish(): void {
    while (this.stack.length > 1) this.pop();
    this.isDone = true;
  }

  /** @throws DicomError `limit-exceeded` */
  countOne(): void {
    this.#count++;
    if (this.#count > COUNT_LIMIT)
      throw new DicomError("limit-exceeded", `More than ${COUNT_LIMIT} elements and items`, {
        offset: this.position,
      });
  }

  /** Closes the innermost level and gives what it holds to the one around it. */
  pop(): void {
    const level = this.stack.pop();
    const around = this.stack[this.stack.length - 1];
    if (level === undefined || around === undefined) {
      this.isDone = true;
      return;
    }
    if (level.kind === "data-set") {
      if (around.kind === "sequence") around.items.push(this.close(level));
    } else if (around.kind === "data-set") around.elements.push(this.#elementOf(level));
  }

  close(level: DataSetLevel): DataSet {
    const encoding = this.#encodings.of(level.characterSet, level.encoding.littleEndian);
    return new DataSet(level.elements, encoding);
  }

  #elementOf(level: SequenceLevel | FragmentsLevel): DataElement {
    if (level.kind === "sequence")
      return { tag: level.tag, vr: "SQ", value: { kind: "items", items: level.items } };
    const value: EncapsulatedPixelData = {
      kind: "encapsulated",
      basicOffsetTable: level.basicOffsetTable ?? [],
      fragments: level.fragments,
    };
    if (this.pixelData.kind === "encapsulated" && this.pixelData.offset === level.offset)
      this.pixelData = { ...this.pixelData, value };
    return { tag: level.tag, vr: level.vr, value };
  }
}
