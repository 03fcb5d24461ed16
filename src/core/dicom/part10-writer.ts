import { ByteWriter } from "./byte-writer.ts";
import { type DataElement, DataSet } from "./data-set.ts";
import {
  contextOf,
  writableElements,
  writeElement,
  writeHeader,
  writeTag,
} from "./data-set-writer.ts";
import { DicomError } from "./dicom-error.ts";
import { UNDEFINED_LENGTH } from "./element-header.ts";
import type { Tag } from "./tag.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntaxOf } from "./transfer-syntax.ts";

/** Implementation Class UID of what Negato writes (PS3.10 section 7.1). */
export const IMPLEMENTATION_CLASS_UID = "2.25.183650347612908753019460925736481203547";
/** Implementation Version Name of what Negato writes. */
export const IMPLEMENTATION_VERSION_NAME = "NEGATO_1";

const ITEM = 0xfffee000;
const SEQUENCE_DELIMITER = 0xfffee0dd;
const SOP_CLASS_UID = 0x00080016;
const SOP_INSTANCE_UID = 0x00080018;
const PIXEL_DATA = 0x7fe00010;

/** What goes into a file. */
export interface Part10Content {
  /** With SOP Class UID and SOP Instance UID. Native pixel data are an element of it. */
  readonly dataSet: DataSet;
  /** Explicit VR Little Endian, or an encapsulated syntax, for which `frames` are given. */
  readonly transferSyntaxUid: string;
  /** Encoded frames; they become Pixel Data with a Basic Offset Table, one fragment each. */
  readonly frames?: readonly Uint8Array[];
}

/**
 * A DICOM file (PS3.10) in explicit VR little endian.
 * @throws DicomError `missing-attribute`, `invalid-value`
 */
export function writePart10(content: Part10Content): Uint8Array<ArrayBuffer> {
  const { dataSet, transferSyntaxUid, frames } = content;
  checkSyntax(transferSyntaxUid, frames !== undefined);
  const writer = new ByteWriter();
  writeBeginning(writer, {
    sopClassUid: required(dataSet, SOP_CLASS_UID),
    sopInstanceUid: required(dataSet, SOP_INSTANCE_UID),
    transferSyntaxUid,
  });
  const context = contextOf(dataSet, []);
  let isPixelDataDue = frames !== undefined;
  for (const element of writableElements(dataSet)) {
    if (frames !== undefined && isPixelDataDue && element.tag >= PIXEL_DATA) {
      writeFrames(writer, frames);
      isPixelDataDue = false;
    }
    if (frames === undefined || element.tag !== PIXEL_DATA) writeElement(writer, element, context);
  }
  if (frames !== undefined && isPixelDataDue) writeFrames(writer, frames);
  return writer.finish();
}

/** What the file meta information says of an object. */
export interface FileFacts {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
}

/** Preamble, prefix and file meta information: what comes before the data set, whatever its syntax is. */
export function part10Beginning(facts: FileFacts): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writeBeginning(writer, facts);
  return writer.finish();
}

function checkSyntax(uid: string, hasFrames: boolean): void {
  const syntax = transferSyntaxOf(uid);
  const isWritable =
    syntax === undefined
      ? hasFrames
      : uid === EXPLICIT_VR_LITTLE_ENDIAN || (syntax.isEncapsulated && syntax.explicitVr);
  if (!isWritable)
    throw new DicomError("invalid-value", `Files are not written in transfer syntax ${uid}`);
  if (uid === EXPLICIT_VR_LITTLE_ENDIAN && hasFrames)
    throw new DicomError("invalid-value", "Encoded frames need an encapsulated transfer syntax");
}

/** File meta information with its length (PS3.10 section 7.1). */
function writeBeginning(
  writer: ByteWriter,
  { sopClassUid, sopInstanceUid, transferSyntaxUid }: FileFacts,
): void {
  writer.bytes(new Uint8Array(128));
  writer.bytes(new TextEncoder().encode("DICM"));
  const elements: DataElement[] = [
    { tag: 0x00020001, vr: "OB", value: { kind: "bytes", bytes: new Uint8Array([0, 1]) } },
    uidElement(0x00020002, sopClassUid),
    uidElement(0x00020003, sopInstanceUid),
    uidElement(0x00020010, transferSyntaxUid),
    uidElement(0x00020012, IMPLEMENTATION_CLASS_UID),
    {
      tag: 0x00020013,
      vr: "SH",
      value: { kind: "strings", strings: [IMPLEMENTATION_VERSION_NAME] },
    },
  ];
  writeHeader(writer, 0x00020000, "UL", 4);
  writer.uint32(0);
  const start = writer.length;
  const context = contextOf(new DataSet([]), []);
  for (const element of elements) writeElement(writer, element, context);
  writer.setUint32(start - 4, writer.length - start);
}

function uidElement(tag: Tag, uid: string): DataElement {
  return { tag, vr: "UI", value: { kind: "strings", strings: [uid] } };
}

function required(dataSet: DataSet, tag: Tag): string {
  const value = dataSet.string(tag);
  if (value === undefined)
    throw new DicomError("missing-attribute", "A file cannot be written without it", { tag });
  return value;
}

/** Encapsulated Pixel Data with a Basic Offset Table (PS3.5 section A.4), one fragment per frame. */
function writeFrames(writer: ByteWriter, frames: readonly Uint8Array[]): void {
  writeHeader(writer, PIXEL_DATA, "OB", UNDEFINED_LENGTH);
  const offsets = frameOffsets(frames);
  writeItem(writer, offsets.length * 4);
  for (const offset of offsets) writer.uint32(offset);
  for (const frame of frames) {
    writeItem(writer, frame.byteLength + (frame.byteLength % 2));
    writer.bytes(frame);
    if (frame.byteLength % 2 === 1) writer.uint8(0);
  }
  writeTag(writer, SEQUENCE_DELIMITER);
  writer.uint32(0);
}

function writeItem(writer: ByteWriter, length: number): void {
  writeTag(writer, ITEM);
  writer.uint32(length);
}

/** Offsets of the frames' items; none when the last one does not fit 32 bits (an empty table is allowed). */
function frameOffsets(frames: readonly Uint8Array[]): number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (const frame of frames) {
    offsets.push(offset);
    offset += 8 + frame.byteLength + (frame.byteLength % 2);
  }
  return (offsets.at(-1) ?? 0) > 0xffffffff ? [] : offsets;
}
