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

/** A background with a tick at each of these frames, where the thumb stands for them; ticks closer than half a percent are one. */
export function marksBackground(
  frames: readonly number[],
  frameCount: number,
  color: string,
): string {
  const last = Math.max(frameCount - 1, 1);
  const places = new Set(frames.map((frame) => Math.round((frame / last) * 200) / 2));
  if (places.size === 0) return "none";
  const stops = [...places]
    .sort((a, b) => a - b)
    .flatMap((place) => [
      `transparent calc(${place}% - 2px)`,
      `${color} calc(${place}% - 2px) calc(${place}% + 2px)`,
      `transparent calc(${place}% + 2px)`,
    ]);
  return `linear-gradient(to bottom, ${stops.join(", ")})`;
}
