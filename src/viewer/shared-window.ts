import { signal } from "@preact/signals-core";
import { automaticWindow, modalityRange } from "#core/pixels/automatic-window.ts";
import type { DisplayAttributes } from "#core/pixels/display-pipeline.ts";
import type { VoiWindow } from "#core/pixels/voi-lut.ts";
import type { DisplaySet, FrameReference } from "#core/study/display-set.ts";
import type { ImageFacts } from "#core/study/image-facts.ts";
import { describeFrame, frameKey } from "./frame-description.ts";
import { requestsOf, type ViewportFrames } from "./shown-frame.ts";
import type { ValueRange } from "./window-choice.ts";

/** A grey frame of which the values are known. */
export interface MeasuredFrame {
  readonly reference: FrameReference;
  /** As it is displayed. */
  readonly attributes: DisplayAttributes;
  readonly facts: Pick<ImageFacts, "plane">;
  /** In stored values. */
  readonly range: ValueRange;
}

/** Smallest and largest modality value. */
type ValueSpan = readonly [low: number, high: number];

/** Beyond this many frames only those that are shown are counted. */
const MOST_LOOKED_THROUGH = 4096;

/**
 * One window for the frames of a display set that bring none: from the smallest to the largest value of those that are in
 * memory or were shown, so that one value has one grey while a person scrolls, and slices do not flicker. It grows as frames
 * arrive, and never shrinks. Frames belong together when one instance or one volume has them; radiographs in one series do not.
 */
export class SharedWindow {
  readonly #frames: Pick<ViewportFrames, "peek" | "onCachedChanged">;
  readonly #spans = signal<ReadonlyMap<string, ValueSpan>>(new Map());
  #counted = new Set<string>();
  #displaySet: DisplaySet | undefined;
  #stopListening: (() => void) | undefined;

  constructor(frames: Pick<ViewportFrames, "peek" | "onCachedChanged">) {
    this.#frames = frames;
  }

  /** The window of a frame; undefined for one that has its own, or shares none. Reads signals. */
  windowFor(frame: MeasuredFrame): VoiWindow | undefined {
    const key = kinOf(frame);
    if (key === undefined) return undefined;
    const span = joined(this.#spans.value.get(key), spanOf(frame));
    return span && automaticWindow(span[0], span[1], { kind: "identity" });
  }

  /**
   * Counts a frame that is shown, and from then on those of its display set that come into memory.
   * @param isPlain whether its header says all about its values: what only extras say is not known of other frames
   */
  show(displaySet: DisplaySet, frame: MeasuredFrame, isPlain: boolean): void {
    if (displaySet.id !== this.#displaySet?.id) this.clear();
    this.#displaySet = displaySet;
    if (kinOf(frame) === undefined) return;
    this.#count([frame]);
    if (!isPlain || displaySet.frames.length > MOST_LOOKED_THROUGH) return;
    this.#stopListening ??= this.#frames.onCachedChanged(() => this.#countKept());
    this.#countKept();
  }

  /** Forgets everything. */
  clear(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#displaySet = undefined;
    this.#counted = new Set();
    if (this.#spans.peek().size > 0) this.#spans.value = new Map();
  }

  #countKept(): void {
    const { frames } = this.#displaySet ?? { frames: [] };
    const requests = this.#displaySet === undefined ? [] : requestsOf(this.#displaySet);
    this.#count(
      frames.flatMap((reference, index): MeasuredFrame[] => {
        const request = requests[index];
        if (request === undefined || this.#counted.has(frameKey(reference))) return [];
        const range = this.#frames.peek(request);
        if (range?.meaning !== "monochrome") return [];
        const described = describeFrame(reference, request.imagePixel);
        return described.ok ? [{ reference, range, ...described.description }] : [];
      }),
    );
  }

  #count(measured: readonly MeasuredFrame[]): void {
    const spans = new Map(this.#spans.peek());
    for (const frame of measured) {
      this.#counted.add(frameKey(frame.reference));
      const key = kinOf(frame);
      const span = spanOf(frame);
      if (key !== undefined && span !== undefined) spans.set(key, joined(spans.get(key), span));
    }
    if (!isSame(spans, this.#spans.peek())) this.#spans.value = spans;
  }
}

/** What the frames that share a window have in common; undefined for a frame that stands by itself. */
function kinOf({ reference, attributes, facts }: MeasuredFrame): string | undefined {
  if (attributes.vois.length > 0) return undefined;
  const { numberOfFrames, sopInstanceUid } = reference.instance;
  if (numberOfFrames > 1) return sopInstanceUid;
  return facts.plane === undefined ? undefined : "volume";
}

/** Undefined for a frame of one value: it may be nothing but padding, and has no contrast to show. */
function spanOf({ attributes, range }: MeasuredFrame): ValueSpan | undefined {
  const { minimum, maximum } = range;
  return minimum === maximum ? undefined : modalityRange(minimum, maximum, attributes.modality);
}

/** What both cover; the other one where there is but one. */
function joined<Span extends ValueSpan | undefined>(
  a: ValueSpan | undefined,
  b: Span,
): Span | ValueSpan {
  if (a === undefined) return b;
  return b === undefined ? a : [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

function isSame(a: ReadonlyMap<string, ValueSpan>, b: ReadonlyMap<string, ValueSpan>): boolean {
  return a.size === b.size && [...a].every(([key, span]) => span.join() === b.get(key)?.join());
}
