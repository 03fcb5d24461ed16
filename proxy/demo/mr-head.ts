import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { type ArchivePart, scaled } from "./archive-part.ts";
import {
  type DemoFile,
  type DemoSeries,
  type GrayscaleStorage,
  grayscaleFile,
} from "./demo-file.ts";
import { type Contrast, FLAIR, T1, T2 } from "./head/contrast.ts";
import { headSignal } from "./head/head-signal.ts";
import { HEAD_MR } from "./identities.ts";
import { nearlyGaussian, seededRandom } from "./phantom/random.ts";
import { clamp, type Point } from "./phantom/solids.ts";
import { demoUid } from "./uids.ts";

const MR_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.4";

/** One series: a stack of parallel planes through the head. */
interface HeadStack {
  readonly key: string;
  readonly contrast: Contrast;
  readonly storage: GrayscaleStorage;
  readonly slices: number;
  readonly spacing: number;
  readonly matrix: number;
  readonly fieldOfView: number;
  /** Middle of the stack in the phantom, mm. */
  readonly middle: Point;
  /** Directions of a row and of a column (PS3.3 C.7.6.2.1.1), unit vectors at right angles. */
  readonly rowDirection: Point;
  readonly columnDirection: Point;
  readonly noise: number;
  readonly attributes: MadeDataSet;
}

const TILT = 0.19;
const TURN = 0.05;

const STACKS: readonly HeadStack[] = [
  {
    key: "axial-t2",
    contrast: T2,
    storage: "rle",
    slices: 26,
    spacing: 5,
    matrix: 320,
    fieldOfView: 235,
    middle: [0, -4, 2],
    rowDirection: [Math.cos(TURN), Math.sin(TURN), 0],
    columnDirection: tilted([-Math.sin(TURN), Math.cos(TURN), 0], [0, 0, 1], TILT),
    noise: 26,
    attributes: sequence(2, "AX T2 TSE", "T2", [800, 1700], {
      RepetitionTime: 4800,
      EchoTime: 102,
      EchoTrainLength: 15,
      FlipAngle: 150,
    }),
  },
  {
    key: "sagittal-t1",
    contrast: T1,
    storage: "jpeg-2000",
    slices: 24,
    spacing: 5,
    matrix: 288,
    fieldOfView: 250,
    middle: [2.2, -6, -14],
    rowDirection: [Math.sin(TURN), Math.cos(TURN), 0],
    columnDirection: tilted([0, 0, -1], [Math.cos(TURN), -Math.sin(TURN), 0], -0.03),
    noise: 20,
    attributes: sequence(3, "SAG T1 SE", "T1", [620, 1240], {
      RepetitionTime: 520,
      EchoTime: 9.1,
      EchoTrainLength: 1,
      FlipAngle: 90,
    }),
  },
  {
    key: "coronal-flair",
    contrast: FLAIR,
    storage: "native",
    slices: 24,
    spacing: 6.5,
    matrix: 256,
    fieldOfView: 235,
    middle: [0, 2, -8],
    rowDirection: [Math.cos(TURN), Math.sin(TURN), 0],
    columnDirection: tilted([0, 0, -1], [-Math.sin(TURN), Math.cos(TURN), 0], 0.22),
    noise: 22,
    attributes: sequence(4, "COR FLAIR FS", "FLAIR", [560, 1120], {
      RepetitionTime: 9000,
      EchoTime: 114,
      InversionTime: 2500,
      EchoTrainLength: 18,
      FlipAngle: 150,
    }),
  },
];

const SLICES_PER_PART = 6;
/** Isocentre of the scanner seen from the phantom, mm. */
const OFFSET: Point = [1.4, 18.2, -22.6];

/** The MR study of the head, a few slices at a time. */
export function headMrParts(scale: number): readonly ArchivePart[] {
  return STACKS.flatMap((stack) => {
    const slices = scaled(stack.slices, scale, 2);
    const thinned: HeadStack = {
      ...stack,
      slices,
      spacing: (stack.spacing * stack.slices) / slices,
      matrix: scaled(stack.matrix, Math.sqrt(scale), 48),
    };
    return Array.from({ length: Math.ceil(slices / SLICES_PER_PART) }, (_, part) => ({
      name: `${HEAD_MR.key} ${stack.key} ${part}`,
      make: () => makeSlices(thinned, part * SLICES_PER_PART),
    }));
  });
}

