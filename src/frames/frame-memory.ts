import { type DecodedFrame, frameBytes } from "#core/pixels/decoded-frame.ts";

/** Viewports of the largest layout. */
const SHOWN_COUNT = 16;

/**
 * Decoded frames in memory within a byte budget. When it is full, frames that nobody plans to show give way first,
 * the longest unused before others; then those that are planned last.
 */
export class FrameMemory {
  readonly #budgetBytes: number;
  /** In the order of use, the longest unused first. */
  readonly #frames = new Map<string, DecodedFrame>();
  #bytes = 0;
  /** The frames that were asked for by a viewport last; these may be on screen. */
  readonly #shown: string[] = [];
  /** Place of a frame in the plan, from 0; lower is sooner. */
  #plan: ReadonlyMap<string, number> = new Map();

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(key: string): boolean {
    return this.#frames.has(key);
  }

  /** The frame, without counting as use. */
  peek(key: string): DecodedFrame | undefined {
    return this.#frames.get(key);
  }

  /** The frame, which thereby becomes the one used last. */
  use(key: string): DecodedFrame | undefined {
    const frame = this.#frames.get(key);
    if (frame === undefined) return undefined;
    this.#frames.delete(key);
    this.#frames.set(key, frame);
    return frame;
  }

  /** Says that a viewport wants the frame: it and the last few like it give way after all others. */
  markShown(key: string): void {
    const at = this.#shown.indexOf(key);
    if (at >= 0) this.#shown.splice(at, 1);
    this.#shown.push(key);
    if (this.#shown.length > SHOWN_COUNT) this.#shown.shift();
  }

  /** Says which frames are planned to be shown, soonest first. */
  setPlan(keys: readonly string[]): void {
    this.#plan = new Map(keys.map((key, place) => [key, place]));
  }

  /** Whether a planned frame would find room without driving out one that is planned sooner. */
  hasRoomFor(key: string, bytes: number): boolean {
    const place = this.#placeOf(key);
    let room = this.#budgetBytes - this.#bytes;
    for (const [other, frame] of this.#frames) {
      if (room >= bytes) break;
      if (this.#placeOf(other) > place) room += frameBytes(frame);
    }
    return room >= bytes;
  }

  /** Takes a frame in, whatever must give way for it. A frame larger than the budget is alone here. */
  add(key: string, frame: DecodedFrame): void {
    this.delete(key);
    this.#makeRoom(frameBytes(frame));
    this.#frames.set(key, frame);
    this.#bytes += frameBytes(frame);
  }

  delete(key: string): void {
    const frame = this.#frames.get(key);
    if (frame === undefined) return;
    this.#bytes -= frameBytes(frame);
    this.#frames.delete(key);
  }

  clear(): void {
    this.#frames.clear();
    this.#bytes = 0;
  }

  #makeRoom(bytes: number): void {
    if (this.#bytes + bytes <= this.#budgetBytes) return;
    // A stable sort: among frames without a place the order of use remains.
    const victims = [...this.#frames.keys()].sort((a, b) => {
      const [placeA, placeB] = [this.#placeOf(a), this.#placeOf(b)];
      return placeA === placeB ? 0 : placeB - placeA;
    });
    for (const victim of victims) {
      if (this.#bytes + bytes <= this.#budgetBytes) return;
      this.delete(victim);
    }
  }

  #placeOf(key: string): number {
    if (this.#shown.includes(key)) return -1;
    return this.#plan.get(key) ?? Number.POSITIVE_INFINITY;
  }
}
