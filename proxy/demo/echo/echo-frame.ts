import { noiseTile } from "../phantom/noise.ts";
import { clamp, smoothStep } from "../phantom/solids.ts";
import { type Beat, beatAt, bloodVelocity, echoStrength } from "./beating-heart.ts";
import { drawText } from "./font.ts";

/** The screen of the ultrasound machine. */
export const ECHO_COLUMNS = 800;
export const ECHO_ROWS = 600;
/** The transducer's place in the image, and the scale of the sector. */
export const APEX_COLUMN = 400;
export const APEX_ROW = 44;
export const PIXELS_PER_CM = 32;
const DEPTH_CM = 16;
const HALF_ANGLE = 0.66;

/** Where the ECG is drawn. */
export const ECG_TOP = 560;
export const ECG_BOTTOM = 596;
export const ECG_LEFT = 110;
export const ECG_RIGHT = 690;

/** Limits of the colour box: depth in cm, angle in radians. */
const BOX = { from: 4.4, to: 12.4, low: -0.04, high: 0.3 };
/** Speed at which the colour turns over, m/s. */
const NYQUIST = 0.64;

const TILE = 256;
let speckleTile: Float32Array | undefined;

/** One frame of the cine, RGB by pixel; `share` is how much of the loop has passed, 0 to 1. */
export function echoFrame(share: number, beats: number, texts: readonly string[]): Uint8Array {
  const pixels = new Uint8Array(ECHO_COLUMNS * ECHO_ROWS * 3);
  const beat = beatAt((share * beats) % 1);
  drawSector(pixels, beat);
  drawScale(pixels);
  drawLegend(pixels);
  drawEcg(pixels, share, beats);
  for (const [line, text] of texts.entries())
    drawLabel(pixels, text, 12, 12 + line * 20, [210, 214, 220]);
  return pixels;
}

function drawSector(pixels: Uint8Array, beat: Beat): void {
  for (let row = APEX_ROW; row < ECHO_ROWS - 40; row++) {
    for (let column = 0; column < ECHO_COLUMNS; column++) {
      const x = (column - APEX_COLUMN) / PIXELS_PER_CM;
      const y = (row - APEX_ROW) / PIXELS_PER_CM;
      const depth = Math.sqrt(x * x + y * y);
      const angle = Math.atan2(x, y);
      if (depth > DEPTH_CM || depth < 0.35 || Math.abs(angle) > HALF_ANGLE) continue;
      const at = (row * ECHO_COLUMNS + column) * 3;
      const gray = echoGray(x, y, depth, angle, beat);
      pixels[at] = gray;
      pixels[at + 1] = gray;
      pixels[at + 2] = clamp(gray * 1.04, 0, 255);
      if (isInBox(depth, angle)) colourFlow(pixels, at, x, y, gray, beat);
    }
  }
}

/** Logarithm of the speckled echo. The speckle follows the muscle and is wider the deeper it lies. */
function echoGray(x: number, y: number, depth: number, angle: number, beat: Beat): number {
  const shift = beat.contraction * 0.8 * smoothStep(1, 9, depth) * smoothStep(15, 10, depth);
  const strength = echoStrength(x, y, beat);
  const speckle = speckleAt((depth + shift) * 19, angle * 210);
  const gain = 1 - 0.25 * smoothStep(10, 16, depth) + 0.5 * smoothStep(1.4, 0.3, depth);
  const shadow = 1 - 0.5 * smoothStep(0.46, 0.62, Math.abs(angle));
  const echo = strength * speckle * gain * shadow + 0.004 * speckleAt(depth * 31, angle * 260);
  return clamp(Math.round(255 * (0.47 * Math.log10(echo + 0.006) + 0.79)), 0, 255);
}

/** Rayleigh speckle: magnitude of two independent Gaussian fields. */
function speckleAt(u: number, v: number): number {
  speckleTile ??= noiseTile(141, TILE, 1.7, 0.8, 0.2);
  const real = tileAt(speckleTile, u, v);
  const imaginary = tileAt(speckleTile, u + 93, v + 141);
  return Math.sqrt(real * real + imaginary * imaginary);
}

function tileAt(tile: Float32Array, u: number, v: number): number {
  const row = Math.floor(u);
  const column = Math.floor(v);
  const t = u - row;
  const s = v - column;
  const a = tile[((row & 255) << 8) | (column & 255)] ?? 0;
  const b = tile[((row & 255) << 8) | ((column + 1) & 255)] ?? 0;
  const c = tile[(((row + 1) & 255) << 8) | (column & 255)] ?? 0;
  const d = tile[(((row + 1) & 255) << 8) | ((column + 1) & 255)] ?? 0;
  return (a * (1 - s) + b * s) * (1 - t) + (c * (1 - s) + d * s) * t;
}

function isInBox(depth: number, angle: number): boolean {
  return depth > BOX.from && depth < BOX.to && angle > BOX.low && angle < BOX.high;
}

