import { latticeNoise } from "../phantom/noise.ts";
import { boxAround } from "../phantom/raster.ts";
import {
  curveThrough,
  ellipsoid,
  mix,
  roundedBox,
  smoothStep,
  toSegment,
} from "../phantom/solids.ts";
import { paintTubes, TubeSet, tubeThrough } from "../phantom/tubes.ts";
import { CAGE_WALL } from "./body-wall.ts";
import { type ChestPlane, radiusToward } from "./chest-plane.ts";
import { AXIS_Y } from "./chest-shape.ts";

const texture = latticeNoise(71);

const CLAVICLES = new TubeSet(
  [-1, 1].flatMap((side) =>
    tubeThrough([
      [side * 20, -50, 84, 8],
      [side * 42, -54, 92, 6],
      [side * 78, -42, 103, 5.2],
      [side * 112, -18, 111, 5.4],
      [side * 140, 2, 116, 5.6],
    ]),
  ),
);

const sternumY = curveThrough([
  [-90, -90],
  [-40, -89],
  [0, -84],
  [40, -74],
  [70, -61],
  [88, -49],
]);
const sternumHalfWidth = curveThrough([
  [-78, 7],
  [-60, 15],
  [-30, 18],
  [20, 16],
  [50, 15],
  [58, 22],
  [76, 29],
  [88, 22],
]);

/** Breastbone, collarbones, shoulder blades and the heads of the arms. */
export function paintShoulderGirdle(plane: ChestPlane): void {
  const { raster, z, thickness } = plane;
  paintSternum(plane);
  for (const side of [-1, 1] as const) paintHumerus(plane, side);
  paintTubes(raster, CLAVICLES, { z, thickness, value: 880 });
  paintTubes(raster, CLAVICLES, { z, thickness, value: 360, growMm: -2 });
  for (const side of [-1, 1] as const) paintScapula(plane, side);
}

function paintSternum({ raster, z }: ChestPlane): void {
  if (z > 90 || z < -80) return;
  const y0 = sternumY(z);
  const width = sternumHalfWidth(z);
  const joint = smoothStep(1.8, 0.6, Math.abs(z - 54));
  const shape = (x: number, y: number) => roundedBox(x, y - y0 - x * x * 0.003, width, 5.6, 5);
  raster.paint(boxAround(0, y0, width + 4, 9), shape, (x, y) => {
    const bone = mix(
      190 + texture(x / 2.4, y / 2.4, z / 4) * 70,
      640,
      smoothStep(-2, -0.6, shape(x, y)),
    );
    return mix(bone, 95, joint);
  });
}

/** Blade between the muscles of the back, thick at its outer border, with spine and shoulder joint higher up. */
function paintScapula({ raster, z, cage }: ChestPlane, side: 1 | -1): void {
  if (z < -18 || z > 112) return;
  const open = smoothStep(-18, 30, z);
  const inner = mix(2.12, 2.5, open);
  const outer = mix(2.0, 1.66, open);
  const place = (angle: number, lift: number): readonly [number, number] => {
    const dx = side * Math.sin(angle);
    const dy = -Math.cos(angle);
    const radius = radiusToward(cage, dx * 50, AXIS_Y + dy * 50) + CAGE_WALL + lift;
    return [dx * radius, AXIS_Y + dy * radius];
  };
  const [ax, ay] = place(inner, 8);
  const [mx, my] = place((inner + outer) / 2, 11);
  const [bx, by] = place(outer, 18);
  const high = smoothStep(62, 78, z);
  const [sx, sy] = place(outer + 0.45, 34);
  const bone = (x: number, y: number) => {
    const blade = Math.min(toSegment(x, y, ax, ay, mx, my), toSegment(x, y, mx, my, bx, by)) - 1.5;
    const border = Math.hypot(x - bx, y - by) - mix(3, 4.5, open) - high * 5;
    const ridge = high > 0 ? toSegment(x, y, mx, my, sx, sy) - 2.6 * high : 9;
    return Math.min(blade, border, ridge);
  };
  raster.paint(boxAround((ax + bx) / 2, (ay + by) / 2, 60), bone, (x, y) =>
    mix(330 + texture(x / 2, y / 2, z / 3) * 90, 820, smoothStep(-2.4, -0.8, bone(x, y))),
  );
}

/** The head of the arm bone in the muscles around it. */
function paintHumerus({ raster, z }: ChestPlane, side: 1 | -1): void {
  if (z < 70) return;
  const x0 = side * 146;
  const cuff = (x: number, y: number) => ellipsoid(x - x0 + side * 14, y - 14, z - 122, 46, 42, 52);
  raster.paint(boxAround(x0 - side * 14, 14, 46), cuff, (x, y) => {
    const cleft = Math.abs(texture(x / 16, y / 16, z / 22));
    const grain = texture(x / 4, y / 4, z / 9) * 7;
    return mix(58 + grain, -90, smoothStep(0.07, 0.02, cleft) * 0.9);
  });
  const head = (x: number, y: number) => ellipsoid(x - x0, y - 14, z - 118, 24, 23, 24);
  raster.paint(boxAround(x0, 14, 27), head, (x, y) =>
    mix(230 + texture(x / 2.5, y / 2.5, z / 3) * 70, 700, smoothStep(-2.6, -0.8, head(x, y))),
  );
}
