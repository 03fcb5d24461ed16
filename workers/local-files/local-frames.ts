import type { DataSet, ElementValue } from "#core/dicom/data-set.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import { type FrameIndex, locateFrames, readFrame } from "#core/dicom/frame-locator.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { tagFromHex } from "#core/dicom/tag.ts";
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

  /** @throws FileError, DicomError */
  async bulkData(uri: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const [sopInstanceUid = "", ...path] = uri.slice(LOCAL_SCHEME.length).split("/");
    const { file } = await this.#hold(sopInstanceUid, signal);
    const value = valueAt(file.dataSet, path);
    if (value?.kind === "bytes") return value.bytes.slice();
    if (value?.kind === "range") {
      const { offset, length } = value.range;
      return (await file.source.read(offset, length, signal)).slice();
    }
    throw new FileError("missing", "The file does not hold this value.");
  }

  async #hold(sopInstanceUid: string, signal: AbortSignal): Promise<HeldFile> {
    const known = this.#held.get(sopInstanceUid);
    if (known !== undefined) return known;
    const found = this.#fileOf(sopInstanceUid);
    if (found === undefined)
      throw new FileError("missing", "The opened files do not hold this image.");
    const file = await readDicom(await found.open(signal), { signal, stopAtPixelData: true });
    const held = { file, frames: locateFrames(file, frameFacts(file.dataSet)) };
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

/** Facts of the Image Pixel module (PS3.3 C.7.6.3) by which native frames follow one another. */
function frameFacts(dataSet: DataSet): { numberOfFrames: number; bitsPerFrame: number } {
  const samplesPerPixel = dataSet.number(0x00280002) ?? 1;
  const rows = dataSet.number(0x00280010) ?? 0;
  const columns = dataSet.number(0x00280011) ?? 0;
  const bitsAllocated = dataSet.number(0x00280100) ?? 0;
  return {
    numberOfFrames: dataSet.number(0x00280008) ?? 1,
    bitsPerFrame: rows * columns * samplesPerPixel * bitsAllocated,
  };
}

/** The value at a path such as `0040A730`, `2`, `00420011`; items count from 1. */
function valueAt(dataSet: DataSet, path: readonly string[]): ElementValue | undefined {
  let within: DataSet | undefined = dataSet;
  for (let at = 0; at + 2 < path.length; at += 2) {
    const tag: number | undefined = tagFromHex(path[at] ?? "");
    within = tag === undefined ? undefined : within?.items(tag)[Number(path[at + 1]) - 1];
  }
  const last = tagFromHex(path.at(-1) ?? "");
  return last === undefined ? undefined : within?.element(last)?.value;
}
