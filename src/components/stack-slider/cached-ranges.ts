/** A run of frames: first and last index, both inclusive. */
export interface FrameRange {
  readonly first: number;
  readonly last: number;
}

/** The runs of frames that are `true`. */
export function cachedRanges(isCached: readonly boolean[]): readonly FrameRange[] {
  const ranges: FrameRange[] = [];
  let first = -1;
  for (let index = 0; index <= isCached.length; index += 1) {
    const isIn = isCached[index] === true;
    if (isIn && first === -1) first = index;
    if (!isIn && first !== -1) {
      ranges.push({ first, last: index - 1 });
      first = -1;
    }
  }
  return ranges;
}

/**
 * A background that paints the ranges down a track in `color`, as CSS hard stops; ranges finer than half a percent of
 * the track are joined with what is beside them, so that a stack of thousands stays cheap to paint.
 */
export function rangesBackground(
  ranges: readonly FrameRange[],
  frameCount: number,
  color: string,
): string {
  const stops: string[] = [];
  let painted = 0;
  for (const { first, last } of ranges) {
    const from = (first / frameCount) * 100;
    const to = ((last + 1) / frameCount) * 100;
    if (from - painted > 0.5 || stops.length === 0)
      stops.push(`transparent ${painted}% ${from}%`, `${color} ${from}% ${to}%`);
    else stops.push(`${color} ${painted}% ${to}%`);
    painted = to;
  }
  if (stops.length === 0) return "none";
  return `linear-gradient(to bottom, ${stops.join(", ")}, transparent ${painted}%)`;
}
