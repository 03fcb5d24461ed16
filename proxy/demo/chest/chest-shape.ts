import { latticeNoise, type Noise3 } from "../phantom/noise.ts";
import {
  clamp,
  curveThrough,
  ellipse,
  ellipsoid,
  roundedBox,
  smoothUnion,
} from "../phantom/solids.ts";

/**
 * The surfaces of a chest as functions of place. Patient space in mm, x to the left, y to the back, z to the
 * head; the origin lies in the middle of the chest, 40 mm below the carina.
 */

/** Lines of sight around the body axis at (0, AXIS_Y), for surfaces that each of them meets once. */
export const AXIS_Y = 15;
export const ANGLES = 1024;

const halfWidth = curveThrough([
  [-200, 146],
  [-165, 146],
  [-110, 152],
  [-50, 158],
  [10, 163],
  [55, 168],
  [90, 176],
  [112, 174],
  [128, 150],
  [145, 92],
  [162, 66],
  [190, 60],
]);
const frontY = curveThrough([
  [-200, -96],
  [-165, -98],
  [-100, -102],
  [-40, -99],
  [20, -94],
  [60, -84],
  [90, -68],
  [115, -52],
  [140, -46],
  [165, -48],
  [190, -50],
]);
const backY = curveThrough([
  [-200, 100],
  [-120, 104],
  [-60, 113],
  [20, 117],
  [80, 113],
  [115, 98],
  [140, 80],
  [165, 66],
  [190, 60],
]);
const cageHalfWidth = curveThrough([
  [-200, 122],
  [-165, 128],
  [-110, 132],
  [-50, 131],
  [0, 127],
  [40, 117],
  [70, 102],
  [95, 82],
  [112, 64],
  [130, 50],
  [190, 40],
]);
const cageFrontY = curveThrough([
  [-200, -78],
  [-165, -82],
  [-100, -84],
  [-40, -82],
  [0, -78],
  [40, -69],
  [70, -56],
  [95, -38],
  [112, -22],
  [130, -12],
  [190, -8],
]);
const cageBackY = curveThrough([
  [-200, 80],
  [-150, 84],
  [-60, 93],
  [0, 94],
  [40, 91],
  [70, 84],
  [95, 74],
  [112, 64],
  [130, 52],
  [190, 40],
]);

/** The radii, by angle, at which rays from the body axis leave a shape of the plane. */
function raysThrough(shape: (x: number, y: number) => number, reach: number): Float32Array {
  const radii = new Float32Array(ANGLES + 1);
  for (let at = 0; at <= ANGLES; at++) {
    const angle = (at / ANGLES) * 2 * Math.PI - Math.PI;
    const dx = Math.cos(angle);
    const dy = Math.sin(angle);
    const along = (radius: number) => shape(radius * dx, AXIS_Y + radius * dy);
    radii[at] = rootOf(along, reach);
  }
  return radii;
}

/** Where a function that is negative at 0 and positive at `reach` becomes 0: false position, Illinois variant. */
function rootOf(along: (radius: number) => number, reach: number): number {
  let low = 0;
  let high = reach;
  let atLow = along(low);
  let atHigh = along(high);
  if (atLow >= 0) return 0;
  let guess = 0;
  for (let step = 0; step < 9; step++) {
    guess = (low * atHigh - high * atLow) / (atHigh - atLow);
    const atGuess = along(guess);
    if (Math.abs(atGuess) < 0.05) break;
    if (atGuess < 0) {
      low = guess;
      atLow = atGuess;
      atHigh /= 2;
    } else {
      high = guess;
      atHigh = atGuess;
      atLow /= 2;
    }
  }
  return guess;
}

/** The skin at a height, radii by angle. */
export function skinRadii(z: number): Float32Array {
  const width = halfWidth(z);
  const front = frontY(z);
  const back = backY(z);
  const middle = (front + back) / 2;
  const depth = (back - front) / 2;
  return raysThrough((x, y) => {
    const torso = superEllipse(x, y - middle, width, depth);
    const breast = breastDistance(Math.abs(x), y, z);
    const furrow = Math.max(0, 5 - Math.abs(x) * 0.25) * clamp((y - 80) / 20, 0, 1);
    return smoothUnion(torso, breast, 26) + furrow;
  }, 230);
}

/** The breast of one side, `x` counted away from the midline. */
export function breastDistance(x: number, y: number, z: number): number {
  const mound = ellipsoid(x - 84, y + 80, z + 32, 62, 50, 60);
  const nipple = ellipsoid(x - 98, y + 128, z + 38, 6, 5, 6);
  return smoothUnion(mound, nipple, 6);
}

