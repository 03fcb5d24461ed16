import type { ByteSource } from "./byte-source.ts";
import type { ByteRange, DataSet, EncapsulatedPixelData } from "./data-set.ts";
import type { Deviation } from "./deviation.ts";
import type { Tag } from "./tag.ts";
import type { TransferSyntax } from "./transfer-syntax.ts";
import type { Vr } from "./vr.ts";

/** Where the pixel data of a file are; never their bytes. */
export type PixelDataLocation =
  | { readonly kind: "none" }
  | {
      readonly kind: "native";
      /** Pixel Data, Float Pixel Data or Double Float Pixel Data. */
      readonly tag: Tag;
      readonly vr: Vr;
      /** The bytes that exist; fewer than `declaredLength` where the file is cut short. */
      readonly range: ByteRange;
      readonly declaredLength: number;
    }
  | {
      readonly kind: "encapsulated";
      readonly tag: Tag;
      readonly vr: Vr;
      /** Offset of the first item, which is the Basic Offset Table. */
      readonly offset: number;
      /** The fragments; undefined while they were not looked at (`stopAtPixelData`). */
      readonly value: EncapsulatedPixelData | undefined;
    };

/** A DICOM file (PS3.10), read up to the references to its large values. */
export interface DicomFile {
  /** File meta information, group 0002; empty when the file has none. */
  readonly meta: DataSet;
  readonly dataSet: DataSet;
  /** The syntax that the data set is really in, where the file says something else or nothing. */
  readonly transferSyntaxUid: string;
  /** Undefined when nobody here knows the UID; the data set was read all the same. */
  readonly transferSyntax: TransferSyntax | undefined;
  readonly deviations: readonly Deviation[];
  /** What the ranges of the data set refer to; for a deflated file the inflated bytes. */
  readonly source: ByteSource;
  readonly pixelData: PixelDataLocation;
}
