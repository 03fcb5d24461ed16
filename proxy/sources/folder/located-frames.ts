import { DicomError } from "#core/dicom/dicom-error.ts";
import type { DicomFile } from "#core/dicom/dicom-file.ts";
import { type FrameIndex, locateFrames, readFrame } from "#core/dicom/frame-locator.ts";
import { readDicom } from "#core/dicom/part10-reader.ts";
import { readImagePixel } from "#core/pixels/image-pixel-reader.ts";
import { frameFacts } from "#core/pixels/native-frame.ts";
import { SourceError, type StoredFrame } from "../source.ts";
import type { InstanceRecord } from "./file-record.ts";
import { fileSource, readChunks } from "./file-source.ts";
import { type OnStale, openUnchanged, withFile } from "./instance-file.ts";

/** Where the frames of an instance are. */
interface LocatedInstance {
  readonly file: DicomFile;
  readonly frames: FrameIndex;
}

/** Instances whose frames are remembered: a cine asks for frame after frame of the same one. */
const REMEMBERED = 64;
/** Frame tables beyond this are not remembered. */
const MOST_FRAMES = 20_000;

/** Finds the frames in files, and remembers where they were. */
export class FrameFinder {
  readonly #located = new Map<InstanceRecord, LocatedInstance>();
  readonly #onStale: OnStale;

  constructor(onStale: OnStale) {
    this.#onStale = onStale;
  }

  /**
   * The frames of the numbers, in their order.
   * @throws SourceError before the first one: `not-found` when a number does not exist, `no-pixel-data`
   * @throws DicomError when the pixel data are cut off or broken
   */
  async *frames(
    record: InstanceRecord,
    frameNumbers: readonly number[],
    signal: AbortSignal,
  ): AsyncGenerator<StoredFrame> {
    const located = await this.#locate(record, signal);
    const stored = frameNumbers.map((number) => this.#storedFrame(record, located, number));
    yield* stored;
  }

  async #locate(record: InstanceRecord, signal: AbortSignal): Promise<LocatedInstance> {
    const known = this.#located.get(record);
    if (known !== undefined) return known;
    const located = await withFile(record, this.#onStale, async (handle) => {
      const file = await readDicom(fileSource(handle, record.size), { inlineLimit: 4096, signal });
      return {
        file,
        frames: await locateFrames(file, frameFacts(readImagePixel(file.dataSet)), signal),
      };
    }).catch((error: unknown) => {
      throw error instanceof DicomError ? frameProblem(error) : error;
    });
    if (located.frames.numberOfFrames <= MOST_FRAMES) this.#remember(record, located);
    return located;
  }

  #remember(record: InstanceRecord, located: LocatedInstance): void {
    this.#located.set(record, located);
    const [oldest] = this.#located.keys();
    if (this.#located.size > REMEMBERED && oldest !== undefined) this.#located.delete(oldest);
  }

  #storedFrame(record: InstanceRecord, located: LocatedInstance, number: number): StoredFrame {
    const location = locate(located.frames, number);
    const { bitLength } = location;
    const isWholeBytes =
      bitLength === undefined || (bitLength % 8 === 0 && location.bitOffset === 0);
    const byteLength = isWholeBytes
      ? location.ranges.reduce((sum, range) => sum + range.length, 0)
      : Math.ceil(bitLength / 8);
    const onStale = this.#onStale;
    return {
      frameNumber: number,
      transferSyntaxUid: record.content.transferSyntaxUid,
      byteLength,
      async *open() {
        if (!isWholeBytes || isDeflated(located.file)) {
          yield await readWhole(record, located, number - 1, onStale);
          return;
        }
        const handle = await openUnchanged(record, onStale);
        try {
          const source = fileSource(handle, record.size);
          for (const { offset, length } of location.ranges)
            yield* readChunks(source, offset, length);
        } finally {
          await handle.close();
        }
      },
    };
  }
}

/** A frame that does not stand in the file as it is: single bits, or a deflated file. */
async function readWhole(
  record: InstanceRecord,
  located: LocatedInstance,
  frameIndex: number,
  onStale: OnStale,
): Promise<Uint8Array> {
  return await withFile(record, onStale, async (handle) => {
    const source = fileSource(handle, record.size);
    const file = isDeflated(located.file)
      ? await readDicom(source, { inlineLimit: 4096 })
      : { ...located.file, source };
    return await readFrame(file, located.frames, frameIndex);
  });
}

function locate(frames: FrameIndex, frameNumber: number) {
  try {
    return frames.locate(frameNumber - 1);
  } catch (error) {
    throw error instanceof DicomError ? frameProblem(error) : error;
  }
}

function isDeflated(file: DicomFile): boolean {
  return file.transferSyntax?.isDeflated === true;
}

/** What is not there is not found; what is broken stays broken, and is not to be asked for again. */
function frameProblem(error: DicomError): SourceError | DicomError {
  if (error.code === "no-pixel-data") return new SourceError(error.code, error.message, error);
  const isAbsent = error.code === "no-such-frame" || error.code === "missing-attribute";
  return isAbsent ? new SourceError("not-found", error.message, error) : error;
}
