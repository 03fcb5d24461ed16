import { Raster } from "../phantom/raster.ts";
import { clamp, type Point, toSegment } from "../phantom/solids.ts";
import { polarGrid, radiusToward } from "./chest-plane.ts";
import { AXIS_Y, cageRadii } from "./chest-shape.ts";
import { paintChestSlice } from "./chest-slice.ts";
import { lungTrees } from "./lung-trees.ts";
import { RIB_HEIGHT, RIB_OFFSET, RIB_THICKNESS, RIBS, type Rib, ribZ } from "./rib-cage.ts";

/** Along which axis rays go: from the back to the front, or from the right to the left. */
export type View = "frontal" | "lateral";

/** Matrix of a projection; square pixels. */
export interface ProjectionGrid {
  readonly columns: number;
  readonly rows: number;
  readonly spacing: number;
}

/** Height of the first row, mm. */
const TOP_Z = 158;
/** Attenuation of water at the quality of a chest radiograph, per mm. */
const WATER = 0.0175;

/**
 * Line integrals of the attenuation through the chest, row-major, without unit. Soft parts are summed on a coarse
 * grid and interpolated; ribs and lung vessels, which must be sharp, are added as the lengths of rays in them.
 */
export function projectChest(view: View, grid: ProjectionGrid): Float32Array {
  const coarse = projectCoarsely(view, grid);
  const fine = new Raster({
    columns: grid.columns,
    rows: grid.rows,
    originX: -halfExtent(grid) + grid.spacing / 2 + (view === "frontal" ? 0 : AXIS_Y),
    originY: -TOP_Z + grid.spacing / 2,
    spacingX: grid.spacing,
    spacingY: grid.spacing,
  });
  addVessels(fine, view);
  for (const rib of RIBS) for (const side of [-1, 1] as const) addRib(fine, view, rib, side);
  return upsample(coarse, grid, fine.samples);
}

function halfExtent(grid: ProjectionGrid): number {
  return (grid.columns * grid.spacing) / 2;
}

/** The coarse grid of a projection: height of its slabs, width of its columns, depth of its cells along the rays; mm. */
interface CoarseSteps {
  readonly slab: number;
  readonly across: number;
  readonly depth: number;
}

function coarseSteps({ spacing }: ProjectionGrid): CoarseSteps {
  return {
    slab: Math.max(2.5, 4 * spacing),
    across: Math.max(1.25, spacing),
    depth: Math.max(2.5, 2 * spacing),
  };
}

interface CoarseImage {
  readonly columns: number;
  readonly rows: number;
  readonly samples: Float32Array;
}

function projectCoarsely(view: View, grid: ProjectionGrid): CoarseImage {
  const isFrontal = view === "frontal";
  const { slab, across, depth } = coarseSteps(grid);
  const width = grid.columns * grid.spacing;
  const columns = Math.ceil(width / across);
  const rows = Math.ceil((grid.rows * grid.spacing) / slab);
  const deep = Math.ceil((isFrontal ? 290 : 400) / depth);
  const polar = polarGrid({
    columns: isFrontal ? columns : deep,
    rows: isFrontal ? deep : columns,
    originX: isFrontal ? -width / 2 + across / 2 : -200,
    originY: isFrontal ? -150 : -width / 2 + across / 2 + AXIS_Y,
    spacingX: isFrontal ? across : depth,
    spacingY: isFrontal ? depth : across,
  });
  const samples = new Float32Array(columns * rows);
  const findings = { nodule: { x: -72, y: -20, z: 61.5, radius: 4.5 } };
  for (let row = 0; row < rows; row++) {
    const z = TOP_Z - (row + 0.5) * slab;
    const slice = paintChestSlice({ polar, z, thickness: slab, findings, coarse: true });
    for (let at = 0; at < slice.samples.length; at++) {
      const attenuation = Math.max(0, 1 + (slice.samples[at] ?? 0) / 1000) * WATER * depth;
      const column = isFrontal ? at % slice.columns : (at / slice.columns) | 0;
      const target = row * columns + column;
      samples[target] = (samples[target] ?? 0) + attenuation;
    }
  }
  return { columns, rows, samples };
}

