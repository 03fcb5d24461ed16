/**
 * The frames of a display set in the order in which they will probably be wanted: from the one beside the shown frame
 * in the direction of travel, every fourth one from behind it; then what remains, nearest first. The shown
 * frame itself is left out.
 *
 * @param direction 1: towards higher indexes, -1: towards lower ones.
 */
export function fetchOrder(
  frameCount: number,
  frameIndex: number,
  direction: 1 | -1,
): readonly number[] {
  const order: number[] = [];
  let ahead = frameIndex + direction;
  let behind = frameIndex - direction;
  const isInside = (index: number): boolean => index >= 0 && index < frameCount;
  while (isInside(ahead) || isInside(behind)) {
    for (let step = 0; step < AHEAD_PER_BEHIND && isInside(ahead); step += 1) {
      order.push(ahead);
      ahead += direction;
    }
    if (isInside(behind)) {
      order.push(behind);
      behind -= direction;
    }
  }
  return order;
}

const AHEAD_PER_BEHIND = 3;
