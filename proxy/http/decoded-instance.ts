import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { type Tag, tagToHex } from "#core/dicom/tag.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN, transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import { collect } from "#core/dicomweb/multipart-reader.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { type InstanceSelector, type Source, SourceError } from "../sources/source.ts";
import { decodeStoredFrame } from "./decode-stored-frame.ts";
import { decodedFrameBytes } from "./decoded-frame-bytes.ts";
import { notAcceptable } from "./dicomweb-request.ts";
import type { FrameDecoder } from "./frame-decoder.ts";

const PIXEL_DATA: Tag = 0x7fe00010;
/** Where encoded frames are: Extended Offset Table, its lengths, and Encapsulated Pixel Data Value Total Length. */
const OF_ENCODED_FRAMES: ReadonlySet<Tag> = new Set([0x7fe00001, 0x7fe00002, 0x7fe00003]);
const MOST_NESTED_BYTES = 64 * 1024 * 1024;
/** Lengths are 32 bits, and the largest one means that the length is not defined. */
const MOST_VALUE_BYTES = 0xfffffffe;

/** A large value that is written while it is read. */
interface StreamedValue {
  readonly tag: Tag;
  readonly vr: string;
  readonly byteLength: number;
  open(): AsyncIterable<Uint8Array>;
}

/**
 * An instance as a Part 10 stream in explicit VR little endian, whatever it is stored in: large values are read
 * while they are written, encapsulated frames are decoded one at a time.
 */
export async function* decodedInstance(
  selector: InstanceSelector,
  source: Source,
  decoder: FrameDecoder,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { dataSet, transferSyntaxUid } = await metadataOf(selector, source, signal);
  const isEncapsulated = transferSyntaxOf(transferSyntaxUid)?.isEncapsulated === true;
  const image =
    isEncapsulated && dataSet.has(PIXEL_DATA)
      ? await decodedImage(dataSet, selector, source, decoder, signal)
      : undefined;
  const described = image === undefined ? dataSet : new DataSet(image.elements, dataSet.encoding);
  const elements = [...described.elements.values()].filter(({ tag }) => tag >= 0x00080000);
  const firstLarge = elements.findIndex(isLarge);
  const small = firstLarge < 0 ? elements : elements.slice(0, firstLarge);
  yield writePart10({
    dataSet: await withNestedValues(
      new DataSet(small, dataSet.encoding),
      [],
      selector,
      source,
      signal,
    ),
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
  });
  for (const element of firstLarge < 0 ? [] : elements.slice(firstLarge)) {
    if (isLarge(element)) {
      const isImage = element.tag === PIXEL_DATA && image !== undefined;
      yield* written(
        isImage ? image.pixelData : await storedValue(element, selector, source, signal),
      );
    } else {
      const one = new DataSet([element], dataSet.encoding);
      yield writeDataSet(await withNestedValues(one, [], selector, source, signal));
    }
  }
}

async function metadataOf(selector: InstanceSelector, source: Source, signal: AbortSignal) {
  for await (const metadata of source.metadata(selector, signal)) return metadata;
  throw new SourceError("not-found", "The archive has no such object");
}

/** Attributes that are true of the decoded samples, and the samples as a value. */
async function decodedImage(
  dataSet: DataSet,
  selector: InstanceSelector,
  source: Source,
  decoder: FrameDecoder,
  signal: AbortSignal,
): Promise<{ readonly elements: readonly DataElement[]; readonly pixelData: StreamedValue }> {
  const imagePixel = readImagePixel(dataSet);
  const { numberOfFrames, bitsAllocated, rows, columns, samplesPerPixel } = imagePixel;
  const bitsPerFrame = rows * columns * samplesPerPixel * bitsAllocated;
  if (bitsPerFrame % 8 !== 0) {
    throw notAcceptable("Frames of single bits are given as they are stored", []);
  }
  const byteLength = (bitsPerFrame / 8) * numberOfFrames;
  if (byteLength > MOST_VALUE_BYTES) {
    throw notAcceptable("The decoded pixel data do not fit into one value: ask for frames", []);
  }
  const numbers = Array.from({ length: numberOfFrames }, (_, index) => index + 1);
  const frames = decodeAll(source.frames(selector, numbers, signal), imagePixel, decoder, signal);
  const first = await frames.next();
  if (first.done === true) throw new SourceError("not-found", "The instance has no frames");
  const vr = bitsAllocated > 8 ? "OW" : "OB";
  async function* open(): AsyncGenerator<Uint8Array> {
    for (let next = first; next.done !== true; next = await frames.next()) {
      yield decodedFrameBytes(next.value, bitsAllocated);
    }
  }
  return {
    elements: imageElements(dataSet, first.value),
    pixelData: { tag: PIXEL_DATA, vr, byteLength, open },
  };
}

