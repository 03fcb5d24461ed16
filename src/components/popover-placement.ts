/** Distance of a popover from what it belongs to and from the edges of the window, CSS pixels. */
const GAP = 6;

/**
 * Puts an open popover beside the control that opened it: below where there is room, else above, and inside
 * the window. It must be `position: fixed` with `margin: 0`.
 */
export function placePopover(popover: HTMLElement, anchor: Element): void {
  const at = anchor.getBoundingClientRect();
  popover.style.setProperty("max-block-size", `${window.innerHeight - 2 * GAP}px`);
  const { width, height } = popover.getBoundingClientRect();
  const below = at.bottom + GAP;
  const isRoomBelow = below + height <= window.innerHeight - GAP;
  const top = isRoomBelow ? below : Math.max(GAP, at.top - GAP - height);
  const left = Math.max(GAP, Math.min(at.left, window.innerWidth - GAP - width));
  popover.style.setProperty("inset", "auto");
  popover.style.setProperty(
    "top",
    `${Math.max(GAP, Math.min(top, window.innerHeight - GAP - height))}px`,
  );
  popover.style.setProperty("left", `${left}px`);
}
