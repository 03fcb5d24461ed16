import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { type ArchivePart, scaled } from "./archive-part.ts";
import { projectChest, type View } from "./chest/projection.ts";
import {
  type DemoFile,
  type DemoSeries,
  type GrayscaleStorage,
  grayscaleFile,
} from "./demo-file.ts";
import { CHEST_RADIOGRAPHS } from "./identities.ts";
import { noiseTile } from "./phantom/noise.ts";
import { blur } from "./phantom/raster.ts";
import { clamp } from "./phantom/solids.ts";
import { radiographState } from "./radiograph-state.ts";
import { sideMarker } from "./side-marker.ts";
import { demoUid } from "./uids.ts";

const DX_FOR_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.1";

/** A radiograph: a view of the chest and how it is stored. */
interface Radiograph {
  readonly key: string;
  readonly view: View;
  readonly columns: number;
  readonly rows: number;
  readonly storage: GrayscaleStorage;
  readonly isInverted: boolean;
  /** Attenuation that is shown as middle gray. */
  readonly midpoint: number;
  readonly attributes: MadeDataSet;
}

const SPACING_MM = 0.175;
const FULL_SCALE = 4095;

const RADIOGRAPHS: readonly Radiograph[] = [
  {
    key: "pa",
    view: "frontal",
    columns: 2320,
    rows: 2016,
    storage: "jpeg-2000",
    isInverted: true,
    midpoint: 2.3,
    attributes: {
      SeriesNumber: 1,
      SeriesDescription: "Chest PA",
      ViewPosition: "PA",
      PatientOrientation: ["L", "F"],
      KVP: 125,
      Exposure: 2,
      ExposureTime: 8,
      XRayTubeCurrent: 250,
    },
  },
  {
    key: "lateral",
    view: "lateral",
    columns: 1824,
    rows: 2016,
    storage: "native",
    isInverted: false,
    midpoint: 3.35,
    attributes: {
      SeriesNumber: 2,
      SeriesDescription: "Chest lateral",
      ViewPosition: "LL",
      PatientOrientation: ["P", "F"],
      KVP: 125,
      Exposure: 6,
      ExposureTime: 22,
      XRayTubeCurrent: 270,
    },
  },
];

/** Chest radiographs in two views, each a part. */
export function radiographParts(scale: number): readonly ArchivePart[] {
  return RADIOGRAPHS.map((radiograph) => ({
    name: `${CHEST_RADIOGRAPHS.key} ${radiograph.key}`,
    make: () => makeRadiograph(radiograph, scale),
  }));
}

async function makeRadiograph(radiograph: Radiograph, scale: number): Promise<readonly DemoFile[]> {
  const columns = scaled(radiograph.columns, Math.sqrt(scale) / 2, 96);
  const size = scale === 1 ? radiograph.columns : columns;
  const spacing = (SPACING_MM * radiograph.columns) / size;
  const rows = Math.round((radiograph.rows * size) / radiograph.columns);
  const grid = { columns: size, rows, spacing };
  const samples = present(projectChest(radiograph.view, grid), size, radiograph);
  const image = {
    rows,
    columns: size,
    bitsStored: 12,
    photometricInterpretation: radiograph.isInverted ? "MONOCHROME1" : "MONOCHROME2",
    samples,
  } as const;
  const spacings = [spacing, spacing].map((value) => Math.round(value * 1e6) / 1e6);
  const attributes = { ImagerPixelSpacing: spacings, PixelSpacing: spacings };
  const series = demoSeries(radiograph);
  const marker = radiograph.key === "lateral" ? sideMarker(size) : {};
  const file = await grayscaleFile(series, 1, image, radiograph.storage, {
    ...attributes,
    ...marker,
  });
  const isPresented = radiograph.key === "pa";
  return isPresented ? [file, radiographState({ series, rows, columns: size })] : [file];
}

/**
 * What a detector makes of line integrals: logarithm, less of the coarse contrast so that mediastinum and lungs fit
 * one window, a curve, quantum noise. White is dense; the values are turned round for MONOCHROME1.
 */
