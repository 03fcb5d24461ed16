import {
  distanceAlong,
  length,
  planeDirections,
  subtract,
  type Vector3,
  vector,
} from "./image-plane.ts";

/** The values of one slice as they stand in Image Position and Image Orientation (Patient). */
export interface SlicePose {
  readonly position: readonly number[];
  readonly orientation: readonly number[];
}

/** What the positions of a stack say. Lengths in mm. */
export interface SliceOrder {
  /** Indexes into the given slices, ascending along the normal; slices at one place keep their given order. */
  readonly order: readonly number[];
  /** Distance along the normal of each given slice (not of the order). */
  readonly distances: readonly number[];
  /** Usual distance between neighbouring places; undefined for fewer than two. */
  readonly spacingMm: number | undefined;
  /** Whether distances between neighbouring places differ by more than rounding explains. */
  readonly isIrregular: boolean;
  /** How many places are missing where gaps are whole multiples of the spacing. */
  readonly missingSlices: number;
  /** Whether several slices share a place. */
  readonly hasDuplicates: boolean;
  /** Angle between the normal and the way from slice to slice, degrees; 0 without gantry tilt. */
  readonly tiltDegrees: number;
}

/** Orientations closer than this (cosine) are parallel; about half a degree. */
const PARALLEL_COSINE = 0.99996;

/** Slices closer than this are at one place. */
const SAME_PLACE_MM = 1e-2;

/** Distances that differ from the spacing by less than this share are regular; writers round positions. */
const REGULAR_SHARE = 0.05;

/**
 * The geometric order of slices (PS3.3 C.7.6.2; safety C19); undefined when a position or orientation is missing,
 * or the slices are not parallel.
 */
export function sliceOrder(slices: readonly SlicePose[]): SliceOrder | undefined {
  const normal = commonNormal(slices);
  const positions = slices.map((slice) => vector(slice.position, 0));
  if (normal === undefined || !positions.every((position) => position !== undefined))
    return undefined;
  const distances = positions.map((position) => distanceAlong(normal, position));
  const order = distances
    .map((_, index) => index)
    .sort((a, b) => at(distances, a) - at(distances, b) || a - b);
  const places = distinct(order.map((index) => at(distances, index)));
  return {
    order,
    distances,
    hasDuplicates: places.length < slices.length,
    tiltDegrees: tilt(
      order.map((index) => positions[index] ?? [0, 0, 0]),
      normal,
    ),
    ...regularity(places),
  };
}

/** Whether two orientations (six numbers each) are parallel, and turned alike. */
export function isSameOrientation(a: readonly number[], b: readonly number[]): boolean {
  const first = planeDirections(a);
  const second = planeDirections(b);
  if (first === undefined || second === undefined) return first === second;
  return (
    distanceAlong(first.rowDirection, second.rowDirection) >= PARALLEL_COSINE &&
    distanceAlong(first.normal, second.normal) >= PARALLEL_COSINE
  );
}

function commonNormal(slices: readonly SlicePose[]): Vector3 | undefined {
  const first = slices[0];
  if (first === undefined) return undefined;
  const normal = planeDirections(first.orientation)?.normal;
  const isParallel = slices.every((slice) => {
    const other = planeDirections(slice.orientation)?.normal;
    return (
      normal !== undefined && other !== undefined && distanceAlong(normal, other) >= PARALLEL_COSINE
    );
  });
  return isParallel ? normal : undefined;
}

function distinct(ascending: readonly number[]): readonly number[] {
  const places: number[] = [];
  for (const distance of ascending) {
    const last = places.at(-1);
    if (last === undefined || distance - last > SAME_PLACE_MM) places.push(distance);
  }
  return places;
}

function regularity(
  places: readonly number[],
): Pick<SliceOrder, "spacingMm" | "isIrregular" | "missingSlices"> {
  const gaps = places.slice(1).map((place, index) => place - at(places, index));
  if (gaps.length === 0) return { spacingMm: undefined, isIrregular: false, missingSlices: 0 };
  const spacingMm = at(
    [...gaps].sort((a, b) => a - b),
    gaps.length >> 1,
  );
  let missingSlices = 0;
  let isIrregular = false;
  for (const gap of gaps) {
    const steps = Math.max(Math.round(gap / spacingMm), 1);
    if (Math.abs(gap - steps * spacingMm) > REGULAR_SHARE * spacingMm) isIrregular = true;
    else missingSlices += steps - 1;
  }
  return { spacingMm, isIrregular, missingSlices };
}

function tilt(ordered: readonly Vector3[], normal: Vector3): number {
  const first = ordered[0];
  const last = ordered.at(-1);
  if (first === undefined || last === undefined) return 0;
  const way = subtract(last, first);
  const size = length(way);
  if (size < SAME_PLACE_MM) return 0;
  const cosine = Math.min(Math.abs(distanceAlong(normal, way)) / size, 1);
  const degrees = (Math.acos(cosine) * 180) / Math.PI;
  return degrees < 0.1 ? 0 : degrees;
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? 0;
}
