import { latticeNoise } from "../phantom/noise.ts";
import { boxAround } from "../phantom/raster.ts";
import { clamp, ellipsoid, mix, smoothStep } from "../phantom/solids.ts";
import { paintTubes } from "../phantom/tubes.ts";
import type { ChestFindings, ChestPlane } from "./chest-plane.ts";
import { apexZ, diaphragmZ, mediastinumDistance } from "./chest-shape.ts";
import { lungTrees } from "./lung-trees.ts";

const texture = latticeNoise(31);

/** The lung tissue with its fissures: air, a little heavier towards the back where the blood gathers. */
export function paintLungTissue(plane: ChestPlane): void {
  const { raster, polar, cage, z } = plane;
  if (z > 118 || z < -158) return;
  const softness = 1 / raster.softnessMm;
  const { columns, originX, spacingX, originY, spacingY } = raster;
  for (let at = 0; at < raster.samples.length; at++) {
    const wall = (polar.radii[at] ?? 0) - (cage[polar.angles[at] ?? 0] ?? 0) + 0.6;
    if (wall > 2) continue;
    const x = originX + (at % columns) * spacingX;
    const y = originY + Math.floor(at / columns) * spacingY;
    const surface = lungDistance(x, y, z, wall);
    const cover = clamp(0.5 - surface * softness, 0, 1);
    if (cover <= 0) continue;
    raster.samples[at] = mix(raster.samples[at] ?? 0, tissueValue(x, y, z, surface), cover);
  }
}

/** About the distance to the surface of a lung, negative inside; `wall` is that to the ribs. */
function lungDistance(x: number, y: number, z: number, wall: number): number {
  const floor = (diaphragmZ(x, y) - z) * 0.65;
  const roof = (z - apexZ(x, y)) * 0.75;
  const shell = Math.max(wall, floor, roof);
  return shell > 2 ? shell : Math.max(shell, -mediastinumDistance(x, y, z));
}

function tissueValue(x: number, y: number, z: number, surface: number): number {
  const gravity = smoothStep(-60, 95, y) * 46 + smoothStep(70, 95, y) * 22;
  const lobules = texture(x / 16, y / 16, z / 16) * 9 + texture(x / 4, y / 4, z / 4) * 13;
  const rim = smoothStep(-2.5, 0, surface) * 18;
  return -872 + gravity + lobules + rim + fissureValue(x, y, z);
}

/** The fissures between the lobes: sheets about 1 mm thin. */
function fissureValue(x: number, y: number, z: number): number {
  const bend = texture(x / 60, y / 60, z / 60) * 5;
  const side = Math.sign(x);
  const oblique = (z - 4 + (y - 18) * -0.95 + bend + (Math.abs(x) - 70) * 0.12) * 0.72;
  const sheet = smoothStep(1.3, 0.3, Math.abs(oblique));
  const isInFront = oblique > 0;
  const minor = (z - 6 + bend * 1.3 - ((x + 75) / 60) ** 2 * 9 - ((y + 30) / 60) ** 2 * 7) * 0.95;
  const middleLobe = side < 0 && isInFront ? smoothStep(1.4, 0.3, Math.abs(minor)) * 0.8 : 0;
  return Math.max(sheet, middleLobe) * 105;
}

/** Vessels, bronchi and the findings in the lungs. */
export function paintLungContents(plane: ChestPlane, findings: ChestFindings): void {
  const { raster, z, thickness } = plane;
  const { vessels, bronchi } = lungTrees();
  paintTubes(raster, bronchi, { z, thickness, value: -120, growMm: 0.75, thinnest: 1 });
  paintTubes(raster, vessels, { z, thickness, value: 70 });
  paintTubes(raster, bronchi, { z, thickness, value: -930, growMm: -0.1, thinnest: 1.15 });
  paintNodule(plane, findings);
}

function paintNodule({ raster, z }: ChestPlane, { nodule }: ChestFindings): void {
  const { x, y, radius } = nodule;
  const reach = radius * 2;
  if (Math.abs(z - nodule.z) > reach) return;
  raster.paint(
    boxAround(x, y, reach),
    (px, py) => {
      const ball = ellipsoid(px - x, py - y, z - nodule.z, radius, radius * 0.94, radius);
      return ball + texture(px / 2.6, py / 2.6, z / 2.6) * radius * 0.13;
    },
    (px, py) => 32 + texture(px, py, z) * 10,
  );
}
