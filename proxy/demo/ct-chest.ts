import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { type ArchivePart, scaled } from "./archive-part.ts";
import { type ChestFindings, type PolarGrid, polarGrid } from "./chest/chest-plane.ts";
import { paintChestSlice } from "./chest/chest-slice.ts";
import { type Kernel, LUNG_KERNEL, reconstruct, SOFT_KERNEL } from "./chest/reconstruct.ts";
import { tableInAir } from "./chest/table.ts";
import {
  type DemoFile,
  type DemoSeries,
  type GrayscaleStorage,
  grayscaleFile,
} from "./demo-file.ts";
import { CHEST_CT, CHEST_CT_PRIOR, type DemoStudy } from "./identities.ts";
import { clamp } from "./phantom/solids.ts";
import { demoUid } from "./uids.ts";

const CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";

/** One scan of the chest, from which one or two series are reconstructed. */
interface ChestScan {
  readonly study: DemoStudy;
  readonly series: readonly ChestSeries[];
  readonly slices: number;
  readonly spacingZ: number;
  /** Height of the first slice in the phantom, and the corner of the field of view; mm. */
  readonly topZ: number;
  readonly left: number;
  readonly top: number;
  readonly fieldOfView: number;
  /** What is added to places in the phantom to give patient space, mm. */
  readonly offset: readonly [number, number, number];
  readonly findings: ChestFindings;
  readonly tableSink: number;
  /** Value outside the round field of view, or undefined when the whole square is reconstructed. */
  readonly padding?: number;
  readonly seed: number;
}

interface ChestSeries {
  readonly key: string;
  readonly kernel: Kernel;
  readonly storage: GrayscaleStorage;
  readonly attributes: MadeDataSet;
}

const SOFT_FIRST: MadeDataSet = {
  WindowCenter: [40, -600, 400],
  WindowWidth: [400, 1500, 1800],
  WindowCenterWidthExplanation: ["SOFT TISSUE", "LUNG", "BONE"],
};
const LUNG_FIRST: MadeDataSet = {
  WindowCenter: [-600, 40, 400],
  WindowWidth: [1500, 400, 1800],
  WindowCenterWidthExplanation: ["LUNG", "SOFT TISSUE", "BONE"],
};

/** The slice that shows the nodule best is named by the reports. */
export const NODULE = { x: -72, y: -20, z: 61.5, radius: 4.5 } as const;

const CURRENT_SOFT: ChestSeries = {
  key: "soft",
  kernel: SOFT_KERNEL,
  storage: "jpeg-2000",
  attributes: {
    SeriesNumber: 3,
    SeriesDescription: "Chest 2.25 mm soft tissue",
    ConvolutionKernel: "SOFT",
    ...SOFT_FIRST,
  },
};

const CURRENT: ChestScan = {
  study: CHEST_CT,
  series: [
    CURRENT_SOFT,
    {
      key: "lung",
      kernel: LUNG_KERNEL,
      storage: "native",
      attributes: {
        SeriesNumber: 4,
        SeriesDescription: "Chest 2.25 mm lung",
        ConvolutionKernel: "LUNG",
        ...LUNG_FIRST,
      },
    },
  ],
  slices: 120,
  spacingZ: 2.25,
  topZ: 114,
  left: -185,
  top: -165,
  fieldOfView: 370,
  offset: [0, -152, -1294.5],
  findings: { nodule: NODULE },
  tableSink: 0,
  seed: 100_000,
};

const PRIOR: ChestScan = {
  study: CHEST_CT_PRIOR,
  series: [
    {
      key: "soft",
      kernel: SOFT_KERNEL,
      storage: "rle",
      attributes: {
        SeriesNumber: 2,
        SeriesDescription: "Chest 4 mm",
        ConvolutionKernel: "STANDARD",
        ...SOFT_FIRST,
      },
    },
  ],
  slices: 66,
  spacingZ: 4,
  topZ: 109,
  left: -188,
  top: -178,
  fieldOfView: 390,
  offset: [6, -141, -1180],
  findings: { nodule: { x: -71.2, y: -19, z: 61, radius: 2.5 } },
  tableSink: 3,
  padding: -2000,
  seed: 200_000,
};

const SLICES_PER_PART = 6;
const MATRIX = 512;

/** Current chest CT and its prior, a few slices at a time. */
export function chestCtParts(scale: number): readonly ArchivePart[] {
  return [CURRENT, PRIOR].flatMap((scan) => scanParts(scan, scale));
}

function scanParts(scan: ChestScan, scale: number): readonly ArchivePart[] {
  const slices = scaled(scan.slices, scale, 2);
  const thinned: ChestScan = { ...scan, slices, spacingZ: (scan.spacingZ * scan.slices) / slices };
  const matrix = scaled(MATRIX, Math.sqrt(scale), 64);
  return Array.from({ length: Math.ceil(slices / SLICES_PER_PART) }, (_, part) => ({
    name: `${scan.study.key} ${part}`,
    make: () => makeSlices(thinned, matrix, part * SLICES_PER_PART),
  }));
}

