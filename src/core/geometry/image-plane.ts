/** A point or direction in patient space: millimetres to the left, to the back and to the head (LPS; PS3.3 C.7.6.2.1.1). */
export type Vector3 = readonly [number, number, number];

/** A frame as a plane in patient space (PS3.3 C.7.6.2.1.1). */
export interface ImagePlane {
  /** Centre of the first pixel, mm. */
  readonly position: Vector3;
  /** Unit vector along a row, the way in which the column index grows. */
  readonly rowDirection: Vector3;
  /** Unit vector along a column, the way in which the row index grows. */
  readonly columnDirection: Vector3;
  /** Unit vector, rowDirection x columnDirection. */
  readonly normal: Vector3;
  /** Distance between the centres of neighbouring columns, mm (second value of Pixel Spacing). */
  readonly columnSpacingMm: number;
  /** Distance between the centres of neighbouring rows, mm (first value of Pixel Spacing). */
  readonly rowSpacingMm: number;
}

/**
 * The plane of Image Position (Patient), Image Orientation (Patient) and Pixel Spacing as their values stand; undefined
 * when values are missing or the directions do not span a plane. Directions that are not quite unit or perpendicular
 * are made so, because writers round them.
 */
export function imagePlane(
  position: readonly number[],
  orientation: readonly number[],
  pixelSpacing: readonly number[],
): ImagePlane | undefined {
  const directions = planeDirections(orientation);
  const origin = vector(position, 0);
  const [rowSpacingMm, columnSpacingMm] = pixelSpacing;
  if (directions === undefined || origin === undefined) return undefined;
  if (rowSpacingMm === undefined || columnSpacingMm === undefined) return undefined;
  if (!(rowSpacingMm > 0 && columnSpacingMm > 0)) return undefined;
  return { position: origin, ...directions, columnSpacingMm, rowSpacingMm };
}

/** The directions of a plane, unit and perpendicular. */
export type PlaneDirections = Pick<ImagePlane, "rowDirection" | "columnDirection" | "normal">;

/** The directions of Image Orientation (Patient), six numbers; undefined when they do not span a plane. */
export function planeDirections(orientation: readonly number[]): PlaneDirections | undefined {
  const row = unit(vector(orientation, 0));
  const column = unit(vector(orientation, 3));
  if (row === undefined || column === undefined) return undefined;
  const across = cross(row, column);
  // Less than about 30 degrees between row and column is damage, not rounding.
  const normal = length(across) < 0.5 ? undefined : unit(across);
  if (normal === undefined) return undefined;
  return { rowDirection: row, columnDirection: cross(normal, row), normal };
}

/** The point of patient space at a pixel; column and row count from 0 at pixel centres and may be fractions. */
export function pixelToPatient(plane: ImagePlane, column: number, row: number): Vector3 {
  const along = column * plane.columnSpacingMm;
  const down = row * plane.rowSpacingMm;
  const at = (axis: 0 | 1 | 2): number =>
    plane.position[axis] + along * plane.rowDirection[axis] + down * plane.columnDirection[axis];
  return [at(0), at(1), at(2)];
}

/** Where a point of patient space falls on the plane, and how far it is from it along the normal, mm. */
export function patientToPixel(
  plane: ImagePlane,
  point: Vector3,
): { readonly column: number; readonly row: number; readonly distanceMm: number } {
  const offset = subtract(point, plane.position);
  return {
    column: dot(offset, plane.rowDirection) / plane.columnSpacingMm,
    row: dot(offset, plane.columnDirection) / plane.rowSpacingMm,
    distanceMm: dot(offset, plane.normal),
  };
}

/** Signed distance of a point from the origin of patient space along a normal, mm. */
export function distanceAlong(normal: Vector3, point: Vector3): number {
  return dot(normal, point);
}

/** Three numbers from `from` on as a vector; undefined when one is missing. */
export function vector(numbers: readonly number[], from: number): Vector3 | undefined {
  const [x, y, z] = numbers.slice(from, from + 3);
  return x === undefined || y === undefined || z === undefined ? undefined : [x, y, z];
}

/** Scalar product. */
function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Vector product. */
function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** a - b. */
export function subtract(a: Vector3, b: Vector3): Vector3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/** Euclidean length. */
export function length(a: Vector3): number {
  return Math.hypot(a[0], a[1], a[2]);
}

function unit(a: Vector3 | undefined): Vector3 | undefined {
  if (a === undefined) return undefined;
  const size = length(a);
  return size > 1e-6 && Number.isFinite(size) ? [a[0] / size, a[1] / size, a[2] / size] : undefined;
}
