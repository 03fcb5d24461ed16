import { latticeNoise } from "../phantom/noise.ts";
import { seededRandom } from "../phantom/random.ts";
import { type Box, boxAround, type Distance2 } from "../phantom/raster.ts";
import { ellipsoid, mix, type Point, smoothStep, smoothUnion } from "../phantom/solids.ts";
import { paintTubes, TubeSet } from "../phantom/tubes.ts";
import { growTree } from "../phantom/vessel-tree.ts";
import type { ChestPlane } from "./chest-plane.ts";
import { descendingAortaX, descendingAortaY, diaphragmZ } from "./chest-shape.ts";

const texture = latticeNoise(81);
const BELLY: Box = { left: -140, right: 140, top: -100, bottom: 100 };
const LEFT: Box = { left: 10, right: 140, top: -75, bottom: 100 };
const LIVER: Box = { left: -140, right: 90, top: -100, bottom: 100 };

/** What lies under the diaphragm: liver, stomach, spleen, bowel and the tops of the kidneys. */
export function paintAbdomen(plane: ChestPlane): void {
  if (plane.z > -44) return;
  const { raster, z, thickness } = plane;
  const under = underDiaphragm(plane);
  raster.paint(BELLY, (x, y) => Math.max(under(x, y), -3.2 - under(x, y)), 58);
  paintCrura(plane);
  const within =
    (organ: Distance2): Distance2 =>
    (x, y) => {
      const inner = under(x, y) + 3.4;
      return inner > 1 ? inner : Math.max(organ(x, y), inner);
    };
  const paint = (box: Box, organ: Distance2, value: Distance2) =>
    raster.paint(box, within(organ), value);
  const grain = (x: number, y: number) => texture(x / 6, y / 6, z / 6);
  paint(
    BELLY,
    (x, y) => kidney(x, y, z),
    (x, y) => kidneyValue(x, y, z),
  );
  paint(
    LEFT,
    (x, y) => spleen(x, y, z),
    (x, y) => 122 + grain(x, y) * 6,
  );
  paintStomach(z, paint);
  paintColon(z, paint);
  paint(
    LIVER,
    (x, y) => liver(x, y, z),
    (x, y) => 112 + grain(x, y) * 5,
  );
  paintTubes(raster, liverVessels(), { z, thickness, value: 158 });
}

/** About the distance to the space below the diaphragm and within the ribs at the pixels of a plane, negative inside. */
function underDiaphragm({ raster, polar, cage, z }: ChestPlane): Distance2 {
  const { columns, originX, originY, spacingX, spacingY } = raster;
  const distances = new Float32Array(raster.samples.length);
  for (let at = 0; at < distances.length; at++) {
    const wall = (polar.radii[at] ?? 0) - (cage[polar.angles[at] ?? 0] ?? 0) + 1.5;
    distances[at] = wall;
    if (wall > 3) continue;
    const row = (at / columns) | 0;
    const x = originX + (at - row * columns) * spacingX;
    distances[at] = Math.max(wall, (z - diaphragmZ(x, originY + row * spacingY)) * 0.65);
  }
  return (x, y) => {
    const row = Math.round((y - originY) / spacingY);
    return distances[row * columns + Math.round((x - originX) / spacingX)] ?? 0;
  };
}

/** The pillars of the diaphragm on both sides of the aorta. */
function paintCrura({ raster, z }: ChestPlane): void {
  const x0 = descendingAortaX(z);
  const y0 = descendingAortaY(z);
  raster.paint(
    boxAround(x0 - 2, y0 - 2, 30),
    (x, y) => {
      const ring = Math.abs(Math.hypot((x - x0 + 3) * 0.85, y - y0 + 3) - 18) - 2.6;
      return Math.max(ring, (y - y0 - 12) * 0.5, z + 78);
    },
    62,
  );
}

