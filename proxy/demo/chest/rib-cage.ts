import { latticeNoise } from "../phantom/noise.ts";
import { clamp, mix, smoothStep } from "../phantom/solids.ts";
import { angleFromFront, type ChestPlane } from "./chest-plane.ts";
import { ANGLES } from "./chest-shape.ts";
import { FIRST_VERTEBRA_Z, VERTEBRA_PITCH } from "./spine.ts";

const texture = latticeNoise(61);

/** The course of a rib: where it leaves the spine, where bone becomes cartilage, where that ends. */
export interface Rib {
  readonly startZ: number;
  /** Fall from the spine to the end of the bone, mm. */
  readonly drop: number;
  /** Angles from the front, radians. */
  readonly boneEnd: number;
  readonly cartilageEnd: number;
  /** Rise of the cartilage towards the sternum, mm. */
  readonly rise: number;
}

/** Angle from the front at which ribs meet the spine. */
const SPINE_ANGLE = 2.86;
const DROPS = [30, 46, 62, 74, 84, 91, 95, 95, 90, 80, 52, 30];
const BONE_ENDS = [0.55, 0.48, 0.5, 0.53, 0.58, 0.66, 0.78, 0.92, 1.08, 1.22, 1.75, 2.2];
const CARTILAGE_ENDS = [0.3, 0.2, 0.2, 0.2, 0.2, 0.2, 0.22, 0.45, 0.65, 0.85, 1.7, 2.16];
const RISES = [4, 4, 8, 14, 24, 38, 56, 44, 42, 36, 0, 0];

export const RIBS: readonly Rib[] = DROPS.map((drop, at) => ({
  startZ: FIRST_VERTEBRA_Z + 8 - VERTEBRA_PITCH * at,
  drop,
  boneEnd: BONE_ENDS[at] ?? 0,
  cartilageEnd: CARTILAGE_ENDS[at] ?? 0,
  rise: RISES[at] ?? 0,
}));

/** Half thickness across the wall and half height of a rib, mm, and its distance from the pleura. */
export const RIB_THICKNESS = 3.5;
export const RIB_HEIGHT = 6.2;
export const RIB_OFFSET = 5;

/** Height of the middle of a rib at an angle from the front. */
export function ribZ(rib: Rib, angle: number): number {
  const t = clamp((SPINE_ANGLE - angle) / (SPINE_ANGLE - rib.boneEnd), 0, 1);
  const fall = rib.drop * (0.35 * t + 0.65 * t * t * (1.5 - 0.5 * t));
  const u = clamp((rib.boneEnd - angle) / (rib.boneEnd - rib.cartilageEnd || 1), 0, 1);
  return rib.startZ - fall + rib.rise * u * u;
}

/** What the ray at an angle meets in a plane: the nearest rib. */
interface RibCut {
  /** Height above the middle of the rib, in half heights. */
  readonly offset: Float32Array;
  /** 0: bone, 1: cartilage. */
  readonly cartilage: Float32Array;
}

/** The ribs and their cartilages where they cross the plane. */
export function paintRibs(plane: ChestPlane): void {
  const { raster, polar, cage, z } = plane;
  const cut = cutRibs(z);
  const { columns, originX, spacingX, originY, spacingY } = raster;
  const softness = 1 / raster.softnessMm;
  for (let at = 0; at < raster.samples.length; at++) {
    const angle = polar.angles[at] ?? 0;
    const across = ((polar.radii[at] ?? 0) - (cage[angle] ?? 0) - RIB_OFFSET) / RIB_THICKNESS;
    const along = cut.offset[angle] ?? 9;
    if (Math.abs(across) > 1.6 || Math.abs(along) > 1.4) continue;
    const inside = (Math.sqrt(across * across + along * along) - 1) * RIB_THICKNESS;
    const cover = clamp(0.5 - inside * softness, 0, 1);
    if (cover <= 0) continue;
    const x = originX + (at % columns) * spacingX;
    const y = originY + Math.floor(at / columns) * spacingY;
    const value = ribValue(x, y, z, inside, cut.cartilage[angle] ?? 0);
    raster.samples[at] = mix(raster.samples[at] ?? 0, value, cover);
  }
}

function ribValue(x: number, y: number, z: number, inside: number, cartilage: number): number {
  const grain = texture(x / 2, y / 2, z / 3);
  const bone = mix(310 + grain * 90, 860, smoothStep(-1.9, -0.5, inside));
  const rim = mix(108, 240, smoothStep(-1, -0.2, inside) * smoothStep(0.1, 0.6, grain));
  return mix(bone, rim, cartilage);
}

function cutRibs(z: number): RibCut {
  const offset = new Float32Array(ANGLES + 1).fill(9);
  const cartilage = new Float32Array(ANGLES + 1);
  for (let at = 0; at <= ANGLES; at++) {
    const angle = angleFromFront(at);
    for (const rib of RIBS) {
      if (angle > SPINE_ANGLE + 0.06 || angle < rib.cartilageEnd) continue;
      const away = (z - ribZ(rib, angle)) / (RIB_HEIGHT * ribTaper(rib, angle));
      if (Math.abs(away) >= Math.abs(offset[at] ?? 9)) continue;
      offset[at] = away;
      cartilage[at] = smoothStep(rib.boneEnd + 0.03, rib.boneEnd - 0.03, angle);
    }
  }
  return { offset, cartilage };
}

/** Ribs are slender at the spine and the floating ones come to a point. */
function ribTaper(rib: Rib, angle: number): number {
  const atSpine = mix(0.8, 1, smoothStep(SPINE_ANGLE, SPINE_ANGLE - 0.4, angle));
  return rib.rise === 0 ? atSpine * smoothStep(rib.boneEnd, rib.boneEnd + 0.3, angle) : atSpine;
}
