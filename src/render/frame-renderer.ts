import type { ViewTransform } from "#core/geometry/view-transform.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import type { ExtrasCode } from "./extras-code.ts";
import type { SharedGraphics } from "./shared-graphics.ts";

/** Which machinery draws. Both give the same picture within one grey level. */
export type RendererKind = "webgl2" | "canvas2d";

/** Draws decoded frames on one canvas. It holds no frame state of its own: every call says all. */
export interface FrameRenderer {
  /** What draws at this moment. */
  readonly kind: RendererKind;
  /** Whether graphics are lost, or not there yet, at this moment; drawing goes on in software until they are. */
  readonly isLost: boolean;
  /** Whether the canvas is black because the code for the extras of what was drawn last is not there yet. */
  readonly isWaiting: boolean;
  /**
   * Called when drawing again gives another answer: the graphics context is there (what is shown is right, but will be
   * faster), or the wait of the last picture is over: it is drawn, or its code is not to be had (then `draw` throws).
   */
  onRestored: (() => void) | undefined;
  /**
   * Draws the frame on a black canvas of `view.canvasWidth` x `view.canvasHeight` device pixels, which it sizes. A display
   * with extras, the first time, may wait for their code (`readyToDraw`): the canvas is black until then.
   * @throws what kept the code from arriving, when the same was asked for before
   */
  draw(frame: DecodedFrame, display: DisplayPipeline, view: ViewTransform): void;
  /** Fills the canvas with black, so that no old image stays (safety C29). */
  clear(): void;
  dispose(): void;
}

/**
 * Which machinery is wished for. Without a wish it is WebGL 2 where it runs on graphics hardware, else `canvas2d`; without WebGL 2
 * it is `canvas2d` in any case.
 */
export interface FrameRendererOptions {
  readonly prefer?: RendererKind;
  /** Graphics of one's own instead of those of the page. */
  readonly graphics?: SharedGraphics;
  /** Code of one's own instead of that of the page. */
  readonly extras?: ExtrasCode;
}
