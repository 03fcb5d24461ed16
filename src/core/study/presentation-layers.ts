import * as TAGS from "../dicom/tags.generated.ts";
import { readAnnotation } from "./presentation-annotations.ts";
import type { PresentedPlace } from "./presentation-area.ts";
import type {
  PresentationGraphic,
  PresentationGraphics,
  PresentationLayer,
} from "./presentation-graphics.ts";
import { partsFor } from "./presentation-references.ts";
import type { PresentationLimit, PresentationState } from "./presentation-state.ts";

/** The graphics of a state on one frame, by layers, and what of them cannot be drawn. */
export interface PresentedLayers {
  readonly layers: PresentationGraphics;
  readonly limits: readonly PresentationLimit[];
}

/** Reads what a state draws on a frame; layers without anything to draw are left out. */
export function presentedLayers(
  state: PresentationState,
  frame: { readonly sopInstanceUid: string; readonly frameNumber: number },
  place: PresentedPlace,
): PresentedLayers {
  const byLayer = new Map<string, PresentationGraphic[]>();
  const limits = new Set<PresentationLimit>();
  for (const item of partsFor(state.annotations, frame.sopInstanceUid, frame.frameNumber)) {
    const read = readAnnotation(item, place);
    const name = item.string(TAGS.GraphicLayer) ?? "";
    byLayer.set(name, [...(byLayer.get(name) ?? []), ...read.graphics]);
    for (const limit of read.limits) limits.add(limit);
  }
  return { layers: inOrder(state, byLayer), limits: [...limits] };
}

/** Graphics of layers that the state does not declare lie uppermost, so that they are not lost. */
function inOrder(
  { layers }: PresentationState,
  byLayer: ReadonlyMap<string, readonly PresentationGraphic[]>,
): readonly PresentationLayer[] {
  const declared = layers.map(({ name, description, color }) => ({ name, description, color }));
  const others = [...byLayer.keys()]
    .filter((name) => !layers.some((layer) => layer.name === name))
    .map((name) => ({ name, description: "", color: undefined }));
  return [...declared, ...others].flatMap((layer) => {
    const graphics = byLayer.get(layer.name) ?? [];
    return graphics.length === 0 ? [] : [{ ...layer, graphics }];
  });
}
