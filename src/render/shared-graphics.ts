import type { ViewTransform } from "#core/geometry/view-transform.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import { FrameTextures, type TextureLimits } from "./frame-textures.ts";
import { GlPainter } from "./gl-painter.ts";

/** Limits of the graphics, for small machines and for tests. */
export interface GraphicsOptions {
  /** Bytes of frame textures that may stay; 192 MiB unless said otherwise. */
  readonly budgetBytes?: number;
  /** Largest texture side; that of the context unless smaller. */
  readonly maxTextureSize?: number;
  /** Whether a context that is known to be slow (software) is used; not by default, as the software renderer is faster. */
  readonly acceptsSlow?: boolean;
}

const DEFAULT_BUDGET_BYTES = 192 * 2 ** 20;

/**
 * One WebGL 2 context for all viewports and thumbnails. Browsers allow a page some 16 contexts and silently kill the
 * oldest beyond that; one context also holds each texture and shader once. A picture is drawn on its off-screen canvas,
 * and copied to the 2D canvas of the viewport in the same task. It survives the loss of the context.
 */
export class SharedGraphics {
  readonly #canvas = new OffscreenCanvas(1, 1);
  readonly #options: GraphicsOptions;
  readonly #restored = new Set<() => void>();
  readonly #gl: WebGL2RenderingContext | undefined;
  #painter: GlPainter | undefined;

  constructor(options: GraphicsOptions = {}) {
    this.#options = options;
    this.#gl = openContext(this.#canvas, options.acceptsSlow === true);
    this.#canvas.addEventListener("webglcontextlost", (event) => {
      // Without this the context would never come back.
      event.preventDefault();
      this.#painter = undefined;
    });
    this.#canvas.addEventListener("webglcontextrestored", () => {
      for (const listener of this.#restored) listener();
    });
  }

  /** Whether the browser gave a context at all. */
  get isAvailable(): boolean {
    return this.#gl !== undefined;
  }

  /** Whether the context is lost at this moment. */
  get isLost(): boolean {
    return this.#gl?.isContextLost() ?? false;
  }

  /** The context, for tests that take it away. */
  get context(): WebGL2RenderingContext | undefined {
    return this.#gl;
  }

  /** Bytes of the textures that are held. */
  get textureBytes(): number {
    return this.#painter?.textureBytes ?? 0;
  }

  /** Calls the listener each time the context is back, until the returned function is called. */
  onRestored(listener: () => void): () => void {
    this.#restored.add(listener);
    return () => this.#restored.delete(listener);
  }

  /**
   * Draws a picture and gives the canvas that holds it, in its top left corner and until the end of the task; undefined when
   * it cannot: no context, a lost one, or a frame beyond its limits.
   */
  draw(
    frame: DecodedFrame,
    display: DisplayPipeline,
    view: ViewTransform,
  ): OffscreenCanvas | undefined {
    const gl = this.#gl;
    if (gl === undefined || gl.isContextLost()) return undefined;
    if (!this.#grow(gl, view.canvasWidth, view.canvasHeight)) return undefined;
    this.#painter ??= this.#makePainter(gl);
    const isDrawn = this.#painter.paint(frame, display, view);
    return isDrawn && !gl.isContextLost() ? this.#canvas : undefined;
  }

  /** The canvas only grows: going back and forth between sizes would allocate each time. */
  #grow(gl: WebGL2RenderingContext, width: number, height: number): boolean {
    if (width > this.#canvas.width) this.#canvas.width = width;
    if (height > this.#canvas.height) this.#canvas.height = height;
    return gl.drawingBufferWidth >= width && gl.drawingBufferHeight >= height;
  }

  #makePainter(gl: WebGL2RenderingContext): GlPainter {
    const { budgetBytes = DEFAULT_BUDGET_BYTES, maxTextureSize = Number.POSITIVE_INFINITY } =
      this.#options;
    const limits: TextureLimits = {
      maxSize: Math.min(parameter(gl, gl.MAX_TEXTURE_SIZE), maxTextureSize),
      maxLayers: parameter(gl, gl.MAX_ARRAY_TEXTURE_LAYERS),
    };
    return new GlPainter(gl, new FrameTextures(gl, limits, budgetBytes));
  }
}

/** A context for drawing; undefined where there is none, or only a slow one that is not wanted. */
function openContext(
  canvas: OffscreenCanvas,
  acceptsSlow: boolean,
): WebGL2RenderingContext | undefined {
  const gl = canvas.getContext("webgl2", {
    alpha: false,
    antialias: false,
    depth: false,
    stencil: false,
    failIfMajorPerformanceCaveat: !acceptsSlow,
  });
  if (gl === null) return undefined;
  if (acceptsSlow || !isSoftware(gl)) return gl;
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return undefined;
}

/** Whether the processor plays the graphics card, by its name: some browsers do not count that as a caveat. */
function isSoftware(gl: WebGL2RenderingContext): boolean {
  const facts = gl.getExtension("WEBGL_debug_renderer_info");
  const name: unknown = gl.getParameter(facts?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER);
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(String(name));
}

function parameter(gl: WebGL2RenderingContext, name: number): number {
  const value: unknown = gl.getParameter(name);
  return typeof value === "number" ? value : 0;
}
