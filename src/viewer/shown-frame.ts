import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplaySet, FrameReference } from "#core/study/display-set.ts";
import { type Failure, failureOfError, isPassing } from "../frames/failure.ts";
import type { FrameProvider } from "../frames/frame-provider.ts";
import type { FrameRequest } from "../frames/frame-request.ts";
import { fetchOrder } from "./fetch-order.ts";
import {
  describeFrame,
  type FrameDescription,
  frameKey,
  frameRequest,
} from "./frame-description.ts";
import type { FrameOutfit } from "./frame-outfit.ts";

/** What is known of decoded samples without holding them. */
type FrameSummary = Omit<DecodedFrame, "samples">;

/** What stands in the viewport: never one frame under the number of another (safety C29). */
export type Shown =
  | { readonly kind: "nothing" }
  | {
      readonly kind: "image";
      readonly key: string;
      /** From 0, in the display set. */
      readonly index: number;
      readonly reference: FrameReference;
      readonly description: FrameDescription;
      readonly summary: FrameSummary;
    }
  | {
      readonly kind: "failure";
      readonly key: string;
      readonly index: number;
      readonly reference: FrameReference;
      readonly failure: Failure;
      /** Whether another attempt may succeed. */
      readonly isPassing: boolean;
    };

/** What a viewport needs of the corridor of frames. */
export type ViewportFrames = Pick<
  FrameProvider,
  "frame" | "peek" | "prefetch" | "isCached" | "onCachedChanged"
>;

/** The frame that is wanted. */
export interface WantedFrame {
  readonly displaySet: DisplaySet;
  /** From 0. */
  readonly index: number;
  readonly direction: 1 | -1;
}

/** Gets ready what a frame needs beside its samples; rejects only after an abort. */
export type PrepareFrame = (
  reference: FrameReference,
  signal: AbortSignal,
) => FrameOutfit | Promise<FrameOutfit>;

/** Waits; gives what cancels the waiting. */
export type Delay = (ms: number, callback: () => void) => () => void;

/** A frame that comes sooner than this needs no mark; one that does not gets it. */
export const LOADING_MARK_MS = 150;

const NOTHING: Shown = { kind: "nothing" };
const READY: FrameOutfit = { ok: true };

/** A frame that was asked for, and what it needs beside its samples. */
interface AskedFrame {
  readonly request: FrameRequest;
  readonly key: string;
  readonly reference: FrameReference;
  readonly outfit: FrameOutfit | Promise<FrameOutfit>;
}

/** A frame, or why there is none; where it came from does not matter here. */
type FrameAnswer =
  | { readonly ok: true; readonly frame: DecodedFrame }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Brings the wanted frame on the screen. Until it is there, what was shown before stays under its own number, or
 * nothing when it belonged to another display set; answers to a question that is no longer asked are discarded.
 */
export class ShownFrame {
  readonly #frames: ViewportFrames;
  readonly #delay: Delay;
  readonly #prepare: PrepareFrame;
  readonly #shown = signal<Shown>(NOTHING);
  readonly #isWaiting = signal(false);
  readonly #isLoadingMarked = signal(false);
  #wanted: WantedFrame | undefined;
  #wantedKey: string | undefined;
  #abort: AbortController | undefined;
  #cancelMark: (() => void) | undefined;
  #decoded: DecodedFrame | undefined;

  readonly shown: ReadonlySignal<Shown> = this.#shown;
  /** Whether another frame is wanted than the one that is shown. */
  readonly isWaiting: ReadonlySignal<boolean> = this.#isWaiting;
  /** Whether the waiting has lasted so long that it is to be said. */
  readonly isLoadingMarked: ReadonlySignal<boolean> = this.#isLoadingMarked;

  /** @param prepare a frame is not shown before what it gets ready is there */
  constructor(frames: ViewportFrames, delay: Delay, prepare: PrepareFrame) {
    this.#frames = frames;
    this.#prepare = prepare;
    this.#delay = delay;
  }

  /** The samples of the shown image; undefined while there is none. They are shared: do not change them. */
  get decoded(): DecodedFrame | undefined {
    return this.#decoded;
  }

  /** Changes what is wanted; undefined: nothing. */
  want(wanted: WantedFrame | undefined): void {
    const reference = wanted?.displaySet.frames[wanted.index];
    if (wanted === undefined || reference === undefined) {
      this.#wantNothing();
      return;
    }
    const isOtherSet = wanted.displaySet.id !== this.#wanted?.displaySet.id;
    this.#wanted = wanted;
    if (isOtherSet) this.#put(NOTHING, undefined);
    else this.#renumber(wanted);
    const key = frameKey(reference);
    if (key === this.#wantedKey && !isOtherSet) {
      this.#prefetch(wanted);
      return;
    }
    this.#wantedKey = key;
    this.#bring(wanted, reference, key);
  }