async function* decodeAll(
  frames: ReturnType<Source["frames"]>,
  imagePixel: ImagePixel,
  decoder: FrameDecoder,
  signal: AbortSignal,
): AsyncGenerator<DecodedFrame, undefined> {
  for await (const frame of frames) {
    yield await decodeStoredFrame(frame, imagePixel, decoder, signal);
  }
  return undefined;
}

function imageElements(dataSet: DataSet, frame: DecodedFrame): readonly DataElement[] {
  const us = (tag: Tag, number: number): DataElement => ({
    tag,
    vr: "US",
    value: { kind: "numbers", numbers: [number] },
  });
  const cs = (tag: Tag, text: string): DataElement => ({
    tag,
    vr: "CS",
    value: { kind: "strings", strings: [text] },
  });
  const replaced = [
    us(0x00280101, frame.bitsStored),
    us(0x00280102, frame.bitsStored - 1),
    us(0x00280103, frame.isSigned ? 1 : 0),
    ...(frame.meaning === "rgb" ? [cs(0x00280004, "RGB"), us(0x00280006, 0)] : []),
    ...(frame.fidelity === "lossy" ? [cs(0x00282110, "01")] : []),
  ];
  return [
    ...new Map(
      [...dataSet.elements.values(), ...replaced].map((element) => [element.tag, element]),
    ).values(),
  ].filter(({ tag }) => !OF_ENCODED_FRAMES.has(tag));
}

function isLarge({ tag, value }: DataElement): boolean {
  return (
    tag === PIXEL_DATA ||
    value.kind === "range" ||
    value.kind === "uri" ||
    value.kind === "encapsulated"
  );
}

async function storedValue(
  { tag, vr }: DataElement,
  selector: InstanceSelector,
  source: Source,
  signal: AbortSignal,
): Promise<StreamedValue> {
  const value = await source.bulkData(selector, tagToHex(tag), signal);
  return { tag, vr, byteLength: value.byteLength, open: () => value.open() };
}

/** Large values inside sequences are few; they are read into memory. */
async function withNestedValues(
  dataSet: DataSet,
  path: readonly string[],
  selector: InstanceSelector,
  source: Source,
  signal: AbortSignal,
): Promise<DataSet> {
  const elements: DataElement[] = [];
  for (const element of dataSet.elements.values()) {
    const here = [...path, tagToHex(element.tag)];
    if (element.value.kind === "items") {
      const items: DataSet[] = [];
      for (const [index, item] of element.value.items.entries()) {
        const inner = [...here, String(index + 1)];
        items.push(await withNestedValues(item, inner, selector, source, signal));
      }
      elements.push({ ...element, value: { kind: "items", items } });
    } else if (isLarge(element)) {
      const value = await source.bulkData(selector, here.join("/"), signal);
      const bytes = await collect(value.open(), MOST_NESTED_BYTES);
      elements.push({ ...element, value: { kind: "bytes", bytes } });
    } else elements.push(element);
  }
  return new DataSet(elements, dataSet.encoding);
}

/** Header and value of an element with a 32-bit length (PS3.5 section 7.1.2), padded to an even length. */
async function* written({ tag, vr, byteLength, open }: StreamedValue): AsyncGenerator<Uint8Array> {
  const header = new Uint8Array(12);
  const view = new DataView(header.buffer);
  view.setUint16(0, tag >>> 16, true);
  view.setUint16(2, tag & 0xffff, true);
  header.set([vr.charCodeAt(0), vr.charCodeAt(1)], 4);
  view.setUint32(8, byteLength + (byteLength % 2), true);
  yield header;
  yield* open();
  if (byteLength % 2 === 1) yield new Uint8Array(1);
}
