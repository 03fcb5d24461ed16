import type { DataSet } from "../dicom/data-set.ts";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import { sopClassName, storageKindOf } from "../dicom/sop-class-names.ts";

/** A small valid object of a storage SOP class. */
export interface MadeObject {
  readonly sopClassUid: string;
  readonly name: string;
  /** Frames of 32 x 24 pixels; 0 for what is no image. */
  readonly frames: number;
  readonly dataSet: DataSet;
}

export const MADE_STUDY_UID = "1.2.826.0.1.3680043.8.498.1";
const ROOT = "1.2.840.10008.5.1.4.1.1.";
const ROWS = 24;
const COLUMNS = 32;

/** Parts of UIDs after the root of classes with functional groups, and how many frames they are made with. */
const ENHANCED: ReadonlyMap<string, number> = new Map([
  ...["2.1", "2.2", "4.1", "4.3", "4.4", "128.1", "130"].map((uid) => [uid, 4] as const),
  ...["6.2", "6.3", "12.1.1", "12.2.1", "13.1.1", "13.1.2"].map((uid) => [uid, 3] as const),
  ...["13.1.3", "13.1.4", "13.1.5", "14.1", "14.2"].map((uid) => [uid, 2] as const),
  ...["30", "66.4", "66.7", "66.8", "77.1.5.4", "77.1.5.8"].map((uid) => [uid, 2] as const),
  ...["77.1.6", "77.1.9", "481.23", "481.24"].map((uid) => [uid, 4] as const),
]);

/** Classes of films and other frames without functional groups. */
const MULTI_FRAME: ReadonlySet<string> = new Set([
  ...["3", "3.1", "5", "7.1", "7.2", "7.3", "7.4", "12.1", "12.2", "12.3", "20", "481.2"],
  ...["77.1.1.1", "77.1.2.1", "77.1.4.1", "77.2", "601.2"],
]);

const MODALITIES: readonly (readonly [pattern: RegExp, modality: string])[] = [
  [/^1$/, "CR"],
  [/^1\.2/, "MG"],
  [/^1\.3/, "IO"],
  [/^1\.1/, "DX"],
  [/^2(\.|$)/, "CT"],
  [/^4(\.|$)/, "MR"],
  [/^(3|6)(\.|$)/, "US"],
  [/^(5|20)$/, "NM"],
  [/^7/, "OT"],
  [/^12\.2/, "RF"],
  [/^12|^13\.1\.1/, "XA"],
  [/^13/, "MG"],
  [/^14/, "IVOCT"],
  [/^66\.[478]$/, "SEG"],
  [/^77\.1\.5/, "OP"],
  [/^77\.1\.6/, "SM"],
  [/^77/, "XC"],
  [/^(128|130)/, "PT"],
  [/^481\.2$/, "RTDOSE"],
  [/^481/, "RTIMAGE"],
  [/^88/, "SR"],
  [/^11\./, "PR"],
  [/^9\./, "ECG"],
];

/** The object of a class; the same each time it is made. */
export function madeObject(sopClassUid: string): MadeObject {
  const suffix = sopClassUid.startsWith(ROOT) ? sopClassUid.slice(ROOT.length) : sopClassUid;
  const kind = storageKindOf(sopClassUid);
  const isImage = ["image", "segmentation", "parametric-map"].includes(kind) || suffix === "481.2";
  const frames = isImage ? (ENHANCED.get(suffix) ?? (MULTI_FRAME.has(suffix) ? 3 : 1)) : 0;
  const name = sopClassName(sopClassUid) ?? sopClassUid;
  return {
    sopClassUid,
    name,
    frames,
    dataSet: buildDataSet({
      ...identity(sopClassUid, suffix, name),
      ...(isImage ? pixels(suffix, frames) : contents(suffix)),
      ...(ENHANCED.has(suffix) ? groups(suffix, frames) : {}),
      ...extras(suffix, frames),
    }),
  };
}

function identity(sopClassUid: string, suffix: string, name: string): MadeDataSet {
  const seriesUid = `${MADE_STUDY_UID}.${suffix}`;
  return {
    SOPClassUID: sopClassUid,
    SOPInstanceUID: `${seriesUid}.1`,
    StudyInstanceUID: MADE_STUDY_UID,
    SeriesInstanceUID: seriesUid,
    PatientName: "Made^Object",
    PatientID: "MADE-1",
    PatientBirthDate: "19700101",
    PatientSex: "O",
    StudyDate: "20260102",
    StudyTime: "101500",
    AccessionNumber: "MADE",
    StudyDescription: "One of each",
    SeriesDescription: name,
    InstanceNumber: 1,
    Modality: MODALITIES.find(([pattern]) => pattern.test(suffix))?.[1] ?? "OT",
  };
}

