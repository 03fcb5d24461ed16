import type { Raster } from "../phantom/raster.ts";
import { paintAbdomen } from "./abdomen.ts";
import { paintBodyWall } from "./body-wall.ts";
import { type ChestFindings, chestPlane, type PolarGrid } from "./chest-plane.ts";
import { paintMediastinum } from "./heart.ts";
import { paintLungContents, paintLungTissue } from "./lungs.ts";
import { paintRibs } from "./rib-cage.ts";
import { paintShoulderGirdle } from "./shoulder-girdle.ts";
import { paintSpine } from "./spine.ts";

/** What is to be seen in a slice. */
export interface ChestSlice {
  readonly polar: PolarGrid;
  /** Height of the slice and its thickness, mm. */
  readonly z: number;
  readonly thickness: number;
  readonly findings: ChestFindings;
  /** What is painted over, such as the table that stays where it is; air when it is left out. */
  readonly background?: Float32Array;
  /** Leaves ribs and lung vessels out, for those who project them otherwise. */
  readonly coarse?: boolean;
}

/** Paints an axial slice of the chest: Hounsfield units, without noise. */
export function paintChestSlice(slice: ChestSlice): Raster {
  const plane = chestPlane(slice.polar, slice.z, slice.thickness);
  if (slice.background !== undefined) plane.raster.samples.set(slice.background);
  paintBodyWall(plane);
  paintLungTissue(plane);
  paintAbdomen(plane);
  if (slice.coarse !== true) paintLungContents(plane, slice.findings);
  paintMediastinum(plane);
  paintSpine(plane);
  if (slice.coarse !== true) paintRibs(plane);
  paintShoulderGirdle(plane);
  return plane.raster;
}