function present(
  integrals: Float32Array,
  columns: number,
  { isInverted, midpoint }: Radiograph,
): Uint16Array {
  const coarse = blurCoarsely(integrals, columns, Math.round(columns / 48));
  const grain = noiseTile(91, 256, 0.5, 0.5, 0.3);
  const samples = new Uint16Array(integrals.length);
  for (let at = 0; at < samples.length; at++) {
    const value = integrals[at] ?? 0;
    const smooth = coarse[at] ?? 0;
    const row = (at / columns) | 0;
    const noise =
      (grain[((row & 255) << 8) | ((at - row * columns) & 255)] ?? 0) * (0.006 + 0.004 * value);
    const balanced = value + 0.55 * (value - smooth) - 0.18 * (smooth - 2) + noise;
    const shown = 1 / (1 + Math.exp(-(balanced - midpoint) * 1.75));
    const stored = clamp(Math.round(80 + shown * 3900), 0, FULL_SCALE);
    samples[at] = isInverted ? FULL_SCALE - stored : stored;
  }
  return samples;
}

/** A wide blur, computed on every eighth sample. */
function blurCoarsely(image: Float32Array, columns: number, sigma: number): Float32Array {
  const rows = image.length / columns;
  const step = 8;
  const width = Math.ceil(columns / step);
  const height = Math.ceil(rows / step);
  const small = Float32Array.from({ length: width * height }, (_, at) => {
    const row = Math.min(rows - 1, Math.floor(at / width) * step + 4);
    const column = Math.min(columns - 1, (at % width) * step + 4);
    return image[row * columns + column] ?? 0;
  });
  const smooth = blur(small, width, Math.max(1, sigma / step));
  const result = new Float32Array(image.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[row * columns + column] = bilinear(
        smooth,
        width,
        height,
        (column - 4) / step,
        (row - 4) / step,
      );
  return result;
}

/** The value of an image between its samples; beyond its border it goes on unchanged. */
function bilinear(
  image: Float32Array,
  columns: number,
  rows: number,
  x: number,
  y: number,
): number {
  const u = clamp(x, 0, columns - 1.001);
  const v = clamp(y, 0, rows - 1.001);
  const at = (v | 0) * columns + (u | 0);
  const tu = u - (u | 0);
  const tv = v - (v | 0);
  const top = (image[at] ?? 0) * (1 - tu) + (image[at + 1] ?? 0) * tu;
  const bottom = (image[at + columns] ?? 0) * (1 - tu) + (image[at + columns + 1] ?? 0) * tu;
  return top * (1 - tv) + bottom * tv;
}

function demoSeries(radiograph: Radiograph): DemoSeries {
  return {
    study: CHEST_RADIOGRAPHS,
    key: radiograph.key,
    modality: "DX",
    attributes: {
      SOPClassUID: DX_FOR_PRESENTATION,
      PresentationIntentType: "FOR PRESENTATION",
      ManufacturerModelName: "Light Box DX",
      ImageType: ["DERIVED", "PRIMARY", ""],
      FrameOfReferenceUID: demoUid(`${CHEST_RADIOGRAPHS.key}/${radiograph.key}/frame-of-reference`),
      PositionReferenceIndicator: null,
      BodyPartExamined: "CHEST",
      ProtocolName: "Chest two views",
      AnatomicRegionSequence: {
        CodeValue: "51185008",
        CodingSchemeDesignator: "SCT",
        CodeMeaning: "Chest",
      },
      ImageLaterality: "U",
      PixelIntensityRelationship: "LOG",
      PixelIntensityRelationshipSign: radiograph.isInverted ? 1 : -1,
      RescaleIntercept: 0,
      RescaleSlope: 1,
      RescaleType: "US",
      PresentationLUTShape: radiograph.isInverted ? "INVERSE" : "IDENTITY",
      WindowCenter: [2048, radiograph.isInverted ? 1700 : 2400],
      WindowWidth: [4096, 2400],
      WindowCenterWidthExplanation: ["NORMAL", "HIGH CONTRAST"],
      DetectorType: "SCINTILLATOR",
      DetectorConfiguration: "AREA",
      DistanceSourceToDetector: 1800,
      AcquisitionDeviceProcessingDescription: "Chest standard",
      PixelSpacingCalibrationType: null,
      AcquisitionContextSequence: null,
      ...radiograph.attributes,
    },
  };
}
