import { latticeNoise } from "../phantom/noise.ts";
import { ellipsoid, mix, roundedBox, smoothStep, toSegment } from "../phantom/solids.ts";
import { over } from "./brain.ts";
import type { Contrast } from "./contrast.ts";

const texture = latticeNoise(29);

/** The face in front of and below the brain: eyes, nose, sinuses, jaw, tongue and throat. */
export function faceSignal(
  before: number,
  x: number,
  y: number,
  z: number,
  skin: number,
  inside: number,
  c: Contrast,
): number {
  const side = Math.abs(x);
  let signal = skullBase(before, side, y, z, inside, c);
  if (y < 30) {
    signal = nose(signal, x, y, z, c);
    signal = mouth(signal, side, y, z, c);
    signal = over(signal, c.air, throat(x, y, z));
  }
  if (y < -34 && z > -46) signal = eye(signal, side, y, z, skin, c);
  return signal;
}

/** Bone with marrow in the middle, bone with air cells beside the ears. */
function skullBase(
  before: number,
  side: number,
  y: number,
  z: number,
  inside: number,
  c: Contrast,
): number {
  if (inside > 22) return before;
  const clivus = roundedBox(side, toSegment(y, z, -24, -26, -1, -56), 12, 6, 4);
  const signal = over(before, over(c.bone, c.marrow, clivus + 1.3), clivus);
  const mastoid = ellipsoid(side - 52, y - 18, z + 34, 15, 17, 17);
  const cells = texture(side / 3.5, y / 3.5, z / 3.5);
  return over(signal, mix(c.bone, c.mucosa * 0.5, smoothStep(0.1, 0.6, cells) * 0.5), mastoid);
}

/** Eyeball with its lens in the fat of the orbit, its muscles and the optic nerve. */
function eye(
  before: number,
  side: number,
  y: number,
  z: number,
  skin: number,
  c: Contrast,
): number {
  const cone = Math.max(
    Math.hypot(side - 32 + (y + 76) * 0.34, (z + 24) * 0.95) -
      19 -
      (y + 78) * -0.12 +
      Math.max(0, y + 66) * 0.42,
    skin + 4,
    -36 - y - 99,
  );
  const ball = Math.hypot(side - 32, y + 76, z + 24) - 12.2;
  const axis = Math.hypot(side - toAxis(y), z + 24);
  const nerve = Math.max(axis - 2.1, -70 - y, y + 34);
  const straight = Math.max(
    Math.abs(axis - 12 + Math.max(0, y + 66) * 0.26) - 1.5,
    -72 - y,
    y + 38,
  );
  const beside = Math.min(Math.abs(side - toAxis(y)), Math.abs(z + 24)) - 4.2;
  let signal = over(before, c.fat * 0.95, cone);
  signal = over(signal, c.muscle * 1.3, Math.max(straight, beside, cone));
  signal = over(signal, c.white, nerve);
  signal = over(signal, c.bone * 2.4, ball);
  signal = over(signal, c.vitreous, ball + 1.3);
  return over(signal, c.lens, ellipsoid(side - 32, y + 83.5, z + 24, 4.6, 2.4, 4.6));
}

function toAxis(y: number): number {
  return 32 - (y + 76) * 0.5 + Math.min(0, y + 70) * 0.3;
}

/** Nasal cavity with septum and conchae, and the sinuses around it. */
function nose(before: number, x: number, y: number, z: number, c: Contrast): number {
  const side = Math.abs(x);
  const maxillary =
    ellipsoid(side - 29, y + 62, z + 52, 14, 17, 16) + texture(x / 9, y / 9, z / 9) * 2;
  const ethmoid = roundedBox(side - 8, Math.max(Math.abs(y + 58) - 8, Math.abs(z + 28)), 7, 9, 3);
  const cell = texture(x / 5, y / 5, z / 5);
  const sphenoid = ellipsoid(side - 7, y + 24, z + 27, 7, 11, 8);
  const frontal = ellipsoid(side - 9, y + 84, z - 2, 10, 5, 9);
  const sinuses = Math.min(
    maxillary,
    sphenoid,
    frontal,
    Math.max(ethmoid, 0.6 - Math.abs(cell) * 6),
  );
  let signal = over(before, c.bone, sinuses - 2);
  signal = over(signal, c.mucosa, Math.min(maxillary, sphenoid, ethmoid) - 0.9);
  signal = over(signal, c.air, sinuses);
  const cavity = Math.max(ellipsoid(side - 5, y + 60, z + 47, 11, 41, 20), side - 15);
  const conchae = Math.min(
    ellipsoid(side - 11, y + 60, z + 58, 5, 27, 5),
    ellipsoid(side - 10.5, y + 54, z + 45, 4, 22, 4.5),
    side - 1.6,
  );
  signal = over(signal, c.mucosa * 0.8, cavity - 1);
  return over(signal, c.air, Math.max(cavity, -conchae));
}

/** Palate, tongue, teeth and jaw. */
function mouth(before: number, side: number, y: number, z: number, c: Contrast): number {
  const palate = Math.max(
    Math.abs(z + 68 + Math.max(0, y + 40) * 0.2) - 2.2,
    side - 26,
    -92 - y,
    y + 30,
  );
  const tongue = ellipsoid(side, y + 54, z + 88, 25, 34, 19);
  const arch = Math.abs(Math.hypot(side, (y + 52) * 0.72) - 29);
  const teeth = Math.max(arch - 4, Math.abs(z + 82) - 10, y + 42);
  const jaw = Math.max(arch - 6, Math.abs(z + 101 + Math.max(0, y + 70) * -0.2) - 9, y + 22);
  let signal = over(before, over(c.bone, c.marrow, jaw + 2), jaw);
  signal = over(signal, c.bone, Math.min(palate, teeth));
  const fibres = texture(side / 4, y / 7, z / 3);
  signal = over(signal, mix(c.muscle, c.fat, 0.22 + 0.2 * fibres), tongue);
  const gap = Math.max(Math.abs(tongue - 1.2) - 0.7, -74 - z, y + 32);
  return over(signal, c.air, gap);
}

/** Distance to the air of the throat, from the nose to the windpipe. */
function throat(x: number, y: number, z: number): number {
  const upper = Math.max(Math.hypot(x * 0.55, toSegment(y, z, -22, -52, -10, -84)) - 5.2, z + 44);
  const lower = Math.hypot(x * 0.6, toSegment(y, z, -10, -84, -18, -140)) - 6;
  return Math.min(upper, lower);
}
