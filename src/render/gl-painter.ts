import type { ViewTransform } from "#core/geometry/view-transform.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import { type FrameTexture, FrameTextures, type TextureLimits } from "./frame-textures.ts";
import { setExtras, shaderExtras, usedExtras } from "./gl-extras.ts";
import { type GreyCurve, greyCurve, valueBase } from "./grey-curve.ts";
import { type Sampling, samplingOf } from "./sampling.ts";
import { paletteOnScreen } from "./screen-palette.ts";
import { type ShaderProgram, ShaderPrograms } from "./shader-programs.ts";
import { TableTextures } from "./table-textures.ts";

/** How much of a context may be used. */
export interface PainterLimits {
  /** Bytes of textures of frames and masks that may stay; 192 MiB unless said otherwise. */
  readonly budgetBytes?: number;
  /** Largest texture side; that of the context unless smaller. */
  readonly maxTextureSize?: number;
}

const DEFAULT_BUDGET_BYTES = 192 * 2 ** 20;
const FRAME_UNIT = 0;
const TABLE_UNIT = 1;
const CURVE_UNIT = 2;

/** A painter for a context that lives. */
export function createPainter(gl: WebGL2RenderingContext, options: PainterLimits): GlPainter {
  const { budgetBytes = DEFAULT_BUDGET_BYTES, maxTextureSize = Number.POSITIVE_INFINITY } = options;
  const limits: TextureLimits = {
    maxSize: Math.min(parameter(gl, gl.MAX_TEXTURE_SIZE), maxTextureSize),
    maxLayers: parameter(gl, gl.MAX_ARRAY_TEXTURE_LAYERS),
  };
  return new GlPainter(gl, new FrameTextures(gl, limits, budgetBytes));
}

/** Draws frames with one WebGL 2 context as long as that lives. A change of the window costs a uniform and one draw. */
export class GlPainter {
  readonly #gl: WebGL2RenderingContext;
  readonly #textures: FrameTextures;
  readonly #programs: ShaderPrograms;
  readonly #tables: TableTextures;

  constructor(gl: WebGL2RenderingContext, textures: FrameTextures) {
    this.#gl = gl;
    this.#textures = textures;
    this.#programs = new ShaderPrograms(gl);
    this.#tables = new TableTextures(gl);
    // Core WebGL 2 needs a vertex array object to be bound for nothing but gl_VertexID; the default one will do.
    gl.disable(gl.DITHER);
    gl.disable(gl.BLEND);
    gl.enable(gl.SCISSOR_TEST);
    gl.clearColor(0, 0, 0, 1);
  }

  get textureBytes(): number {
    return this.#textures.bytes;
  }

  /** Draws into the top left corner of the drawing buffer; false when the frame is beyond the limits of the context. */
  paint(frame: DecodedFrame, display: DisplayPipeline, view: ViewTransform): boolean {
    const texture = this.#textures.get(frame, display.padding);
    if (texture === undefined) return false;
    const extras = usedExtras(frame, display);
    const mask = extras?.mask && this.#textures.getMask(extras.mask, texture);
    if (extras?.mask !== undefined && mask === undefined) return false;
    const gl = this.#gl;
    const bufferHeight = gl.drawingBufferHeight;
    gl.scissor(0, bufferHeight - view.canvasHeight, view.canvasWidth, view.canvasHeight);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const sampling = samplingOf(view);
    const { left, top, width, height } = sampling;
    if (width === 0 || height === 0) return true;
    const curve = greyCurve(display, valueBase(frame));
    const palette = frame.meaning === "palette" ? display.palette : undefined;
    const hasModalityTable = palette === undefined && display.modality.kind === "lut";
    const shader = this.#programs.get({
      texture: texture.kind,
      isTiled: texture.shape.layers > 1,
      hasPalette: palette !== undefined,
      hasModalityTable,
      curve: curve.kind,
      ...(extras === undefined ? {} : { extras: shaderExtras(extras) }),
    });
    gl.useProgram(shader.program);
    gl.viewport(left, bufferHeight - top - height, width, height);
    gl.scissor(left, bufferHeight - top - height, width, height);
    this.#setPlace(shader, sampling, texture, bufferHeight);
    this.#setTables(shader, frame, display);
    this.#setCurve(shader, curve);
    if (extras !== undefined) setExtras(gl, this.#tables, shader, extras, mask);
    gl.uniform1i(shader.uniforms.inverted, display.inverted ? 1 : 0);
    const { first, last } = display.padding ?? { first: 1, last: 0 };
    gl.uniform2f(shader.uniforms.padding, first, last);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    return true;
  }

  #setPlace(
    { uniforms }: ShaderProgram,
    sampling: Sampling,
    { texture, shape }: FrameTexture,
    bufferHeight: number,
  ): void {
    const gl = this.#gl;
    const { a, b, c, d, e, f } = sampling.toImage;
    gl.activeTexture(gl.TEXTURE0 + FRAME_UNIT);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
    gl.uniform1i(uniforms.frame, FRAME_UNIT);
    gl.uniform2f(uniforms.corner, sampling.left, bufferHeight - sampling.top);
    gl.uniform4f(uniforms.turn, a, b, c, d);
    gl.uniform2f(uniforms.origin, e, f);
    gl.uniform2f(uniforms.footprint, sampling.footprintX, sampling.footprintY);
    gl.uniform2i(uniforms.size, sampling.columns, sampling.rows);
    gl.uniform3i(uniforms.tile, shape.width, shape.height, shape.tilesAcross);
  }

  #setTables({ uniforms }: ShaderProgram, frame: DecodedFrame, display: DisplayPipeline): void {
    const gl = this.#gl;
    if (frame.meaning === "palette" && display.palette !== undefined) {
      const { firstMapped, colors } = paletteOnScreen(display.palette, display.colourTransform);
      this.#tables.bindColors(TABLE_UNIT, colors);
      gl.uniform2f(uniforms.tableRange, firstMapped, colors.length / 3 - 1);
    } else if (display.modality.kind === "lut") {
      const { lut } = display.modality;
      this.#tables.bindModality(TABLE_UNIT, lut);
      gl.uniform2f(uniforms.tableRange, lut.firstMapped - valueBase(frame), lut.entries.length - 1);
    }
    gl.uniform1i(uniforms.table, TABLE_UNIT);
  }

  #setCurve({ uniforms }: ShaderProgram, curve: GreyCurve): void {
    const gl = this.#gl;
    gl.uniform1i(uniforms.curveTable, CURVE_UNIT);
    if (curve.kind === "table") {
      this.#tables.bindGreys(CURVE_UNIT, curve.lut);
      gl.uniform2f(uniforms.curve, curve.scale, curve.offset);
      gl.uniform1f(uniforms.curveLast, curve.lut.entries.length - 1);
    } else gl.uniform2f(uniforms.curve, curve.middle, curve.scale);
  }
}

function parameter(gl: WebGL2RenderingContext, name: number): number {
  const value: unknown = gl.getParameter(name);
  return typeof value === "number" ? value : 0;
}
