import { Raster, type RasterGrid } from "../phantom/raster.ts";
import { ANGLES, AXIS_Y, cageRadii, skinRadii } from "./chest-shape.ts";

/** The pixels of a grid in polar coordinates around the body axis; the same for all slices of a series. */
export interface PolarGrid {
  readonly grid: RasterGrid;
  /** Index of the angle in tables of `ANGLES`, per pixel. */
  readonly angles: Uint16Array;
  /** Distance to the body axis per pixel, mm. */
  readonly radii: Float32Array;
}

export function polarGrid(grid: RasterGrid): PolarGrid {
  const angles = new Uint16Array(grid.columns * grid.rows);
  const radii = new Float32Array(grid.columns * grid.rows);
  for (let row = 0; row < grid.rows; row++) {
    const y = grid.originY + row * grid.spacingY - AXIS_Y;
    for (let column = 0; column < grid.columns; column++) {
      const x = grid.originX + column * grid.spacingX;
      const at = row * grid.columns + column;
      angles[at] = Math.round(((Math.atan2(y, x) + Math.PI) / (2 * Math.PI)) * ANGLES);
      radii[at] = Math.sqrt(x * x + y * y);
    }
  }
  return { grid, angles, radii };
}

/** What a slice shows besides the anatomy that never changes. */
export interface ChestFindings {
  /** Middle and radius of a round nodule in the right upper lobe, mm. */
  readonly nodule: {
    readonly x: number;
    readonly y: number;
    readonly z: number;
    readonly radius: number;
  };
}

/** One axial plane that is being painted: values in Hounsfield units, and the surfaces at its height. */
export interface ChestPlane {
  readonly z: number;
  /** Thickness over which the slice averages, mm. */
  readonly thickness: number;
  readonly raster: Raster;
  readonly polar: PolarGrid;
  /** Skin and inner surface of the ribs, radii by angle, mm. */
  readonly skin: Float32Array;
  readonly cage: Float32Array;
}

export function chestPlane(polar: PolarGrid, z: number, thickness: number): ChestPlane {
  const raster = new Raster(polar.grid);
  raster.samples.fill(-1000);
  return { z, thickness, raster, polar, skin: skinRadii(z), cage: cageRadii(z) };
}

/** Radius of a surface in the direction of a place. */
export function radiusToward(surface: Float32Array, x: number, y: number): number {
  const angle = Math.atan2(y - AXIS_Y, x);
  return surface[Math.round(((angle + Math.PI) / (2 * Math.PI)) * ANGLES)] ?? 0;
}

/** Angle away from straight forward, 0 to pi, the same on both sides. */
export function angleFromFront(index: number): number {
  const angle = (index / ANGLES) * 2 * Math.PI - Math.PI;
  return Math.abs(Math.atan2(Math.cos(angle), -Math.sin(angle)));
}