/** Cubic interpolation of the coarse image, added to the fine one. */
function upsample(coarse: CoarseImage, grid: ProjectionGrid, fine: Float32Array): Float32Array {
  const { slab, across } = coarseSteps(grid);
  const wide = new Float32Array(grid.columns * coarse.rows);
  for (let row = 0; row < coarse.rows; row++)
    for (let column = 0; column < grid.columns; column++)
      wide[row * grid.columns + column] = cubic(
        coarse.samples,
        ((column + 0.5) * grid.spacing) / across - 0.5,
        row * coarse.columns,
        1,
        coarse.columns,
      );
  for (let row = 0; row < grid.rows; row++) {
    const at = ((row + 0.5) * grid.spacing) / slab - 0.5;
    for (let column = 0; column < grid.columns; column++) {
      const target = row * grid.columns + column;
      fine[target] = Math.max(
        0,
        (fine[target] ?? 0) + cubic(wide, at, column, grid.columns, coarse.rows),
      );
    }
  }
  return fine;
}

/** A cubic B-spline through every `step`-th of `count` samples from `start`: smooth rather than sharp. */
function cubic(
  samples: Float32Array,
  at: number,
  start: number,
  step: number,
  count: number,
): number {
  const first = Math.floor(at);
  const t = at - first;
  const sample = (offset: number) =>
    samples[start + clamp(first + offset, 0, count - 1) * step] ?? 0;
  const s = 1 - t;
  return (
    (sample(-1) * s * s * s +
      sample(0) * (3 * t * t * t - 6 * t * t + 4) +
      sample(1) * (3 * s * s * s - 6 * s * s + 4) +
      sample(2) * t * t * t) /
    6
  );
}

/** The vessels of the lungs, by the length of the ray in each; the trunks at the roots count less. */
function addVessels(fine: Raster, view: View): void {
  for (const piece of lungTrees().vessels.pieces) {
    const radius = (piece.radiusFrom + piece.radiusTo) / 2;
    const depth = Math.min(radius, 2.2);
    addRod(fine, onDetector(piece.from, view), onDetector(piece.to, view), radius, depth, WATER);
  }
}

function onDetector(point: Point, view: View): readonly [number, number] {
  return [view === "frontal" ? point[0] : point[1], -point[2]];
}

/** A rib: its part behind and its part in front, which only a frontal view shows one over the other, each a band of dense bone around a spongy middle. */
function addRib(fine: Raster, view: View, rib: Rib, side: 1 | -1): void {
  const turn = view === "frontal" ? Math.max(Math.PI / 2, rib.boneEnd) : rib.boneEnd;
  const halves = [
    [2.86, turn],
    [turn, rib.boneEnd],
  ] as const;
  for (const [from, to] of halves) if (from > to) addBand(fine, bandOf(view, rib, side, from, to));
}

/** Places along a rib on the detector, and how much of it a ray meets there: more where it runs along the ray. */
interface Band {
  readonly places: readonly (readonly [x: number, y: number])[];
  readonly depths: readonly number[];
}

function bandOf(view: View, rib: Rib, side: 1 | -1, from: number, to: number): Band {
  const steps = 40;
  const points = Array.from({ length: steps + 1 }, (_, step): Point => {
    const angle = from + (to - from) * (step / steps);
    const z = ribZ(rib, angle);
    const dx = side * Math.sin(angle);
    const dy = -Math.cos(angle);
    const radius = radiusToward(cageAt(z), dx * 50, AXIS_Y + dy * 50) + RIB_OFFSET;
    return [dx * radius, AXIS_Y + dy * radius, z];
  });
  const depths = points.map((point, at) => {
    const next = points[at + 1] ?? points[at - 1] ?? point;
    const [ax, ay] = onDetector(point, view);
    const [bx, by] = onDetector(next, view);
    const whole = Math.hypot(point[0] - next[0], point[1] - next[1], point[2] - next[2]);
    return RIB_THICKNESS * Math.min(1.35, whole / Math.max(0.01, Math.hypot(bx - ax, by - ay)));
  });
  return { places: points.map((point) => onDetector(point, view)), depths };
}