/** Image Pixel module: a ramp, in the depth and colour that the class demands. */
function pixels(suffix: string, frames: number): MadeDataSet {
  const size = ROWS * COLUMNS * frames;
  const matrix = { Rows: ROWS, Columns: COLUMNS, NumberOfFrames: frames, SamplesPerPixel: 1 };
  const grey = { ...matrix, PhotometricInterpretation: "MONOCHROME2" };
  if (suffix === "30" || suffix === "66.8")
    return {
      ...grey,
      BitsAllocated: 32,
      FloatPixelData: Float32Array.from({ length: size }, (_, index) => index / 10),
    };
  const bits = suffix === "7.1" || suffix === "66.4" ? 1 : isByte(suffix) ? 8 : 16;
  const depth = {
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    PixelRepresentation: 0,
  };
  if (bits === 1) return { ...grey, ...depth, PixelData: new Uint8Array(size / 8).fill(0x55) };
  if (isColour(suffix))
    return {
      ...matrix,
      ...depth,
      SamplesPerPixel: 3,
      PhotometricInterpretation: "RGB",
      PlanarConfiguration: 0,
      PixelData: Uint8Array.from({ length: size * 3 }, (_, index) => index & 255),
    };
  const PixelData =
    bits === 8
      ? Uint8Array.from({ length: size }, (_, index) => index & 255)
      : Uint16Array.from({ length: size }, (_, index) => index);
  return { ...grey, ...depth, PixelData };
}

function isByte(suffix: string): boolean {
  return isColour(suffix) || /^(3|3\.1|6|6\.1|7\.2|12\.\d|66\.7)$/.test(suffix);
}

function isColour(suffix: string): boolean {
  return /^(4\.3|7\.4|77\.[12](\.(?!5\.[24578]).*)?)$/.test(suffix) || suffix.endsWith("5.1.1.30");
}

/** Functional groups: frames 2.5 mm apart, in a stack whose dimension is the place (PS3.3 C.7.6.16, C.7.6.17). */
function groups(suffix: string, frames: number): MadeDataSet {
  const isSlide = suffix === "77.1.6" || suffix === "77.1.9";
  if (isSlide)
    return { TotalPixelMatrixColumns: 2 * COLUMNS, TotalPixelMatrixRows: 2 * ROWS, ...SLIDE };
  const isSegmented = suffix.startsWith("66.");
  return {
    DimensionIndexSequence: [{ DimensionDescriptionLabel: "Place" }],
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [{ PixelSpacing: [0.5, 0.5], SliceThickness: 2.5 }],
        PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
        PixelValueTransformationSequence: [{ RescaleSlope: 1, RescaleIntercept: 0 }],
      },
    ],
    PerFrameFunctionalGroupsSequence: Array.from({ length: frames }, (_, index) => ({
      FrameContentSequence: [{ StackID: "1", DimensionIndexValues: [index + 1] }],
      PlanePositionSequence: [{ ImagePositionPatient: [0, 0, index * 2.5] }],
      ...(isSegmented ? { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 1 }] } : {}),
    })),
    ...(isSegmented ? { SegmentSequence: [{ SegmentNumber: 1, SegmentLabel: "Liver" }] } : {}),
  };
}

const SLIDE: MadeDataSet = {
  ImageType: ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
  DimensionOrganizationType: "TILED_FULL",
};

/** What single classes have beyond the rest. */
function extras(suffix: string, frames: number): MadeDataSet {
  if (/^(1\.[123]|13\.1|14)/.test(suffix)) {
    const isProcessing = /^(1\.[123]\.1|13\.1\.5|14\.2)$/.test(suffix) || suffix === "1.1.1";
    return {
      PresentationIntentType: isProcessing ? "FOR PROCESSING" : "FOR PRESENTATION",
      ImageLaterality: "L",
    };
  }
  if (suffix === "20")
    return { EnergyWindowVector: numbered(frames), ImageType: ["ORIGINAL", "PRIMARY", "STATIC"] };
  if (suffix === "481.2")
    return {
      ImagePositionPatient: [0, 0, 10],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [2, 2],
      GridFrameOffsetVector: numbered(frames).map((number) => (number - 1) * 3),
      DoseGridScaling: "0.001",
      DoseUnits: "GY",
    };
  return {};
}

function numbered(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** The least that tells objects without pixels apart from an empty data set. */
function contents(suffix: string): MadeDataSet {
  if (suffix.startsWith("88."))
    return { ValueType: "CONTAINER", CompletionFlag: "COMPLETE", VerificationFlag: "UNVERIFIED" };
  const mimeTypes = ["application/pdf", "text/XML", "model/stl", "model/obj", "model/mtl"];
  const mimeType = /^104\.(\d)$/.exec(suffix)?.[1];
  return mimeType === undefined
    ? {}
    : {
        MIMETypeOfEncapsulatedDocument: mimeTypes[Number(mimeType) - 1],
        EncapsulatedDocument: new Uint8Array([1, 2, 3, 4]),
      };
}
