import { nearlyGaussian, seededRandom } from "../phantom/random.ts";

/** Lattice of the field: nodes every 2 mm over a box around the brain. */
const STEP = 2;
const NODES_X = 80;
const NODES_Y = 100;
const NODES_Z = 84;
const FIRST_X = -80;
const FIRST_Y = -98;
const FIRST_Z = -66;

const WAVES = 28;
/** Wave number that puts the sheets some 12 mm apart on average, per mm. */
const WAVE_NUMBER = 0.42;

let made: Float32Array | undefined;

/**
 * About the distance in mm to the nearest of the winding sheets along which the cortex folds inward: the zero set
 * of random waves of one length, divided by their slope. Outside the box around the brain it is large.
 */
export function distanceToFold(x: number, y: number, z: number): number {
  made ??= makeField();
  const u = (x - FIRST_X) / STEP;
  const v = (y - FIRST_Y) / STEP;
  const w = (z - FIRST_Z) / STEP;
  if (u < 0 || v < 0 || w < 0 || u >= NODES_X - 1 || v >= NODES_Y - 1 || w >= NODES_Z - 1) return 9;
  const at = ((w | 0) * NODES_Y + (v | 0)) * NODES_X + (u | 0);
  const tu = u - (u | 0);
  const tv = v - (v | 0);
  const tw = w - (w | 0);
  const near = bilinear(made, at, tu, tv);
  return Math.abs(near + (bilinear(made, at + NODES_X * NODES_Y, tu, tv) - near) * tw);
}

function bilinear(field: Float32Array, at: number, tu: number, tv: number): number {
  const a = field[at] ?? 0;
  const b = field[at + 1] ?? 0;
  const c = field[at + NODES_X] ?? 0;
  const d = field[at + NODES_X + 1] ?? 0;
  const top = a + (b - a) * tu;
  return top + (c + (d - c) * tu - top) * tv;
}

/** The waves of both sides are much, but not entirely, alike. */
function makeField(): Float32Array {
  const random = seededRandom(914);
  const field = new Float32Array(NODES_X * NODES_Y * NODES_Z);
  const slopes = new Float32Array(field.length);
  for (let wave = 0; wave < WAVES; wave++) {
    const k = randomDirection(random).map((part) => part * WAVE_NUMBER * (0.85 + 0.3 * random()));
    const phase = random() * 2 * Math.PI;
    addWave(field, slopes, k, phase, wave % 3 !== 0);
  }
  const floor = 0.12 * WAVE_NUMBER * WAVE_NUMBER * WAVES;
  return field.map((value, at) => value / Math.sqrt((slopes[at] ?? 0) / 2 + floor));
}

function randomDirection(random: () => number): readonly number[] {
  const parts = [nearlyGaussian(random), nearlyGaussian(random), nearlyGaussian(random)];
  const length = Math.hypot(...parts) || 1;
  return parts.map((part) => part / length);
}

function addWave(
  field: Float32Array,
  slopes: Float32Array,
  [kx = 0, ky = 0, kz = 0]: readonly number[],
  phase: number,
  isMirrored: boolean,
): void {
  const xs = Array.from({ length: NODES_X }, (_, u) => {
    const x = FIRST_X + u * STEP;
    return kx * (isMirrored ? Math.abs(x) : x);
  });
  const cosines = Float64Array.from(xs, Math.cos);
  const sines = Float64Array.from(xs, Math.sin);
  let at = 0;
  for (let w = 0; w < NODES_Z; w++) {
    for (let v = 0; v < NODES_Y; v++) {
      const rest = ky * (FIRST_Y + v * STEP) + kz * (FIRST_Z + w * STEP) + phase;
      const cosine = Math.cos(rest);
      const sine = Math.sin(rest);
      for (let u = 0; u < NODES_X; u++, at++) {
        const cu = cosines[u] ?? 0;
        const su = sines[u] ?? 0;
        const slope = su * cosine + cu * sine;
        field[at] = (field[at] ?? 0) + cu * cosine - su * sine;
        slopes[at] = (slopes[at] ?? 0) + slope * slope * 0.45;
      }
    }
  }
}