  /** Asks again for a frame that failed. */
  retry(): void {
    const wanted = this.#wanted;
    if (wanted === undefined || this.#shown.peek().kind !== "failure") return;
    this.#wantedKey = undefined;
    this.#put(NOTHING, undefined);
    this.want(wanted);
  }

  /** Whether each frame of the wanted display set can be had without the network. */
  cachedFrames(): readonly boolean[] {
    if (this.#wanted === undefined) return [];
    return requestsOf(this.#wanted.displaySet).map(
      (request) => request !== undefined && this.#frames.isCached(request),
    );
  }

  dispose(): void {
    this.#wantNothing();
  }

  #wantNothing(): void {
    if (this.#wanted === undefined) return;
    this.#wanted = undefined;
    this.#wantedKey = undefined;
    this.#frames.prefetch([]);
    this.#stopWaiting();
    this.#put(NOTHING, undefined);
  }

  #bring(wanted: WantedFrame, reference: FrameReference, key: string): void {
    const asked = frameRequest(reference);
    if (!asked.ok) {
      this.#stopWaiting();
      this.#putFailure(asked.failure, key, reference);
      this.#prefetch(wanted);
      return;
    }
    const abort = new AbortController();
    const outfit = this.#prepare(reference, abort.signal);
    const ready = this.#frames.peek(asked.request);
    if (ready === undefined || outfit instanceof Promise) {
      this.#fetch(wanted, { request: asked.request, key, reference, outfit }, abort);
      return;
    }
    this.#stopWaiting();
    this.#answered({ ok: true, frame: ready }, outfit, { request: asked.request, key, reference });
    this.#prefetch(wanted);
  }

  #fetch(wanted: WantedFrame, asked: AskedFrame, abort: AbortController): void {
    const previous = this.#abort;
    this.#abort = abort;
    this.#isWaiting.value = true;
    this.#cancelMark ??= this.#delay(LOADING_MARK_MS, () => {
      this.#isLoadingMarked.value = true;
    });
    const frame = this.#frames.frame(asked.request, abort.signal);
    const answer = Promise.all([frame, asked.outfit]);
    // The new wishes are known before the old one is given up, so that a frame in both is not fetched twice.
    this.#prefetch(wanted);
    previous?.abort();
    void answer
      .catch((error: unknown) => [{ ok: false, failure: failureOfError(error) }, READY] as const)
      .then(([outcome, outfit]) => {
        if (abort.signal.aborted) return;
        this.#abort = undefined;
        this.#stopWaiting();
        this.#answered(outcome, outfit, asked);
      });
  }

  #answered(
    outcome: FrameAnswer,
    outfit: FrameOutfit,
    { request, key, reference }: Omit<AskedFrame, "outfit">,
  ): void {
    if (!outcome.ok) this.#putFailure(outcome.failure, key, reference);
    else if (!outfit.ok) this.#putFailure(outfit.failure, key, reference);
    else this.#putFrame(outcome.frame, request, key, reference);
  }

  #putFrame(
    frame: DecodedFrame,
    request: FrameRequest,
    key: string,
    reference: FrameReference,
  ): void {
    const described = describeFrame(reference, request.imagePixel);
    if (!described.ok) {
      this.#putFailure(described.failure, key, reference);
      return;
    }
    const index = this.#wanted?.index ?? 0;
    const { samples: _, ...summary } = frame;
    const { description } = described;
    this.#put({ kind: "image", key, index, reference, description, summary }, frame);
  }

  #putFailure(failure: Failure, key: string, reference: FrameReference): void {
    const index = this.#wanted?.index ?? 0;
    const again = isPassing(failure);
    this.#put({ kind: "failure", key, index, reference, failure, isPassing: again }, undefined);
  }

  #put(shown: Shown, decoded: DecodedFrame | undefined): void {
    this.#decoded = decoded;
    this.#shown.value = shown;
  }

  /** More instances arrived: what is shown may have another number now. */
  #renumber({ displaySet }: WantedFrame): void {
    const shown = this.#shown.peek();
    if (shown.kind === "nothing") return;
    const index = indexOfKey(displaySet, shown.key, shown.index);
    if (index === -1) this.#put(NOTHING, undefined);
    else if (index !== shown.index) this.#shown.value = { ...shown, index };
  }

  #prefetch({ displaySet, index, direction }: WantedFrame): void {
    const requests = requestsOf(displaySet);
    const wishes: FrameRequest[] = [];
    for (const at of fetchOrder(requests.length, index, direction)) {
      const request = requests[at];
      if (request !== undefined) wishes.push(request);
    }
    this.#frames.prefetch(wishes);
  }

  #stopWaiting(): void {
    this.#abort?.abort();
    this.#abort = undefined;
    this.#cancelMark?.();
    this.#cancelMark = undefined;
    this.#isWaiting.value = false;
    this.#isLoadingMarked.value = false;
  }
}

/** Where a frame stands in a display set, or -1. */
export function indexOfKey(displaySet: DisplaySet, key: string, guess: number): number {
  const guessed = displaySet.frames[guess];
  if (guessed !== undefined && frameKey(guessed) === key) return guess;
  return displaySet.frames.findIndex((reference) => frameKey(reference) === key);
}

const requestLists = new WeakMap<DisplaySet, readonly (FrameRequest | undefined)[]>();

/** The requests of all frames in order, made once; undefined for frames that cannot be had. */
export function requestsOf(displaySet: DisplaySet): readonly (FrameRequest | undefined)[] {
  let requests = requestLists.get(displaySet);
  if (requests === undefined) {
    requests = displaySet.frames.map((reference) => {
      const asked = frameRequest(reference);
      return asked.ok ? asked.request : undefined;
    });
    requestLists.set(displaySet, requests);
  }
  return requests;
}
