import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { screenColorOfCieLab } from "../pixels/cielab.ts";
import { readLookupTable } from "../pixels/lookup-table.ts";
import { type Palette, readPalette } from "../pixels/palette.ts";
import type { Instance } from "./instance.ts";
import type { Rgb } from "./presentation-graphics.ts";
import { readReferencedFrames, readStateReferences } from "./presentation-references.ts";
import type {
  DisplayedArea,
  ForFrames,
  GraphicLayer,
  PresentationLimit,
  PresentationLut,
  PresentationSize,
  PresentationState,
  PresentationStateKind,
  SpatialTransformation,
} from "./presentation-state.ts";
import { presentationTitle } from "./presentation-title.ts";

/** The classes that are applied, by the end of their UIDs. Blending, planar MPR and volume rendering are not. */
const KINDS: ReadonlyMap<string, PresentationStateKind> = new Map([
  ["1.2.840.10008.5.1.4.1.1.11.1", "grayscale"],
  ["1.2.840.10008.5.1.4.1.1.11.2", "color"],
  ["1.2.840.10008.5.1.4.1.1.11.3", "pseudo-color"],
  ["1.2.840.10008.5.1.4.1.1.11.5", "grayscale"],
  ["1.2.840.10008.5.1.4.1.1.11.12", "grayscale"],
]);

/** A state, or why there is none to apply. */
export type ReadPresentation =
  | { readonly ok: true; readonly state: PresentationState }
  | { readonly ok: false; readonly reason: "unsupported-class" | "unreadable" };

/**
 * Reads a softcopy presentation state. A table or palette that is announced and cannot be read makes it unreadable:
 * what it would give in its place looks right and is not.
 * @throws DicomError `malformed` for a damaged palette
 */
export function readPresentationState(instance: Instance): ReadPresentation {
  const { dataSet, sopClassUid } = instance;
  const kind = KINDS.get(sopClassUid);
  if (kind === undefined) return { ok: false, reason: "unsupported-class" };
  const presentationLut = kind === "grayscale" ? readPresentationLut(dataSet) : undefined;
  const pseudoColor = kind === "pseudo-color" ? readColors(dataSet) : undefined;
  const lacksColors = kind === "pseudo-color" && pseudoColor === undefined;
  if (presentationLut === "unreadable" || lacksColors) return { ok: false, reason: "unreadable" };
  const state: PresentationState = {
    title: presentationTitle(instance),
    kind,
    references: readStateReferences(dataSet),
    modality: kind === "color" ? [] : readModality(dataSet),
    vois: kind === "color" ? [] : itemsForFrames(dataSet.items(TAGS.SoftcopyVOILUTSequence)),
    presentationLut,
    pseudoColor,
    transformation: readTransformation(dataSet),
    displayedAreas: dataSet.items(TAGS.DisplayedAreaSelectionSequence).flatMap(readArea),
    layers: readLayers(dataSet),
    annotations: itemsForFrames(dataSet.items(TAGS.GraphicAnnotationSequence)),
    dataSet,
    limits: readLimits(dataSet),
  };
  return { ok: true, state };
}

function itemsForFrames(items: readonly DataSet[]): readonly ForFrames<DataSet>[] {
  return items.map((item) => ({ value: item, frames: readReferencedFrames(item) }));
}

/** Modality LUT of the state (PS3.3 C.11.1), or one for each image (Variable Modality LUT, PS3.3 C.11.1 of its own sequence). */
function readModality(dataSet: DataSet): readonly ForFrames<DataSet>[] {
  const variable = itemsForFrames(dataSet.items(TAGS.VariableModalityLUTSequence));
  const hasOne =
    dataSet.items(TAGS.ModalityLUTSequence).length > 0 || dataSet.has(TAGS.RescaleSlope);
  return hasOne ? [...variable, { value: dataSet, frames: undefined }] : variable;
}

function readPresentationLut(dataSet: DataSet): PresentationLut | "unreadable" | undefined {
  const item = dataSet.items(TAGS.PresentationLUTSequence)[0];
  if (item !== undefined) {
    const lut = readLookupTable(item, false);
    return lut === undefined ? "unreadable" : { kind: "table", lut };
  }
  const shape = dataSet.string(TAGS.PresentationLUTShape);
  // Required where there is no sequence; what says nothing leaves P-values as they are.
  return { kind: "shape", shape: shape === "INVERSE" ? "INVERSE" : "IDENTITY" };
}

/** Its first colour stands for the smallest P-value, whatever value the descriptor maps first (PS3.3 C.11.23). */
function readColors(dataSet: DataSet): Palette | undefined {
  const palette = readPalette(dataSet, false);
  return palette === undefined ? undefined : { ...palette, firstMapped: 0 };
}

