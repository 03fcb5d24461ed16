import { latticeNoise } from "../phantom/noise.ts";
import { clamp, ellipsoid, mix, smoothStep, smoothUnion, toSegment } from "../phantom/solids.ts";
import type { Contrast } from "./contrast.ts";
import { distanceToFold } from "./fold-field.ts";

const texture = latticeNoise(17);

/** Half the width of an edge, mm. */
const EDGE = 0.55;

/** `inside` below the surface (`distance` negative), `outside` above it, soft between. */
export function over(outside: number, inside: number, distance: number): number {
  if (distance >= EDGE) return outside;
  if (distance <= -EDGE) return inside;
  return mix(inside, outside, (distance + EDGE) / (2 * EDGE));
}

/** The hull of the cerebrum: both hemispheres with the temporal lobes, without its folds. */
export function cerebrumHull(x: number, y: number, z: number): number {
  const side = Math.abs(x);
  const vault = ellipsoid(side - 3, y - 1, z - 11, 62, 82, 58);
  const narrow = ellipsoid(side, y + 42, z - 8, 52, 48, 46);
  const floorZ =
    -13 -
    (y < 0
      ? 3 * smoothStep(-10, -40, y) - 8 * smoothStep(-40, -75, y) + 6 * smoothStep(24, 8, side)
      : 4 * smoothStep(10, 60, y));
  const upper = Math.max(smoothUnion(vault, narrow, 10), floorZ - z);
  const temporal = ellipsoid(side - 39, y + 10 - (z + 20) * 0.2, z + 21, 24, 42, 19);
  return smoothUnion(upper, temporal, 6);
}

/** The cerebellum: two halves and the worm between them. */
export function cerebellumHull(x: number, y: number, z: number): number {
  const half = ellipsoid(Math.abs(x) - 23, y - 50, z + 38, 29, 27, 21);
  const worm = ellipsoid(x, y - 44, z + 33, 12, 25, 22);
  return smoothUnion(half, worm, 5);
}

/** Midbrain, pons and medulla, going over into the cord. */
export function stemHull(x: number, y: number, z: number): number {
  const midbrain = ellipsoid(x, y - 9, z + 10, 20, 17, 15);
  const pons = ellipsoid(x, y - 4, z + 29, 18, 14, 14.5);
  const medulla = Math.hypot(x * 0.9, toSegment(y, z, 11, -36, 17, -60)) - 7.5;
  const cord = Math.hypot(x * 0.8, toSegment(y, z, 17, -58, 26, -140)) - 5.2;
  return smoothUnion(
    smoothUnion(midbrain, pons, 6),
    Math.min(smoothUnion(pons, medulla, 6), cord),
    3,
  );
}

/** Signal of the cerebrum, where its hull is at `hull` (negative inside); what lies in its folds is fluid. */
export function cerebrumSignal(x: number, y: number, z: number, hull: number, c: Contrast): number {
  const side = Math.abs(x);
  const callosum = Math.abs(Math.hypot((y - 4) / 1.28, z - 2) - 22) - 3.3;
  const bridge =
    z > 0 && y > -32 && y < 42
      ? Math.max(callosum, side - 17 - texture(x / 6, y / 6, z / 6) * 4)
      : 9;
  const midline = side - 0.4 - 1.2 * smoothStep(-8, 0, hull);
  const fissure = side < 16 && bridge > 0 ? Math.min(midline, bridge) : 99;
  const depth = -hull;
  const medial = Math.hypot((y - 4) / 1.28, z - 2) > 27 ? side + 3 : 99;
  const reach = 17 + 8 * texture(x / 30, y / 30, z / 30);
  const fold =
    distanceToFold(x + texture(x / 11, y / 11, z / 11) * 1.4, y, z) +
    Math.max(0, Math.min(depth, medial) - reach) * 0.7;
  const sylvian = sylvianDistance(side, y, z);
  const pit = Math.min(
    fold - 0.15 - 0.5 * smoothStep(8, 0, depth),
    side < 16 ? midline : 99,
    sylvian - 0.8,
  );
  const surface = Math.min(depth, pit, bridge < 3 ? 99 : fissure === 99 ? 99 : midline);
  const ribbon = 2.9 + texture(x / 9, y / 9, z / 9) * 0.5;
  let signal = over(
    c.white * (1 + 0.05 * texture(x / 18, y / 18, z / 18)),
    c.gray,
    surface - ribbon,
  );
  signal = over(signal, c.white, bridge);
  signal = deepNuclei(signal, side, y, z, c);
  signal = over(signal, c.fluid, bridge < 1 ? 1 : pit);
  return ventricles(signal, x, y, z, c);
}

/** The cleft between frontal and temporal lobe, and the island of cortex at its ground. */
function sylvianDistance(side: number, y: number, z: number): number {
  if (side < 30 || y < -36 || y > 34) return 99;
  const sway = texture(side / 10, y / 10, z / 10) * 2.2;
  const cleft = Math.abs(z + 6 - (y + 10) * 0.28 - (side - 44) * 0.12 + sway);
  const insula = Math.hypot(
    side - 38 + ((y + 2) / 17) ** 2 + ((z - 2) / 11) ** 2 + sway * 0.6,
    Math.max(0, Math.abs(z - 2) - 11),
    Math.max(0, Math.abs(y + 2) - 22),
  );
  return side < 37 ? insula : Math.min(cleft, insula);
}

