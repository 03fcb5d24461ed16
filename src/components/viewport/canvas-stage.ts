import { createFrameRenderer } from "../../render/create-frame-renderer.ts";
import type { FrameRenderer } from "../../render/frame-renderer.ts";
import type { ViewportController } from "../../viewer/viewport-controller.ts";

/** Makes a renderer for a canvas; `createFrameRenderer` is one. */
export type MakeRenderer = (canvas: HTMLCanvasElement) => FrameRenderer;

/**
 * The canvas of one viewport and what draws on it. It lives from connection to disconnection, as a canvas can have
 * one drawing context only.
 */
export class CanvasStage {
  readonly canvas: HTMLCanvasElement;
  readonly #renderer: FrameRenderer;
  #drawn: readonly unknown[] = [];

  /** @param onRestored called when drawing again gives another answer. */
  constructor(onRestored: () => void, makeRenderer: MakeRenderer = createFrameRenderer) {
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.#renderer = makeRenderer(this.canvas);
    this.#renderer.onRestored = () => {
      this.#drawn = [];
      onRestored();
    };
  }

  /** Whether what should be drawn is not there yet, and the canvas black. */
  get isWaiting(): boolean {
    return this.#renderer.isWaiting;
  }

  /** Draws what the viewport shows, or black; does nothing when that stands there already. */
  draw(viewport: ViewportController | undefined): void {
    const decoded = viewport?.decoded;
    const view = viewport?.view.peek();
    const pipeline = viewport?.pipeline.peek();
    const wanted = [decoded, view, pipeline];
    if (this.#drawn.length > 0 && wanted.every((part, index) => part === this.#drawn[index]))
      return;
    this.#drawn = wanted;
    if (decoded === undefined || view === undefined || pipeline === undefined)
      this.#renderer.clear();
    else this.#renderer.draw(decoded, pipeline, view);
  }

  dispose(): void {
    this.#renderer.onRestored = undefined;
    this.#renderer.dispose();
  }
}
