import type { ViewTransform } from "#core/geometry/view-transform.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import type { GlPainter, PainterLimits } from "./gl-painter.ts";

/** Limits of the graphics, for small machines and for tests. */
export interface GraphicsOptions extends PainterLimits {
  /** Whether a context that is known to be slow (software) is used; not by default, as the software renderer is faster. */
  readonly acceptsSlow?: boolean;
}

type MakePainter = typeof import("./gl-painter.ts").createPainter;

/**
 * One WebGL 2 context for all viewports and thumbnails. Browsers allow a page some 16 contexts and silently kill the
 * oldest beyond that; one context also holds each texture and shader once. A picture is drawn on its off-screen canvas,
 * and copied to the 2D canvas of the viewport in the same task. It survives the loss of the context.
 *
 * The code that draws arrives beside the first image, which need not wait for it: until then, and if it never comes, it is
 * as if the context were lost.
 */
export class SharedGraphics {
  readonly #canvas = new OffscreenCanvas(1, 1);
  readonly #options: GraphicsOptions;
  readonly #restored = new Set<() => void>();
  readonly #gl: WebGL2RenderingContext | undefined;
  /** Settles when there is all that drawing needs, or when it is sure that there never is. */
  readonly ready: Promise<void>;
  #makePainter: MakePainter | undefined;
  #painter: GlPainter | undefined;

  constructor(options: GraphicsOptions = {}) {
    this.#options = options;
    this.#gl = openContext(this.#canvas, options.acceptsSlow === true);
    this.#canvas.addEventListener("webglcontextlost", (event) => {
      // Without this the context would never come back.
      event.preventDefault();
      this.#painter = undefined;
    });
    this.#canvas.addEventListener("webglcontextrestored", () => this.#tellRestored());
    this.ready = this.#gl === undefined ? Promise.resolve() : this.#load();
  }

  /** Whether the browser gave a context at all. */
  get isAvailable(): boolean {
    return this.#gl !== undefined;
  }

  /** Whether the context is lost, or the code that draws with it not there, at this moment. */
  get isLost(): boolean {
    return this.#gl !== undefined && (this.#makePainter === undefined || this.#gl.isContextLost());
  }

  /** The context, for tests that take it away. */
  get context(): WebGL2RenderingContext | undefined {
    return this.#gl;
  }

  /** Bytes of the textures that are held. */
  get textureBytes(): number {
    return this.#painter?.textureBytes ?? 0;
  }

  /** Calls the listener each time the context is there again, until the returned function is called. */
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
    if (gl === undefined || gl.isContextLost() || this.#makePainter === undefined) return undefined;
    if (!this.#grow(gl, view.canvasWidth, view.canvasHeight)) return undefined;
    this.#painter ??= this.#makePainter(gl, this.#options);
    const isDrawn = this.#painter.paint(frame, display, view);
    return isDrawn && !gl.isContextLost() ? this.#canvas : undefined;
  }

  /** The canvas only grows: going back and forth between sizes would allocate each time. */
  #grow(gl: WebGL2RenderingContext, width: number, height: number): boolean {
    if (width > this.#canvas.width) this.#canvas.width = width;
    if (height > this.#canvas.height) this.#canvas.height = height;
    return gl.drawingBufferWidth >= width && gl.drawingBufferHeight >= height;
  }

  async #load(): Promise<void> {
    // Software draws the same picture; a page whose connection is gone goes on with it.
    const code = await import("./gl-painter.ts").catch(() => undefined);
    this.#makePainter = code?.createPainter;
    if (code !== undefined) this.#tellRestored();
  }

  #tellRestored(): void {
    for (const listener of this.#restored) listener();
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
  // As that of the 2D canvases onto which it is copied, so that no level is converted.
  gl.drawingBufferColorSpace = "srgb";
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
