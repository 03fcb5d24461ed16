import { latticeNoise } from "../phantom/noise.ts";
import { ellipse, mix, smoothStep, toSegment } from "../phantom/solids.ts";

const texture = latticeNoise(131);

/** State of the heart at a share of its cycle, 0 being the end of diastole. */
export interface Beat {
  /** 0 relaxed, 1 fully contracted ventricles. */
  readonly contraction: number;
  /** 0 closed, 1 open. */
  readonly mitral: number;
  readonly aortic: number;
}

export function beatAt(phase: number): Beat {
  const contraction = smoothStep(0.02, 0.34, phase) * smoothStep(0.62, 0.38, phase);
  const early = smoothStep(0.46, 0.52, phase) * smoothStep(0.7, 0.6, phase);
  const atrial = smoothStep(0.84, 0.89, phase) * smoothStep(1, 0.95, phase);
  return {
    contraction,
    mitral: Math.max(early, 0.75 * atrial),
    aortic: smoothStep(0.05, 0.09, phase) * smoothStep(0.4, 0.32, phase),
  };
}

/**
 * How strongly a place echoes in the apical four-chamber view, 0 to about 1. The transducer is at the origin, x
 * runs to the right of the image, y into the depth, cm.
 */
export function echoStrength(x: number, y: number, beat: Beat): number {
  const { contraction } = beat;
  const lift = 0.9 * contraction;
  const wall = heartWall(x, y, contraction, lift);
  const lung = 0.1 + 0.06 * texture(x * 1.3, y * 1.3, 2) + 0.05 * texture(x * 4, y * 4, 3);
  const pericardium = 0.75 * smoothStep(0.3, 0.05, Math.abs(wall - 0.05));
  let strength = wall < 0 ? 0.42 + 0.1 * texture(x * 2, y * 2, 7) : Math.max(lung, pericardium);
  const cavity = Math.min(chambers(x, y, contraction, lift), orifices(x, y, lift));
  strength = mix(0.013, strength, smoothStep(-0.1, 0.12, cavity));
  return Math.max(strength, valves(x, y, beat, lift));
}

/** Distance to the outer surface of the heart, cm. */
function heartWall(x: number, y: number, contraction: number, lift: number): number {
  const ventricles = ellipse(x - 0.2, y - 6.4 + lift * 0.2, 4.3 - 0.35 * contraction, 5);
  const atria = ellipse(x - 0.2, y - 11.6, 4.2 + 0.1 * contraction, 3.1);
  return Math.min(ventricles, atria);
}

/** Distance to the nearest of the four chambers, cm. */
function chambers(x: number, y: number, contraction: number, lift: number): number {
  const base = 9.1 - lift;
  const rough = 0.1 * texture(x * 1.8, y * 1.8, contraction);
  const left = Math.max(
    ellipse(x - 1.75, y - 6.5, 1.75 - 0.62 * contraction, 4 - 0.35 * contraction),
    y - base,
  );
  const right = Math.max(
    ellipse(x + 2.15, y - 6.9, 1.25 - 0.34 * contraction, 3.2 - 0.3 * contraction),
    y - base,
  );
  const leftAtrium = Math.max(
    ellipse(x - 1.9, y - 11.4 + lift * 0.3, 1.75 + 0.12 * contraction, 2.5),
    base + 0.12 - y,
  );
  const rightAtrium = Math.max(
    ellipse(x + 1.95, y - 11.3 + lift * 0.3, 1.7 + 0.1 * contraction, 2.4),
    base + 0.12 - y,
  );
  return Math.min(left, right, leftAtrium, rightAtrium) + rough;
}

/** Distance to the openings between atria and ventricles, which the leaflets close, cm. */
function orifices(x: number, y: number, lift: number): number {
  const away = Math.abs(y - 9.15 + lift) - 0.3;
  return Math.max(away, Math.min(Math.abs(x - 1.8) - 1.2, Math.abs(x + 2.05) - 1.25));
}

/** Bright leaflets at the base; open ones hang into the ventricles. */
function valves(x: number, y: number, beat: Beat, lift: number): number {
  const base = 9.1 - lift;
  const tip = mix(0.12, 1.5, beat.mitral);
  const half = mix(0.05, 1.05, beat.mitral);
  const leaflets = [
    toSegment(x, y, 0.5, base, 1.75 - half, base - tip),
    toSegment(x, y, 3.1, base, 1.75 + half, base - tip),
    toSegment(x, y, -0.6, base + 0.1, -2 + half * 0.9, base - tip * 0.9),
    toSegment(x, y, -3.5, base, -2 - half * 0.9, base - tip * 0.9),
  ];
  return 0.8 * smoothStep(0.16, 0.04, Math.min(...leaflets));
}

/** Velocity of the blood towards the transducer in m/s; 0 outside the jets. */
export function bloodVelocity(x: number, y: number, beat: Beat): number {
  const base = 9.1 - 0.9 * beat.contraction;
  const swirl = 0.14 * texture(x * 1.4, y * 1.4, beat.contraction * 3);
  const inflow = beat.mitral * 0.7 * jet(x - 1.75 - swirl, y, base - 3.6, base + 1.4, 0.95);
  const outflow = -beat.aortic * 0.68 * jet(x - 0.75 - swirl, y, base - 3.4, base + 0.2, 0.6);
  const leak = -beat.contraction * 1.25 * jet(x - 2.1 - swirl, y, base, base + 2.3, 0.35);
  return inflow + outflow - leak * -0.8;
}

function jet(x: number, y: number, from: number, to: number, half: number): number {
  const across = smoothStep(half, half * 0.35, Math.abs(x));
  return across * smoothStep(from, from + 1, y) * smoothStep(to, to - 0.8, y);
}
