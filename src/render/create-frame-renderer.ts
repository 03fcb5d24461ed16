import type { ViewTransform } from "#core/geometry/view-transform.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import type { FrameRenderer, FrameRendererOptions, RendererKind } from "./frame-renderer.ts";
import { SharedGraphics } from "./shared-graphics.ts";
import { SoftwareRenderer } from "./software-renderer.ts";

/** The graphics of the page, made when the first renderer asks for them: those worth having, and those wished for by name. */
const pageGraphics = new Map<"fast" | "any", SharedGraphics>();

/**
 * A renderer for a canvas, whose only drawing context it becomes: always a 2D one, onto which the shared WebGL canvas or the
 * software picture is copied. So either can stand in for the other at any moment, and a lost graphics context costs speed, not
 * the picture.
 * @throws Error when the canvas has another context already.
 */
export function createFrameRenderer(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  options: FrameRendererOptions = {},
): FrameRenderer {
  const graphics = options.prefer === "canvas2d" ? undefined : graphicsFor(options);
  return new CanvasFrameRenderer(canvas, graphics?.isAvailable === true ? graphics : undefined);
}

function graphicsFor(options: FrameRendererOptions): SharedGraphics {
  if (options.graphics !== undefined) return options.graphics;
  const speed = options.prefer === "webgl2" ? "any" : "fast";
  const graphics = pageGraphics.get(speed) ?? new SharedGraphics({ acceptsSlow: speed === "any" });
  pageGraphics.set(speed, graphics);
  return graphics;
}

type CanvasContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

class CanvasFrameRenderer implements FrameRenderer {
  onRestored: (() => void) | undefined;
  readonly #canvas: HTMLCanvasElement | OffscreenCanvas;
  readonly #context: CanvasContext;
  readonly #graphics: SharedGraphics | undefined;
  readonly #software = new SoftwareRenderer();
  /** The rectangle that the last software picture stands in; all around it is black. */
  #painted = "";
  readonly #stopListening: () => void;

  constructor(canvas: HTMLCanvasElement | OffscreenCanvas, graphics: SharedGraphics | undefined) {
    this.#canvas = canvas;
    this.#graphics = graphics;
    this.#context = contextOf(canvas, graphics === undefined);
    this.#stopListening = graphics?.onRestored(() => this.onRestored?.()) ?? (() => undefined);
  }

  get kind(): RendererKind {
    return this.#graphics === undefined || this.isLost ? "canvas2d" : "webgl2";
  }

  get isLost(): boolean {
    return this.#graphics?.isLost ?? false;
  }

  draw(frame: DecodedFrame, display: DisplayPipeline, view: ViewTransform): void {
    const sized = resize(this.#canvas, view);
    if (sized.canvasWidth === 0 || sized.canvasHeight === 0) return;
    const picture = this.#graphics?.draw(frame, display, sized);
    if (picture === undefined) this.#drawSoftware(frame, display, sized);
    else {
      const { canvasWidth, canvasHeight } = sized;
      this.#context.globalCompositeOperation = "copy";
      this.#context.imageSmoothingEnabled = false;
      this.#context.drawImage(
        picture,
        0,
        0,
        canvasWidth,
        canvasHeight,
        0,
        0,
        canvasWidth,
        canvasHeight,
      );
      this.#software.clear();
      this.#painted = "";
    }
  }

  clear(): void {
    this.#context.globalCompositeOperation = "source-over";
    this.#context.fillStyle = "#000";
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#software.clear();
    this.#painted = "";
  }

  dispose(): void {
    this.#stopListening();
    this.onRestored = undefined;
    this.#software.clear();
  }

  #drawSoftware(frame: DecodedFrame, display: DisplayPipeline, view: ViewTransform): void {
    const { left, top, width, height, words } = this.#software.picture(frame, display, view);
    const painted = [left, top, width, height, view.canvasWidth, view.canvasHeight].join();
    if (painted !== this.#painted) {
      this.#context.globalCompositeOperation = "source-over";
      this.#context.fillStyle = "#000";
      this.#context.fillRect(0, 0, view.canvasWidth, view.canvasHeight);
      this.#painted = painted;
    }
    if (words.length === 0) return;
    const pixels = new ImageData(new Uint8ClampedArray(words.buffer), width, height);
    this.#context.putImageData(pixels, left, top);
  }
}

function contextOf(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  isSoftware: boolean,
): CanvasContext {
  const settings: CanvasRenderingContext2DSettings = {
    alpha: false,
    willReadFrequently: isSoftware,
  };
  const context =
    canvas instanceof HTMLCanvasElement
      ? canvas.getContext("2d", settings)
      : canvas.getContext("2d", settings);
  if (context === null) throw new Error("The canvas is in use by something else");
  return context;
}

/** Sets the size of the canvas, which must not happen without need, as it erases it; gives the view in whole pixels. */
function resize(canvas: HTMLCanvasElement | OffscreenCanvas, view: ViewTransform): ViewTransform {
  const canvasWidth = Math.max(Math.round(view.canvasWidth), 0);
  const canvasHeight = Math.max(Math.round(view.canvasHeight), 0);
  if (canvas.width !== canvasWidth) canvas.width = canvasWidth;
  if (canvas.height !== canvasHeight) canvas.height = canvasHeight;
  return { ...view, canvasWidth, canvasHeight };
}