function liver(x: number, y: number, z: number): number {
  const right = ellipsoid(x + 62, y - 2, z + 128, 84, 92, 90);
  const left = ellipsoid(x - 14, y + 46, z + 108, 70, 38, 38);
  const bed = ellipsoid(x + 12, y - 62, z + 130, 40, 46, 80);
  return Math.max(smoothUnion(right, left, 20), -bed) + texture(x / 20, y / 20, z / 20) * 1.5;
}

function spleen(x: number, y: number, z: number): number {
  const body = ellipsoid(x - 100, y - 46, z + 124, 38, 44, 48);
  const hilum = ellipsoid(x - 62, y - 22, z + 124, 36, 42, 50);
  return Math.max(body, -hilum) + texture(x / 15, y / 15, z / 15) * 2;
}

function stomach(x: number, y: number, z: number): number {
  return ellipsoid(x - 66, y + 12, z + 112, 46, 46, 46) + texture(x / 16, y / 16, z / 16) * 3;
}

/** Paints an organ under the diaphragm. */
type OrganPaint = (box: Box, organ: Distance2, value: Distance2) => void;

/** Stomach wall, its content with a level, and the air above it: the patient lies on the back. */
function paintStomach(z: number, paint: OrganPaint): void {
  if (Math.abs(z + 112) > 52) return;
  const content = (x: number, y: number) =>
    stomach(x, y, z) + 4 + Math.max(0, texture(x / 5, y / 5, z / 8)) * 3;
  paint(
    LEFT,
    (x, y) => stomach(x, y, z),
    () => 78,
  );
  paint(LEFT, content, (x, y) => 22 + texture(x / 4, y / 4, z / 4) * 14);
  paint(
    LEFT,
    (x, y) => Math.max(content(x, y), y + 22),
    () => -985,
  );
}

/** The left bend of the colon with gas and stool. */
function paintColon(z: number, paint: OrganPaint): void {
  if (z > -122) return;
  paint(
    LEFT,
    (x, y) => colon(x, y, z),
    () => 40,
  );
  paint(
    LEFT,
    (x, y) => colon(x, y, z) + 2.4,
    (x, y) => bowelContent(x, y, z),
  );
}

function colon(x: number, y: number, z: number): number {
  const haustra = Math.cos((z + x * 0.4) / 7) * 2.4;
  return ellipsoid(x - 94, y + 44, z + 152, 30, 24, 26) + haustra * 0.7;
}

function bowelContent(x: number, y: number, z: number): number {
  const crumbs = texture(x / 4, y / 4, z / 4);
  return y < -48 + texture(x / 9, 0, z / 9) * 4
    ? -970
    : mix(-180, 30, smoothStep(-0.4, 0.3, crumbs));
}

function kidney(x: number, y: number, z: number): number {
  if (z < -250 || z > -130) return 9;
  const top = x > 0 ? -176 : -188;
  return ellipsoid(Math.abs(x) - 52, y - 50, z - top, 27, 24, 42);
}

function kidneyValue(x: number, y: number, z: number): number {
  return mix(205, 130, smoothStep(-7, -11, kidney(x, y, z)));
}

let grownLiverVessels: TubeSet | undefined;

/** Portal and hepatic veins. */
function liverVessels(): TubeSet {
  grownLiverVessels ??= new TubeSet(
    [
      [-28, 6, -150],
      [-24, 14, -76],
    ].flatMap(([x = 0, y = 0, z = 0], at) => {
      const random = seededRandom(400 + at);
      const targets: Point[] = [];
      while (targets.length < 90) {
        const place: Point = [random() * 150 - 135, random() * 160 - 85, random() * 120 - 190];
        if (liver(...place) < -12 && place[2] < diaphragmZ(place[0], place[1]) - 14)
          targets.push(place);
      }
      return growTree({
        random,
        root: [x, y, z],
        targets,
        twigRadius: 0.8,
        thickening: 0.4,
        widest: 5.5,
      });
    }),
  );
  return grownLiverVessels;
}
