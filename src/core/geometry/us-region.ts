/** A calibrated rectangle of an ultrasound image (PS3.3 C.8.5.5). */
export interface UsRegion {
  /** Rectangle in pixels, all inclusive, counted from 0. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** What one step in x and y is, in the units below; positive to the right and down. */
  readonly deltaX: number;
  readonly deltaY: number;
  readonly unitX: UsUnit;
  readonly unitY: UsUnit;
  /** Region Spatial Format: 1 tissue (2D), 2 M-mode, 3 spectral, 4 wave form, 5 graphics; 0 when unknown. */
  readonly spatialFormat: number;
}

/** Physical units of an axis (PS3.3 C.8.5.5.1.15). */
export type UsUnit =
  | "none"
  | "%"
  | "dB"
  | "cm"
  | "s"
  | "Hz"
  | "dB/s"
  | "cm/s"
  | "cm2"
  | "cm2/s"
  | "deg"
  | "unknown";

const UNITS: readonly UsUnit[] = [
  "none",
  "%",
  "dB",
  "cm",
  "s",
  "Hz",
  "dB/s",
  "cm/s",
  "cm2",
  "cm2/s",
  "deg",
];

/** The unit of a code of Physical Units X or Y Direction. */
export function usUnit(code: number | undefined): UsUnit {
  return code === undefined ? "unknown" : (UNITS[code] ?? "unknown");
}

/**
 * The region that a measurement of these points (image pixels, from 0) lies in; undefined when no region holds all of
 * them. Where regions overlap, the smallest one that holds all is meant.
 */
export function usRegionOf(
  regions: readonly UsRegion[],
  points: readonly { readonly x: number; readonly y: number }[],
): UsRegion | undefined {
  const holding = regions.filter((region) => points.every((point) => isInside(region, point)));
  return holding.sort((a, b) => area(a) - area(b))[0];
}

/** Millimetres per pixel of a region whose axes are both lengths; undefined for any other. */
export function usRegionSpacingMm(
  region: UsRegion,
): { readonly rowSpacing: number; readonly columnSpacing: number } | undefined {
  if (region.unitX !== "cm" || region.unitY !== "cm") return undefined;
  const columnSpacing = Math.abs(region.deltaX) * 10;
  const rowSpacing = Math.abs(region.deltaY) * 10;
  return rowSpacing > 0 && columnSpacing > 0 ? { rowSpacing, columnSpacing } : undefined;
}

function isInside(region: UsRegion, { x, y }: { readonly x: number; readonly y: number }): boolean {
  return x >= region.left && x <= region.right && y >= region.top && y <= region.bottom;
}

function area(region: UsRegion): number {
  return (region.right - region.left + 1) * (region.bottom - region.top + 1);
}
