import type { DataSet } from "../dicom/data-set.ts";
import type { DicomErrorCode } from "../dicom/dicom-error.ts";
import type { PersonName } from "../dicom/person-name.ts";
import type { ImagePixel } from "../pixels/image-pixel.ts";

/** Who the images show, as far as the headers say (PS3.3 C.7.1.1, C.7.2.2). Dates as in DICOM: `YYYYMMDD`. */
export interface Patient {
  readonly name?: PersonName;
  readonly id?: string;
  readonly issuerOfId?: string;
  readonly birthDate?: string;
  readonly sex?: string;
  /** Patient's Age at the study: `042Y`. */
  readonly age?: string;
}

/** A study with what of it is known so far. A snapshot: it does not change. */
export interface Study {
  readonly studyInstanceUid: string;
  readonly patient: Patient;
  readonly date?: string;
  readonly time?: string;
  readonly description?: string;
  readonly accessionNumber?: string;
  readonly referringPhysician?: PersonName;
  readonly institution?: string;
  /** Attributes of identity that differ between instances of the study (safety C4); empty when all agree. */
  readonly conflicts: readonly IdentityConflict[];
  /** In order of series number. */
  readonly series: readonly Series[];
}

/** An attribute of identity with more than one value inside a study. Values are patient data: show, never log. */
export interface IdentityConflict {
  readonly attribute: "PatientName" | "PatientID" | "PatientBirthDate" | "AccessionNumber";
  readonly values: readonly string[];
}

export interface Series {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly number?: number;
  readonly modality?: string;
  readonly description?: string;
  readonly bodyPart?: string;
  readonly protocol?: string;
  readonly laterality?: string;
  readonly date?: string;
  readonly time?: string;
  readonly frameOfReferenceUid?: string;
  /** In order of arrival. */
  readonly instances: readonly Instance[];
}

/** What an instance offers to a renderer. */
export type InstanceImage =
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
  readonly number?: number;
  /** All metadata, without pixel data. */
  readonly dataSet: DataSet;
  /** 1 for an image without Number of Frames; 0 for an instance without pixels. */
  readonly numberOfFrames: number;
  readonly image: InstanceImage;
  /** Of the stored object, where the source says. */
  readonly transferSyntaxUid?: string;
}

/** Puts a study together from the data sets of its instances, in whatever order they arrive. */
export class StudyBuilder {
  /** Adds an instance; one that is there already is replaced. Gives undefined when it belongs to another study. */
  add(_dataSet: DataSet): Instance | undefined {
    return undefined;
  }

  /** The study as it is known so far; undefined before the first instance. */
  study(): Study | undefined {
    return undefined;
  }
}
