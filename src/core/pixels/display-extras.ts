import type { DataSet } from "../dicom/data-set.ts";
import { DicomError } from "../dicom/dicom-error.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { type ColourProfile, readColourProfile } from "./colour-profile.ts";
import type { ColourTransform } from "./colour-transform.ts";
import { composeMask } from "./compose-mask.ts";
import type { DecodedFrame } from "./decoded-frame.ts";
import type { DisplayAttributes } from "./display-pipeline.ts";
import { type DisplayShutter, readDisplayShutter } from "./display-shutter.ts";
import type { ImagePixel } from "./image-pixel.ts";
import { type LookupTable, readLookupTable } from "./lookup-table.ts";
import { type ModalityLut, readModalityLut, readModalityUnit } from "./modality-lut.ts";
import { type OverlayPlane, readOverlayPlanes } from "./overlay-planes.ts";
import { type Palette, readPalette } from "./palette.ts";
import { type RealWorldValueMapping, readRealWorldValues } from "./real-world-value.ts";

/** Something about the display of a frame that a person has to be told (safety C11, C21). */
export interface DisplayNotice {
  readonly code: /** The colours say nothing about what they mean: they are shown as if they were sRGB. */
    | "no-colour-profile"
    | "colour-profile-broken"
    | "colour-profile-unsupported"
    /** An overlay plane is announced, and its data are missing. */
    | "overlay-missing"
    /** A shutter, or a shape of it, cannot be understood: more is visible than was meant. */
    | "shutter-unreadable"
    /** The supplemental palette or the presentation LUT cannot be read. */
    | "table-missing"
    /** Colours by an Enhanced Palette Color Lookup Table Sequence are not applied: the frame is shown in greys. */
    | "enhanced-palette";
  /** One sentence, without patient data. */
  readonly message: string;
}

/** What one frame has to its display beyond `readDisplayAttributes`. */
export interface FrameExtras {
  /** All planes that belong to the frame, also those without data; planes that are a shutter's bitmap are not among them. */
  readonly overlays: readonly OverlayPlane[];
  readonly shutter?: DisplayShutter;
  /** Planes that the shutter may refer to. */
  readonly bitmaps: readonly OverlayPlane[];
  readonly presentationLut?: LookupTable;
  readonly supplementalPalette?: Palette;
  readonly colourTransform?: ColourTransform;
  /** What the profile, or Color Space, calls the colours of the image: `sRGB IEC61966-2.1`. */
  readonly colourSpace?: string;
  /** For read-outs of values and units. */
  readonly realWorldValues: readonly RealWorldValueMapping[];
  /** Takes the place of the identity where the object has no modality LUT, no VOI LUT, and one mapping of all values. */
  readonly modality?: ModalityLut;
  readonly unit?: string;
  readonly notices: readonly DisplayNotice[];
}

/** What of them is shown. */
export interface ExtrasChoice {
  /** Groups (0x6000 …) of overlay planes that are hidden; none by default. */
  readonly hiddenOverlays?: ReadonlySet<number>;
  readonly isShutterHidden?: boolean;
  /** Row over column spacing, as the image is displayed (`displayAspect`); 1 by default. */
  readonly pixelAspect?: number;
}

/** Colour profiles that were read, so that a series of one profile reads it once. */
export type ColourProfiles = (profile: Uint8Array) => ColourProfile;

/**
 * The extras of one frame; loaded where `hasDisplayExtras` says so. What cannot be read is a notice; it does not throw.
 * @param dataSet the attributes of that frame, functional groups overlaid (core/study `frameDataSet`), with the values that
 * `extraBulkDataUris` (core/study) names in their places.
 * @param frameIndex from 0.
 */
export function readDisplayExtras(
  dataSet: DataSet,
  imagePixel: ImagePixel,
  frameIndex: number,
  profiles: ColourProfiles = readColourProfile,
): FrameExtras {
  const isSigned = imagePixel.pixelRepresentation === 1;
  const planes = readOverlayPlanes(dataSet, frameIndex);
  const shutter = readDisplayShutter(dataSet);
  const isBitmap = ({ group }: OverlayPlane): boolean =>
    shutter?.shapes.some((shape) => shape.kind === "bitmap" && shape.group === group) === true;
  const realWorldValues = readRealWorldValues(dataSet, isSigned);
  const tables = readTables(dataSet, imagePixel);
  const colours = readColours(dataSet, imagePixel, profiles);
  return {
    overlays: planes.filter((plane) => !isBitmap(plane)),
    bitmaps: planes.filter(isBitmap),
    realWorldValues,
    ...(shutter === undefined ? {} : { shutter }),
    ...tables.extras,
    ...colours.extras,
    ...realWorldModality(dataSet, imagePixel, realWorldValues),
    notices: [...tables.notices, ...colours.notices, ...maskNotices(planes, shutter)],
  };
}

