import { latticeNoise } from "../phantom/noise.ts";
import { boxAround } from "../phantom/raster.ts";
import { clamp, ellipse, mix, roundedBox, smoothStep, toSegment } from "../phantom/solids.ts";
import type { ChestPlane } from "./chest-plane.ts";
import { spineY } from "./chest-shape.ts";

const texture = latticeNoise(51);
/** Distance from one vertebra to the next, and the height at which the first thoracic one stands; mm. */
export const VERTEBRA_PITCH = 22;
export const FIRST_VERTEBRA_Z = 118;

const CORTEX = 620;

/** Vertebrae with discs, canal, cord and processes. */
export function paintSpine(plane: ChestPlane): void {
  const { raster, z } = plane;
  const y0 = spineY(z);
  const level = levelOf(z);
  const width = clamp(17.5 - z * 0.022, 14.5, 21);
  const depth = clamp(14.5 - z * 0.018, 11, 17);
  const canalY = y0 + depth + 7.5;
  paintProcesses(plane, canalY, level);
  const body = (x: number, y: number) => {
    const waist = 1.6 * smoothStep(8, 2, Math.abs(level));
    const shape = ellipse(x, y - y0, width - waist, depth - waist * 0.7);
    const corners = roundedBox(x, y - y0, width - waist, depth - waist * 0.6, 12);
    return Math.max(mix(shape, corners, 0.6), 8.2 - ellipseCanal(x, y - canalY) - 8.2);
  };
  const box = boxAround(0, y0, 24, 22);
  raster.paint(box, body, (x, y) => bodyValue(x, y, z, body(x, y), level));
  paintCanal(plane, canalY);
}

/** Offset from the middle of the nearest vertebra, -11 to 11 mm, positive towards the head. */
function levelOf(z: number): number {
  const turns = (z - FIRST_VERTEBRA_Z) / VERTEBRA_PITCH;
  return (turns - Math.round(turns)) * VERTEBRA_PITCH;
}

/** HU within a vertebral body: cortex, end plates, spongy bone, and the disc between two bodies. */
function bodyValue(x: number, y: number, z: number, inside: number, level: number): number {
  const beams = texture(x / 2.2, y / 2.2, z / 4) * 65 + texture(x / 6, y / 6, z / 8) * 30;
  const shell = smoothStep(-2.4, -0.7, inside);
  const plate = smoothStep(7.4, 8.4, Math.abs(level));
  const bone = mix(205 + beams, CORTEX, Math.max(shell * 0.85, plate * 0.6));
  const disc = smoothStep(9.0, 9.7, Math.abs(level));
  return mix(bone, 88 + texture(x / 5, y / 5, z) * 8, disc);
}

function ellipseCanal(x: number, y: number): number {
  return ellipse(x, y, 9.5, 8);
}

function paintCanal({ raster, z }: ChestPlane, canalY: number): void {
  const box = boxAround(0, canalY, 12);
  raster.paint(box, (x, y) => ellipseCanal(x, y - canalY), -40);
  raster.paint(box, (x, y) => ellipse(x, y - canalY + 0.6, 7.6, 6.4), 14);
  raster.paint(
    box,
    (x, y) => ellipse(x, y - canalY + 0.6, 4.9, 3.8),
    44 + texture(0, 0, z / 9) * 2,
  );
}

/** Pedicles, laminae, transverse and spinous processes: which of them a slice meets depends on its level. */
function paintProcesses({ raster, z }: ChestPlane, canalY: number, level: number): void {
  const arch = smoothStep(-11, -6, level);
  const pedicle = smoothStep(-3, 1, level) * smoothStep(10.5, 8, level);
  const transverse = smoothStep(-3, 1, level) * smoothStep(10, 7, level);
  const spinousY = canalY + 10 + (9 - level) * 0.4;
  const box = boxAround(0, canalY + 10, 42, 44);
  const bone = (x: number, y: number) => {
    const side = Math.abs(x);
    const parts = [
      toSegment(side, y, 11.5, canalY + 4, 1, canalY + 13) - 2.2 - arch,
      ellipse(x, y - spinousY, 2.6, 5),
      toSegment(side, y, 0, canalY + 12, 0, spinousY) - 2.1,
    ];
    if (pedicle > 0.02)
      parts.push(toSegment(side, y, 12.5, canalY - 12, 12, canalY + 4) - 3.6 * pedicle);
    if (transverse > 0.02)
      parts.push(toSegment(side, y, 13, canalY + 5, 31, canalY + 13) - 4.2 * transverse);
    if (pedicle < 0.6) parts.push(ellipse(side - 13.5, y - canalY - 6, 5.2, 4.2));
    return Math.min(...parts);
  };
  raster.paint(box, bone, (x, y) => {
    const inside = bone(x, y);
    const beams = texture(x / 2, y / 2, z / 4) * 70;
    return mix(260 + beams, 720, smoothStep(-2.6, -0.8, inside));
  });
}
