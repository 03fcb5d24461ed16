import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { transformedColors } from "../pixels/apply-colour-transform.ts";
import { automaticWindow } from "../pixels/automatic-window.ts";
import { readColourProfile } from "../pixels/colour-profile.ts";
import type { ColourTransform } from "../pixels/colour-transform.ts";
import type { DecodedFrame } from "../pixels/decoded-frame.ts";
import type { DisplayAttributes } from "../pixels/display-pipeline.ts";
import type { ImagePixel } from "../pixels/image-pixel.ts";
import { type ModalityLut, modalityValue, readModalityLut } from "../pixels/modality-lut.ts";
import type { Palette } from "../pixels/palette.ts";
import { readVoiLuts, type VoiLut } from "../pixels/voi-lut.ts";
import { partsFor } from "./presentation-references.ts";
import type { PresentationLimit, PresentationState } from "./presentation-state.ts";

/** A frame that a state is applied to. */
export interface PresentableFrame {
  readonly sopInstanceUid: string;
  /** From 1. */
  readonly frameNumber: number;
  readonly imagePixel: ImagePixel;
  /** What the image itself says. */
  readonly attributes: DisplayAttributes;
  readonly summary: Pick<DecodedFrame, "minimum" | "maximum">;
}

/** How a state turns the values of a frame into greys and colours. */
export interface PresentedValues {
  /** In place of the image's; the mask is not among them. */
  readonly attributes: DisplayAttributes;
  /** VOI LUTs of the state for this frame, the preferred one first; at least one for a frame with greys. */
  readonly vois: readonly VoiLut[];
  readonly limits: readonly PresentationLimit[];
}

/**
 * The greys and colours of a frame under a state. The state says all: a modality LUT or a VOI LUT that it does not have
 * is the identity, and those of the image are not used (PS3.4 N.2.1.1, N.2.1.3); its presentation LUT takes the place
 * of the image's polarity, be it MONOCHROME1 or not (PS3.4 N.2.1.4).
 */
export function presentedValues(
  state: PresentationState,
  frame: PresentableFrame,
): PresentedValues {
  const isGrey = frame.imagePixel.photometricInterpretation.startsWith("MONOCHROME");
  if (!isGrey || state.kind === "color") return presentedColours(state, frame);
  const modality = presentedModality(state, frame);
  const isSame = isSameModality(modality, frame.attributes.modality);
  const { unit, padding } = frame.attributes;
  const colours = state.kind === "pseudo-color" ? pseudoColours(state) : { limits: [] };
  return {
    attributes: {
      modality,
      // Windows of the image have a meaning only for the values that they were made for.
      vois: isSame ? frame.attributes.vois : [],
      presentationLutShape:
        state.presentationLut?.kind === "shape" ? state.presentationLut.shape : "IDENTITY",
      ...(state.presentationLut?.kind === "table"
        ? { presentationLut: state.presentationLut.lut }
        : {}),
      ...(colours.palette === undefined ? {} : { pseudoColor: colours.palette }),
      ...(padding === undefined ? {} : { padding }),
      ...(isSame && unit !== undefined ? { unit } : {}),
    },
    vois: presentedVois(state, frame, modality),
    limits: colours.limits,
  };
}

function presentedModality(state: PresentationState, frame: PresentableFrame): ModalityLut {
  const isSigned = frame.imagePixel.pixelRepresentation === 1;
  const item = partsFor(state.modality, frame.sopInstanceUid, frame.frameNumber)[0];
  return item === undefined ? { kind: "identity" } : readModalityLut(item, isSigned);
}

function isSameModality(a: ModalityLut, b: ModalityLut): boolean {
  if (a.kind === "rescale" && b.kind === "rescale")
    return a.slope === b.slope && a.intercept === b.intercept;
  if (a.kind === "lut" && b.kind === "lut")
    return (
      a.lut.firstMapped === b.lut.firstMapped &&
      a.lut.entries.length === b.lut.entries.length &&
      a.lut.entries.every((entry, index) => entry === b.lut.entries[index])
    );
  return a.kind === b.kind;
}

function presentedVois(
  state: PresentationState,
  frame: PresentableFrame,
  modality: ModalityLut,
): readonly VoiLut[] {
  const range = possibleValues(modality, frame);
  const vois = partsFor(state.vois, frame.sopInstanceUid, frame.frameNumber)
    .flatMap((item) => readVoiLuts(item, range.low < 0))
    .map((voi) => (voi.explanation === "" ? { ...voi, explanation: nameOf(state) } : voi));
  return vois.length > 0 ? vois : [identityVoi(range, nameOf(state))];
}

/** What a window is called that only the state has a name for. */
function nameOf({ title }: PresentationState): string {
  return title.label || title.description || title.className;
}

interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** Smallest and largest value that can leave the modality LUT: by the bits of samples or table, not by what occurs. */
function possibleValues(
  modality: ModalityLut,
  { imagePixel, summary }: PresentableFrame,
): ValueRange {
  if (modality.kind === "lut") return { low: 0, high: 2 ** modality.lut.bits - 1 };
  const { bitsStored, pixelRepresentation, sampleKind } = imagePixel;
  const isSigned = pixelRepresentation === 1;
  const lowest = isSigned ? -(2 ** (bitsStored - 1)) : 0;
  const stored =
    sampleKind === "integer"
      ? [lowest, lowest + 2 ** bitsStored - 1]
      : [summary.minimum, summary.maximum];
  const ends = stored.map((value) => modalityValue(modality, value));
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** The identity: all values that there can be, spread over all greys. */
function identityVoi({ low, high }: ValueRange, explanation: string): VoiLut {
  return { ...automaticWindow(low, high, { kind: "identity" }), explanation };
}

/** A frame with colours keeps its own; a colour profile of the state takes the place of the image's (PS3.4 N.2.2). */
function presentedColours(state: PresentationState, frame: PresentableFrame): PresentedValues {
  const { attributes } = frame;
  const profile = state.kind === "color" ? readTransform(state.dataSet) : undefined;
  const { colourTransform: _, ...plain } = attributes;
  if (profile === undefined) return { attributes, vois: [], limits: [] };
  if (profile === "unusable") return { attributes, vois: [], limits: ["colour-profile"] };
  const changed = profile === "srgb" ? plain : { ...plain, colourTransform: profile };
  return { attributes: changed, vois: [], limits: [] };
}

interface PseudoColours {
  readonly palette?: Palette;
  readonly limits: readonly PresentationLimit[];
}

/** The palette of a state with its colour profile already applied, as it comes after all else. */
function pseudoColours({ pseudoColor, dataSet }: PresentationState): PseudoColours {
  if (pseudoColor === undefined) return { limits: [] };
  const profile = readTransform(dataSet);
  if (profile === "unusable") return { palette: pseudoColor, limits: ["colour-profile"] };
  if (profile === undefined || profile === "srgb") return { palette: pseudoColor, limits: [] };
  return {
    palette: { ...pseudoColor, colors: transformedColors(profile, pseudoColor.colors) },
    limits: [],
  };
}

function readTransform(dataSet: DataSet): ColourTransform | "srgb" | "unusable" | undefined {
  const bytes = dataSet.bytes(TAGS.ICCProfile);
  if (bytes === undefined || bytes.length === 0) return undefined;
  const profile = readColourProfile(bytes);
  switch (profile.kind) {
    case "srgb":
      return "srgb";
    case "transform":
      return profile.transform;
    case "unusable":
      return "unusable";
  }
}
