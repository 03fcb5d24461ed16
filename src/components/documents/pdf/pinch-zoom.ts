/** A zoom around a place of a scrolled surface; both in CSS pixels of the window. */
export interface PinchStep {
  readonly factor: number;
  readonly x: number;
  readonly y: number;
}

/** Per pixel of a wheel that is turned with Control, which is also how browsers tell of two fingers on a trackpad. */
const WHEEL_RATE = 0.005;

/**
 * Two fingers on a surface, or a wheel with Control, zoom it; one finger is left to the browser, which scrolls.
 * The listeners last as long as the surface.
 */
export function onPinch(surface: HTMLElement, zoom: (step: PinchStep) => void): void {
  let spread: number | undefined;
  const moved = (event: TouchEvent): void => {
    const [first, second] = event.touches;
    if (event.touches.length !== 2 || first === undefined || second === undefined) {
      spread = undefined;
      return;
    }
    event.preventDefault();
    const now = Math.hypot(first.clientX - second.clientX, first.clientY - second.clientY);
    if (spread !== undefined && spread > 0 && now > 0)
      zoom({
        factor: now / spread,
        x: (first.clientX + second.clientX) / 2,
        y: (first.clientY + second.clientY) / 2,
      });
    spread = now;
  };
  const ended = (): void => {
    spread = undefined;
  };
  const wheeled = (event: WheelEvent): void => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const { deltaY, clientX: x, clientY: y } = event;
    zoom({ factor: Math.exp(-deltaY * WHEEL_RATE), x, y });
  };
  // A listener that is not passive may keep the browser from zooming the whole page.
  const options = { passive: false };
  surface.addEventListener("touchstart", moved, options);
  surface.addEventListener("touchmove", moved, options);
  surface.addEventListener("touchend", ended);
  surface.addEventListener("touchcancel", ended);
  surface.addEventListener("wheel", wheeled, options);
}
