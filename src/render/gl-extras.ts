import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayExtras, DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import type { Palette } from "#core/pixels/palette.ts";
import { isMaskOf } from "#core/pixels/pixel-mask.ts";
import { hasExtras } from "./extras-code.ts";
import type { FrameTexture } from "./frame-textures.ts";
import { valueBase } from "./grey-curve.ts";
import { paletteOnScreen } from "./screen-palette.ts";
import type { ShaderProgram } from "./shader-programs.ts";
import type { ShaderExtras } from "./shader-source.ts";
import type { TableTextures } from "./table-textures.ts";

/** Texture units beyond those of a plain image. */
const MASK_UNIT = 3;
const MASK_COLORS_UNIT = 4;
const PRESENTATION_UNIT = 5;
const SUPPLEMENTAL_UNIT = 6;
const PSEUDO_UNIT = 7;
const CUBE_UNIT = 8;

/**
 * What counts of the extras of a pipeline for this frame, palettes in the colours of the screen and the first mapped value less
 * the base of the frame; undefined for a plain image.
 */
export function usedExtras(
  frame: DecodedFrame,
  display: DisplayPipeline,
): DisplayExtras | undefined {
  if (!hasExtras(display)) return undefined;
  const { mask, presentationLut, supplementalPalette, pseudoColor, colourTransform } = display;
  const isColor =
    frame.meaning === "rgb" || (frame.meaning === "palette" && display.palette !== undefined);
  const onScreen = (palette: Palette): Palette => paletteOnScreen(palette, colourTransform);
  return {
    ...(mask !== undefined && isMaskOf(mask, frame) ? { mask } : {}),
    ...(frame.meaning === "rgb" && colourTransform !== undefined ? { colourTransform } : {}),
    ...(isColor || presentationLut === undefined ? {} : { presentationLut }),
    ...(isColor || pseudoColor === undefined ? {} : { pseudoColor: onScreen(pseudoColor) }),
    ...(isColor || supplementalPalette === undefined
      ? {}
      : { supplementalPalette: withoutBase(onScreen(supplementalPalette), valueBase(frame)) }),
  };
}

function withoutBase({ firstMapped, colors }: Palette, base: number): Palette {
  return { firstMapped: firstMapped - base, colors };
}

/** Which parts of the shader these extras need. */
export function shaderExtras(extras: DisplayExtras): ShaderExtras {
  return {
    hasMask: extras.mask !== undefined,
    hasPresentationLut: extras.presentationLut !== undefined,
    hasSupplementalPalette: extras.supplementalPalette !== undefined,
    hasPseudoColor: extras.pseudoColor !== undefined,
    hasCube: extras.colourTransform !== undefined,
  };
}

/** Binds the textures of the extras and sets their uniforms. */
export function setExtras(
  gl: WebGL2RenderingContext,
  tables: TableTextures,
  { uniforms }: ShaderProgram,
  extras: DisplayExtras,
  mask: FrameTexture | undefined,
): void {
  // Samplers of different kinds must not share a unit, used or not.
  gl.uniform1i(uniforms.mask, MASK_UNIT);
  gl.uniform1i(uniforms.maskColors, MASK_COLORS_UNIT);
  gl.uniform1i(uniforms.presentationTable, PRESENTATION_UNIT);
  gl.uniform1i(uniforms.supplementalTable, SUPPLEMENTAL_UNIT);
  gl.uniform1i(uniforms.pseudoTable, PSEUDO_UNIT);
  gl.uniform1i(uniforms.cube, CUBE_UNIT);
  if (extras.mask !== undefined && mask !== undefined) {
    gl.activeTexture(gl.TEXTURE0 + MASK_UNIT);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, mask.texture);
    tables.bindColors(MASK_COLORS_UNIT, extras.mask.colors);
  }
  const { presentationLut, supplementalPalette, pseudoColor, colourTransform } = extras;
  if (presentationLut !== undefined) {
    tables.bindGreys(PRESENTATION_UNIT, presentationLut);
    gl.uniform1i(uniforms.presentationLast, presentationLut.entries.length - 1);
  }
  if (supplementalPalette !== undefined) {
    const { firstMapped, colors } = supplementalPalette;
    tables.bindColors(SUPPLEMENTAL_UNIT, colors);
    gl.uniform2f(uniforms.supplementalRange, firstMapped, colors.length / 3 - 1);
  }
  if (pseudoColor !== undefined) {
    tables.bindColors(PSEUDO_UNIT, pseudoColor.colors);
    gl.uniform1i(uniforms.pseudoLast, pseudoColor.colors.length / 3 - 1);
  }
  if (colourTransform !== undefined) tables.bindCube(CUBE_UNIT, colourTransform);
}