/** The inner surface of the ribs at a height, radii by angle. */
export function cageRadii(z: number): Float32Array {
  const front = cageFrontY(z);
  const back = cageBackY(z);
  const width = cageHalfWidth(z);
  const middle = (front + back) / 2;
  const depth = (back - front) / 2;
  return raysThrough((x, y) => superEllipse(x, y - middle, width, depth), 170);
}

/** About the distance to |x/rx|^2.5 + |y/ry|^2.5 = 1, along the ray from the middle. */
function superEllipse(x: number, y: number, rx: number, ry: number): number {
  const u = Math.abs(x / rx);
  const v = Math.abs(y / ry);
  const scaled = (u * u * Math.sqrt(u) + v * v * Math.sqrt(v)) ** 0.4;
  return scaled < 1e-6 ? -Math.min(rx, ry) : Math.sqrt(x * x + y * y) * (1 - 1 / scaled);
}

/** Middle of the vertebral bodies. */
export const spineY = curveThrough([
  [-200, 50],
  [-165, 53],
  [-110, 60],
  [-50, 67],
  [10, 69],
  [50, 65],
  [85, 55],
  [115, 42],
  [140, 32],
  [190, 26],
]);

/** Height of the diaphragm above a place: two domes, the right one higher. */
export function diaphragmZ(x: number, y: number): number {
  const rightX = (x + 66) / 78;
  const leftX = (x - 72) / 72;
  const right = -50 - dome(rightX * rightX + ((y + 12) / 92) ** 2);
  const left = -64 - dome(leftX * leftX + ((y + 6) / 92) ** 2);
  return -smoothUnion(-right, -left, 14);
}

function dome(squared: number): number {
  return 46 * squared + 26 * squared * squared;
}

/** Height of the top of the lungs above a place. */
export function apexZ(x: number, y: number): number {
  const squared = (Math.abs(x) - 42) ** 2 + (y - 26) ** 2;
  return 114 - 0.0085 * squared;
}

const mediastinumHalfWidth = curveThrough([
  [-200, 30],
  [-60, 27],
  [0, 27],
  [20, 31],
  [45, 32],
  [70, 33],
  [95, 34],
  [115, 36],
  [140, 44],
]);

const noise: Noise3 = latticeNoise(11);

/** About the distance to what lies between the lungs: heart, great vessels, spine and the fat around them. */
export function mediastinumDistance(x: number, y: number, z: number): number {
  if (Math.abs(x - 12) > 100) return Math.abs(x - 12) - 90;
  const spine = ellipse(x, y - spineY(z) - 12, 25, 31);
  const width = mediastinumHalfWidth(z);
  const front = cageFrontY(z);
  const taper = 1 - 0.55 * clamp((-25 - y) / 45, 0, 1);
  const column = roundedBox(x - 2, y - 8, width * taper, 70 - front * 0.15, 16);
  const aorta = Math.hypot(x - descendingAortaX(z), y - descendingAortaY(z)) - 14.5;
  const aortaHere = z > 78 ? aorta + (z - 78) * 1.2 : aorta;
  let nearest = smoothUnion(smoothUnion(spine, column, 10), aortaHere, 6);
  nearest = smoothUnion(nearest, heartDistance(x, y, z) - 4, 14);
  nearest = smoothUnion(nearest, ellipsoid(x - 26, y - 12, z - 68, 17, 42, 17), 8);
  const hila = ellipsoid(Math.abs(x - 2) - 40, y - 14, z - 22, 13, 17, 24);
  nearest = smoothUnion(nearest, hila, 10);
  return Math.abs(nearest) > 4 ? nearest : nearest + noise(x / 17, y / 17, z / 17) * 1.6;
}

/** The pericardium: an egg that points to the left, forward and down. */
export function heartDistance(x: number, y: number, z: number): number {
  const body = ellipsoid(x - 17, y + 28, z + 38, 58, 46, 47);
  const apex = ellipsoid(x - 52, y + 42, z + 52, 36, 32, 32);
  return smoothUnion(body, apex, 24);
}

export const descendingAortaX = curveThrough([
  [-200, 8],
  [-165, 9],
  [-110, 13],
  [-40, 20],
  [20, 24],
  [60, 27],
  [85, 27],
]);
export const descendingAortaY = curveThrough([
  [-200, 22],
  [-165, 24],
  [-110, 34],
  [-40, 43],
  [20, 44],
  [60, 40],
  [85, 36],
]);