async function makeSlices(
  scan: ChestScan,
  matrix: number,
  first: number,
): Promise<readonly DemoFile[]> {
  const polar = gridOf(scan, matrix);
  const background = tableInAir(polar.grid, scan.tableSink);
  const files: DemoFile[] = [];
  for (let index = first; index < Math.min(first + SLICES_PER_PART, scan.slices); index++) {
    const z = scan.topZ - index * scan.spacingZ;
    const raster = paintChestSlice({
      polar,
      z,
      thickness: scan.spacingZ,
      findings: scan.findings,
      background,
    });
    for (const [at, series] of scan.series.entries()) {
      const hounsfield = reconstruct(raster, polar, series.kernel, z, scan.seed + index * 10 + at);
      const samples = storedValues(hounsfield, polar, scan);
      const image = {
        rows: matrix,
        columns: matrix,
        bitsStored: 16,
        photometricInterpretation: "MONOCHROME2",
        samples,
      } as const;
      const attributes = sliceAttributes(scan, polar, index);
      files.push(
        await grayscaleFile(demoSeries(scan, series), index + 1, image, series.storage, attributes),
      );
    }
  }
  return files;
}

function gridOf(scan: ChestScan, matrix: number): PolarGrid {
  const spacing = scan.fieldOfView / matrix;
  return polarGrid({
    columns: matrix,
    rows: matrix,
    originX: scan.left + spacing / 2,
    originY: scan.top + spacing / 2,
    spacingX: spacing,
    spacingY: spacing,
  });
}

const RESCALE_INTERCEPT = -1024;

/** Hounsfield units before rescaling, with padding outside the round field of view. */
function storedValues(
  hounsfield: Int16Array,
  { grid }: PolarGrid,
  { padding }: ChestScan,
): Int16Array {
  const stored = hounsfield.map((value) => value - RESCALE_INTERCEPT);
  if (padding === undefined) return stored;
  const middle = (grid.columns - 1) / 2;
  return stored.map((value, at) => {
    const row = Math.floor(at / grid.columns) - middle;
    const column = (at % grid.columns) - middle;
    return row * row + column * column > (middle + 0.5) ** 2 ? padding : value;
  });
}

/** What differs from slice to slice (PS3.3 C.7.6.2, C.8.2.1). */
function sliceAttributes(scan: ChestScan, { grid }: PolarGrid, index: number): MadeDataSet {
  const z = scan.topZ - index * scan.spacingZ + scan.offset[2];
  const position = [grid.originX + scan.offset[0], grid.originY + scan.offset[1], z].map(
    (value) => Math.round(value * 1e4) / 1e4,
  );
  return {
    ImagePositionPatient: position,
    SliceLocation: z,
    PixelSpacing: [grid.spacingY, grid.spacingX],
    SliceThickness: scan.spacingZ,
    XRayTubeCurrent: Math.round(210 + 60 * Math.cos(index / 14)),
    AcquisitionNumber: 1,
    ...(scan.padding === undefined ? {} : { PixelPaddingValue: scan.padding }),
  };
}

function demoSeries(scan: ChestScan, series: ChestSeries): DemoSeries {
  return {
    study: scan.study,
    key: series.key,
    modality: "CT",
    attributes: {
      SOPClassUID: CT_IMAGE_STORAGE,
      ManufacturerModelName: "Light Box CT 128",
      ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
      FrameOfReferenceUID: demoUid(`${scan.study.key}/frame-of-reference`),
      PositionReferenceIndicator: "SN",
      PatientPosition: "HFS",
      BodyPartExamined: "CHEST",
      ProtocolName: "Chest with contrast",
      ContrastBolusAgent: "Iodinated contrast 350 mg/ml",
      ContrastBolusRoute: "INTRAVENOUS",
      ContrastBolusVolume: 80,
      ScanOptions: "HELICAL",
      KVP: 120,
      ExposureTime: 500,
      Exposure: 112,
      FilterType: "BODY",
      FocalSpots: 1.2,
      SpiralPitchFactor: 0.98,
      DataCollectionDiameter: 500,
      ReconstructionDiameter: scan.fieldOfView,
      GantryDetectorTilt: 0,
      TableHeight: 152,
      RotationDirection: "CW",
      CTDIvol: 7.4,
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      SpacingBetweenSlices: scan.spacingZ,
      RescaleIntercept: RESCALE_INTERCEPT,
      RescaleSlope: 1,
      RescaleType: "HU",
      ...series.attributes,
    },
  };
}

/** Instance number of the current slice through the middle of the nodule, in an archive of full scale. */
export const NODULE_INSTANCE_NUMBER = Math.round((CURRENT.topZ - NODULE.z) / CURRENT.spacingZ) + 1;

/** The current soft tissue series, for those who refer to its images. */
export const CURRENT_SOFT_SERIES: DemoSeries = demoSeries(CURRENT, CURRENT_SOFT);

/** Column and row of a place beside the nodule in its slice, pixels from the corner of the image (PS3.3 C.10.5). */
export function nodulePixel(offsetX: number): readonly [column: number, row: number] {
  const spacing = CURRENT.fieldOfView / MATRIX;
  const column = (NODULE.x + offsetX - CURRENT.left) / spacing;
  return [
    Math.round(column * 100) / 100,
    Math.round(((NODULE.y - CURRENT.top) / spacing) * 100) / 100,
  ];
}

/** The slice through the nodule in a lung window, `columns` x `columns` samples of 8 bits. */
export function noduleView(columns: number): Uint8Array {
  const polar = gridOf(CURRENT, columns);
  const background = tableInAir(polar.grid, CURRENT.tableSink);
  const { spacingZ: thickness, findings } = CURRENT;
  const raster = paintChestSlice({ polar, z: NODULE.z, thickness, findings, background });
  const hounsfield = reconstruct(raster, polar, SOFT_KERNEL, NODULE.z, CURRENT.seed);
  return Uint8Array.from(hounsfield, (value) => clamp(((value + 1350) / 1500) * 255, 0, 255));
}