function readTransformation(dataSet: DataSet): SpatialTransformation {
  return {
    quarterTurns: quarterTurns(dataSet.number(TAGS.ImageRotation) ?? 0),
    isFlipped: dataSet.string(TAGS.ImageHorizontalFlip) === "Y",
  };
}

/** 0, 90, 180 or 270 degrees clockwise (PS3.3 C.10.6). */
function quarterTurns(degrees: number): SpatialTransformation["quarterTurns"] {
  const turns = ((Math.round(degrees / 90) % 4) + 4) % 4;
  return turns === 1 || turns === 2 || turns === 3 ? turns : 0;
}

function readArea(item: DataSet): readonly ForFrames<DisplayedArea>[] {
  const topLeft = pairOf(item.numbers(TAGS.DisplayedAreaTopLeftHandCorner));
  const bottomRight = pairOf(item.numbers(TAGS.DisplayedAreaBottomRightHandCorner));
  if (topLeft === undefined || bottomRight === undefined) return [];
  const spacing = positivePair(item.numbers(TAGS.PresentationPixelSpacing));
  const ratio = positivePair(item.numbers(TAGS.PresentationPixelAspectRatio));
  // Both are vertical, then horizontal.
  const shape = spacing ?? ratio;
  const pixelAspect = shape === undefined ? undefined : shape[0] / shape[1];
  const value: DisplayedArea = {
    topLeft,
    bottomRight,
    size: readSize(item, spacing),
    pixelAspect: pixelAspect !== undefined && isWithin(pixelAspect, 1000) ? pixelAspect : undefined,
  };
  return [{ value, frames: readReferencedFrames(item) }];
}

/** A size that lacks what it depends on is fitted, as is one of an unknown mode, or one that makes no sense. */
function readSize(item: DataSet, spacing: readonly [number, number] | undefined): PresentationSize {
  const mode = item.string(TAGS.PresentationSizeMode);
  const ratio = item.number(TAGS.PresentationPixelMagnificationRatio) ?? 0;
  if (mode === "TRUE SIZE" && spacing?.every((one) => isWithin(one, FURTHEST)) === true)
    return { mode, rowSpacingMm: spacing[0], columnSpacingMm: spacing[1] };
  if (mode === "MAGNIFY" && isWithin(ratio, FURTHEST)) return { mode, ratio };
  return { mode: "SCALE TO FIT" };
}

/** No image is meant to be enlarged or reduced by more than this, nor to have larger or smaller pixels, mm. */
const FURTHEST = 10_000;

/** Whether a ratio is at most so large, or its inverse is. */
function isWithin(ratio: number, most: number): boolean {
  return ratio >= 1 / most && ratio <= most;
}

function pairOf(values: readonly number[]): readonly [number, number] | undefined {
  const [first, second] = values;
  return first === undefined || second === undefined ? undefined : [first, second];
}

function positivePair(values: readonly number[]): readonly [number, number] | undefined {
  const pair = pairOf(values);
  return pair !== undefined && pair[0] > 0 && pair[1] > 0 ? pair : undefined;
}

/** The layers by their order; lower ones are drawn first (PS3.3 C.10.7). */
function readLayers(dataSet: DataSet): readonly GraphicLayer[] {
  const layers = dataSet.items(TAGS.GraphicLayerSequence).map((item) => ({
    name: item.string(TAGS.GraphicLayer) ?? "",
    order: item.number(TAGS.GraphicLayerOrder) ?? 0,
    description: item.string(TAGS.GraphicLayerDescription) ?? "",
    color: readLayerColor(item),
  }));
  return layers.sort((a, b) => a.order - b.order);
}

/** Recommended colour, else recommended grey as a P-value of 16 bits; the retired RGB value before the grey. */
function readLayerColor(item: DataSet): Rgb | undefined {
  const lab = screenColorOfCieLab(item.numbers(TAGS.GraphicLayerRecommendedDisplayCIELabValue));
  if (lab !== undefined) return lab;
  const [red, green, blue] = item.numbers(TAGS.GraphicLayerRecommendedDisplayRGBValue);
  if (red !== undefined && green !== undefined && blue !== undefined)
    return [eightBits(red), eightBits(green), eightBits(blue)];
  const grey = item.number(TAGS.GraphicLayerRecommendedDisplayGrayscaleValue);
  if (grey === undefined) return undefined;
  return [eightBits(grey), eightBits(grey), eightBits(grey)];
}

function eightBits(word: number): number {
  return Math.round(Math.min(Math.max(word, 0), 65_535) / 257);
}

function readLimits(dataSet: DataSet): readonly PresentationLimit[] {
  return dataSet.items(TAGS.MaskSubtractionSequence).length > 0 ? ["mask-subtraction"] : [];
}