/** Colour Doppler over what echoes little; the edge of the box is drawn. */
function colourFlow(
  pixels: Uint8Array,
  at: number,
  x: number,
  y: number,
  gray: number,
  beat: Beat,
): void {
  const depth = Math.hypot(x, y);
  const angle = Math.atan2(x, y);
  const edge = Math.min(
    depth - BOX.from,
    BOX.to - depth,
    (angle - BOX.low) * depth,
    (BOX.high - angle) * depth,
  );
  if (edge < 0.035) {
    put(pixels, at, [150, 150, 120]);
    return;
  }
  const jitter = (speckleAt(depth * 9, angle * 90) - 1.2) * 0.06;
  const velocity = bloodVelocity(x, y, beat) + jitter;
  if (Math.abs(velocity) < 0.13 || gray > 150) return;
  put(pixels, at, flowColour(velocity));
}

/** Red towards the transducer, blue away from it; beyond the limit the colour turns over. */
function flowColour(velocity: number): Colour {
  const turned = ((((velocity / NYQUIST + 1) % 2) + 2) % 2) - 1;
  const speed = Math.abs(turned);
  const bright = Math.round(90 + 165 * speed);
  const mixed = Math.round(220 * Math.max(0, speed - 0.4));
  return turned > 0 ? [bright, mixed + 10, 10] : [10, mixed + 20, bright];
}

type Colour = readonly [number, number, number];

function put(pixels: Uint8Array, at: number, [red, green, blue]: Colour): void {
  pixels[at] = red;
  pixels[at + 1] = green;
  pixels[at + 2] = blue;
}

function dot(pixels: Uint8Array, x: number, y: number, colour: Colour): void {
  const inside = x >= 0 && y >= 0 && x < ECHO_COLUMNS && y < ECHO_ROWS;
  if (inside) put(pixels, (Math.round(y) * ECHO_COLUMNS + Math.round(x)) * 3, colour);
}

function drawLabel(pixels: Uint8Array, text: string, x: number, y: number, colour: Colour): void {
  drawText(text, (dx, dy) => dot(pixels, x + dx, y + dy, colour), 2);
}

/** Ticks every centimetre along the right side, long ones with numbers every five. */
function drawScale(pixels: Uint8Array): void {
  const x = 716;
  for (let cm = 0; cm <= DEPTH_CM; cm++) {
    const isLong = cm % 5 === 0;
    for (let dx = 0; dx < (isLong ? 12 : 6); dx++)
      dot(pixels, x + dx, APEX_ROW + cm * PIXELS_PER_CM, [190, 195, 200]);
    if (isLong && cm > 0)
      drawLabel(pixels, String(cm), x + 18, APEX_ROW + cm * PIXELS_PER_CM - 7, [190, 195, 200]);
  }
}

/** Colours of the velocities, with the limit. */
function drawLegend(pixels: Uint8Array): void {
  for (let row = 0; row < 120; row++) {
    const velocity = NYQUIST * (1 - row / 60) * 0.99;
    for (let column = 0; column < 14; column++)
      dot(pixels, 768 + column, 60 + row, flowColour(velocity));
  }
  drawLabel(pixels, "+64", 756, 40, [210, 214, 220]);
  drawLabel(pixels, "-64", 756, 186, [210, 214, 220]);
  drawLabel(pixels, "CM/S", 748, 204, [150, 154, 160]);
}

/** The ECG of the whole loop, up to the present moment brighter. */
function drawEcg(pixels: Uint8Array, share: number, beats: number): void {
  const width = ECG_RIGHT - ECG_LEFT;
  let before = ecgAt(0);
  for (let column = 0; column < width; column++) {
    const value = ecgAt(((column / width) * beats) % 1);
    const [low, high] = [Math.min(value, before), Math.max(value, before)];
    const colour: Colour = column / width <= share ? [70, 230, 120] : [30, 90, 50];
    for (let level = low; level <= high + 0.03; level += 0.02)
      dot(pixels, ECG_LEFT + column, ECG_BOTTOM - 8 - level * 26, colour);
    before = value;
  }
  for (let dy = -2; dy <= 2; dy++)
    for (let dx = -2; dx <= 2; dx++)
      dot(
        pixels,
        ECG_LEFT + share * width + dx,
        ECG_BOTTOM - 8 - ecgAt((share * beats) % 1) * 26 + dy,
        [230, 255, 235],
      );
}

/** P, Q, R, S and T of one cycle. */
function ecgAt(phase: number): number {
  const wave = (at: number, width: number, height: number) =>
    height * Math.exp(-(((phase - at) / width) ** 2));
  return (
    wave(0.86, 0.025, 0.14) +
    wave(0.985, 0.008, -0.12) +
    wave(0.005, 0.009, 1) +
    wave(0.025, 0.009, -0.2) +
    wave(0.3, 0.05, 0.26)
  );
}
