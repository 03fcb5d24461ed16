/** Where in a display set somebody is, and where they are going. */
export interface PrefetchView {
  /** Count of frames in the display set. */
  readonly frameCount: number;
  /** Index of the visible frame, from 0. */
  readonly frameIndex: number;
  /** 1: towards higher indices, -1: towards lower ones, 0: standing. */
  readonly direction: -1 | 0 | 1;
}

/** Frames ahead for each frame behind. */
const AHEAD_PER_BEHIND = 4;

/**
 * The other frames of the display set in the order in which they are likely to be wanted: alternating around the
 * visible one when standing, four ahead for each one behind when moving. Every frame occurs exactly once.
 */
export function prefetchOrder(view: PrefetchView): readonly number[] {
  const { frameCount, frameIndex, direction } = view;
  const step = direction === 0 ? 1 : direction;
  const aheadAtOnce = direction === 0 ? 1 : AHEAD_PER_BEHIND;
  const order: number[] = [];
  let ahead = frameIndex + step;
  let behind = frameIndex - step;
  const isInside = (index: number): boolean => index >= 0 && index < frameCount;
  while (isInside(ahead) || isInside(behind)) {
    for (let count = 0; count < aheadAtOnce && isInside(ahead); count++, ahead += step)
      order.push(ahead);
    if (isInside(behind)) order.push(behind);
    behind -= step;
  }
  return order;
}
