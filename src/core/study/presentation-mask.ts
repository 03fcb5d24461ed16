import type { MaskOverlay, MaskParts } from "../pixels/compose-mask.ts";
import { type DisplayShutter, readDisplayShutter } from "../pixels/display-shutter.ts";
import { type OverlayPlane, readOverlayPlanes } from "../pixels/overlay-planes.ts";
import type { PresentationLimit, PresentationState } from "./presentation-state.ts";

/** What a state lays over a frame, and what of it cannot be shown. */
export interface PresentedMask {
  readonly parts: MaskParts;
  readonly limits: readonly PresentationLimit[];
}

/** Overlay Activation Layer (60xx,1001). */
const ACTIVATION_LAYER = 0x1001;
const GROUPS: readonly number[] = Array.from({ length: 16 }, (_, plane) => 0x6000 + plane * 2);

/**
 * Shutters and overlay planes of a frame under a state. The shutter is the state's alone. A plane is shown when the state
 * names a layer for its group, in the colour of that layer; it is the state's own plane where it has one of that group,
 * else the image's (PS3.3 C.11.7). Planes of the state are counted by the frames of its image.
 * @param planes those of the frame itself
 * @param frameIndex from 0
 */
export function presentedMask(
  state: PresentationState,
  planes: readonly OverlayPlane[],
  frameIndex: number,
): PresentedMask {
  const { dataSet } = state;
  const shutter = readDisplayShutter(dataSet);
  const own = byGroup(readOverlayPlanes(dataSet, frameIndex));
  const ofImage = byGroup(planes);
  const bitmaps = bitmapGroups(shutter);
  const overlays: MaskOverlay[] = [];
  const limits = new Set<PresentationLimit>();
  for (const group of GROUPS) {
    const plane = own.get(group) ?? ofImage.get(group);
    if (plane === undefined || bitmaps.has(group)) continue;
    const layer = dataSet.string(group * 0x1_0000 + ACTIVATION_LAYER);
    if (layer === undefined) limits.add("overlay-not-activated");
    else if (plane.bits.kind === "missing") limits.add("overlay-missing");
    else overlays.push({ plane, color: state.layers.find(({ name }) => name === layer)?.color });
  }
  const planesOfShutter = [...bitmaps].flatMap(
    (group) => own.get(group) ?? ofImage.get(group) ?? [],
  );
  const lacksBits = planesOfShutter.some(({ bits }) => bits.kind === "missing");
  if (lacksBits || planesOfShutter.length < bitmaps.size) limits.add("overlay-missing");
  if ((shutter?.unreadable.length ?? 0) > 0) limits.add("shutter-unreadable");
  return { parts: { overlays, shutter, bitmaps: planesOfShutter }, limits: [...limits] };
}

function byGroup(planes: readonly OverlayPlane[]): ReadonlyMap<number, OverlayPlane> {
  return new Map(planes.map((plane) => [plane.group, plane]));
}

function bitmapGroups(shutter: DisplayShutter | undefined): ReadonlySet<number> {
  const groups = shutter?.shapes.flatMap((shape) => (shape.kind === "bitmap" ? [shape.group] : []));
  return new Set(groups);
}
