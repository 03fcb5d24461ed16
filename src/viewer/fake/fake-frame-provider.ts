import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { FrameOutcome, FrameRequest } from "../../frames/frame-request.ts";
import type { ViewportFrames } from "../shown-frame.ts";

/** A request that a test may answer when it likes. */
interface OpenRequest {
  readonly request: FrameRequest;
  readonly signal: AbortSignal;
  /** Gives the made frame. */
  answer(): void;
  fail(code: string, message: string): void;
}

/** Makes the frame of a request. */
type MakeFrame = (request: FrameRequest) => DecodedFrame;

/** Gives made frames when the test says so, or at once; remembers what it was asked for. */
export class FakeFrameProvider implements ViewportFrames {
  /** Requests that are not answered yet, in order. */
  readonly open: OpenRequest[] = [];
  /** The last wishes. */
  wishes: readonly FrameRequest[] = [];
  readonly #memory = new Map<string, DecodedFrame>();
  readonly #listeners = new Set<() => void>();
  readonly #makeFrame: MakeFrame;

  constructor(makeFrame: MakeFrame = numberedFrame) {
    this.#makeFrame = makeFrame;
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  frame(request: FrameRequest, signal: AbortSignal): Promise<FrameOutcome> {
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      this.open.push({
        request,
        signal,
        answer: () => resolve({ ok: true, frame: this.keep(request), from: "network" }),
        fail: (code, message) =>
          resolve({ ok: false, failure: { code, message, advice: "Try again." } }),
      });
    });
  }

  peek(request: FrameRequest): DecodedFrame | undefined {
    return this.#memory.get(keyOf(request));
  }

  prefetch(requests: readonly FrameRequest[]): void {
    this.wishes = requests;
  }

  isCached(request: FrameRequest): boolean {
    return this.#memory.has(keyOf(request));
  }

  onCachedChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Puts the frame into memory, as if it had been fetched ahead. */
  keep(request: FrameRequest): DecodedFrame {
    const frame = this.#makeFrame(request);
    this.#memory.set(keyOf(request), frame);
    for (const listener of this.#listeners) listener();
    return frame;
  }

  /** Empties the memory. */
  forget(): void {
    this.#memory.clear();
  }

  /** Puts all frames that are wished for into memory. */
  keepWishes(): void {
    for (const request of this.wishes) this.keep(request);
  }
}

/** A frame whose every pixel is the last number of its SOP Instance UID, or its frame number in a multi-frame image. */
function numberedFrame({ address, imagePixel }: FrameRequest): DecodedFrame {
  const { rows, columns, numberOfFrames } = imagePixel;
  const instanceNumber = Number(address.sopInstanceUid.split(".").at(-1));
  const value = numberOfFrames > 1 ? address.frameNumber : instanceNumber;
  return {
    rows,
    columns,
    meaning: "monochrome",
    samples: new Uint8Array(rows * columns).fill(value),
    bitsStored: 8,
    isSigned: false,
    minimum: value,
    maximum: value,
    decoder: "made",
    fidelity: "exact",
    deviations: [],
  };
}

function keyOf({ address }: FrameRequest): string {
  return `${address.sopInstanceUid}/${address.frameNumber}`;
}
