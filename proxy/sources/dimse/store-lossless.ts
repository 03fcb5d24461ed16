import { bytesSource } from "#core/dicom/byte-source.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import { type FrameIndex, locateFrames, readFrame } from "#core/dicom/frame-locator.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { part10Beginning } from "#core/dicom/part10-writer.ts";
import { transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import type { EncodedFrameRequest } from "#core/jobs/decode-job.ts";
import type { DecodeOutcome } from "#core/pixels/decode-outcome.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { frameFacts } from "#core/pixels/native-frame.ts";
import type { ObjectHead } from "./store-object-head.ts";
import { type ElementPlace, topLevelElements } from "./top-level-elements.ts";

/** Decodes frames; the decoder of the companion is one. */
export interface LosslessDecoder {
  /** Takes `request.encoded` over; never rejects. */
  decode(request: EncodedFrameRequest, signal: AbortSignal): Promise<DecodeOutcome>;
}

/** What objects are held up to while they are decoded, encoded; bytes. */
const MOST_ENCODED_BYTES = 64 * 1024 * 1024;
/** The longest value of defined length (PS3.5 section 7.1.1). */
const MOST_VALUE_BYTES = 0xfffffffe;

const PHOTOMETRIC_INTERPRETATION = 0x00280004;
const PLANAR_CONFIGURATION = 0x00280006;
/** Extended Offset Table, its lengths, and Encapsulated Pixel Data Value Total Length. */
const OF_ENCODED_FRAMES: ReadonlySet<number> = new Set([0x7fe00001, 0x7fe00002, 0x7fe00003]);
const PIXEL_DATA = 0x7fe00010;
const DIGITAL_SIGNATURES = 0xfffafffa;

/** A codestream of other bits per sample than the attributes say, as decoders remark it. */
const FEWER_BITS = "bits-stored-mismatch";

/** Colours that decoding gives as they were before they were encoded: nothing is rounded. */
const REVERSIBLE: ReadonlySet<string> = new Set([
  "MONOCHROME1",
  "MONOCHROME2",
  "PALETTE COLOR",
  "RGB",
  "YBR_RCT",
]);

/** Whether the pixel data of a transfer syntax can be decoded without a loss, whatever they show. */
export function isLosslesslyEncoded(transferSyntaxUid: string): boolean {
  const syntax = transferSyntaxOf(transferSyntaxUid);
  return (
    syntax?.isEncapsulated === true &&
    syntax.loss === "never" &&
    syntax.explicitVr &&
    syntax.littleEndian
  );
}

/**
 * An object of a losslessly compressed syntax in explicit VR little endian: decoded frames instead of encoded ones,
 * every other byte as it was but for what says how the pixel data are laid out. Frames are decoded while they are
 * read; a sentence says why the object cannot be given like this without a change of what it shows.
 * @throws what the chunks throw; what is read throws DicomError where a later frame cannot be decoded
 */
export async function decodedLosslessly(
  chunks: AsyncIterable<Uint8Array>,
  head: Omit<ObjectHead, "begin">,
  decoder: LosslessDecoder,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | string> {
  const beginning = part10Beginning(head);
  const bytes = await wholeOf(beginning, chunks);
  if (bytes === undefined)
    return `it is longer than the ${MOST_ENCODED_BYTES} bytes that are decoded on their way`;
  try {
    return await decoded(bytes, beginning.byteLength, decoder, signal);
  } catch (error) {
    if (error instanceof DicomError) return error.message;
    throw error;
  }
}

async function decoded(
  part10: Uint8Array<ArrayBuffer>,
  dataSetAt: number,
  decoder: LosslessDecoder,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | string> {
  const file = await readDicom(bytesSource(part10), { signal });
  if (file.pixelData.kind !== "encapsulated" || file.pixelData.tag !== PIXEL_DATA)
    return "it has no encapsulated pixel data";
  const image = readImagePixel(file.dataSet);
  const index = await locateFrames(file, frameFacts(image), signal);
  const dataSet = part10.subarray(dataSetAt);
  const elements = [...topLevelElements(dataSet)];
  if (elements.some(({ tag }) => tag === DIGITAL_SIGNATURES)) return "it is signed as it is";
  const refusal = refusalOf(image, index);
  if (refusal !== undefined) return refusal;
  const frames = decodedFrames(file, index, image, decoder, signal);
  const first = await frames.next();
  if (first.done === true) return "it has no frames";
  if (typeof first.value === "string") return first.value;
  return writtenAnew(dataSet, elements, image, first.value, frames);
}

async function wholeOf(
  beginning: Uint8Array,
  chunks: AsyncIterable<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const pieces = [beginning];
  let held = beginning.byteLength;
  for await (const chunk of chunks) {
    held += chunk.byteLength;
    if (held > MOST_ENCODED_BYTES) return undefined;
    pieces.push(chunk);
  }
  const whole = new Uint8Array(held);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

/** Why an image is not decoded; undefined when nothing of it would be lost. */
function refusalOf(image: ImagePixel, index: FrameIndex): string | undefined {
  const { bitsAllocated, bitsStored, highBit, photometricInterpretation, numberOfFrames } = image;
  if (!REVERSIBLE.has(photometricInterpretation))
    return `its colours (${photometricInterpretation}) would be rounded`;
  if (image.sampleKind !== "integer" || ![8, 16, 32].includes(bitsAllocated))
    return `its ${bitsAllocated} bits allocated are not decoded without a change`;
  if (highBit !== bitsStored - 1 || (image.embeddedOverlayBits ?? []).length > 0)
    return "the bits beside those of its samples would be lost";
  if (index.numberOfFrames !== numberOfFrames || index.deviations.length > 0)
    return "its fragments are not those of its number of frames";
  return frameBytes(image) * numberOfFrames > MOST_VALUE_BYTES
    ? "its decoded pixel data do not fit into one value"
    : undefined;
}

function frameBytes({ rows, columns, samplesPerPixel, bitsAllocated }: ImagePixel): number {
  return (rows * columns * samplesPerPixel * bitsAllocated) / 8;
}

/** The frames in order as they are in native pixel data; a sentence instead of one that is not what the object says. */
async function* decodedFrames(
  file: DicomFile,
  index: FrameIndex,
  imagePixel: ImagePixel,
  decoder: LosslessDecoder,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array | string, undefined> {
  const { transferSyntaxUid } = file;
  for (let frame = 0; frame < imagePixel.numberOfFrames; frame += 1) {
    const encoded = await readFrame(file, index, frame, signal);
    const outcome = await decoder.decode({ encoded, transferSyntaxUid, imagePixel }, signal);
    signal.throwIfAborted();
    yield outcome.ok
      ? (nativeBytes(outcome.frame, imagePixel, transferSyntaxUid) ??
        "a frame is not what its attributes say")
      : `frame ${frame + 1} cannot be decoded (${outcome.error.message})`;
  }
  return undefined;
}

/** The samples of a frame as cells; undefined where they are not exactly what the attributes say. */
function nativeBytes(
  frame: DecodedFrame,
  image: ImagePixel,
  transferSyntaxUid: string,
): Uint8Array | undefined {
  const isAsSaid =
    frame.fidelity === "exact" &&
    frame.deviations.every(({ code }) => code === FEWER_BITS) &&
    isWithinBits(frame, image, transferSyntaxUid) &&
    frame.rows === image.rows &&
    frame.columns === image.columns &&
    frame.isSigned === (image.pixelRepresentation === 1) &&
    (frame.meaning === "rgb") === (image.samplesPerPixel === 3);
  const { samples } = frame;
  const count = image.rows * image.columns * image.samplesPerPixel;
  if (!isAsSaid || samples.length !== count) return undefined;
  const cell = image.bitsAllocated / 8;
  const { BYTES_PER_ELEMENT: width } = samples;
  if (width === cell) return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  // Wider cells than their samples need: the upper bytes of negative ones are all ones.
  const widened = cell === 2 ? Uint16Array.from(samples) : Uint32Array.from(samples);
  return width < cell ? new Uint8Array(widened.buffer) : undefined;
}

/**
 * Whether the samples are the same numbers with the bits stored that the attributes say. A codestream of fewer bits
 * is common; where it does not say itself whether it is signed, nobody can tell what its highest bit means.
 */
function isWithinBits(frame: DecodedFrame, image: ImagePixel, transferSyntaxUid: string): boolean {
  if (frame.bitsStored === image.bitsStored) return true;
  const encoding = transferSyntaxOf(transferSyntaxUid)?.frameEncoding;
  const saysSign = encoding === "jpeg-2000" || encoding === "htj2k";
  return frame.bitsStored < image.bitsStored && (saysSign || !frame.isSigned);
}

async function* writtenAnew(
  dataSet: Uint8Array,
  elements: readonly ElementPlace[],
  image: ImagePixel,
  first: Uint8Array,
  others: AsyncGenerator<Uint8Array | string, undefined>,
): AsyncGenerator<Uint8Array> {
  for (const { tag, start, end } of elements) {
    if (tag === PIXEL_DATA) yield* pixelData(image, first, others);
    else if (OF_ENCODED_FRAMES.has(tag)) continue;
    else if (tag === PLANAR_CONFIGURATION) yield header(tag, "US", 2, 0);
    else if (tag === PHOTOMETRIC_INTERPRETATION && image.photometricInterpretation === "YBR_RCT")
      yield Buffer.from("\x28\x00\x04\x00CS\x04\x00RGB ", "latin1");
    else yield dataSet.subarray(start, end);
  }
}

async function* pixelData(
  image: ImagePixel,
  first: Uint8Array,
  others: AsyncGenerator<Uint8Array | string, undefined>,
): AsyncGenerator<Uint8Array> {
  const byteLength = frameBytes(image) * image.numberOfFrames;
  const isOdd = byteLength % 2 === 1;
  yield header(PIXEL_DATA, image.bitsAllocated > 8 ? "OW" : "OB", byteLength + (isOdd ? 1 : 0));
  yield first;
  for await (const frame of others) {
    if (typeof frame === "string") throw new DicomError("malformed", `Not stored: ${frame}`);
    yield frame;
  }
  if (isOdd) yield new Uint8Array(1);
}

/** Header of an element, with the value of one of 16 bits. */
function header(tag: number, vr: string, length: number, value?: number): Uint8Array {
  const bytes = new Uint8Array(value === undefined ? 12 : 10);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag >>> 16, true);
  view.setUint16(2, tag & 0xffff, true);
  bytes.set([vr.charCodeAt(0), vr.charCodeAt(1)], 4);
  if (value === undefined) view.setUint32(8, length, true);
  else {
    view.setUint16(6, length, true);
    view.setUint16(8, value, true);
  }
  return bytes;
}
