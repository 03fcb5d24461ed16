import type { AnnexBStream } from "#core/video/annex-b.ts";
import type { Playback, PlaybackListener } from "./playback.ts";

/** Pictures that are decoded ahead; each takes memory of the graphics card. */
const AHEAD = 6;

/** A decoded picture and its place in the film. */
interface Picture {
  readonly index: number;
  readonly frame: VideoFrame;
}

/** Whether this browser decodes a bare stream; never assumed. */
export async function canDecode(codec: string): Promise<boolean> {
  if (!("VideoDecoder" in globalThis)) return false;
  try {
    return (await VideoDecoder.isConfigSupported({ codec })).supported === true;
  } catch {
    // A name that the browser cannot even read is one that it does not support.
    return false;
  }
}

/** Colours as other players assume them where the stream is silent; what a stream says itself is left to the decoder. */
function colourOf({ assumedColour }: AnnexBStream): { readonly colorSpace?: VideoColorSpaceInit } {
  if (assumedColour === undefined) return {};
  const { matrix, fullRange } = assumedColour;
  return { colorSpace: { primaries: matrix, transfer: matrix, matrix, fullRange } };
}

/** Plays a bare H.264 or H.265 stream: WebCodecs decode it, a canvas shows the pictures at the recorded pace. */
export class CodecPlayback implements Playback {
  readonly surface = document.createElement("canvas");
  readonly frameCount: number;
  readonly #bytes: Uint8Array;
  readonly #stream: AnnexBStream;
  readonly #frameMs: number;
  readonly #listener: PlaybackListener;
  #decoder: VideoDecoder | undefined;
  #queue: Picture[] = [];
  /** The next unit to decode, and the place of the next picture that comes out: in order of showing. */
  #nextUnit = 0;
  #nextPicture = 0;
  #wanted = 0;
  #shown = -1;
  #isFlushed = false;
  #started: { readonly at: number; readonly index: number } | undefined;
  #isClosed = false;

  constructor(
    bytes: Uint8Array,
    stream: AnnexBStream,
    frameMs: number,
    listener: PlaybackListener,
  ) {
    this.#bytes = bytes;
    this.#stream = stream;
    this.#frameMs = frameMs;
    this.#listener = listener;
    this.frameCount = stream.units.length;
    this.#seek(0);
  }

  get frameIndex(): number {
    return Math.max(this.#shown, 0);
  }

  get isPlaying(): boolean {
    return this.#started !== undefined;
  }

  play(): void {
    if (this.isPlaying) return;
    if (this.frameIndex >= this.frameCount - 1) this.#seek(0);
    const index = this.#wanted;
    this.#started = { at: performance.now(), index };
    requestAnimationFrame(this.#tick);
    this.#listener.changed();
  }

  pause(): void {
    this.#started = undefined;
    this.#wanted = this.frameIndex;
    this.#listener.changed();
  }

  show(frameIndex: number): void {
    this.#started = undefined;
    const target = Math.min(Math.max(frameIndex, 0), this.frameCount - 1);
    const isAhead = target >= this.#wanted && target < this.#nextPicture + AHEAD;
    if (isAhead && this.#decoder !== undefined) {
      this.#wanted = target;
      this.#advance();
    } else this.#seek(target);
    this.#listener.changed();
  }

  close(): void {
    this.#isClosed = true;
    this.#started = undefined;
    this.#drop();
  }

  /** Begins to decode at the last place before the target where that is possible. */
  #seek(target: number): void {
    this.#drop();
    const { units, codec } = this.#stream;
    const key = units.findLastIndex(({ isKey }, index) => isKey && index <= target);
    this.#nextUnit = Math.max(key, 0);
    this.#nextPicture = this.#nextUnit;
    this.#wanted = target;
    this.#isFlushed = false;
    const decoder = new VideoDecoder({
      output: (frame) => {
        if (decoder === this.#decoder) this.#take(frame);
        else frame.close();
      },
      error: () => {
        if (decoder === this.#decoder) this.#fail();
      },
    });
    this.#decoder = decoder;
    decoder.addEventListener("dequeue", () => {
      if (decoder === this.#decoder) this.#feed();
    });
    decoder.configure({ codec, ...colourOf(this.#stream) });
    this.#feed();
  }

  #drop(): void {
    for (const { frame } of this.#queue) frame.close();
    this.#queue = [];
    const decoder = this.#decoder;
    this.#decoder = undefined;
    if (decoder !== undefined && decoder.state !== "closed") decoder.close();
  }

  #fail(): void {
    this.#started = undefined;
    this.#drop();
    this.#listener.failed("damaged");
  }

  /** Keeps the decoder at work, and no more pictures waiting than a few. */
  #feed(): void {
    const decoder = this.#decoder;
    if (decoder === undefined || decoder.state !== "configured") return;
    const { units } = this.#stream;
    while (decoder.decodeQueueSize < AHEAD && this.#queue.length < AHEAD) {
      const unit = units[this.#nextUnit];
      if (unit === undefined) break;
      decoder.decode(
        new EncodedVideoChunk({
          type: unit.isKey ? "key" : "delta",
          timestamp: this.#nextUnit * this.#frameMs * 1000,
          data: this.#bytes.subarray(unit.offset, unit.offset + unit.length),
        }),
      );
      this.#nextUnit++;
    }
    if (this.#nextUnit < units.length || this.#isFlushed) return;
    this.#isFlushed = true;
    // A decoder that is closed meanwhile rejects; one that fails says so itself.
    decoder.flush().catch(() => undefined);
  }

  #take(frame: VideoFrame): void {
    const index = this.#nextPicture++;
    if (index < this.#wanted) frame.close();
    else this.#queue.push({ index, frame });
    this.#advance();
  }

  /** Shows the wanted picture, if it is here, and lets go of those before it. */
  #advance(): void {
    const at = this.#queue.findLastIndex(({ index }) => index <= this.#wanted);
    const picture = this.#queue[at];
    if (picture !== undefined) {
      for (const { frame } of this.#queue.splice(0, at)) frame.close();
      if (picture.index !== this.#shown) this.#draw(picture);
    }
    this.#feed();
  }

  #draw({ index, frame }: Picture): void {
    const { surface } = this;
    if (surface.width !== frame.displayWidth) surface.width = frame.displayWidth;
    if (surface.height !== frame.displayHeight) surface.height = frame.displayHeight;
    surface.getContext("2d")?.drawImage(frame, 0, 0, frame.displayWidth, frame.displayHeight);
    this.#shown = index;
    this.#listener.changed();
  }

  readonly #tick = (now: number): void => {
    const started = this.#started;
    if (started === undefined || this.#isClosed) return;
    const due = started.index + Math.floor((now - started.at) / this.#frameMs);
    this.#wanted = Math.max(Math.min(due, this.frameCount - 1), this.#wanted);
    this.#advance();
    if (this.#shown >= this.frameCount - 1) {
      this.#started = undefined;
      this.#listener.changed();
    } else requestAnimationFrame(this.#tick);
  };
}