/** Caudate, putamen, pallidum and thalamus beside the ventricles. */
function deepNuclei(before: number, side: number, y: number, z: number, c: Contrast): number {
  if (side > 36 || z < -14 || z > 30 || y < -34 || y > 34) return before;
  const caudate = ellipsoid(side - 12.5 - (y + 20) * 0.14, y + 15, z - 10, 4.6, 13, 8);
  const tail = ellipsoid(side - 17, y - 4, z - 19, 2.6, 18, 3);
  const putamen = ellipsoid(side - 25.5, y + 4 - (side - 25) * 1.2, z - 4, 4.6, 15, 10);
  const pallidum = ellipsoid(side - 19.5, y - (side - 19) * 1.4, z - 2, 4, 8, 7);
  const thalamus = ellipsoid(side - 10.5, y - 13 - (side - 10) * 0.5, z - 6, 8.2, 14, 9);
  let signal = over(before, c.gray, Math.min(caudate, tail, putamen));
  signal = over(signal, mix(c.gray, c.white, 0.3), thalamus);
  return over(signal, c.pallidum, pallidum);
}

/** The fluid in the middle, with lesions like caps at its horns. */
function ventricles(before: number, x: number, y: number, z: number, c: Contrast): number {
  if (Math.abs(x) > 42 || y < -40 || y > 62) return before;
  const side = Math.abs(x + 0.6);
  const horn = ellipsoid(side - 6.5 + (y + 22) * 0.2, y + 24, z - 9, 4, 11, 7.5);
  const body = ellipsoid(side - 9 - (y - 4) * 0.16, y - 4, z - 17, 6.2, 27, 6.2);
  const atrium = ellipsoid(side - 21 - (15 - z) * 0.1, y - 33, z - 8, 7, 11, 12);
  const occipital = ellipsoid(side - 22, y - 48, z - 3, 4, 14, 5);
  const temporal = ellipsoid(side - 32 + (y - 8) * 0.1, y - 10, z + 13, 3, 20, 3.6);
  const lateral = smoothUnion(
    smoothUnion(horn, body, 5),
    Math.min(smoothUnion(atrium, occipital, 5), temporal),
    4,
  );
  const third = Math.max(side - 1.9, ellipsoid(x, y - 4, z - 0, 6, 16, 11));
  const septum = 0.9 - Math.abs(x) + Math.max(0, z - 24);
  const fluid = Math.max(
    Math.min(lateral, third),
    Math.min(lateral, third) === third ? -99 : septum,
  );
  const cap = Math.max(lateral - 2.6, 0.15 - texture(x / 7, y / 7, z / 7) * 1.2) * 2;
  const spots =
    lateral > 4 && lateral < 17 ? (0.86 - texture(x / 5.5, y / 5.5 + 3, z / 5.5)) * 14 : 9;
  let signal = over(before, c.lesion, z > -4 ? Math.min(cap, spots) : 9);
  signal = over(signal, c.fluid, fluid);
  return over(
    signal,
    mix(c.gray, c.fluid, 0.4),
    Math.max(atrium + 3.4, texture(x / 3, y / 3, z / 3) * 3 + 0.4),
  );
}

/** Signal of the cerebellum: leaves of cortex on branches of white matter. */
export function cerebellumSignal(
  x: number,
  y: number,
  z: number,
  hull: number,
  c: Contrast,
): number {
  const depth = -hull;
  const side = Math.abs(x);
  const fan =
    mix(
      Math.atan2(z + 33, y - 24) * 17,
      Math.hypot(y - 20, (z + 10) * 1.25),
      smoothStep(5, 15, side),
    ) +
    texture(x / 9, y / 9, z / 9) * 2.6;
  const leaves = Math.abs(((fan + 300) % 4.6) - 2.3);
  const clefts = leaves - 0.28 - 0.5 * smoothStep(5, 0, depth) + Math.max(0, depth - 11) * 0.6;
  const branch = Math.abs((((fan + 300) / 2.3 + 1) % 4) - 2) * 2.3;
  const core = smoothStep(11, 16, depth);
  const white = Math.min(depth < 15 ? 2.6 - branch * (1 - core) : 3, depth - 3.4);
  const signal = over(c.gray, c.white, -Math.max(white, (core - 0.5) * 4));
  const dentate = ellipsoid(side - 14, y - 38, z + 36, 6, 5, 4);
  const nuclei = over(signal, mix(c.gray, c.white, 0.4), Math.abs(dentate) - 0.9);
  return over(nuclei, c.fluid, clefts);
}

/** Signal of the brain stem with the aqueduct and the fourth ventricle. */
export function stemSignal(x: number, y: number, z: number, c: Contrast): number {
  const fibres = texture(x / 6, y / 6, z / 9) * 0.5 + 0.5;
  const base = mix(c.white, c.gray, clamp(0.2 + 0.35 * fibres, 0, 1));
  const black = ellipsoid(Math.abs(x) - 9, y - 4, z + 10, 6, 1.8, 5);
  return over(base, c.pallidum, black);
}

/** Distance to the aqueduct and the fourth ventricle. */
export function fourthVentricle(x: number, y: number, z: number): number {
  const aqueduct = Math.hypot(x, toSegment(y, z, 16, -4, 20, -22)) - 1.1;
  const chamber = ellipsoid(x, y - 22 - (z + 32) * 0.1, z + 32, 9, 4.6, 13);
  return Math.min(aqueduct, chamber);
}
