import type { DataSet } from "../dicom/data-set.ts";
import { hasMadeUpIdentifiers } from "../dicom/made-up-mark.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { type ImagePlane, imagePlane } from "../geometry/image-plane.ts";
import {
  type EdgeLetters,
  lettersOfOrientation,
  lettersOfPatientOrientation,
} from "../geometry/orientation-letters.ts";
import { type PixelSize, pixelSize } from "../geometry/pixel-spacing.ts";
import { type UsRegion, usUnit } from "../geometry/us-region.ts";

/** Whether an image was ever compressed with loss (PS3.3 C.7.6.1.1.5; safety C8). */
interface LossyFacts {
  /** Ratios of the successive compressions, as recorded; may be empty. */
  readonly ratios: readonly number[];
  /** Methods of the successive compressions, as recorded (`ISO_10918_1`); may be empty. */
  readonly methods: readonly string[];
  /** For the corner of the image: `LOSSY 10:1 (JPEG)`. */
  readonly label: string;
}

/** Which side an image shows, with the attribute that says so (safety C14). */
interface LateralityFact {
  /** `L`, `R`, `B` (both) or `U` (unpaired). */
  readonly value: string;
  readonly source: "Image Laterality" | "Frame Laterality" | "Series Laterality";
}

/** What the attributes of one frame say about where it is, how large and how trustworthy. */
export interface ImageFacts {
  readonly plane: ImagePlane | undefined;
  readonly frameOfReferenceUid: string | undefined;
  /** Undefined: orientation unknown. */
  readonly letters: EdgeLetters | undefined;
  /** Whether letters are missing that images of this modality have, which is to be said (safety C13). */
  readonly lacksOrientation: boolean;
  readonly pixelSize: PixelSize;
  readonly usRegions: readonly UsRegion[];
  readonly lossy: LossyFacts | undefined;
  readonly laterality: LateralityFact | undefined;
  readonly sliceLocationMm: number | undefined;
  readonly sliceThicknessMm: number | undefined;
  /** Whether Burned In Annotation says YES. */
  readonly hasBurnedInAnnotation: boolean;
  /** `RESEARCH` or `SERVICE`; undefined for a product's image. */
  readonly contentQualification: string | undefined;
  /** Whether Quality Control Image is YES or BOTH. */
  readonly isQualityControl: boolean;
  /** Whether the frame, or else the image, is of the type DERIVED (safety C28). */
  readonly isDerived: boolean;
  /** Whether it was stored for programs to work on, not for people to look at (Presentation Intent Type). */
  readonly isForProcessing: boolean;
  /** Whether the object is meant to be seen with a mask subtracted from its frames (PS3.3 C.7.6.10). */
  readonly hasSubtraction: boolean;
  /** Whether graphics belong to the image in an overlay plane (PS3.3 C.9.2). */
  readonly hasOverlay: boolean;
  /** Whether a part of the image is meant to be covered (PS3.3 C.7.6.11). */
  readonly hasShutter: boolean;
  /** What kind of animal the patient is; undefined for people and where nothing is said (safety C22). */
  readonly species: string | undefined;
  /** Whether the file lacked identifiers, so that it stands apart from what it may belong to. */
  readonly hasMadeUpIdentifiers: boolean;
}

/**
 * Modalities whose images are taken without a defined direction in the patient, so that letters are not to be
 * expected: ultrasound, endoscopy, microscopy, photographs, the eye (PS3.3 C.7.6.1.1.1).
 */
const WITHOUT_DIRECTION: ReadonlySet<string> = new Set([
  "US",
  "IVUS",
  "ES",
  "GM",
  "SM",
  "XC",
  "DMS",
  "OP",
  "OPM",
  "OPT",
]);

/** Modalities whose images are projections, in which a pixel has no one size in the patient (PS3.3 10.7.1.1). */
const PROJECTIONS: ReadonlySet<string> = new Set([
  "CR",
  "DX",
  "MG",
  "XA",
  "RF",
  "RG",
  "IO",
  "PX",
  "RTIMAGE",
]);

/** Names of the methods of PS3.3 C.7.6.1.1.5.1. */
const METHOD_NAMES: ReadonlyMap<string, string> = new Map([
  ["ISO_10918_1", "JPEG"],
  ["ISO_14495_1", "JPEG-LS"],
  ["ISO_15444_1", "JPEG 2000"],
  ["ISO_15444_15", "HTJ2K"],
  ["ISO_18181_1", "JPEG XL"],
  ["ISO_13818_2", "MPEG-2"],
  ["ISO_14496_10", "H.264"],
  ["ISO_23008_2", "H.265"],
]);

