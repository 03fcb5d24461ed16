import { latticeNoise } from "../phantom/noise.ts";
import { ellipsoid, mix, smoothStep, smoothUnion, toSegment } from "../phantom/solids.ts";
import {
  cerebellumHull,
  cerebellumSignal,
  cerebrumHull,
  cerebrumSignal,
  fourthVentricle,
  over,
  stemHull,
  stemSignal,
} from "./brain.ts";
import type { Contrast } from "./contrast.ts";
import { faceSignal } from "./face.ts";

const texture = latticeNoise(23);

/** The skin: skull, face and neck. Patient space in mm; the origin lies in the middle of the brain. */
function skinDistance(x: number, y: number, z: number): number {
  const skull = ellipsoid(x, y - 1, z - 10, 79, 98, 79);
  const low = ellipsoid(x, y - 12, z + 22, 74, 84, 62);
  const face = ellipsoid(x, y + 46, z + 50, 62, 52, 74);
  const nose = smoothUnion(
    Math.hypot(x, toSegment(y, z, -92, -18, -117, -48)) - 8,
    ellipsoid(Math.abs(x) - 8, y + 106, z + 50, 8, 9, 7),
    7,
  );
  const lips = ellipsoid(x, y + 96, z + 80, 24, 10, 12);
  const chin = ellipsoid(x, y + 84, z + 112, 24, 16, 16);
  const neck = Math.hypot(x * 0.95, (y - 14) * 0.9) - 56;
  const neckHere = z < -60 ? neck : neck + (z + 60) * 0.7;
  const head = smoothUnion(smoothUnion(skull, low, 12), smoothUnion(face, neckHere, 20), 20);
  const front = smoothUnion(smoothUnion(nose, lips, 8), chin, 10);
  const ear = ellipsoid(Math.abs(x) - 80, y - 14, z + 28, 9, 17, 27);
  return smoothUnion(smoothUnion(head, front, 12), ear, 5);
}

/** The inner surface of the skull, 2 mm outside the brain. */
function skullInside(
  x: number,
  y: number,
  z: number,
  cerebrum: number,
  cerebellum: number,
): number {
  const fossa = smoothUnion(cerebellum, ellipsoid(x, y - 16, z + 34, 19, 20, 28), 12);
  return smoothUnion(cerebrum, fossa, 9) - 2.4;
}

/** Signal of the head at a place, without noise. */
export function headSignal(x: number, y: number, z: number, c: Contrast): number {
  const cerebrum = cerebrumHull(x, y, z);
  if (cerebrum < -5) return cranialSignal(x, y, z, cerebrum, 9, c);
  const skin = cerebrum > 140 ? 9 : skinDistance(x, y, z);
  if (skin > 1) return c.air;
  const cerebellum = cerebellumHull(x, y, z);
  const inside = skullInside(x, y, z, cerebrum, cerebellum);
  const outer = inside < -1 ? 0 : wallSignal(x, y, z, skin, inside, c);
  const brain = inside > 1 ? 0 : cranialSignal(x, y, z, cerebrum, cerebellum, c);
  const head = over(outer, brain, inside);
  const cord = cordSignal(head, x, y, z, c);
  return over(c.air, cord, skin);
}

/** What lies between the skin and the inside of the skull. */
function wallSignal(
  x: number,
  y: number,
  z: number,
  skin: number,
  inside: number,
  c: Contrast,
): number {
  const soft = softTissue(x, y, z, skin, c);
  const thickness =
    6 + texture(x / 22, y / 22, z / 22) * 1.4 + 2.4 * smoothStep(60, 95, Math.abs(y));
  const spongy = over(
    c.bone,
    c.marrow * (0.85 + 0.25 * texture(x / 4, y / 4, z / 4)),
    Math.abs(inside - thickness * 0.52) - thickness * 0.24,
  );
  const skull = over(soft, spongy, inside - thickness);
  return z > 2 ? skull : faceSignal(skull, x, y, z, skin, inside, c);
}