/** The attributes of a frame with its extras. The mask is made for this decoded frame and choice. */
export function withDisplayExtras(
  attributes: DisplayAttributes,
  extras: FrameExtras,
  frame: Pick<DecodedFrame, "rows" | "columns" | "embeddedOverlays">,
  choice: ExtrasChoice = {},
): DisplayAttributes {
  const mask = composeMask(
    { rows: frame.rows, columns: frame.columns, pixelAspect: choice.pixelAspect ?? 1 },
    {
      overlays: extras.overlays
        .filter(({ group }) => choice.hiddenOverlays?.has(group) !== true)
        .map((plane) => ({ plane })),
      shutter: choice.isShutterHidden === true ? undefined : extras.shutter,
      bitmaps: extras.bitmaps,
      embedded: frame.embeddedOverlays,
    },
  );
  const values = withExtraValues(attributes, extras);
  return mask === undefined ? values : { ...values, mask };
}

/** The attributes of a frame with its extras but for what lies over the picture. */
export function withExtraValues(
  attributes: DisplayAttributes,
  extras: FrameExtras,
): DisplayAttributes {
  const { presentationLut, supplementalPalette, colourTransform, modality, unit } = extras;
  return {
    ...attributes,
    ...(presentationLut === undefined ? {} : { presentationLut }),
    ...(supplementalPalette === undefined ? {} : { supplementalPalette }),
    ...(colourTransform === undefined ? {} : { colourTransform }),
    ...(modality === undefined ? {} : { modality }),
    ...(unit === undefined ? {} : { unit }),
  };
}

/** A part of the extras, and what is to be said about it. */
interface Part {
  readonly extras: Partial<FrameExtras>;
  readonly notices: readonly DisplayNotice[];
}

function readTables(dataSet: DataSet, imagePixel: ImagePixel): Part {
  if (imagePixel.samplesPerPixel !== 1) return { extras: {}, notices: [] };
  const isSigned = imagePixel.pixelRepresentation === 1;
  const presentationItem = dataSet.items(TAGS.PresentationLUTSequence)[0];
  const presentationLut = presentationItem && readLookupTable(presentationItem, false);
  // A frame can be of greys alone in an object that has colours for others (PS3.3 C.8.16.2.1.1.2).
  const hasSupplemental =
    imagePixel.photometricInterpretation !== "PALETTE COLOR" &&
    dataSet.string(TAGS.PixelPresentation) !== "MONOCHROME" &&
    dataSet.has(TAGS.RedPaletteColorLookupTableDescriptor);
  const supplementalPalette = hasSupplemental ? tryReadPalette(dataSet, isSigned) : undefined;
  const isLacking =
    (presentationItem !== undefined && presentationLut === undefined) ||
    (hasSupplemental && supplementalPalette === undefined);
  const isEnhanced = dataSet.items(TAGS.EnhancedPaletteColorLookupTableSequence).length > 0;
  return {
    extras: {
      ...(presentationLut === undefined ? {} : { presentationLut }),
      ...(supplementalPalette === undefined ? {} : { supplementalPalette }),
    },
    notices: [
      ...(isLacking ? [notice("table-missing")] : []),
      ...(isEnhanced ? [notice("enhanced-palette")] : []),
    ],
  };
}

