import { computed, effect, type ReadonlySignal, untracked } from "@preact/signals-core";
import {
  type DisplayAttributes,
  type DisplayPipeline,
  displayPipeline,
} from "#core/pixels/display-pipeline.ts";
import type { VoiLut } from "#core/pixels/voi-lut.ts";
import { type MeasuredFrame, SharedWindow } from "./shared-window.ts";
import type { Shown, ViewportFrames } from "./shown-frame.ts";
import type { ViewportPresentation } from "./viewport-presentation.ts";
import type { ViewportState } from "./viewport-state.ts";
import {
  chosenVoi,
  draggedWindow,
  type WindowOption,
  windowDragStep,
  windowOptions,
} from "./window-choice.ts";

type ImageShown = Extract<Shown, { readonly kind: "image" }>;

/** A drag of the window that goes on: where it began and how far it went, CSS pixels. */
interface WindowDrag {
  readonly start: VoiLut;
  /** Modality values per CSS pixel. */
  readonly step: number;
  dx: number;
  dy: number;
}

/** How the shown image of a viewport becomes grey or colour, and what of it a person changes. */
export class ViewportWindow {
  readonly #state: ViewportState;
  readonly #shown: ReadonlySignal<Shown>;
  readonly #presented: ViewportPresentation;
  readonly #shared: SharedWindow;
  readonly #stopMeasuring: () => void;
  #drag: WindowDrag | undefined;

  /** Undefined while no image is shown. */
  readonly pipeline: ReadonlySignal<DisplayPipeline | undefined> = computed(() =>
    this.#pipelineOf(this.#shown.value),
  );
  /** What can be chosen for the shown image; empty for colour, which has no window. */
  readonly options: ReadonlySignal<readonly WindowOption[]> = computed(() =>
    this.#optionsFor(this.#shown.value),
  );

  /** What modality values of the shown image are measured in. */
  readonly unit: ReadonlySignal<string | undefined> = computed(() => {
    const shown = this.#shown.value;
    return shown.kind === "image" ? this.#attributesOf(shown).unit : undefined;
  });

  constructor(
    state: ViewportState,
    shown: ReadonlySignal<Shown>,
    presented: ViewportPresentation,
    frames: Pick<ViewportFrames, "peek" | "onCachedChanged">,
  ) {
    this.#state = state;
    this.#shown = shown;
    this.#presented = presented;
    this.#shared = new SharedWindow(frames);
    this.#stopMeasuring = effect(() => this.#measure());
  }

  beginDrag(): void {
    const shown = this.#shown.peek();
    const start = this.pipeline.peek()?.voi;
    this.#drag = undefined;
    if (shown.kind !== "image" || start === undefined || !isGrey(shown)) return;
    const window = draggedWindow(start, 1, 0, 0);
    const step = windowDragStep(window, this.#attributesOf(shown), shown.summary);
    this.#drag = { start, step, dx: 0, dy: 0 };
  }

  /** Goes on with a drag, by CSS pixels; nothing where none was begun. */
  dragBy(dx: number, dy: number): void {
    const drag = this.#drag;
    if (drag === undefined) return;
    drag.dx += dx;
    drag.dy += dy;
    const window = draggedWindow(drag.start, drag.step, drag.dx, drag.dy);
    this.#state.chooseWindow({ kind: "manual", window });
  }

  endDrag(): void {
    this.#drag = undefined;
  }

  dispose(): void {
    this.#stopMeasuring();
    this.#shared.clear();
  }

  #pipelineOf(shown: Shown): DisplayPipeline | undefined {
    if (shown.kind !== "image") return undefined;
    const measured = this.#measured(shown);
    const shared = this.#shared.windowFor(measured);
    const vois = this.#presented.image.value?.vois;
    const choice = this.#state.windowChoice.value;
    const voi = chosenVoi(choice, measured.attributes, shown.summary, vois, shared);
    const isInverted = this.#state.isInverted.value;
    return displayPipeline(measured.attributes, shown.summary, { voi, isInverted });
  }

  #optionsFor(shown: Shown): readonly WindowOption[] {
    if (shown.kind !== "image" || !isGrey(shown)) return [];
    const modality = this.#state.content.value?.displaySet.modality;
    const vois = this.#presented.image.value?.vois;
    return windowOptions(modality, this.#attributesOf(shown), shown.summary, vois);
  }

  #measure(): void {
    const shown = this.#shown.value;
    const displaySet = this.#state.content.value?.displaySet;
    if (displaySet === undefined) untracked(() => this.#shared.clear());
    if (displaySet === undefined || shown.kind !== "image" || !isGrey(shown)) return;
    // Values under a presentation state may be others than those of the images beside it.
    if (this.#presented.image.value?.applied !== undefined) return;
    const measured = this.#measured(shown);
    const isPlain = measured.attributes.modality === shown.description.attributes.modality;
    untracked(() => this.#shared.show(displaySet, measured, isPlain));
  }

  #measured(shown: ImageShown): MeasuredFrame {
    const { reference, description, summary: range } = shown;
    return { reference, range, facts: description.facts, attributes: this.#attributesOf(shown) };
  }

  #attributesOf({ description }: ImageShown): DisplayAttributes {
    return this.#presented.image.value?.attributes ?? description.attributes;
  }
}

/** Whether an image has grey values, which a window applies to. */
export function isGrey(shown: ImageShown): boolean {
  return shown.summary.meaning === "monochrome";
}
