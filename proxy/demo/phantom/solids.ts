/** A place in patient space: x to the left, y to the back, z to the head; mm (PS3.3 C.7.6.2.1.1). */
export type Point = readonly [x: number, y: number, z: number];

/** About the distance to an ellipsoid with axes along x, y and z, negative inside; exact on its surface. */
export function ellipsoid(
  dx: number,
  dy: number,
  dz: number,
  rx: number,
  ry: number,
  rz: number,
): number {
  const ax = dx / rx;
  const ay = dy / ry;
  const az = dz / rz;
  const scaled = Math.sqrt(ax * ax + ay * ay + az * az);
  const bx = ax / rx;
  const by = ay / ry;
  const bz = az / rz;
  const slope = Math.sqrt(bx * bx + by * by + bz * bz);
  return slope < 1e-9 ? -Math.min(rx, ry, rz) : (scaled * (scaled - 1)) / slope;
}

/** About the distance to an ellipse, negative inside. */
export function ellipse(dx: number, dy: number, rx: number, ry: number): number {
  const ax = dx / rx;
  const ay = dy / ry;
  const scaled = Math.sqrt(ax * ax + ay * ay);
  const bx = ax / rx;
  const by = ay / ry;
  const slope = Math.sqrt(bx * bx + by * by);
  return slope < 1e-9 ? -Math.min(rx, ry) : (scaled * (scaled - 1)) / slope;
}

/** The distance to a box of half sizes `hx`, `hy` with corners rounded by `radius`, negative inside. */
export function roundedBox(dx: number, dy: number, hx: number, hy: number, radius: number): number {
  const qx = Math.abs(dx) - hx + radius;
  const qy = Math.abs(dy) - hy + radius;
  const outside = Math.sqrt(Math.max(qx, 0) ** 2 + Math.max(qy, 0) ** 2);
  return outside + Math.min(Math.max(qx, qy), 0) - radius;
}

/** The distance to a line from a to b in a plane. */
export function toSegment(
  x: number,
  y: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): number {
  const dx = bx - ax;
  const dy = by - ay;
  const t = clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1), 0, 1);
  return Math.sqrt((x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2);
}

/** The smaller of two distances, with a fillet of about `radius` where they meet. */
export function smoothUnion(a: number, b: number, radius: number): number {
  const h = Math.max(radius - Math.abs(a - b), 0) / radius;
  return Math.min(a, b) - h * h * radius * 0.25;
}

/** 0 at or below `from`, 1 at or above `to`, smooth between; `from` may be the larger. */
export function smoothStep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/**
 * A smooth function through knots in ascending order, by cubic Hermite pieces with the slopes of the neighbours;
 * beyond the ends it is constant.
 */
export function curveThrough(
  knots: readonly (readonly [at: number, value: number])[],
): (at: number) => number {
  const first = knots[0] ?? [0, 0];
  const last = knots[knots.length - 1] ?? first;
  return (at) => {
    if (at <= first[0]) return first[1];
    if (at >= last[0]) return last[1];
    const next = knots.findIndex((knot) => knot[0] > at);
    const a = knots[next - 1] ?? first;
    const b = knots[next] ?? last;
    const slopeA = slope(knots[next - 2] ?? a, b);
    const slopeB = slope(a, knots[next + 1] ?? b);
    const span = b[0] - a[0];
    const t = (at - a[0]) / span;
    const bend = (slopeA * (1 - t) - slopeB * t) * span - (b[1] - a[1]) * (1 - 2 * t);
    return mix(a[1], b[1], t) + t * (1 - t) * bend;
  };
}

function slope(a: readonly [number, number], b: readonly [number, number]): number {
  return b[0] === a[0] ? 0 : (b[1] - a[1]) / (b[0] - a[0]);
}