async function makeSlices(stack: HeadStack, first: number): Promise<readonly DemoFile[]> {
  const files: DemoFile[] = [];
  for (let index = first; index < Math.min(first + SLICES_PER_PART, stack.slices); index++) {
    const corner = firstPixel(stack, index);
    const image = {
      rows: stack.matrix,
      columns: stack.matrix,
      bitsStored: 12,
      photometricInterpretation: "MONOCHROME2",
      samples: scanPlane(stack, corner, index),
    } as const;
    const position = corner.map((part, axis) => round(part + (OFFSET[axis] ?? 0)));
    const normal = cross(stack.rowDirection, stack.columnDirection);
    const location = position.reduce((sum, part, axis) => sum + part * (normal[axis] ?? 0), 0);
    const attributes = { ImagePositionPatient: position, SliceLocation: round(location) };
    files.push(await grayscaleFile(demoSeries(stack), index + 1, image, stack.storage, attributes));
  }
  return files;
}

/** Centre of the first pixel of a plane, in the phantom. */
function firstPixel(stack: HeadStack, index: number): Point {
  const { rowDirection: row, columnDirection: column, middle } = stack;
  const normal = cross(row, column);
  const away = (index - (stack.slices - 1) / 2) * stack.spacing;
  const half = ((stack.matrix - 1) / 2) * (stack.fieldOfView / stack.matrix);
  const at = (axis: 0 | 1 | 2) =>
    middle[axis] + normal[axis] * away - (row[axis] + column[axis]) * half;
  return [at(0), at(1), at(2)];
}

/** Signal with the noise of a magnitude image and the shading of the coil; 12 bits. */
function scanPlane(stack: HeadStack, corner: Point, index: number): Uint16Array {
  const { rowDirection: row, columnDirection: column, matrix, contrast, noise } = stack;
  const spacing = stack.fieldOfView / matrix;
  const random = seededRandom(300_000 + stack.slices * 1000 + index + contrast.fat);
  const samples = new Uint16Array(matrix * matrix);
  for (let v = 0; v < matrix; v++) {
    for (let u = 0; u < matrix; u++) {
      const x = corner[0] + (row[0] * u + column[0] * v) * spacing;
      const y = corner[1] + (row[1] * u + column[1] * v) * spacing;
      const z = corner[2] + (row[2] * u + column[2] * v) * spacing;
      const coil = 1.06 - 0.00001 * (x * x + 0.6 * y * y + z * z) + 0.0011 * (y + 10) * 0.5;
      const real =
        headSignal(x, y, z, contrast) * coil * fading(z) + nearlyGaussian(random) * noise;
      const imaginary = nearlyGaussian(random) * noise;
      samples[v * matrix + u] = clamp(
        Math.round(Math.sqrt(real * real + imaginary * imaginary)),
        0,
        4095,
      );
    }
  }
  return samples;
}

/** The coil does not reach far below the chin. */
function fading(z: number): number {
  return clamp((z + 165) / 70, 0.05, 1);
}

function demoSeries(stack: HeadStack): DemoSeries {
  const spacing = stack.fieldOfView / stack.matrix;
  return {
    study: HEAD_MR,
    key: stack.key,
    modality: "MR",
    attributes: {
      SOPClassUID: MR_IMAGE_STORAGE,
      ManufacturerModelName: "Light Box MR 1.5",
      ImageType: ["ORIGINAL", "PRIMARY", "M"],
      FrameOfReferenceUID: demoUid(`${HEAD_MR.key}/frame-of-reference`),
      PositionReferenceIndicator: null,
      PatientPosition: "HFS",
      BodyPartExamined: "HEAD",
      ProtocolName: "Head routine",
      ScanningSequence: "SE",
      SequenceVariant: "SK",
      ScanOptions: "PFP",
      MRAcquisitionType: "2D",
      MagneticFieldStrength: 1.5,
      ImagingFrequency: 63.87,
      ImagedNucleus: "1H",
      NumberOfAverages: 1,
      PixelBandwidth: 190,
      PercentPhaseFieldOfView: 100,
      SAR: 0.4,
      PixelSpacing: [round(spacing), round(spacing)],
      SliceThickness: round(stack.spacing * 0.9),
      SpacingBetweenSlices: round(stack.spacing),
      ImageOrientationPatient: [...stack.rowDirection, ...stack.columnDirection].map(round),
      AcquisitionNumber: 1,
      ...stack.attributes,
    },
  };
}

function sequence(
  seriesNumber: number,
  description: string,
  preset: string,
  [center, width]: readonly [number, number],
  timing: MadeDataSet,
): MadeDataSet {
  return {
    SeriesNumber: seriesNumber,
    SeriesDescription: description,
    SequenceName: description.replaceAll(" ", "_"),
    WindowCenter: [center, center * 0.8],
    WindowWidth: [width, width * 0.6],
    WindowCenterWidthExplanation: [preset, `${preset} NARROW`],
    ...timing,
  };
}

/** A direction turned by an angle in radians towards another at right angles to it. */
function tilted(from: Point, towards: Point, angle: number): Point {
  const at = (axis: 0 | 1 | 2) => from[axis] * Math.cos(angle) + towards[axis] * Math.sin(angle);
  return [at(0), at(1), at(2)];
}

function cross(a: Point, b: Point): Point {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
