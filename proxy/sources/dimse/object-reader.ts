import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import { type FrameIndex, locateFrames, readFrame } from "#core/dicom/frame-locator.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { frameFacts } from "#core/pixels/native-frame.ts";
import type { ObjectStore, StoredObject } from "../../object-store/object-store.ts";
import { bulkValueOf } from "../bulk-value.ts";
import {
  type InstanceMetadata,
  SourceError,
  type StoredBulkData,
  type StoredFrame,
  type StoredInstance,
} from "../source.ts";
import { ObjectFile } from "./object-file.ts";

/** Where the frames of an object are. */
interface LocatedFrames {
  readonly file: ObjectFile;
  readonly frames: FrameIndex;
  readonly isDeflated: boolean;
  /** What the pixel data really are in. */
  readonly transferSyntaxUid: string;
}

/** Objects whose frames are remembered: a cine asks for frame after frame of the same one. */
const REMEMBERED = 512;
/** Frame tables beyond this are not remembered. */
const MOST_FRAMES = 20_000;

/** Reads objects of a store for DICOMweb. */
export class ObjectReader {
  readonly #store: ObjectStore;
  /** By the identity of the content. */
  readonly #located = new Map<string, LocatedFrames>();

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** The attributes, with references to large values. @throws DicomError, ObjectStoreError */
  async metadata(object: StoredObject, signal: AbortSignal): Promise<InstanceMetadata> {
    const file = await this.#read(object, signal);
    return { dataSet: withPixelData(file), transferSyntaxUid: file.transferSyntaxUid };
  }

  /** The object as a Part 10 stream. */
  instance(object: StoredObject): StoredInstance {
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = object;
    const file = new ObjectFile(this.#store, object);
    return {
      selector: { studyInstanceUid, seriesInstanceUid, sopInstanceUid },
      sopClassUid: object.sopClassUid,
      transferSyntaxUid: object.transferSyntaxUid,
      byteLength: file.byteLength,
      etag: object.etag,
      open: (span) => file.open(span),
    };
  }

  /**
   * The frames of the numbers, in their order.
   * @throws SourceError before the first one: `not-found` when a number does not exist, `no-pixel-data`
   * @throws DicomError when the pixel data are cut off or broken
   */
  async frames(
    object: StoredObject,
    frameNumbers: readonly number[],
    signal: AbortSignal,
  ): Promise<readonly StoredFrame[]> {
    const located = this.#located.get(object.etag) ?? (await this.#locate(object, signal));
    return frameNumbers.map((number) => this.#frame(located, number));
  }

  /** A value by its path. @throws SourceError `not-found` */
  async bulkData(object: StoredObject, path: string, signal: AbortSignal): Promise<StoredBulkData> {
    const bytes = new ObjectFile(this.#store, object);
    const file = await readDicom(bytes.source(), { signal });
    const open = (offset: number, length: number) =>
      length > 0 ? bytes.open({ first: offset, last: offset + length - 1 }) : nothing();
    return await bulkValueOf(file, path, open, signal);
  }

  async #read(object: StoredObject, signal?: AbortSignal): Promise<DicomFile> {
    const source = new ObjectFile(this.#store, object).source();
    return await readDicom(source, {
      stopAtPixelData: true,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async #locate(object: StoredObject, signal: AbortSignal): Promise<LocatedFrames> {
    try {
      const file = await this.#read(object, signal);
      const frames = await locateFrames(file, frameFacts(readImagePixel(file.dataSet)), signal);
      const located = {
        file: new ObjectFile(this.#store, object),
        frames,
        isDeflated: file.transferSyntax?.isDeflated === true,
        transferSyntaxUid: file.transferSyntaxUid,
      };
      if (frames.numberOfFrames <= MOST_FRAMES) this.#remember(object, located);
      return located;
    } catch (error) {
      throw error instanceof DicomError ? frameProblem(error) : error;
    }
  }

  #remember({ etag }: StoredObject, located: LocatedFrames): void {
    this.#located.set(etag, located);
    const [oldest] = this.#located.keys();
    if (this.#located.size > REMEMBERED && oldest !== undefined) this.#located.delete(oldest);
  }

  #frame(located: LocatedFrames, number: number): StoredFrame {
    const { file, frames, isDeflated, transferSyntaxUid } = located;
    const { ranges, bitLength, bitOffset } = locate(frames, number);
    const isWhole = bitLength === undefined || (bitLength % 8 === 0 && bitOffset === 0);
    const byteLength = isWhole
      ? ranges.reduce((sum, range) => sum + range.length, 0)
      : Math.ceil(bitLength / 8);
    const facts = { frameNumber: number, transferSyntaxUid, byteLength };
    if (!isWhole || isDeflated)
      return { ...facts, open: () => this.#readWhole(file.object, frames, number - 1) };
    const [only] = ranges;
    if (only !== undefined && ranges.length === 1 && only.length > 0) {
      const span = { first: only.offset, last: only.offset + only.length - 1 };
      return { ...facts, open: () => file.open(span) };
    }
    return { ...facts, open: () => joined(file, ranges) };
  }

  /** A frame that does not stand in the file as it is: single bits, or a deflated data set. */
  async *#readWhole(
    object: StoredObject,
    frames: FrameIndex,
    frameIndex: number,
  ): AsyncGenerator<Uint8Array> {
    const file = await this.#read(object);
    yield await readFrame(file, frames, frameIndex);
  }
}

async function* joined(
  file: ObjectFile,
  ranges: readonly { readonly offset: number; readonly length: number }[],
): AsyncGenerator<Uint8Array> {
  for (const { offset, length } of ranges)
    if (length > 0) yield* file.open({ first: offset, last: offset + length - 1 });
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function locate(frames: FrameIndex, frameNumber: number) {
  try {
    return frames.locate(frameNumber - 1);
  } catch (error) {
    throw error instanceof DicomError ? frameProblem(error) : error;
  }
}

/** What is not there is not found; what is broken stays broken, and is not to be asked for again. */
function frameProblem(error: DicomError): SourceError | DicomError {
  if (error.code === "no-pixel-data") return new SourceError(error.code, error.message, error);
  const isAbsent = error.code === "no-such-frame" || error.code === "missing-attribute";
  return isAbsent ? new SourceError("not-found", error.message, error) : error;
}

/** Names the pixel data among the attributes, so that metadata can refer to them. */
function withPixelData({ dataSet, pixelData }: DicomFile): DataSet {
  if (pixelData.kind === "none" || dataSet.has(pixelData.tag)) return dataSet;
  const { tag, vr } = pixelData;
  const range =
    pixelData.kind === "native" ? pixelData.range : { offset: pixelData.offset, length: 0 };
  const element: DataElement = { tag, vr, value: { kind: "range", range } };
  return new DataSet([...dataSet.elements.values(), element], dataSet.encoding);
}