/** Adds, pixel by pixel, what the nearest stretch of a band absorbs. */
function addBand(fine: Raster, band: Band): void {
  const half = RIB_HEIGHT * 0.92;
  const strongest = new Map<number, number>();
  for (let step = 0; step + 1 < band.places.length; step++) {
    const from = band.places[step] ?? [0, 0];
    const to = band.places[step + 1] ?? [0, 0];
    const depth = band.depths[step] ?? 0;
    visitAround(fine, from, to, half, (at, away) => {
      strongest.set(at, Math.max(strongest.get(at) ?? 0, boneChord(away) * depth));
    });
  }
  for (const [at, chord] of strongest) fine.samples[at] = (fine.samples[at] ?? 0) + chord * WATER;
}

/** Visits the pixels nearer to a line than `half`, with their distance from it as a share of `half`. */
function visitAround(
  fine: Raster,
  [ax, ay]: readonly [number, number],
  [bx, by]: readonly [number, number],
  half: number,
  visit: (at: number, away: number) => void,
): void {
  const bounds = fine.pixels({
    left: Math.min(ax, bx) - half,
    right: Math.max(ax, bx) + half,
    top: Math.min(ay, by) - half,
    bottom: Math.max(ay, by) + half,
  });
  for (let row = bounds.firstRow; row <= bounds.lastRow; row++) {
    const y = fine.originY + row * fine.spacingY;
    for (let column = bounds.firstColumn; column <= bounds.lastColumn; column++) {
      const away = toSegment(fine.originX + column * fine.spacingX, y, ax, ay, bx, by) / half;
      if (away < 1) visit(row * fine.columns + column, away);
    }
  }
}

/** Absorption at a distance from the middle of a rib, 0 to 1: highest near the rim, where the ray runs in the cortex. */
function boneChord(away: number): number {
  const shell = Math.sqrt(1 - away * away);
  const inner = away < 0.78 ? Math.sqrt(1 - (away / 0.78) ** 2) : 0;
  return 2.5 * shell - 1.25 * inner;
}

const cages = new Map<number, Float32Array>();

function cageAt(z: number): Float32Array {
  const layer = Math.round(z / 2);
  const cage = cages.get(layer) ?? cageRadii(layer * 2);
  cages.set(layer, cage);
  return cage;
}

/** Adds the lengths of rays through a rod without caps: `half` wide on the detector, `depth` half deep along the rays. */
function addRod(
  fine: Raster,
  [ax, ay]: readonly [number, number],
  [bx, by]: readonly [number, number],
  half: number,
  depth: number,
  attenuation: number,
): void {
  const dx = bx - ax;
  const dy = by - ay;
  const length = Math.hypot(dx, dy);
  if (length < 1e-6) return;
  const reach = half + 0.3;
  const bounds = fine.pixels({
    left: Math.min(ax, bx) - reach,
    right: Math.max(ax, bx) + reach,
    top: Math.min(ay, by) - reach,
    bottom: Math.max(ay, by) + reach,
  });
  const { samples, columns, originX, originY, spacingX, spacingY } = fine;
  for (let row = bounds.firstRow; row <= bounds.lastRow; row++) {
    for (let column = bounds.firstColumn; column <= bounds.lastColumn; column++) {
      const px = originX + column * spacingX - ax;
      const py = originY + row * spacingY - ay;
      const along = (px * dx + py * dy) / length;
      if (along < 0 || along >= length) continue;
      const across = (px * dy - py * dx) / length / half;
      const chord = 1 - across * across;
      if (chord <= 0) continue;
      const at = row * columns + column;
      samples[at] = (samples[at] ?? 0) + 2 * depth * Math.sqrt(chord) * attenuation;
    }
  }
}