function tryReadPalette(dataSet: DataSet, isSigned: boolean): Palette | undefined {
  try {
    return readPalette(dataSet, isSigned);
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

/** The profile of the image, or that of its optical path (PS3.3 C.8.12.5), when it has colours. */
function readColours(dataSet: DataSet, imagePixel: ImagePixel, profiles: ColourProfiles): Part {
  const hasColours =
    imagePixel.samplesPerPixel === 3 || dataSet.has(TAGS.RedPaletteColorLookupTableDescriptor);
  if (!hasColours) return { extras: {}, notices: [] };
  const stated = dataSet.string(TAGS.ColorSpace);
  const bytes = profileOf(dataSet);
  if (bytes === undefined)
    return stated === undefined
      ? { extras: {}, notices: [notice("no-colour-profile")] }
      : withoutProfile(stated);
  const profile = profiles(bytes);
  switch (profile.kind) {
    case "srgb":
      return { extras: { colourSpace: profile.description }, notices: [] };
    case "transform":
      return {
        extras: { colourSpace: profile.description, colourTransform: profile.transform },
        notices: [],
      };
    case "unusable":
      return { extras: {}, notices: [notice(`colour-profile-${profile.reason}`)] };
  }
}

/** Color Space (0028,2002) without the profile that it stands beside: only SRGB says all by its name. */
function withoutProfile(colourSpace: string): Part {
  const isScreen = colourSpace === "SRGB";
  return { extras: { colourSpace }, notices: isScreen ? [] : [notice("no-colour-profile")] };
}

function profileOf(dataSet: DataSet): Uint8Array | undefined {
  const own = dataSet.bytes(TAGS.ICCProfile);
  if (own !== undefined && own.length > 0) return own;
  return dataSet
    .items(TAGS.OpticalPathSequence)
    .map((item) => item.bytes(TAGS.ICCProfile))
    .find((bytes) => bytes !== undefined && bytes.length > 0);
}

/**
 * A linear mapping as modality LUT, so that windows and read-outs are in its unit. Only where nothing else gives stored values a
 * meaning, and no window is given, which would be one of stored values (PS3.3 C.7.6.16.2.11). Where mapping and modality LUT
 * both leave values as they are, the unit of the one is that of the other, as in parametric maps.
 */
function realWorldModality(
  dataSet: DataSet,
  imagePixel: ImagePixel,
  mappings: readonly RealWorldValueMapping[],
): Pick<FrameExtras, "modality" | "unit"> {
  const [mapping, ...others] = mappings;
  if (mapping === undefined || others.length > 0 || imagePixel.samplesPerPixel !== 1) return {};
  if (mapping.curve.kind !== "linear" || mapping.curve.slope === 0) return {};
  const { slope, intercept } = mapping.curve;
  const unit = mapping.unit === "" ? {} : { unit: mapping.unit };
  if (!HAS_MEANING.some((tag) => dataSet.has(tag)))
    return { modality: { kind: "rescale", slope, intercept }, ...unit };
  const isSame =
    slope === 1 && intercept === 0 && readModalityLut(dataSet, false).kind === "identity";
  return isSame && readModalityUnit(dataSet) === undefined ? unit : {};
}

const HAS_MEANING: readonly Tag[] = [
  TAGS.RescaleSlope,
  TAGS.RescaleIntercept,
  TAGS.ModalityLUTSequence,
  TAGS.WindowCenter,
  TAGS.VOILUTSequence,
];

function maskNotices(
  planes: readonly OverlayPlane[],
  shutter: DisplayShutter | undefined,
): readonly DisplayNotice[] {
  const isMissing = planes.some(({ bits }) => bits.kind === "missing");
  const lacksBitmap = shutter?.shapes.some(
    (shape) => shape.kind === "bitmap" && !planes.some(({ group }) => group === shape.group),
  );
  const isUnreadable = lacksBitmap === true || (shutter?.unreadable.length ?? 0) > 0;
  return [
    ...(isMissing ? [notice("overlay-missing")] : []),
    ...(isUnreadable ? [notice("shutter-unreadable")] : []),
  ];
}

const SENTENCES: Readonly<Record<DisplayNotice["code"], string>> = {
  "no-colour-profile":
    "The image has no colour profile: its colours are shown as if they were sRGB.",
  "colour-profile-broken":
    "The colour profile of the image is damaged: its colours are shown as if they were sRGB.",
  "colour-profile-unsupported":
    "The colour profile of the image is of a kind that is not applied: its colours are shown as if they were sRGB.",
  "overlay-missing": "An overlay plane of the image has no data, or not all of them.",
  "shutter-unreadable":
    "A shutter of the image cannot be understood: more is visible than was meant.",
  "table-missing": "A table for the greys or colours of the image cannot be read.",
  "enhanced-palette": "Colours by enhanced palettes are not applied.",
};

function notice(code: DisplayNotice["code"]): DisplayNotice {
  return { code, message: SENTENCES[code] };
}
