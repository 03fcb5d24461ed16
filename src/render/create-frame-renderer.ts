import type { FrameRenderer, FrameRendererOptions } from "./frame-renderer.ts";

/** A renderer for a canvas, whose only drawing context it becomes. */
export function createFrameRenderer(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  options: FrameRendererOptions = {},
): FrameRenderer {
  return {
    kind: options.prefer ?? "webgl2",
    isLost: false,
    onRestored: undefined,
    draw(_frame, _display, view) {
      canvas.width = view.canvasWidth;
      canvas.height = view.canvasHeight;
    },
    clear() {},
    dispose() {},
  };
}
