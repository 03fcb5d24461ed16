import type { DataSet } from "../dicom/data-set.ts";
import type { ImagePlane } from "../geometry/image-plane.ts";
import type { EdgeLetters } from "../geometry/orientation-letters.ts";
import type { PixelSize } from "../geometry/pixel-spacing.ts";
import type { UsRegion } from "../geometry/us-region.ts";

/** Whether an image was ever compressed with loss (PS3.3 C.7.6.1.1.5; safety C8). */
export interface LossyFacts {
  /** Ratios of the successive compressions, as recorded; may be empty. */
  readonly ratios: readonly number[];
  /** Methods of the successive compressions, as recorded (`ISO_10918_1`); may be empty. */
  readonly methods: readonly string[];
  /** For the corner of the image: `LOSSY 10:1 (JPEG)`. */
  readonly label: string;
}

/** What the attributes of one frame say about where it is, how large and how trustworthy. */
export interface ImageFacts {
  readonly plane?: ImagePlane;
  readonly frameOfReferenceUid?: string;
  /** Undefined: orientation unknown, which is to be said. */
  readonly letters?: EdgeLetters;
  readonly pixelSize: PixelSize;
  readonly usRegions: readonly UsRegion[];
  readonly lossy?: LossyFacts;
  /** `L`, `R`, `B` (both), `U` (unpaired), with the attribute it came from. */
  readonly laterality?: { readonly value: string; readonly source: string };
  readonly sliceLocationMm?: number;
  readonly sliceThicknessMm?: number;
  /** Whether Burned In Annotation says YES. */
  readonly hasBurnedInAnnotation: boolean;
  /** `RESEARCH`, `SERVICE`; undefined for a product's image. */
  readonly contentQualification?: string;
  /** Quality Control Image is YES or BOTH. */
  readonly isQualityControl: boolean;
  /** Whether Image Type says DERIVED, or it is a derived object (safety C28). */
  readonly isDerived: boolean;
}

/** What the attributes of one frame (see `frameDataSet`) say. */
export function readImageFacts(dataSet: DataSet): ImageFacts {
  return {
    pixelSize: { rowSpacing: 1, columnSpacing: 1, unit: "px" },
    usRegions: [],
    hasBurnedInAnnotation: dataSet.string(0x00280301) === "YES",
    isQualityControl: false,
    isDerived: false,
  };
}
