import { ByteWriter } from "./byte-writer.ts";
import type { DataElement, DataSet, ElementValue } from "./data-set.ts";
import { type EncodingContext, encodeValue } from "./encode-value.ts";
import { elementOf, groupOf, type Tag } from "./tag.ts";
import { LONG_LENGTH_VRS, type Vr } from "./vr.ts";

const ITEM = 0xfffee000;
const SPECIFIC_CHARACTER_SET = 0x00080005;

/** How an element is written. */
export interface WritingContext extends EncodingContext {
  /** Headers without VR (PS3.5 section 7.1.3); with it by default. */
  readonly isImplicit?: boolean;
}

/**
 * The elements of a data set in little endian, with explicit VR unless told otherwise, without preamble and meta
 * group. Group lengths are left out: they are retired, and would have to be right.
 * @throws DicomError `invalid-value` for text that its character set cannot hold, and for values that are elsewhere
 */
export function writeDataSet(
  dataSet: DataSet,
  { isImplicit = false }: Pick<WritingContext, "isImplicit"> = {},
): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  const context = { ...contextOf(dataSet, []), isImplicit };
  for (const element of writableElements(dataSet)) writeElement(writer, element, context);
  return writer.finish();
}

/** The elements that go into a file. */
export function writableElements(dataSet: DataSet): DataElement[] {
  return [...dataSet.elements.values()].filter(
    ({ tag }) => elementOf(tag) !== 0 || groupOf(tag) <= 2,
  );
}

/** How values of the data set are encoded; `inherited` is the character set of the data set around it. */
export function contextOf(dataSet: DataSet, inherited: readonly string[]): EncodingContext {
  const own = dataSet.strings(SPECIFIC_CHARACTER_SET);
  return {
    littleEndian: dataSet.encoding.littleEndian,
    characterSet: own.length === 0 ? inherited : own,
  };
}

/** @throws DicomError `invalid-value` */
export function writeElement(
  writer: ByteWriter,
  element: DataElement,
  context: WritingContext,
): void {
  if (element.value.kind === "items") {
    writeSequence(writer, element.tag, element.value, context);
    return;
  }
  const bytes = encodeValue(element, context);
  if (context.isImplicit === true) {
    writeImplicitHeader(writer, element.tag, bytes.byteLength);
    writer.bytes(bytes);
    return;
  }
  const isTooLong = bytes.byteLength > 0xffff && !LONG_LENGTH_VRS.has(element.vr);
  // PS3.5 section 6.2.2 note 2: what is too long for 16 bits of length is written as UN.
  writeHeader(writer, element.tag, isTooLong ? "UN" : element.vr, bytes.byteLength);
  writer.bytes(bytes);
}

/** An element's header in explicit VR little endian (PS3.5 section 7.1.2). */
export function writeHeader(writer: ByteWriter, tag: Tag, vr: Vr, length: number): void {
  writeTag(writer, tag);
  writer.uint8(vr.charCodeAt(0));
  writer.uint8(vr.charCodeAt(1));
  if (LONG_LENGTH_VRS.has(vr)) {
    writer.uint16(0);
    writer.uint32(length);
  } else writer.uint16(length);
}

function writeImplicitHeader(writer: ByteWriter, tag: Tag, length: number): void {
  writeTag(writer, tag);
  writer.uint32(length);
}

export function writeTag(writer: ByteWriter, tag: Tag): void {
  writer.uint16(groupOf(tag));
  writer.uint16(elementOf(tag));
}

function writeSequence(
  writer: ByteWriter,
  tag: Tag,
  value: Extract<ElementValue, { kind: "items" }>,
  context: WritingContext,
): void {
  const isImplicit = context.isImplicit === true;
  if (isImplicit) writeImplicitHeader(writer, tag, 0);
  else writeHeader(writer, tag, "SQ", 0);
  const start = writer.length;
  for (const item of value.items) {
    writeTag(writer, ITEM);
    writer.uint32(0);
    const itemStart = writer.length;
    const itemContext = { ...contextOf(item, context.characterSet), isImplicit };
    for (const element of writableElements(item)) writeElement(writer, element, itemContext);
    writer.setUint32(itemStart - 4, writer.length - itemStart);
  }
  writer.setUint32(start - 4, writer.length - start);
}
