import {
  distanceAlong,
  length,
  type PlaneDirections,
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
  /** The same, put together by place. */
  readonly places: readonly (readonly number[])[];
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
  const places = placesOf(order, distances);
  return {
    order,
    places,
    hasDuplicates: places.length < slices.length,
    tiltDegrees: tilt(
      order.map((index) => positions[index] ?? [0, 0, 0]),
      normal,
    ),
    ...regularity(places.map((place) => at(distances, place[0] ?? 0))),
  };
}

/** Whether two planes are parallel, and turned alike; two missing ones are. */
export function isSameOrientation(
  a: PlaneDirections | undefined,
  b: PlaneDirections | undefined,
): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    distanceAlong(a.rowDirection, b.rowDirection) >= PARALLEL_COSINE &&
    distanceAlong(a.normal, b.normal) >= PARALLEL_COSINE
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

function placesOf(order: readonly number[], distances: readonly number[]): readonly number[][] {
  const places: number[][] = [];
  let here = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    const distance = at(distances, index);
    if (distance - here <= SAME_PLACE_MM) places.at(-1)?.push(index);
    else {
      places.push([index]);
      here = distance;
    }
  }
  return places;
}

function regularity(
  ascending: readonly number[],
): Pick<SliceOrder, "spacingMm" | "isIrregular" | "missingSlices"> {
  const gaps = ascending.slice(1).map((place, index) => place - at(ascending, index));
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
