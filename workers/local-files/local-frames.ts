import type { DataElement, DataSet } from "#core/dicom/data-set.ts";
import { DicomError } from "#core/dicom/dicom-error.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import {
  type FrameFacts,
  type FrameIndex,
  locateFrames,
  readFrame,
} from "#core/dicom/frame-locator.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { swapByteOrder } from "#core/dicom/swap-byte-order.ts";
import { tagFromHex } from "#core/dicom/tag.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { frameFacts } from "#core/pixels/native-frame.ts";
import type { LocalFrame } from "../../src/retrieve/local-protocol.ts";
import { FileError, type FoundFile } from "./found-file.ts";
import { LOCAL_SCHEME } from "./instance-record.ts";

/** Files whose header and frame index are held; scrolling through a multi-frame stays in one of them. */
const HELD_FILES = 32;

interface HeldFile {
  readonly file: DicomFile;
  readonly frames: Promise<FrameIndex>;
}

/** Frames and large values of opened files, read when they are asked for. */
export class LocalFrames {
  readonly #fileOf: (sopInstanceUid: string) => FoundFile | undefined;
  readonly #held = new Map<string, HeldFile>();

  constructor(fileOf: (sopInstanceUid: string) => FoundFile | undefined) {
    this.#fileOf = fileOf;
  }

  /** @throws FileError, DicomError */
  async frame(
    sopInstanceUid: string,
    frameNumber: number,
    signal: AbortSignal,
  ): Promise<LocalFrame> {
    const { file, frames } = await this.#hold(sopInstanceUid, signal);
    const bytes = await readFrame(file, await frames, frameNumber - 1, signal);
    return { bytes, transferSyntaxUid: file.transferSyntaxUid };
  }

  /**
   * A value by the address that metadata gave for it, in little endian, or a frame by its resource below a DICOMweb
   * service (`studies/…/instances/UID/frames/1`).
   * @throws FileError, DicomError
   */
  async bulkData(uri: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const frame = /\/instances\/([\d.]+)\/frames\/(\d+)$/.exec(uri);
    if (frame !== null) return (await this.frame(frame[1] ?? "", Number(frame[2]), signal)).bytes;
    const [sopInstanceUid = "", ...path] = uri.slice(LOCAL_SCHEME.length).split("/");
    const { file } = await this.#hold(sopInstanceUid, signal);
    const element = elementAt(file.dataSet, path);
    const bytes = element && (await storedBytes(file, element, signal));
    if (element === undefined || bytes === undefined)
      throw new FileError("missing", "The file does not hold this value.");
    const { littleEndian } = file.dataSet.encoding;
    return (littleEndian ? bytes : swapByteOrder(bytes, element.vr)).slice();
  }

  async #hold(sopInstanceUid: string, signal: AbortSignal): Promise<HeldFile> {
    const known = this.#held.get(sopInstanceUid);
    if (known !== undefined) return known;
    const found = this.#fileOf(sopInstanceUid);
    if (found === undefined)
      throw new FileError("missing", "The opened files do not hold this image.");
    const file = await readDicom(await found.open(signal), { signal, stopAtPixelData: true });
    const held = { file, frames: locateFrames(file, factsOf(file.dataSet)) };
    // Whoever awaits it learns of a failure; nobody else has to.
    held.frames.catch(() => undefined);
    this.#held.set(sopInstanceUid, held);
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= HELD_FILES) break;
      this.#held.delete(oldest);
    }
    return held;
  }
}

/** What frames are located by; where the header describes no image, its fragments are given one by one. */
function factsOf(dataSet: DataSet): FrameFacts {
  try {
    return frameFacts(readImagePixel(dataSet));
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
    return { numberOfFrames: dataSet.number(0x00280008) ?? 1, bitsPerFrame: 0 };
  }
}

/** The bytes of a value as they stand in the file; undefined for what is none. */
async function storedBytes(
  { source }: DicomFile,
  { value }: DataElement,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (value.kind === "bytes") return value.bytes;
  if (value.kind !== "range") return undefined;
  return source.read(value.range.offset, value.range.length, signal);
}

/** The element at a path such as `0040A730`, `2`, `00420011`; items count from 1. */
function elementAt(dataSet: DataSet, path: readonly string[]): DataElement | undefined {
  let within: DataSet | undefined = dataSet;
  for (let at = 0; at + 2 < path.length; at += 2) {
    const tag: number | undefined = tagFromHex(path[at] ?? "");
    within = tag === undefined ? undefined : within?.items(tag)[Number(path[at + 1]) - 1];
  }
  const last = tagFromHex(path.at(-1) ?? "");
  return last === undefined ? undefined : within?.element(last);
}