/** What the attributes of one frame (see `frameDataSet`) say. */
export function readImageFacts(dataSet: DataSet): ImageFacts {
  const orientation = dataSet.numbers(TAGS.ImageOrientationPatient);
  const qualification = dataSet.string(TAGS.ContentQualification);
  const qualityControl = dataSet.string(TAGS.QualityControlImage);
  const letters =
    lettersOfOrientation(orientation) ??
    lettersOfPatientOrientation(dataSet.strings(TAGS.PatientOrientation));
  return {
    plane: imagePlane(
      dataSet.numbers(TAGS.ImagePositionPatient),
      orientation,
      dataSet.numbers(TAGS.PixelSpacing),
    ),
    frameOfReferenceUid: dataSet.string(TAGS.FrameOfReferenceUID),
    letters,
    lacksOrientation:
      letters === undefined && !WITHOUT_DIRECTION.has(dataSet.string(TAGS.Modality) ?? ""),
    pixelSize: readPixelSize(dataSet),
    usRegions: dataSet.items(TAGS.SequenceOfUltrasoundRegions).flatMap(readUsRegion),
    lossy: readLossy(dataSet),
    laterality: readLaterality(dataSet),
    sliceLocationMm: dataSet.number(TAGS.SliceLocation),
    sliceThicknessMm: dataSet.number(TAGS.SliceThickness),
    hasBurnedInAnnotation: dataSet.string(TAGS.BurnedInAnnotation) === "YES",
    contentQualification: qualification === "PRODUCT" ? undefined : qualification,
    isQualityControl: qualityControl === "YES" || qualityControl === "BOTH",
    isDerived: (dataSet.string(TAGS.FrameType) ?? dataSet.string(TAGS.ImageType)) === "DERIVED",
    isForProcessing: dataSet.string(TAGS.PresentationIntentType) === "FOR PROCESSING",
    hasSubtraction: dataSet.items(TAGS.MaskSubtractionSequence).some(isSubtraction),
    hasOverlay: OVERLAY_ROWS.some((tag) => dataSet.number(tag) !== undefined),
    hasShutter: dataSet.strings(TAGS.ShutterShape).some((shape) => shape !== ""),
    species: readSpecies(dataSet),
    hasMadeUpIdentifiers: hasMadeUpIdentifiers(dataSet),
  };
}

/** Overlay Rows of the sixteen groups that may hold an overlay plane (PS3.5 7.6). */
const OVERLAY_ROWS: readonly Tag[] = Array.from(
  { length: 16 },
  (_, plane) => 0x60000010 + plane * 0x20000,
);

function isSubtraction(item: DataSet): boolean {
  return (item.string(TAGS.MaskOperation) ?? "NONE") !== "NONE";
}

function readSpecies(dataSet: DataSet): string | undefined {
  const code = dataSet.items(TAGS.PatientSpeciesCodeSequence)[0];
  const species = dataSet.string(TAGS.PatientSpeciesDescription) ?? code?.string(TAGS.CodeMeaning);
  return species === undefined || /^(homo sapiens|human)$/i.test(species) ? undefined : species;
}

/** The size of a pixel of a frame, and how it is known. */
function readPixelSize(dataSet: DataSet): PixelSize {
  return pixelSize({
    pixelSpacing: dataSet.numbers(TAGS.PixelSpacing),
    imagerPixelSpacing: dataSet.numbers(TAGS.ImagerPixelSpacing),
    nominalScannedPixelSpacing: dataSet.numbers(TAGS.NominalScannedPixelSpacing),
    pixelAspectRatio: dataSet.numbers(TAGS.PixelAspectRatio),
    calibrationType: dataSet.string(TAGS.PixelSpacingCalibrationType),
    estimatedMagnification: dataSet.number(TAGS.EstimatedRadiographicMagnificationFactor),
    isProjection: PROJECTIONS.has(dataSet.string(TAGS.Modality) ?? ""),
  });
}

function readUsRegion(item: DataSet): readonly UsRegion[] {
  const left = item.number(TAGS.RegionLocationMinX0);
  const top = item.number(TAGS.RegionLocationMinY0);
  const right = item.number(TAGS.RegionLocationMaxX1);
  const bottom = item.number(TAGS.RegionLocationMaxY1);
  if (left === undefined || top === undefined) return [];
  if (right === undefined || bottom === undefined) return [];
  return [
    {
      left,
      top,
      right,
      bottom,
      deltaX: item.number(TAGS.PhysicalDeltaX) ?? 0,
      deltaY: item.number(TAGS.PhysicalDeltaY) ?? 0,
      unitX: usUnit(item.number(TAGS.PhysicalUnitsXDirection)),
      unitY: usUnit(item.number(TAGS.PhysicalUnitsYDirection)),
      spatialFormat: item.number(TAGS.RegionSpatialFormat) ?? 0,
    },
  ];
}

/** Lossy once is lossy for ever: Lossy Image Compression 01, or a recorded method (safety C8). */
function readLossy(dataSet: DataSet): LossyFacts | undefined {
  const ratios = dataSet.numbers(TAGS.LossyImageCompressionRatio);
  const methods = dataSet.strings(TAGS.LossyImageCompressionMethod).filter((text) => text !== "");
  const isLossy = dataSet.string(TAGS.LossyImageCompression) === "01" || methods.length > 0;
  if (!isLossy) return undefined;
  // Successive compressions multiply, but writers repeat the total as often; the last ratio is the least claim.
  const ratio = ratios.at(-1);
  const names = methods.map((method) => METHOD_NAMES.get(method) ?? method);
  const label = [
    "LOSSY",
    ratio === undefined || ratio <= 0 ? "" : `${Math.round(ratio * 10) / 10}:1`,
    names.length === 0 ? "" : `(${names.join(", ")})`,
  ];
  return { ratios, methods, label: label.filter((part) => part !== "").join(" ") };
}

/** The side; `U`, unpaired, is of what has none (PS3.3 C.7.3.1.1.1, C.7.6.1.1.1). */
function readLaterality(dataSet: DataSet): LateralityFact | undefined {
  const sources = [
    ["Image Laterality", TAGS.ImageLaterality],
    ["Frame Laterality", TAGS.FrameLaterality],
    ["Series Laterality", TAGS.Laterality],
  ] as const;
  for (const [source, tag] of sources) {
    const value = dataSet.string(tag);
    if (value !== undefined) return value === "U" ? undefined : { value, source };
  }
  return undefined;
}
