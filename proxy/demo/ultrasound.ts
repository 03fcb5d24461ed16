import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { encodeJpeg } from "../decode/encoders/jpeg-encoder.ts";
import { type ArchivePart, scaled } from "./archive-part.ts";
import { type DemoFile, type DemoSeries, plainFile } from "./demo-file.ts";
import {
  APEX_COLUMN,
  APEX_ROW,
  ECG_BOTTOM,
  ECG_LEFT,
  ECG_RIGHT,
  ECG_TOP,
  ECHO_COLUMNS,
  ECHO_ROWS,
  echoFrame,
  PIXELS_PER_CM,
} from "./echo/echo-frame.ts";
import { HEART_US } from "./identities.ts";

const US_MULTIFRAME_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.3.1";
const FRAMES = 40;
const FRAME_TIME_MS = 33;
/** Cycles in the loop: one slow beat of 40 frames, so that the cine runs on without a jump. */
const BEATS = 1;
const JPEG_QUALITY = 88;
const TEXTS = ["DEMO HEART", "A4C  S5-1", "2D  68%  C 50", "CF  2.5 MHZ"];

const SERIES: DemoSeries = {
  study: HEART_US,
  key: "apical-four-chamber",
  modality: "US",
  attributes: {
    SOPClassUID: US_MULTIFRAME_IMAGE_STORAGE,
    ManufacturerModelName: "Light Box US",
    SeriesNumber: 1,
    SeriesDescription: "Apical 4-chamber, colour Doppler",
    ProtocolName: "Adult echo",
    BodyPartExamined: "HEART",
    TransducerType: "SECTOR_PHASED",
    TransducerData: ["S5-1", "DEMO", "0001"],
    ImageType: ["ORIGINAL", "PRIMARY", "", "0011"],
    PatientOrientation: null,
  },
};

/** The cine of a beating heart. */
export function ultrasoundParts(scale: number): readonly ArchivePart[] {
  return [{ name: HEART_US.key, make: () => makeCine(scaled(FRAMES, scale, 3)) }];
}

async function makeCine(frameCount: number): Promise<readonly DemoFile[]> {
  const matrix = { rows: ECHO_ROWS, columns: ECHO_COLUMNS, samplesPerPixel: 3 } as const;
  const frames: Uint8Array[] = [];
  for (let index = 0; index < frameCount; index++) {
    const pixels = echoFrame(index / frameCount, BEATS, TEXTS);
    frames.push(await encodeJpeg(pixels, matrix, JPEG_QUALITY));
  }
  const encodedBytes = frames.reduce((sum, frame) => sum + frame.byteLength, 0);
  const ratio = (ECHO_ROWS * ECHO_COLUMNS * 3 * frameCount) / encodedBytes;
  return [plainFile(SERIES, 1, cineAttributes(frameCount, Math.round(ratio * 10) / 10), frames)];
}

/** Image, cine and region attributes (PS3.3 C.7.6.3, C.7.6.5, C.8.5.5, C.8.5.6). */
function cineAttributes(frameCount: number, ratio: number): MadeDataSet {
  return {
    SamplesPerPixel: 3,
    PhotometricInterpretation: "YBR_FULL_422",
    PlanarConfiguration: 0,
    Rows: ECHO_ROWS,
    Columns: ECHO_COLUMNS,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    NumberOfFrames: frameCount,
    FrameIncrementPointer: 0x00181063,
    FrameTime: FRAME_TIME_MS,
    CineRate: 30,
    RecommendedDisplayFrameRate: 30,
    StartTrim: 1,
    StopTrim: frameCount,
    EffectiveDuration: (frameCount * FRAME_TIME_MS) / 1000,
    PreferredPlaybackSequencing: 0,
    HeartRate: 45,
    LossyImageCompression: "01",
    LossyImageCompressionRatio: ratio,
    LossyImageCompressionMethod: "ISO_10918_1",
    BurnedInAnnotation: "YES",
    UltrasoundColorDataPresent: 1,
    SequenceOfUltrasoundRegions: [
      region({ type: 1, data: 1, left: 60, top: APEX_ROW, right: 712, bottom: 558, flags: 2 }),
      region({
        type: 1,
        data: 2,
        left: 350,
        top: APEX_ROW + 120,
        right: 540,
        bottom: 446,
        flags: 3,
      }),
      ecgRegion(),
    ],
  };
}

/** Where a region lies, and its codes of PS3.3 C.8.5.5.1. */
interface RegionPlace {
  readonly type: number;
  readonly data: number;
  readonly flags: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const CENTIMETRES = 3;
const SECONDS = 4;

/** A calibrated part of the screen: its physical units are centimetres, counted from the transducer. */
function region(place: RegionPlace): MadeDataSet {
  return {
    RegionSpatialFormat: place.type,
    RegionDataType: place.data,
    RegionFlags: place.flags,
    RegionLocationMinX0: place.left,
    RegionLocationMinY0: place.top,
    RegionLocationMaxX1: place.right,
    RegionLocationMaxY1: place.bottom,
    ReferencePixelX0: APEX_COLUMN - place.left,
    ReferencePixelY0: APEX_ROW - place.top,
    PhysicalUnitsXDirection: CENTIMETRES,
    PhysicalUnitsYDirection: CENTIMETRES,
    ReferencePixelPhysicalValueX: 0,
    ReferencePixelPhysicalValueY: 0,
    PhysicalDeltaX: 1 / PIXELS_PER_CM,
    PhysicalDeltaY: 1 / PIXELS_PER_CM,
    TransducerFrequency: 2500,
  };
}

/** The ECG: seconds across, no unit upward. */
function ecgRegion(): MadeDataSet {
  return {
    RegionSpatialFormat: 4,
    RegionDataType: 10,
    RegionFlags: 0,
    RegionLocationMinX0: ECG_LEFT,
    RegionLocationMinY0: ECG_TOP,
    RegionLocationMaxX1: ECG_RIGHT,
    RegionLocationMaxY1: ECG_BOTTOM,
    PhysicalUnitsXDirection: SECONDS,
    PhysicalUnitsYDirection: 0,
    PhysicalDeltaX: (FRAMES * FRAME_TIME_MS) / 1000 / (ECG_RIGHT - ECG_LEFT),
    PhysicalDeltaY: 1,
  };
}
