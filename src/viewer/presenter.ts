import {
  type DisplayNotice,
  type FrameExtras,
  readDisplayExtras,
  withExtraValues,
} from "#core/pixels/display-extras.ts";
import type { DisplayAttributes } from "#core/pixels/display-pipeline.ts";
import { hasDisplayExtras } from "#core/pixels/has-display-extras.ts";
import type { FrameReference } from "#core/study/display-set.ts";
import { extraBulkData } from "#core/study/extra-bulk-data.ts";
import { frameDataSet } from "#core/study/frame-attributes.ts";
import type { Instance } from "#core/study/instance.ts";
import type { Study } from "#core/study/study-tree.ts";
import { ExtraValues } from "../frames/extra-values.ts";
import type { Failure } from "../frames/failure.ts";
import type { BulkSource, FrameOutfit } from "./frame-outfit.ts";
import { MaskMemory } from "./mask-memory.ts";
import { presentByState } from "./present-by-state.ts";
import type {
  FrameToPresent,
  ImagePresentation,
  PreparedFrame,
  WantedParts,
} from "./presentation.ts";
import { ProfileMemory } from "./profile-memory.ts";
import { chosenState, StateShelf } from "./state-shelf.ts";

const READY: FrameOutfit = { ok: true };

/**
 * Applies what belongs to frames beside their samples: the extras that they have themselves, or a presentation state in
 * their place. What it needs is prepared first; presenting then waits for nothing.
 */
export class Presenter {
  readonly #values: ExtraValues;
  readonly #states: StateShelf;
  readonly #profiles = new ProfileMemory();
  readonly #extras = new WeakMap<Instance, Map<number, FrameExtras>>();
  readonly #masks = new MaskMemory();

  constructor(source: BulkSource) {
    this.#values = new ExtraValues(source);
    this.#states = new StateShelf(this.#values);
  }

  /** Gets ready what a frame needs, and the states of the study that are about it. Rejects only after an abort. */
  prepare(
    reference: FrameReference,
    study: Study | undefined,
    signal: AbortSignal,
  ): FrameOutfit | Promise<FrameOutfit> {
    const extras = this.#prepareExtras(reference, signal);
    const uid = reference.instance.sopInstanceUid;
    const states = study && this.#states.prepare(study, uid, signal);
    return states === undefined ? extras : states.then(() => extras);
  }

  /** How a prepared frame is presented, by what is ready. Reads signals. */
  present(input: FrameToPresent): ImagePresentation {
    const { reference, wanted } = input;
    const options = this.#states.optionsFor(input.study, reference);
    const state = chosenState(options, input.wish);
    const { image } = reference.instance;
    if (state === undefined || image.kind !== "image") return this.#asItIs(input, options);
    const extras = this.#extrasOf(reference);
    const { mask, ...rest } = presentByState(state, input, image.imagePixel, extras);
    const made = this.#masks.maskOf(input, state.title.sopInstanceUid, mask, wanted);
    return {
      ...rest,
      attributes: made === undefined ? rest.attributes : { ...rest.attributes, mask: made },
      options,
      hasOverlays: mask.overlays.length > 0,
      hasShutter: mask.shutter !== undefined,
      notices: state.kind === "color" ? [] : (extras?.notices ?? []).filter(isAboutColours),
    };
  }

  /** The attributes of a prepared frame with its own extras, without any state. */
  plainAttributes(prepared: PreparedFrame, wanted: WantedParts): DisplayAttributes {
    const { attributes } = prepared.description;
    const extras = this.#extrasOf(prepared.reference);
    if (extras === undefined) return attributes;
    const { overlays, shutter, bitmaps } = extras;
    const parts = { overlays: overlays.map((plane) => ({ plane })), shutter, bitmaps };
    const mask = this.#masks.maskOf(prepared, "", parts, wanted);
    const values = withExtraValues(attributes, extras);
    return mask === undefined ? values : { ...values, mask };
  }

  #asItIs(input: FrameToPresent, options: ImagePresentation["options"]): ImagePresentation {
    const extras = this.#extrasOf(input.reference);
    return {
      options,
      applied: undefined,
      attributes: this.plainAttributes(input, input.wanted),
      vois: [],
      graphics: [],
      hasOverlays: (extras?.overlays.length ?? 0) > 0,
      hasShutter: extras?.shutter !== undefined,
      notices: extras?.notices ?? [],
      pixelAspect: undefined,
      pose: undefined,
    };
  }

  #prepareExtras(
    reference: FrameReference,
    signal: AbortSignal,
  ): FrameOutfit | Promise<FrameOutfit> {
    const { instance, frameIndex } = reference;
    if (instance.image.kind !== "image" || this.#extrasOf(reference) !== undefined) return READY;
    const dataSet = frameDataSet(instance, frameIndex);
    if (!hasDisplayExtras(dataSet)) return READY;
    const { imagePixel } = instance.image;
    const keep = (extras: FrameExtras): FrameOutfit => {
      const ofInstance = this.#extras.get(instance) ?? new Map<number, FrameExtras>();
      this.#extras.set(instance, ofInstance.set(frameIndex, extras));
      return READY;
    };
    const read = (whole: typeof dataSet): FrameExtras =>
      readDisplayExtras(whole, imagePixel, frameIndex, this.#profiles.read);
    if (extraBulkData(dataSet).length === 0) return keep(read(dataSet));
    return this.#values
      .complete(dataSet, signal)
      .then(({ dataSet: whole, failure }) =>
        failure === undefined ? keep(read(whole)) : { ok: false, failure: withoutExtras(failure) },
      );
  }

  #extrasOf({ instance, frameIndex }: FrameReference): FrameExtras | undefined {
    return this.#extras.get(instance)?.get(frameIndex);
  }
}

/** What stays true under a state that leaves the colours of the image as they are. */
function isAboutColours({ code }: DisplayNotice): boolean {
  return code.includes("colour-profile");
}

/** An image is not shown without what lies over it, or in other colours: that would look right and be wrong. */
function withoutExtras({ code, message, advice }: Failure): Failure {
  return {
    code,
    message: `An overlay, a shutter or a colour profile of this image could not be fetched. ${message}`,
    advice,
  };
}
