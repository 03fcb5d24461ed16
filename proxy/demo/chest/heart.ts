import { latticeNoise } from "../phantom/noise.ts";
import { boxAround } from "../phantom/raster.ts";
import { ellipsoid, type Point, smoothStep } from "../phantom/solids.ts";
import { paintTubes } from "../phantom/tubes.ts";
import type { ChestPlane } from "./chest-plane.ts";
import { heartDistance, mediastinumDistance } from "./chest-shape.ts";
import {
  AIRWAYS,
  AORTA,
  CORONARIES,
  OESOPHAGUS,
  PULMONARY_ARTERIES,
  PULMONARY_VEINS,
  VEINS,
} from "./chest-vessels.ts";

const texture = latticeNoise(41);
const BLOOD = 172;
const MYOCARDIUM = 108;

/** A chamber or its wall: an ellipsoid whose first axis points to the apex of the heart. */
interface Chamber {
  readonly middle: Point;
  /** Half lengths to the apex, across in the plane of the slice, and across it; mm. */
  readonly radii: Point;
  readonly value: number;
}

/** From the outside in, as they are painted. */
const CHAMBERS: readonly Chamber[] = [
  { middle: [38, -22, -42], radii: [49, 33, 34], value: MYOCARDIUM },
  { middle: [10, -44, -40], radii: [46, 22, 38], value: MYOCARDIUM - 6 },
  { middle: [-30, -16, -24], radii: [28, 27, 33], value: BLOOD - 2 },
  { middle: [4, 18, -8], radii: [24, 36, 25], value: BLOOD + 4 },
  { middle: [12, -47, -38], radii: [43, 18, 35], value: BLOOD - 4 },
  { middle: [18, -52, -12], radii: [17, 17, 24], value: BLOOD - 4 },
  { middle: [34, -19, -38], radii: [41, 21, 22], value: BLOOD + 2 },
];

/** Towards the apex in the plane: left and forward. */
const APEX_X = 0.78;
const APEX_Y = -0.626;
/** How far the axis falls per mm towards the apex. */
const FALL = 0.42;

/** Heart in its fat, great vessels, windpipe and gullet. */
export function paintMediastinum(plane: ChestPlane): void {
  const { raster, z, thickness } = plane;
  paintNodes(plane);
  paintHeart(plane);
  for (const [tubes, value] of [
    [VEINS, z > 60 ? 205 : 176],
    [PULMONARY_VEINS, BLOOD + 2],
    [PULMONARY_ARTERIES, BLOOD],
  ] as const)
    paintTubes(raster, tubes, { z, thickness, value });
  paintTubes(raster, AORTA, { z, thickness, value: 70, growMm: 1.1 });
  paintTubes(raster, AORTA, { z, thickness, value: BLOOD + 8 });
  paintTubes(raster, OESOPHAGUS, { z, thickness, value: 48 });
  paintTubes(raster, OESOPHAGUS, { z, thickness, value: -250, growMm: -5.4 });
  paintTubes(raster, AIRWAYS, { z, thickness, value: 45, growMm: 1.5 });
  paintTubes(raster, AIRWAYS, { z, thickness, value: -990 });
}

function paintHeart({ raster, z, thickness }: ChestPlane): void {
  if (z > 26 || z < -96) return;
  const box = boxAround(22, -30, 78, 66);
  raster.paint(box, (x, y) => heartDistance(x, y, z), 28);
  raster.paint(
    box,
    (x, y) => heartDistance(x, y, z) + 1.4,
    (x, y) => -92 + texture(x / 6, y / 6, z / 6) * 8,
  );
  for (const chamber of CHAMBERS) {
    const distance = chamberDistance(chamber, z);
    const inPericardium = (x: number, y: number) => {
      const away = distance(x, y);
      return away > 2 ? away : Math.max(away, heartDistance(x, y, z) + 4);
    };
    const isWall = chamber.value < BLOOD - 20;
    raster.paint(
      box,
      inPericardium,
      (x, y) =>
        chamber.value +
        (isWall ? texture(x / 5, y / 5, z / 5) * 7 : trabeculae(x, y, z, distance(x, y))),
    );
  }
  paintSeptum({ raster, z, box });
  paintTubes(raster, CORONARIES, { z, thickness, value: 185 });
}

/** Muscle beams near the wall of a chamber. */
function trabeculae(x: number, y: number, z: number, depth: number): number {
  const beams = texture(x / 4, y / 4, z / 7) + 0.4 * texture(x / 2, y / 2, z / 3);
  return -46 * smoothStep(0.15, 0.55, beams) * smoothStep(-7, -1, depth);
}

/** The wall between the left and right ventricle stands after both cavities are painted. */
function paintSeptum({
  raster,
  z,
  box,
}: Pick<ChestPlane, "raster" | "z"> & { readonly box: ReturnType<typeof boxAround> }): void {
  const leftCavity = CHAMBERS[6];
  if (leftCavity === undefined) return;
  const cavity = chamberDistance(leftCavity, z);
  raster.paint(
    box,
    (x, y) => {
      const fromCavity = cavity(x, y);
      if (Math.abs(fromCavity) > 12) return 9;
      const valvePlane = (x - 12) * APEX_X + (y + 14) * APEX_Y;
      return Math.max(Math.abs(fromCavity - 5) - 4.6, 8 - valvePlane, heartDistance(x, y, z) + 4);
    },
    (x, y) => MYOCARDIUM + texture(x / 5, y / 5, z / 5) * 7,
  );
}

function chamberDistance({ middle, radii }: Chamber, z: number): (x: number, y: number) => number {
  return (x, y) => {
    const along = (x - middle[0]) * APEX_X + (y - middle[1]) * APEX_Y;
    const across = (y - middle[1]) * APEX_X - (x - middle[0]) * APEX_Y;
    const above = z - middle[2] + along * FALL;
    const away = ellipsoid(along, across, above, radii[0], radii[1], radii[2]);
    return Math.abs(away) > 5 ? away : away + texture(x / 22, y / 22, z / 22) * 2;
  };
}

/** Small lymph nodes and strands in the fat of the mediastinum. */
function paintNodes({ raster, z }: ChestPlane): void {
  if (z < -30 || z > 104) return;
  raster.paint(
    boxAround(2, -10, 34, 54),
    (x, y) => {
      const within = mediastinumDistance(x, y, z) + 2.5;
      if (within > 0) return within;
      const clumps = texture(x / 5.5, y / 5.5, z / 8) + texture(x / 2.5, y / 2.5, z / 4) * 0.25;
      return Math.max((0.66 - clumps) * 6, within);
    },
    34,
  );
}
