import { latticeNoise } from "../phantom/noise.ts";
import { clamp, curveThrough, mix, smoothStep } from "../phantom/solids.ts";
import { angleFromFront, type ChestPlane } from "./chest-plane.ts";
import { ANGLES, breastDistance } from "./chest-shape.ts";

const FAT = -104;
const MUSCLE = 58;
const SKIN = 35;
const CAVITY_FAT = -98;
/** Thickness of the wall between pleura and the outer face of the ribs, mm. */
export const CAGE_WALL = 10;

const texture = latticeNoise(21);

/** Thickness of the muscles on the rib cage by angle from the front, for two heights. */
const lowMuscles = curveThrough([
  [0, 4],
  [0.3, 9],
  [0.8, 8],
  [1.3, 9],
  [1.8, 10],
  [2.3, 13],
  [2.7, 20],
  [3.0, 25],
  [Math.PI, 20],
]);
const midMuscles = curveThrough([
  [0, 1.5],
  [0.25, 7],
  [0.6, 10],
  [1.0, 8],
  [1.4, 10],
  [1.8, 20],
  [2.2, 27],
  [2.6, 26],
  [2.95, 30],
  [Math.PI, 26],
]);
const highMuscles = curveThrough([
  [0, 3],
  [0.3, 18],
  [0.7, 24],
  [1.0, 30],
  [1.4, 38],
  [1.8, 46],
  [2.2, 46],
  [2.6, 42],
  [2.95, 36],
  [Math.PI, 28],
]);

/** Skin, fat, muscles and the wall of the chest; inside that, fat for the organs to be painted on. */
export function paintBodyWall(plane: ChestPlane): void {
  const { raster, polar, skin, cage, z } = plane;
  const muscle = muscleRadii(plane);
  const softness = 1 / raster.softnessMm;
  const { columns, originX, spacingX, originY, spacingY } = raster;
  for (let at = 0; at < raster.samples.length; at++) {
    const angle = polar.angles[at] ?? 0;
    const radius = polar.radii[at] ?? 0;
    const skinRadius = skin[angle] ?? 0;
    const cover = clamp(0.5 - (radius - skinRadius) * softness, 0, 1);
    if (cover <= 0) continue;
    const x = originX + (at % columns) * spacingX;
    const y = originY + Math.floor(at / columns) * spacingY;
    const cageRadius = cage[angle] ?? 0;
    const inner = innerValue(x, y, z, radius - cageRadius, (muscle[angle] ?? 0) - radius, softness);
    const rind = clamp(0.5 - (skinRadius - 1.6 - radius) * softness, 0, 1);
    const value = mix(inner, SKIN, rind * 0.85);
    raster.samples[at] = mix(raster.samples[at] ?? 0, value, cover);
  }
}

/** Outer surface of the muscles, radii by angle. */
function muscleRadii({ skin, cage, z }: ChestPlane): Float32Array {
  const high = smoothStep(45, 100, z);
  const low = smoothStep(0, -60, z);
  return skin.map((skinRadius, at) => {
    const angle = angleFromFront(at);
    const direction = (at / ANGLES) * 2 * Math.PI;
    const mid = mix(midMuscles(angle), lowMuscles(angle), low);
    const ripple = texture(Math.cos(direction) * 5, Math.sin(direction) * 5, z / 26) * 2.2;
    const wanted = (cage[at] ?? 0) + CAGE_WALL + mix(mid, highMuscles(angle), high) + ripple;
    return Math.min(wanted, skinRadius - mix(5.5, 9, clamp(ripple / 4 + 0.5, 0, 1)));
  });
}

/** HU of what lies `beyondCage` outside the inner face of the ribs and `belowMuscle` inside the outer face of the muscles. */
function innerValue(
  x: number,
  y: number,
  z: number,
  beyondCage: number,
  belowMuscle: number,
  softness: number,
): number {
  if (beyondCage < -1) return CAVITY_FAT;
  const muscular = clamp(0.5 + belowMuscle * softness, 0, 1);
  const fat = muscular < 1 ? subcutaneous(x, y, z) : FAT;
  if (muscular <= 0) return fat;
  const value =
    beyondCage < CAGE_WALL ? intercostal(x, y, z, beyondCage) : muscleValue(x, y, z, beyondCage);
  const wall = clamp(0.5 + beyondCage * softness, 0, 1);
  return mix(fat, mix(CAVITY_FAT, value, wall), muscular);
}

function intercostal(x: number, y: number, z: number, depth: number): number {
  const grain = texture(x / 5, y / 5, z / 8);
  const pleuralFat = smoothStep(3.2, 1.6, depth) * smoothStep(-0.2, 0.5, grain);
  return mix(MUSCLE - 8 + grain * 16, FAT, 0.7 * pleuralFat);
}

/** Muscles with the thin planes of fat between them. */
function muscleValue(x: number, y: number, z: number, beyondCage: number): number {
  const grain = texture(x / 4, y / 4, z / 9);
  const warp = texture(x / 30 + 7, y / 30, z / 40) * 5;
  const sheet = Math.abs(((beyondCage - CAGE_WALL + warp + 40) % 11.5) - 5.75);
  const gap =
    smoothStep(1.5, 0.5, sheet + (grain + 0.3) * 0.5) *
    smoothStep(0, 3, beyondCage - CAGE_WALL) *
    smoothStep(-0.25, 0.45, texture(x / 19, y / 19 + 11, z / 30));
  const cleft = Math.abs(texture(x / 24, y / 24 + 3, z / 45));
  const parted = smoothStep(0.05, 0.015, cleft);
  return mix(MUSCLE + grain * 7, FAT + 15, Math.max(gap, parted) * 0.85);
}

/** Fat under the skin with its septa, and the gland of the breast. */
function subcutaneous(x: number, y: number, z: number): number {
  const web =
    Math.abs(texture(x / 12, y / 12, z / 12 + 5)) + Math.abs(texture(x / 6, y / 6, z / 6)) * 0.3;
  const septum = smoothStep(0.05, 0.0, web) * 45;
  const fat = FAT + septum + texture(x / 7, y / 7, z / 7 + 9) * 5;
  if (y > -70 || Math.abs(z + 34) > 60) return fat;
  const core = breastDistance(Math.abs(x), y, z) + 13;
  if (core > 8) return fat;
  const lobules =
    texture(x / 15, y / 15, z / 15) * 0.75 +
    texture(x / 5, y / 5, z / 5) * 0.5 +
    texture(x / 2.6, y / 2.6, z / 3) * 0.2;
  const gland = smoothStep(
    -0.02,
    0.32,
    lobules - 0.04 * core - 0.1 - Math.max(0, core + 12) * 0.01,
  );
  return mix(fat, 28, gland * smoothStep(6, -4, core) * 0.9);
}
