import type { DataSet } from "../dicom/data-set.ts";
import { DicomError, type DicomErrorCode } from "../dicom/dicom-error.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { ImagePixel } from "../pixels/image-pixel.ts";
import { readImagePixel } from "../pixels/image-pixel-reader.ts";
import { type Patient, readPatient } from "./patient.ts";

/** What an instance offers to a renderer. */
type InstanceImage =
  | { readonly kind: "image"; readonly imagePixel: ImagePixel }
  /** It has no pixels: a report, a document, a presentation state ... */
  | { readonly kind: "none" }
  /** It has pixels, and its description of them cannot be used. */
  | { readonly kind: "unusable"; readonly code: DicomErrorCode; readonly reason: string };

export interface Instance {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly number?: number | undefined;
  readonly patient: Patient;
  /** All metadata, without pixel data. */
  readonly dataSet: DataSet;
  /** 1 for an image without Number of Frames; 0 for an instance without pixels. */
  readonly numberOfFrames: number;
  readonly image: InstanceImage;
  /** Of the stored object, where the source says. */
  readonly transferSyntaxUid?: string | undefined;
}

/** An instance from its metadata; undefined without the UIDs of study, series, instance and SOP class. */
export function readInstance(dataSet: DataSet): Instance | undefined {
  const studyInstanceUid = dataSet.string(TAGS.StudyInstanceUID);
  const seriesInstanceUid = dataSet.string(TAGS.SeriesInstanceUID);
  const sopInstanceUid = dataSet.string(TAGS.SOPInstanceUID);
  if (studyInstanceUid === undefined || seriesInstanceUid === undefined) return undefined;
  if (sopInstanceUid === undefined) return undefined;
  const image = readImage(dataSet);
  return {
    studyInstanceUid,
    seriesInstanceUid,
    sopInstanceUid,
    sopClassUid: dataSet.string(TAGS.SOPClassUID) ?? "",
    patient: readPatient(dataSet),
    dataSet,
    numberOfFrames: image.kind === "image" ? image.imagePixel.numberOfFrames : 0,
    image,
    number: dataSet.number(TAGS.InstanceNumber),
    transferSyntaxUid:
      dataSet.string(TAGS.AvailableTransferSyntaxUID) ?? dataSet.string(TAGS.TransferSyntaxUID),
  };
}

function readImage(dataSet: DataSet): InstanceImage {
  if (!PIXEL_ATTRIBUTES.some((tag) => dataSet.has(tag))) return { kind: "none" };
  try {
    return { kind: "image", imagePixel: readImagePixel(dataSet) };
  } catch (error) {
    if (!(error instanceof DicomError)) throw error;
    return { kind: "unusable", code: error.code, reason: error.message };
  }
}

/** Rows, Columns and the three kinds of pixel data: what none of has no pixels. */
const PIXEL_ATTRIBUTES: readonly Tag[] = [
  TAGS.Rows,
  TAGS.Columns,
  0x7fe00010,
  0x7fe00008,
  0x7fe00009,
];
