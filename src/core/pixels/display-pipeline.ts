import type { DataSet } from "../dicom/data-set.ts";
import { DicomError } from "../dicom/dicom-error.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { automaticWindow } from "./automatic-window.ts";
import type { ColourTransform } from "./colour-transform.ts";
import type { DecodedFrame } from "./decoded-frame.ts";
import type { ImagePixel, PixelPadding } from "./image-pixel.ts";
import type { LookupTable } from "./lookup-table.ts";
import { type ModalityLut, readModalityLut, readModalityUnit } from "./modality-lut.ts";
import { type Palette, readPalette } from "./palette.ts";
import type { PixelMask } from "./pixel-mask.ts";
import { type PresentationLutShape, readPresentationLutShape } from "./presentation-lut.ts";
import { readVoiLuts, type VoiLut } from "./voi-lut.ts";

/** What only some frames have beyond values, window and polarity. */
export interface DisplayExtras {
  /**
   * Presentation LUT Sequence (PS3.3 C.11.6.1.1): its input is the output of the VOI LUT, spread over its entries; its
   * output are P-values, over the largest number that its bits can hold. Polarity comes after it.
   */
  readonly presentationLut?: LookupTable;
  /** Colours of stored values from its first mapped one on; smaller values are grey (PS3.3 C.7.6.19). */
  readonly supplementalPalette?: Palette;
  /** Colours for P-values, first the smallest, last the largest (PS3.3 C.11.23, Pseudo-Color Presentation State). */
  readonly pseudoColor?: Palette;
  /** From the colours of the image, palettes applied, to those of the screen. */
  readonly colourTransform?: ColourTransform;
  readonly mask?: PixelMask;
}

/** What the attributes of one frame say about its display. */
export interface DisplayAttributes extends DisplayExtras {
  readonly modality: ModalityLut;
  /** In the order of preference; empty when the frame offers none. */
  readonly vois: readonly VoiLut[];
  /** INVERSE also for MONOCHROME1, which says the same in other words. */
  readonly presentationLutShape: PresentationLutShape;
  readonly palette?: Palette;
  readonly padding?: PixelPadding;
  /** What modality values are measured in (`HU`), for a person to read. */
  readonly unit?: string;
}

/**
 * How a decoded frame becomes grey or colour, as plain data: padding, modality LUT, VOI LUT, presentation LUT
 * and polarity, in this order (PS3.4 N.2.1). Colour frames use the palette alone, or nothing. The colour transform
 * takes what has a colour (RGB, palettes, pseudo colours), never greys. The mask lies over all of it.
 */
export interface DisplayPipeline extends DisplayExtras {
  readonly modality: ModalityLut;
  readonly voi: VoiLut;
  /** Whether the smallest value is white: MONOCHROME1, presentation LUT shape INVERSE, and a wish, combined. */
  readonly inverted: boolean;
  readonly palette?: Palette;
  /** Stored values that are no image; they are black whatever the polarity. */
  readonly padding?: PixelPadding;
}

/**
 * What one frame says about its display.
 * @param dataSet the attributes of that frame, functional groups overlaid (core/study `frameDataSet`).
 * @throws DicomError `missing-attribute` for PALETTE COLOR without a palette; `malformed` for one that is damaged.
 */
export function readDisplayAttributes(dataSet: DataSet, imagePixel: ImagePixel): DisplayAttributes {
  const isSigned = imagePixel.pixelRepresentation === 1;
  const modality = readModalityLut(dataSet, isSigned);
  const unit = readModalityUnit(dataSet);
  const palette =
    imagePixel.photometricInterpretation === "PALETTE COLOR"
      ? requiredPalette(dataSet, isSigned)
      : undefined;
  return {
    modality,
    vois: readVoiLuts(dataSet, canBeNegative(modality, imagePixel)),
    presentationLutShape: readPresentationLutShape(dataSet, imagePixel.photometricInterpretation),
    ...(palette === undefined ? {} : { palette }),
    ...(imagePixel.pixelPadding === undefined ? {} : { padding: imagePixel.pixelPadding }),
    ...(unit === undefined ? {} : { unit }),
  };
}

/** What a person chose instead of what the frame says. */
export interface DisplayChoice {
  readonly voi?: VoiLut | undefined;
  /** Whether the polarity is the opposite of what the frame says. */
  readonly isInverted?: boolean;
}

/** The pipeline of a frame: the chosen VOI LUT, else the first that the frame offers, else smallest to largest value. */
export function displayPipeline(
  attributes: DisplayAttributes,
  frame: Pick<DecodedFrame, "minimum" | "maximum">,
  choice: DisplayChoice = {},
): DisplayPipeline {
  const { vois, presentationLutShape, unit: _, ...others } = attributes;
  return {
    ...others,
    voi: choice.voi ?? vois[0] ?? automaticWindow(frame.minimum, frame.maximum, others.modality),
    inverted: (presentationLutShape === "INVERSE") !== (choice.isInverted === true),
  };
}

function requiredPalette(dataSet: DataSet, isSigned: boolean): Palette {
  const palette = readPalette(dataSet, isSigned);
  if (palette === undefined)
    throw new DicomError("missing-attribute", "The palette is missing", {
      tag: TAGS.RedPaletteColorLookupTableData,
    });
  return palette;
}

/** Whether a value after the modality LUT can be negative, which the sign of VOI LUT inputs depends on (PS3.3 C.11.2.1.1). */
function canBeNegative(modality: ModalityLut, imagePixel: ImagePixel): boolean {
  if (modality.kind === "lut") return false;
  const isSigned = imagePixel.pixelRepresentation === 1;
  if (modality.kind === "identity") return isSigned;
  const lowest = isSigned ? -(2 ** (imagePixel.bitsStored - 1)) : 0;
  const highest = 2 ** (imagePixel.bitsStored - (isSigned ? 1 : 0)) - 1;
  const ends = [lowest, highest].map((value) => modality.slope * value + modality.intercept);
  return Math.min(...ends) < 0;
}
