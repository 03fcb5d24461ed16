import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals-core";
import type { DisplayNotice } from "#core/pixels/display-extras.ts";
import type { FrameReference } from "#core/study/display-set.ts";
import type { PresentationGraphics } from "#core/study/presentation-graphics.ts";
import type { Study } from "#core/study/study-tree.ts";
import type { Failure } from "../frames/failure.ts";
import type { FrameOutfits } from "./frame-outfits.ts";
import type {
  AppliedPresentation,
  DisplayParts,
  ImagePresentation,
  PartVisibility,
  PresentationOption,
} from "./presentation.ts";
import type { ShownFrame } from "./shown-frame.ts";
import type { ViewportState } from "./viewport-state.ts";

/**
 * How the shown image is presented: with what it has itself beside its samples, or by a presentation state. States that
 * arrive after their image are read then, and change it once.
 */
export class ViewportPresentation {
  readonly #state: ViewportState;
  readonly #shownFrame: ShownFrame;
  readonly #outfits: FrameOutfits;
  readonly #failure = signal<Failure | undefined>(undefined);
  readonly #closed = new AbortController();
  readonly #stop: () => void;

  /** Undefined for what is plain. */
  readonly image: ReadonlySignal<ImagePresentation | undefined> = computed(() => this.#present());
  /** The presentation states that are about the shown image, the newest first. */
  readonly states: ReadonlySignal<readonly PresentationOption[]> = computed(
    () => this.image.value?.options ?? [],
  );
  /** The one that is applied to it. */
  readonly applied: ReadonlySignal<AppliedPresentation | undefined> = computed(
    () => this.image.value?.applied,
  );
  /** Its graphics; empty while they are hidden. */
  readonly graphics: ReadonlySignal<PresentationGraphics> = computed(() =>
    this.#state.graphicsVisible.value ? (this.image.value?.graphics ?? []) : [],
  );
  /** What of the shown image can be hidden, and is. */
  readonly parts: ReadonlySignal<DisplayParts> = computed(() => this.#parts());
  /** What of the shown image itself cannot be shown as it is meant. */
  readonly notices: ReadonlySignal<readonly DisplayNotice[]> = computed(
    () => this.image.value?.notices ?? [],
  );
  /** Why a presentation state that arrived after the shown image could not even be read; undefined otherwise. */
  readonly failure: ReadonlySignal<Failure | undefined> = this.#failure;

  constructor(state: ViewportState, shownFrame: ShownFrame, outfits: FrameOutfits) {
    this.#state = state;
    this.#shownFrame = shownFrame;
    this.#outfits = outfits;
    this.#stop = effect(() => this.#prepareLateStates());
  }

  dispose(): void {
    this.#stop();
    this.#closed.abort();
  }

  #present(): ImagePresentation | undefined {
    const presenter = this.#outfits.presenter.value;
    const study = this.#state.content.value?.study;
    const shown = this.#shownFrame.shown.value;
    const frame = this.#shownFrame.decoded;
    if (presenter === undefined || study === undefined || frame === undefined) return undefined;
    if (shown.kind !== "image") return undefined;
    const { overlaysVisible, shutterVisible, presentationWish } = this.#state;
    const wanted = { overlays: overlaysVisible.value, shutter: shutterVisible.value };
    const { reference, description } = shown;
    const wish = presentationWish.value;
    return presenter.present({ reference, description, frame, study, wish, wanted });
  }

  #prepareLateStates(): void {
    const shown = this.#shownFrame.shown.value;
    const study = this.#state.content.value?.study;
    untracked(() => {
      this.#failure.value = undefined;
    });
    if (shown.kind !== "image" || study === undefined) return;
    const { reference } = shown;
    if (!study.presented.has(reference.instance.sopInstanceUid)) return;
    untracked(() => void this.#prepare(reference, study));
  }

  async #prepare(reference: FrameReference, study: Study): Promise<void> {
    try {
      const outfit = await this.#outfits.prepare(reference, study, this.#closed.signal);
      const shown = this.#shownFrame.shown.peek();
      if (shown.kind !== "image" || shown.reference !== reference) return;
      this.#failure.value = outfit.ok ? undefined : outfit.failure;
    } catch {
      // Only an abort rejects: nobody looks any more.
    }
  }

  #parts(): DisplayParts {
    const { hasOverlays = false, hasShutter = false, graphics = [] } = this.image.value ?? {};
    return {
      overlays: visibility(hasOverlays, this.#state.overlaysVisible.value),
      shutter: visibility(hasShutter, this.#state.shutterVisible.value),
      graphics: visibility(graphics.length > 0, this.#state.graphicsVisible.value),
    };
  }
}

function visibility(isThere: boolean, isVisible: boolean): PartVisibility {
  if (!isThere) return "none";
  return isVisible ? "shown" : "hidden";
}
