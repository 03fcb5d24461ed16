import type { ColourTransform } from "#core/pixels/colour-transform.ts";
import type { Palette } from "#core/pixels/palette.ts";
import { screenPalette } from "#core/pixels/render-pixels.ts";

const known = new WeakMap<Palette, WeakMap<ColourTransform, Palette>>();

/** A palette in the colours of the screen; the same object for the same palette and transform, so that it is made once. */
export function paletteOnScreen(
  palette: Palette,
  colourTransform: ColourTransform | undefined,
): Palette {
  if (colourTransform === undefined) return palette;
  const ofPalette = known.get(palette) ?? new WeakMap<ColourTransform, Palette>();
  known.set(palette, ofPalette);
  const made = ofPalette.get(colourTransform) ?? screenPalette(palette, colourTransform);
  ofPalette.set(colourTransform, made);
  return made;
}
