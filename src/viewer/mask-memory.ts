import { composeMask, type MaskParts } from "#core/pixels/compose-mask.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { PixelMask } from "#core/pixels/pixel-mask.ts";
import { displayAspect } from "#core/study/display-aspect.ts";
import type { PreparedFrame, WantedParts } from "./presentation.ts";

/** Masks that are kept for one frame, and of shutters alone. */
const MOST_MASKS = 4;

/**
 * Masks, each made once: they take as long as drawing the frame. One of a shutter alone is the same for all frames that have
 * the same shutter, so that a film goes on with the mask of its first frame.
 */
export class MaskMemory {
  readonly #ofFrames = new WeakMap<DecodedFrame, Map<string, PixelMask | undefined>>();
  readonly #shutters = new Map<string, PixelMask | undefined>();

  /**
   * The mask of a frame; undefined when nothing of what is wanted covers it.
   * @param source what the parts come from beside the instance itself: the UID of a presentation state, or empty
   */
  maskOf(
    prepared: PreparedFrame,
    source: string,
    parts: MaskParts,
    wanted: WantedParts,
  ): PixelMask | undefined {
    const { rows, columns } = prepared.frame;
    const aspect = displayAspect(prepared.description.facts);
    const masks = this.#masksFor(prepared.frame, parts);
    // Frames of one instance may have shutters of their own (Frame Display Shutter Sequence).
    const shutter = wanted.shutter ? JSON.stringify(parts.shutter) : "";
    const key = [source, rows, columns, aspect, wanted.overlays, shutter].join(" ");
    if (masks.has(key)) return masks.get(key);
    const mask = made(prepared, parts, wanted);
    const [oldest] = masks.keys();
    if (masks.size >= MOST_MASKS && oldest !== undefined) masks.delete(oldest);
    masks.set(key, mask);
    return mask;
  }

  #masksFor(
    frame: DecodedFrame,
    { overlays, shutter }: MaskParts,
  ): Map<string, PixelMask | undefined> {
    const hasBitmap = shutter?.shapes.some(({ kind }) => kind === "bitmap") === true;
    if (overlays.length === 0 && !hasBitmap) return this.#shutters;
    const known = this.#ofFrames.get(frame) ?? new Map<string, PixelMask | undefined>();
    this.#ofFrames.set(frame, known);
    return known;
  }
}

function made(
  { frame, description }: PreparedFrame,
  parts: MaskParts,
  wanted: WantedParts,
): PixelMask | undefined {
  const { rows, columns, embeddedOverlays } = frame;
  const image = { rows, columns, pixelAspect: displayAspect(description.facts) };
  return composeMask(image, {
    ...parts,
    overlays: wanted.overlays ? parts.overlays : [],
    shutter: wanted.shutter ? parts.shutter : undefined,
    embedded: embeddedOverlays,
  });
}
