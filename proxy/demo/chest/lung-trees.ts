import { latticeNoise } from "../phantom/noise.ts";
import { seededRandom } from "../phantom/random.ts";
import type { Point } from "../phantom/solids.ts";
import { type TubePiece, TubeSet } from "../phantom/tubes.ts";
import { growTree } from "../phantom/vessel-tree.ts";
import {
  ANGLES,
  AXIS_Y,
  apexZ,
  cageRadii,
  diaphragmZ,
  mediastinumDistance,
} from "./chest-shape.ts";

/** Arteries, veins and airways that fill both lungs; radii in mm. */
export interface LungTrees {
  readonly vessels: TubeSet;
  readonly bronchi: TubeSet;
}

let grown: LungTrees | undefined;

/** The trees, grown at the first call. */
export function lungTrees(): LungTrees {
  grown ??= growLungTrees();
  return grown;
}

/** Where an artery, a vein and a bronchus enter each lung. */
const HILA: readonly {
  readonly side: 1 | -1;
  readonly artery: Point;
  readonly vein: Point;
  readonly bronchus: Point;
}[] = [
  { side: -1, artery: [-50, 14, 8], vein: [-50, 2, 0], bronchus: [-48, 24, 8] },
  { side: 1, artery: [50, 18, 20], vein: [54, 6, 2], bronchus: [50, 26, 10] },
];

function growLungTrees(): LungTrees {
  const random = seededRandom(2026);
  const isLung = lungTest(3);
  const vessels: TubePiece[] = [];
  const bronchi: TubePiece[] = [];
  for (const { side, artery, vein, bronchus } of HILA) {
    const targets = placesIn(isLung, side, 1150, random);
    vessels.push(
      ...growTree({
        random,
        root: artery,
        targets,
        twigRadius: 0.42,
        thickening: 0.385,
        widest: 6.4,
      }),
      ...growTree({
        random,
        root: vein,
        targets: placesIn(isLung, side, 800, random),
        twigRadius: 0.42,
        thickening: 0.375,
        widest: 5.2,
      }),
    );
    bronchi.push(
      ...growTree({
        random,
        root: bronchus,
        targets: targets
          .filter((_, at) => at % 5 === 0)
          .map(([x, y, z]): Point => [x + 3, y + 2.5, z]),
        twigRadius: 0.5,
        thickening: 0.4,
        widest: 4,
      }),
    );
  }
  return {
    vessels: new TubeSet(vessels),
    bronchi: new TubeSet(bronchi.filter((piece) => piece.radiusFrom > 0.9)),
  };
}

/** Random places in one lung. */
function placesIn(
  isLung: (at: Point) => boolean,
  side: 1 | -1,
  count: number,
  random: () => number,
): readonly Point[] {
  const places: Point[] = [];
  while (places.length < count) {
    const place: Point = [side * (8 + random() * 120), random() * 172 - 82, random() * 265 - 150];
    if (isLung(place)) places.push(place);
  }
  return places;
}

/** Whether a place lies in a lung, at least `marginMm` from its surface. */
function lungTest(marginMm: number): (at: Point) => boolean {
  const radiiByLayer = new Map<number, Float32Array>();
  const ripple = latticeNoise(5);
  return ([x, y, z]) => {
    const layer = Math.round(z / 10);
    const radii = radiiByLayer.get(layer) ?? cageRadii(layer * 10);
    radiiByLayer.set(layer, radii);
    const angle = Math.atan2(y - AXIS_Y, x);
    const edge = radii[Math.round(((angle + Math.PI) / (2 * Math.PI)) * ANGLES)] ?? 0;
    return (
      Math.hypot(x, y - AXIS_Y) < edge - marginMm - ripple(x / 20, y / 20, z / 20) &&
      z > diaphragmZ(x, y) + marginMm &&
      z < apexZ(x, y) - marginMm &&
      mediastinumDistance(x, y, z) > marginMm
    );
  };
}
