import type { Random } from "./random.ts";
import { mix, type Point } from "./solids.ts";
import type { TubePiece } from "./tubes.ts";

/** How a tree of vessels or airways grows. */
export interface TreeGrowth {
  readonly random: Random;
  readonly root: Point;
  /** Places that the tree has to reach, one twig each. */
  readonly targets: readonly Point[];
  /** Radius of a twig, mm. */
  readonly twigRadius: number;
  /** Radius grows with the number of twigs to this power; 1/3 is Murray's law. */
  readonly thickening: number;
  /** Largest radius, mm. */
  readonly widest: number;
}

/**
 * A tree that grows from its root towards all targets: each branch runs part of the way to the middle of its
 * targets, then parts them in two along their longest extent. Branches taper, bend a little, and fill their region.
 */
export function growTree(growth: TreeGrowth): readonly TubePiece[] {
  const pieces: TubePiece[] = [];
  growBranch(growth, growth.root, growth.targets, radiusFor(growth, growth.targets.length), pieces);
  return pieces;
}

function growBranch(
  growth: TreeGrowth,
  from: Point,
  targets: readonly Point[],
  radiusFrom: number,
  pieces: TubePiece[],
): void {
  const radiusTo = radiusFor(growth, targets.length);
  const only = targets.length === 1 ? targets[0] : undefined;
  const aim = only ?? middle(targets);
  const share = only === undefined ? 0.32 + 0.2 * growth.random() : 1;
  const to = between(from, aim, share);
  const length = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
  const swing = () => (growth.random() - 0.5) * length * 0.22;
  const half = between(from, to, 0.5);
  const knee: Point = [half[0] + swing(), half[1] + swing(), half[2] + swing()];
  const kneeRadius = mix(radiusFrom, radiusTo, 0.5);
  pieces.push({ from, to: knee, radiusFrom, radiusTo: kneeRadius });
  pieces.push({ from: knee, to, radiusFrom: kneeRadius, radiusTo });
  if (only !== undefined) return;
  for (const part of partInTwo(targets, growth.random))
    growBranch(growth, to, part, Math.min(radiusTo, radiusFor(growth, part.length) * 1.15), pieces);
}

function radiusFor(growth: TreeGrowth, twigs: number): number {
  return Math.min(growth.widest, growth.twigRadius * twigs ** growth.thickening);
}

function middle(points: readonly Point[]): Point {
  let x = 0;
  let y = 0;
  let z = 0;
  for (const point of points) {
    x += point[0];
    y += point[1];
    z += point[2];
  }
  return [x / points.length, y / points.length, z / points.length];
}

const AXES = [0, 1, 2] as const;

function between(a: Point, b: Point, t: number): Point {
  return [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)];
}

/** Halves of uneven size, divided across the axis along which the points are spread most. */
function partInTwo(points: readonly Point[], random: Random): readonly (readonly Point[])[] {
  const spreads = AXES.map((axis) => {
    const values = points.map((point) => point[axis]);
    return (Math.max(...values) - Math.min(...values)) * (0.8 + 0.4 * random());
  });
  const axis = AXES[spreads.indexOf(Math.max(...spreads))] ?? 0;
  const sorted = [...points].sort((a, b) => a[axis] - b[axis]);
  const cut = Math.max(1, Math.round(sorted.length * (0.36 + 0.28 * random())));
  return [sorted.slice(0, cut), sorted.slice(cut)].filter((part) => part.length > 0);
}
