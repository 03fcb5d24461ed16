import type { MaskParts } from "#core/pixels/compose-mask.ts";
import type { FrameExtras } from "#core/pixels/display-extras.ts";
import type { ImagePixel } from "#core/pixels/image-pixel.ts";
import { displayAspect } from "#core/study/display-aspect.ts";
import { areaOf, type PresentedPlace, wholeArea } from "#core/study/presentation-area.ts";
import { presentedValues } from "#core/study/presentation-attributes.ts";
import { presentedLayers } from "#core/study/presentation-layers.ts";
import { presentedMask } from "#core/study/presentation-mask.ts";
import { partsFor } from "#core/study/presentation-references.ts";
import type { PresentationSize, PresentationState } from "#core/study/presentation-state.ts";
import type { ImagePresentation, PreparedFrame, PresentedSize } from "./presentation.ts";
import { presentedPose } from "./presentation-pose.ts";

/** What a state makes of a frame; its mask is yet to be made of its parts. */
export interface PresentedByState
  extends Pick<
    ImagePresentation,
    "applied" | "attributes" | "vois" | "graphics" | "pixelAspect" | "pose"
  > {
  readonly mask: MaskParts;
}

/**
 * Applies a state to a frame that it is about.
 * @param extras what the image has itself: of them its overlay planes and its colours remain
 */
export function presentByState(
  state: PresentationState,
  { reference, description, frame }: PreparedFrame,
  imagePixel: ImagePixel,
  extras: FrameExtras | undefined,
): PresentedByState {
  const { instance, frameIndex } = reference;
  const named = { sopInstanceUid: instance.sopInstanceUid, frameNumber: frameIndex + 1 };
  const transform = extras?.colourTransform;
  const colours = transform === undefined ? {} : { colourTransform: transform };
  const attributes = { ...description.attributes, ...colours };
  const planes = [...(extras?.overlays ?? []), ...(extras?.bitmaps ?? [])];
  const values = presentedValues(state, { ...named, imagePixel, attributes, summary: frame });
  const mask = presentedMask(state, planes, frameIndex);
  const area = partsFor(state.displayedAreas, named.sopInstanceUid, named.frameNumber)[0];
  const pixelAspect = area?.pixelAspect ?? displayAspect(description.facts);
  const place: PresentedPlace = {
    area: area === undefined ? wholeArea(frame.columns, frame.rows) : areaOf(area),
    transformation: state.transformation,
    pixelAspect,
  };
  const size: PresentationSize = area?.size ?? { mode: "SCALE TO FIT" };
  const drawn = presentedLayers(state, named, place);
  const limits = new Set([...state.limits, ...values.limits, ...mask.limits, ...drawn.limits]);
  return {
    applied: { title: state.title, size: sizeName(size), limits: [...limits] },
    attributes: values.attributes,
    vois: values.vois,
    graphics: drawn.layers,
    pixelAspect,
    pose: (sizes, pixelRatio) => presentedPose(place, size, sizes, pixelRatio),
    mask: mask.parts,
  };
}

function sizeName({ mode }: PresentationSize): PresentedSize {
  if (mode === "TRUE SIZE") return "true-size-assumed-96-dpi";
  return mode === "MAGNIFY" ? "magnified" : "fit";
}
