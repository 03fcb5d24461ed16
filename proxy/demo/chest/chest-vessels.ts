import { type TubePiece, TubeSet, tubeThrough } from "../phantom/tubes.ts";
import { descendingAortaX, descendingAortaY } from "./chest-shape.ts";

/** Arteries, veins and airways of the mediastinum; places and radii in mm. */

const descending = [72, 40, 0, -40, -80, -120, -165, -200].map(
  (z) => [descendingAortaX(z), descendingAortaY(z), z, 12.5 - (72 - z) * 0.009] as const,
);

/** Aorta from its valve over the arch to the abdomen. */
const aorta: readonly TubePiece[] = tubeThrough([
  [6, -22, -12, 15],
  [-6, -28, 8, 16.5],
  [-12, -28, 32, 16.5],
  [-10, -20, 55, 15.5],
  [2, -4, 70, 14.5],
  [16, 15, 74, 13.5],
  [26, 32, 66, 13],
  ...descending.slice(1),
]);

const archBranches: readonly TubePiece[] = [
  ...tubeThrough([
    [-6, -12, 72, 7.5],
    [-12, -8, 90, 7],
    [-20, -4, 104, 6.5],
    [-46, 6, 112, 5.2],
    [-88, 2, 108, 4.8],
    [-135, -4, 106, 4.4],
  ]),
  ...tubeThrough([
    [-18, -4, 102, 5],
    [-24, -4, 125, 4.2],
    [-26, -4, 200, 4],
  ]),
  ...tubeThrough([
    [6, 2, 78, 5],
    [14, 0, 95, 4.6],
    [22, -2, 125, 4.2],
    [26, -3, 200, 4],
  ]),
  ...tubeThrough([
    [16, 14, 80, 6.5],
    [24, 14, 96, 6],
    [42, 10, 110, 5.5],
    [86, 2, 108, 4.8],
    [135, -4, 106, 4.4],
  ]),
];

/** Systemic veins to the right atrium. */
const veins: readonly TubePiece[] = [
  ...tubeThrough([
    [-24, -24, 78, 9],
    [-26, -22, 55, 10],
    [-28, -18, 30, 10],
    [-28, -14, 4, 11],
  ]),
  ...tubeThrough([
    [-24, -24, 78, 8],
    [-27, -24, 96, 7.5],
    [-34, -16, 112, 6.5],
    [-34, -10, 140, 6],
    [-32, -8, 200, 5.5],
  ]),
  ...tubeThrough([
    [-22, -26, 76, 7.5],
    [0, -38, 82, 7],
    [24, -32, 92, 6.8],
    [34, -18, 108, 6.2],
    [34, -10, 140, 6],
    [32, -8, 200, 5.5],
  ]),
  ...tubeThrough([
    [-34, -16, 110, 6],
    [-70, -14, 106, 5.5],
    [-130, -16, 100, 5],
  ]),
  ...tubeThrough([
    [34, -18, 108, 6],
    [70, -14, 106, 5.5],
    [130, -16, 100, 5],
  ]),
  ...tubeThrough([
    [-24, 4, -38, 12],
    [-24, 12, -60, 12],
    [-22, 22, -100, 11.5],
    [-20, 24, -165, 11],
    [-18, 22, -200, 11],
  ]),
  ...tubeThrough([
    [-27, -2, 50, 4.5],
    [-26, 18, 53, 4],
    [-16, 40, 46, 3.6],
    [-10, 50, 20, 3.2],
    [-8, 50, -60, 3],
    [-8, 44, -140, 2.6],
  ]),
];

/** Pulmonary trunk and its two arteries. */
const pulmonaryArteries: readonly TubePiece[] = [
  ...tubeThrough([
    [22, -50, -8, 15],
    [22, -42, 10, 14.5],
    [22, -26, 26, 14],
    [30, -8, 34, 12.5],
    [44, 10, 32, 10.5],
    [50, 18, 20, 8.5],
  ]),
  ...tubeThrough([
    [20, -22, 26, 12],
    [2, -6, 24, 11.5],
    [-20, 2, 22, 11],
    [-42, 6, 18, 9.5],
    [-50, 14, 8, 8],
  ]),
];

/** Pulmonary veins into the left atrium. */
const pulmonaryVeins: readonly TubePiece[] = [
  ...tubeThrough([
    [-18, 14, 0, 8],
    [-36, 6, 6, 7],
    [-52, -4, 16, 5.5],
  ]),
  ...tubeThrough([
    [-18, 22, -14, 8],
    [-38, 30, -20, 7],
    [-52, 36, -30, 5.5],
  ]),
  ...tubeThrough([
    [24, 16, 2, 8],
    [40, 8, 8, 7],
    [54, -6, 18, 5.5],
  ]),
  ...tubeThrough([
    [24, 22, -12, 8],
    [42, 30, -20, 7],
    [56, 36, -32, 5.5],
  ]),
];

/** Coronary arteries in the fat of the heart's grooves. */
const coronaries: readonly TubePiece[] = [
  ...tubeThrough([
    [14, -30, -4, 2.2],
    [34, -48, -4, 2],
    [46, -66, -24, 1.9],
    [60, -70, -52, 1.6],
    [72, -60, -74, 1.3],
  ]),
  ...tubeThrough([
    [20, -26, -4, 2],
    [46, -22, -8, 2],
    [62, -2, -22, 1.8],
    [62, 8, -44, 1.5],
  ]),
  ...tubeThrough([
    [-8, -40, -2, 2.2],
    [-24, -56, -14, 2.2],
    [-30, -54, -36, 2],
    [-18, -36, -66, 1.8],
    [10, -20, -78, 1.6],
  ]),
];

export const AORTA = new TubeSet([...aorta, ...archBranches]);
export const VEINS = new TubeSet(veins);
export const PULMONARY_ARTERIES = new TubeSet(pulmonaryArteries);
export const PULMONARY_VEINS = new TubeSet(pulmonaryVeins);
export const CORONARIES = new TubeSet(coronaries);

/** The lumen of trachea and main bronchi, down to the lobes. */
export const AIRWAYS = new TubeSet([
  ...tubeThrough([
    [0, 2, 200, 8.5],
    [0, 4, 150, 8.5],
    [0, 6, 120, 8.5],
    [-1, 12, 85, 8.8],
    [-2, 20, 52, 9.2],
    [-2, 22, 44, 9],
  ]),
  ...tubeThrough([
    [-4, 22, 46, 7.5],
    [-18, 24, 33, 7],
    [-32, 22, 22, 6.2],
    [-42, 24, 10, 5.2],
    [-50, 32, -14, 3.8],
  ]),
  ...tubeThrough([
    [-26, 23, 28, 5],
    [-38, 20, 34, 4.4],
    [-50, 12, 44, 3.4],
  ]),
  ...tubeThrough([
    [2, 23, 46, 6.8],
    [20, 26, 28, 6.2],
    [38, 26, 16, 5.6],
    [48, 32, 2, 4.4],
    [56, 38, -18, 3.4],
  ]),
  ...tubeThrough([
    [36, 26, 18, 4.6],
    [48, 16, 24, 3.8],
    [56, 6, 32, 3],
  ]),
]);

/** The gullet, from the neck to the stomach. */
export const OESOPHAGUS = new TubeSet(
  tubeThrough([
    [3, 18, 200, 6.5],
    [4, 22, 120, 6.5],
    [6, 32, 80, 7],
    [6, 42, 40, 7],
    [8, 40, 0, 7.5],
    [14, 32, -50, 8],
    [26, 22, -84, 9],
    [42, 12, -104, 11],
  ]),
);
