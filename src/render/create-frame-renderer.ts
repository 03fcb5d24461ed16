import type { ViewTransform } from "#core/geometry/view-transform.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import { type ExtrasCode, hasExtras, pageExtras } from "./extras-code.ts";
import type { ExtrasPainter } from "./extras-painter.ts";
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
  return new CanvasFrameRenderer(
    canvas,
    graphics?.isAvailable === true ? graphics : undefined,
    options.extras ?? pageExtras,
  );
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
  readonly #extrasCode: ExtrasCode;
  #extras: ExtrasPainter | undefined;
  /** What waits for the code of extras; the last one counts. */
  #waiting: readonly [DecodedFrame, DisplayPipeline, ViewTransform] | undefined;
  #failure: unknown;
  /** The rectangle that the last software picture stands in; all around it is black. */
  #painted = "";
  readonly #stopListening: () => void;

  constructor(
    canvas: HTMLCanvasElement | OffscreenCanvas,
    graphics: SharedGraphics | undefined,
    extrasCode: ExtrasCode,
  ) {
    this.#canvas = canvas;
    this.#graphics = graphics;
    this.#extrasCode = extrasCode;
    this.#context = contextOf(canvas, graphics === undefined);
    this.#stopListening = graphics?.onRestored(() => this.onRestored?.()) ?? (() => undefined);
  }

  get kind(): RendererKind {
    return this.#graphics === undefined || this.isLost ? "canvas2d" : "webgl2";
  }

  get isLost(): boolean {
    return this.#graphics?.isLost ?? false;
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  draw(frame: DecodedFrame, display: DisplayPipeline, view: ViewTransform): void {
    const sized = resize(this.#canvas, view);
    this.#waiting = undefined;
    if (sized.canvasWidth === 0 || sized.canvasHeight === 0) return;
    const picture = this.#graphics?.draw(frame, display, sized);
    if (picture !== undefined) this.#copy(picture, sized);
    else if (!hasExtras(display)) this.#paint(this.#software, frame, display, sized);
    else {
      this.#extras ??= this.#extrasCode.renderer();
      if (this.#extras === undefined) this.#wait(frame, display, view);
      else this.#paint(this.#extras, frame, display, sized);
    }
  }

  clear(): void {
    this.#waiting = undefined;
    this.#context.globalCompositeOperation = "source-over";
    this.#context.fillStyle = "#000";
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#forget();
  }

  dispose(): void {
    this.#stopListening();
    this.onRestored = undefined;
    this.#waiting = undefined;
    this.#forget();
  }

  #forget(): void {
    this.#software.clear();
    this.#extras?.clear();
    this.#painted = "";
  }

  #copy(picture: OffscreenCanvas, { canvasWidth, canvasHeight }: ViewTransform): void {
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
    this.#forget();
  }

  #paint(
    renderer: SoftwareRenderer | ExtrasPainter,
    frame: DecodedFrame,
    display: DisplayPipeline,
    view: ViewTransform,
  ): void {
    const { left, top, width, height, words } = renderer.picture(frame, display, view);
    const painted = [left, top, width, height, view.canvasWidth, view.canvasHeight].join();
    if (painted !== this.#painted) {
      this.#context.globalCompositeOperation = "source-over";
      this.#context.fillStyle = "#000";
      this.#context.fillRect(0, 0, view.canvasWidth, view.canvasHeight);
      this.#painted = painted;
    }
    if (words.length === 0) return;
    const pixels = new ImageData(new Uint8ClampedArray(words.buffer), width, height, {
      colorSpace: "srgb",
    });
    this.#context.putImageData(pixels, left, top);
  }

  /** Black until the code is there: neither the image before nor this one without what belongs to it. */
  #wait(frame: DecodedFrame, display: DisplayPipeline, view: ViewTransform): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.clear();
    const waiting = [frame, display, view] as const;
    this.#waiting = waiting;
    this.#extrasCode.ready().then(
      () => {
        if (this.#waiting !== waiting) return;
        this.draw(frame, display, view);
        this.onRestored?.();
      },
      (error: unknown) => {
        this.#failure = error;
        if (this.#waiting === waiting) this.onRestored?.();
      },
    );
  }
}

function contextOf(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  isSoftware: boolean,
): CanvasContext {
  const settings: CanvasRenderingContext2DSettings = {
    alpha: false,
    // What is drawn are the levels of an sRGB screen; nothing converts them on the way.
    colorSpace: "srgb",
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
