import { type ReadonlySignal, signal } from "@preact/signals-core";
import { hasDisplayExtras } from "#core/pixels/has-display-extras.ts";
import type { FrameReference } from "#core/study/display-set.ts";
import { frameDataSet } from "#core/study/frame-attributes.ts";
import type { Study } from "#core/study/study-tree.ts";
import type { BulkSource, FrameOutfit } from "./frame-outfit.ts";
import type { Presenter } from "./presenter.ts";

const READY: FrameOutfit = { ok: true };

const UNAVAILABLE: FrameOutfit = {
  ok: false,
  failure: {
    code: "network",
    message:
      "This image has overlays, shutters, colours or a presentation state of its own, and the part of the viewer that applies them could not be loaded.",
    advice: "Check the network connection, then try again.",
  },
};

/**
 * What frames need beside their samples: overlays, shutters, colour profiles, presentation states. What applies them is
 * loaded for the first frame that has any, and a frame that has some is shown with them or not at all (safety C21).
 */
export class FrameOutfits {
  readonly #source: BulkSource;
  readonly #loaded = signal<Presenter | undefined>(undefined);
  #loading: Promise<Presenter> | undefined;

  /** What applies them; undefined as long as no frame needed it. */
  readonly presenter: ReadonlySignal<Presenter | undefined> = this.#loaded;

  constructor(source: BulkSource) {
    this.#source = source;
  }

  /**
   * Gets ready what a frame needs: at once where that is at hand or nothing is needed. Rejects only after an abort.
   * @param study the study whose presentation states are to be ready; undefined: none
   */
  prepare(
    reference: FrameReference,
    study: Study | undefined,
    signal: AbortSignal,
  ): FrameOutfit | Promise<FrameOutfit> {
    const { instance, frameIndex } = reference;
    const isPresented = study?.presented.has(instance.sopInstanceUid) === true;
    if (!isPresented && !hasDisplayExtras(frameDataSet(instance, frameIndex))) return READY;
    const presenter = this.#loaded.peek();
    if (presenter !== undefined) return presenter.prepare(reference, study, signal);
    return this.#load().then(
      (loaded) => loaded.prepare(reference, study, signal),
      () => UNAVAILABLE,
    );
  }

  #load(): Promise<Presenter> {
    this.#loading ??= import("./presenter.ts").then(
      (module) => {
        this.#loaded.value = new module.Presenter(this.#source);
        return this.#loaded.value;
      },
      (error: unknown) => {
        this.#loading = undefined;
        throw error;
      },
    );
    return this.#loading;
  }
}
