import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import {
  EXPLICIT_VR_LITTLE_ENDIAN,
  JPEG_2000_LOSSLESS,
  JPEG_BASELINE,
  RLE_LOSSLESS,
} from "#core/dicom/transfer-syntax.ts";
import { encodeJpeg2000 } from "../decode/encoders/jpeg-2000-encoder.ts";
import { encodeRle } from "../decode/encoders/rle-encoder.ts";
import type { DemoStudy } from "./identities.ts";
import { demoUid } from "./uids.ts";

/** A file of the archive. */
export interface DemoFile {
  /** Below the archive's folder, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A series that instances are made for. */
export interface DemoSeries {
  readonly study: DemoStudy;
  /** Key of its UIDs and name of its folder. */
  readonly key: string;
  readonly modality: string;
  /** The modules that all its instances share: series, frame of reference, equipment, technique. */
  readonly attributes: MadeDataSet;
}

/** How the samples of a grayscale image are stored. */
export type GrayscaleStorage = "native" | "rle" | "jpeg-2000";

/** A grayscale image that is to become a file. */
export interface GrayscaleImage {
  readonly rows: number;
  readonly columns: number;
  readonly bitsStored: number;
  readonly photometricInterpretation: "MONOCHROME1" | "MONOCHROME2";
  /** Stored values, row-major; signed ones in an `Int16Array`. */
  readonly samples: Int16Array | Uint16Array;
}

/** SOP Instance UID of an instance of a series, counted from 1. */
export function instanceUid(series: DemoSeries, instanceNumber: number): string {
  return demoUid(`${series.study.key}/${series.key}/${instanceNumber}`);
}

/** What every instance of a series says (PS3.3 C.7.1 to C.7.5, C.12.1). */
function commonAttributes(series: DemoSeries, instanceNumber: number): MadeDataSet {
  const { study } = series;
  return {
    SpecificCharacterSet: "ISO_IR 192",
    ...study.attributes,
    SeriesInstanceUID: demoUid(`${study.key}/${series.key}`),
    SOPInstanceUID: instanceUid(series, instanceNumber),
    InstanceCreationDate: study.date,
    InstanceCreationTime: study.time,
    Modality: series.modality,
    SeriesDate: study.date,
    SeriesTime: study.time,
    ContentDate: study.date,
    ContentTime: study.time,
    InstitutionName: "Negato Demo Hospital",
    InstitutionAddress: "1 Light Box Lane, Demo City",
    StationName: "DEMO1",
    SoftwareVersions: "1",
    DeviceSerialNumber: "0001",
    Manufacturer: "Negato Demo",
    InstanceNumber: instanceNumber,
    BurnedInAnnotation: "NO",
    ...series.attributes,
  };
}

/** A file with a grayscale image of 16 bits allocated (PS3.3 C.7.6.3). */
export async function grayscaleFile(
  series: DemoSeries,
  instanceNumber: number,
  image: GrayscaleImage,
  storage: GrayscaleStorage,
  attributes: MadeDataSet,
): Promise<DemoFile> {
  const { samples, rows, columns, bitsStored } = image;
  const matrix = { rows, columns, samplesPerPixel: 1 } as const;
  const values: MadeDataSet = {
    ...commonAttributes(series, instanceNumber),
    SamplesPerPixel: 1,
    PhotometricInterpretation: image.photometricInterpretation,
    Rows: rows,
    Columns: columns,
    BitsAllocated: 16,
    BitsStored: bitsStored,
    HighBit: bitsStored - 1,
    PixelRepresentation: samples instanceof Int16Array ? 1 : 0,
    LossyImageCompression: "00",
    ...attributes,
  };
  const path = filePath(series, instanceNumber);
  if (storage === "native")
    return {
      path,
      bytes: writePart10({
        dataSet: buildDataSet({ ...values, PixelData: samples }),
        transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
      }),
    };
  const frame =
    storage === "rle"
      ? encodeRle(samples, matrix)
      : await encodeJpeg2000(samples, matrix, bitsStored);
  return {
    path,
    bytes: writePart10({
      dataSet: buildDataSet(values),
      transferSyntaxUid: storage === "rle" ? RLE_LOSSLESS : JPEG_2000_LOSSLESS,
      frames: [frame],
    }),
  };
}

/** A file whose data set holds no image, or frames of JPEG. */
export function plainFile(
  series: DemoSeries,
  instanceNumber: number,
  attributes: MadeDataSet,
  jpegFrames?: readonly Uint8Array[],
): DemoFile {
  const dataSet = buildDataSet({ ...commonAttributes(series, instanceNumber), ...attributes });
  const bytes =
    jpegFrames === undefined
      ? writePart10({ dataSet, transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN })
      : writePart10({ dataSet, transferSyntaxUid: JPEG_BASELINE, frames: jpegFrames });
  return { path: filePath(series, instanceNumber), bytes };
}

function filePath(series: DemoSeries, instanceNumber: number): string {
  return `${series.study.key}/${series.key}/${String(instanceNumber).padStart(4, "0")}.dcm`;
}
