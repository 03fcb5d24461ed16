import type { ViewPose } from "./view-pose.ts";

/** How an image is turned and flipped: first the flips in its own axes, then clockwise quarter turns. */
export type Orientation = Pick<ViewPose, "quarterTurns" | "flipHorizontal" | "flipVertical">;

/** One of the eight ways to lay a picture: perhaps from left to right, then by quarter turns. */
interface Lay {
  readonly isFlipped: boolean;
  readonly turns: number;
}

/**
 * A pose that a person made of an image that lay in one way by itself, for an image that lies in another: what the person did
 * on the screen stays, and so does what each image's presentation state says of its turn and flip.
 * @param before how the image lay by itself when the pose was made
 * @param now how the one that is shown lies by itself
 */
export function reoriented(pose: ViewPose, before: Orientation, now: Orientation): ViewPose {
  const [from, to] = [layOf(before), layOf(now)];
  if (from.isFlipped === to.isFlipped && from.turns === to.turns) return pose;
  const { isFlipped, turns } = after(after(layOf(pose), inverse(from)), to);
  const quarterTurns = turns === 1 || turns === 2 || turns === 3 ? turns : 0;
  return { ...pose, quarterTurns, flipHorizontal: isFlipped, flipVertical: false };
}

/** A flip from top to bottom is one from left to right and half a turn. */
function layOf({ quarterTurns, flipHorizontal, flipVertical }: Orientation): Lay {
  const turns = flipVertical ? quarterTurns + 2 : quarterTurns;
  return { isFlipped: flipHorizontal !== flipVertical, turns: turns % 4 };
}

/** Both, `first` before `second`: a flip turns round the turns that come before it. */
function after(second: Lay, first: Lay): Lay {
  const turns = second.turns + (second.isFlipped ? -first.turns : first.turns);
  return { isFlipped: second.isFlipped !== first.isFlipped, turns: (turns + 4) % 4 };
}

function inverse({ isFlipped, turns }: Lay): Lay {
  return { isFlipped, turns: isFlipped ? turns : (4 - turns) % 4 };
}