/** Skin, the fat under it and the muscles of temple and neck. */
function softTissue(x: number, y: number, z: number, skin: number, c: Contrast): number {
  const fatDepth = 5.5 + texture(x / 25, y / 25, z / 25) * 1.5 + 2 * smoothStep(0, -70, z);
  const temple = ellipsoid(Math.abs(x) - 66, y + 30, z + 4, 12, 30, 36);
  const strands = texture(x / 5, y / 5, z / 14);
  const muscle = c.muscle * (1 + 0.12 * strands);
  const sheets = Math.abs(texture(x / 15, y / 15, z / 45 + 8));
  const meat = mix(c.fat, muscle, smoothStep(0.03, 0.1, sheets));
  const deep = z < -24 ? -skin - fatDepth : -9;
  const fat = c.fat * (0.9 + 0.12 * texture(x / 4, y / 4, z / 4));
  const flesh = over(over(fat, meat, -deep), muscle, Math.max(temple, skin + fatDepth));
  return over(flesh, c.mucosa * 0.55, -skin - 1.5);
}

/** What lies inside the skull: brain in fluid, with falx, tent and the large vessels. */
function cranialSignal(
  x: number,
  y: number,
  z: number,
  cerebrum: number,
  cerebellum: number,
  c: Contrast,
): number {
  let signal = c.fluid;
  if (cerebellum < 1) signal = over(signal, cerebellumSignal(x, y, z, cerebellum, c), cerebellum);
  if (cerebrum < 1) signal = over(signal, cerebrumSignal(x, y, z, cerebrum, c), cerebrum);
  if (z < 6 && z > -66 && Math.abs(x) < 24) {
    const stem = stemHull(x, y, z);
    if (stem < 1) signal = over(signal, stemSignal(x, y, z, c), stem);
    signal = over(signal, c.fluid, fourthVentricle(x, y, z));
  }
  const falx = Math.max(Math.abs(x) - 0.35, 26 - Math.hypot((y - 4) / 1.2, z - 2), -z);
  signal = over(signal, mix(c.bone, c.gray, 0.3), falx);
  return over(signal, c.vessel, vesselDistance(x, y, z, cerebrum));
}

/** Sagittal sinus, basilar and carotid arteries: flowing blood gives no signal. */
function vesselDistance(x: number, y: number, z: number, cerebrum: number): number {
  const sinus = Math.hypot(x, cerebrum - 0.5) - 3.2;
  const basilar = Math.hypot(x, toSegment(y, z, -11, -38, -7, -16)) - 1.8;
  const carotid = Math.hypot(Math.abs(x) - 10, toSegment(y, z, -18, -40, -20, -14)) - 2.4;
  const middle = Math.hypot(toSegment(Math.abs(x), z, 10, -13, 34, -11), y + 19) - 1.4;
  return Math.min(z > 0 || y > 40 ? sinus : 9, basilar, carotid, middle);
}

/** The cord in its fluid below the skull, with the upper vertebrae around it. */
function cordSignal(before: number, x: number, y: number, z: number, c: Contrast): number {
  if (z > -48 || Math.abs(x) > 34) return before;
  const lineY = 17 + (-60 - z) * 0.11;
  const canal = Math.hypot(x * 0.85, y - lineY) - 9.5;
  const level = ((((z + 82) % 19) + 19) % 19) - 9.5;
  const body = Math.max(
    Math.hypot(x * 0.85, (y - lineY + 19) * 1.15) - 11.5 + 6 * smoothStep(-86, -64, z),
    z + 58,
  );
  const disc = Math.abs(Math.abs(level) - 9.5) - 1.9;
  const marrow = over(c.bone, c.marrow * 0.75, body + 1.3);
  let signal = over(before, over(marrow, c.muscle * 0.8, z > -84 ? 9 : disc), body);
  const arch = Math.max(Math.hypot(x * 0.9, y - lineY - 22) - 5 + Math.abs(level) * 0.4, z + 58);
  signal = over(signal, c.marrow * 0.7, arch);
  signal = over(signal, c.fluid, canal);
  return over(
    signal,
    mix(c.white, c.gray, 0.4),
    Math.max(Math.hypot(x * 0.8, y - lineY) - 5.2, z + 52),
  );
}
