import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { CanvasSize } from "../../viewer/viewport-state.ts";

/** Watches the size of a stage in whole device pixels, while its host is connected. */
export class StageSize implements ReactiveController {
  readonly #onSize: (size: CanvasSize) => void;
  readonly #observer = new ResizeObserver((entries) => this.#measured(entries));
  #observed: Element | undefined;
  #last: CanvasSize | undefined;

  constructor(host: ReactiveControllerHost, onSize: (size: CanvasSize) => void) {
    this.#onSize = onSize;
    host.addController(this);
  }

  observe(stage: Element): void {
    if (stage === this.#observed) return;
    this.#observer.disconnect();
    this.#observed = stage;
    try {
      this.#observer.observe(stage, { box: "device-pixel-content-box" });
    } catch {
      // Where this box is unknown (Safari), the size is computed from the content box.
      this.#observer.observe(stage);
    }
  }

  /** Says the last size again, to somebody new. */
  report(): void {
    if (this.#last !== undefined) this.#onSize(this.#last);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#observed = undefined;
  }

  #measured(entries: readonly ResizeObserverEntry[]): void {
    const entry = entries.at(-1);
    if (entry === undefined) return;
    const ratio = window.devicePixelRatio;
    const device = entry.devicePixelContentBoxSize?.[0];
    const width = device?.inlineSize ?? Math.round(entry.contentRect.width * ratio);
    const height = device?.blockSize ?? Math.round(entry.contentRect.height * ratio);
    const size = { width, height, pixelRatio: pixelRatioOf(width, entry.contentRect.width) };
    this.#last = size;
    this.#onSize(size);
  }
}

/**
 * Pixels of the canvas for each CSS pixel: those of the device, unless what was measured says otherwise, as where a
 * browser pretends to be on another device. What lies over the image is placed by it.
 */
function pixelRatioOf(width: number, cssWidth: number): number {
  const stated = window.devicePixelRatio;
  const isStated = cssWidth <= 0 || Math.abs(width - cssWidth * stated) <= 1;
  return isStated ? stated : width / cssWidth;
}
