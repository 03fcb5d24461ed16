import type { DataSet } from "../dicom/data-set.ts";
import type { LookupTable } from "../pixels/lookup-table.ts";
import type { Palette } from "../pixels/palette.ts";
import type { PresentationLutShape } from "../pixels/presentation-lut.ts";
import type { Rgb } from "./presentation-graphics.ts";

/** What a presentation state is called, for menus: no more than its header says (PS3.3 C.11.10). */
export interface PresentationStateTitle {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  /** `Grayscale Presentation State`. */
  readonly className: string;
  /** Content Label; empty when there is none. */
  readonly label: string;
  /** Content Description; empty when there is none. */
  readonly description: string;
  /** Content Creator's Name, for display; empty when there is none. */
  readonly creator: string;
  /** Presentation Creation Date and Time as recorded (`20260104`, `101500.5`); empty when there is none. */
  readonly date: string;
  readonly time: string;
  readonly instanceNumber: number | undefined;
}

/** What of a presentation state is not applied, so that it can be said (safety C21). */
export type PresentationLimit =
  /** Mask subtraction (PS3.3 C.7.6.10). */
  | "mask-subtraction"
  /** Compound graphics of a type that is not drawn (PS3.3 C.10.5.2). */
  | "compound-graphics"
  /** Graphics in units, or of types, that are not known. */
  | "unknown-graphics"
  /** An overlay or a bitmap shutter whose bits are missing. */
  | "overlay-missing"
  /** The image has overlay planes, and the state does not activate them: they are not to be shown (PS3.3 C.11.7). */
  | "overlay-not-activated"
  /** A shutter, or a shape of it, that cannot be understood. */
  | "shutter-unreadable"
  /** A colour profile that is damaged, or of a kind that is not applied. */
  | "colour-profile"
  /** A lookup table that could not be fetched or read. */
  | "table-missing"
  /** More graphics than are drawn. */
  | "too-many-graphics";

/** How large the displayed area is shown (PS3.3 C.10.4). */
export type PresentationSize =
  | { readonly mode: "SCALE TO FIT" }
  /** Presentation Pixel Spacing, mm on the screen. */
  | { readonly mode: "TRUE SIZE"; readonly rowSpacingMm: number; readonly columnSpacingMm: number }
  /** Screen pixels per image pixel. */
  | { readonly mode: "MAGNIFY"; readonly ratio: number };

/** The area of an image that is displayed. Corners as stored: column, row, counted from 1, before any turn or flip. */
export interface DisplayedArea {
  readonly topLeft: readonly [column: number, row: number];
  readonly bottomRight: readonly [column: number, row: number];
  readonly size: PresentationSize;
  /** Height over width of an image pixel on the screen; undefined when the state does not say. */
  readonly pixelAspect: number | undefined;
}

/** A turn, and then a flip from left to right (PS3.3 C.10.6, in this order). */
export interface SpatialTransformation {
  /** Clockwise quarter turns. */
  readonly quarterTurns: 0 | 1 | 2 | 3;
  readonly isFlipped: boolean;
}

/** A layer of graphics, without what lies in it. */
export interface GraphicLayer {
  readonly name: string;
  readonly order: number;
  readonly description: string;
  readonly color: Rgb | undefined;
}

/** Which of the referenced images something holds for: all of them, or those that are named. */
export interface ReferencedFrames {
  /** Frame numbers (from 1) by SOP Instance UID; `all` for all frames of that instance. */
  readonly byInstance: ReadonlyMap<string, ReadonlySet<number> | "all">;
}

/** A part of a state, and the images for which it holds; without `frames` all that the state is about. */
export interface ForFrames<Value> {
  readonly value: Value;
  readonly frames: ReferencedFrames | undefined;
}

/** How a state turns values into P-values (PS3.3 C.11.6). */
export type PresentationLut =
  | { readonly kind: "shape"; readonly shape: PresentationLutShape }
  | { readonly kind: "table"; readonly lut: LookupTable };

/** How far a state decides over values and colours. */
export type PresentationStateKind = "grayscale" | "color" | "pseudo-color";

/** A softcopy presentation state, read (PS3.3 A.33). */
export interface PresentationState {
  readonly title: PresentationStateTitle;
  readonly kind: PresentationStateKind;
  /** The images that the state is about (PS3.3 C.11.11). */
  readonly references: ReferencedFrames;
  /** Attributes of the modality LUT, where it has one: it takes the place of the image's. */
  readonly modality: readonly ForFrames<DataSet>[];
  /** Items of the Softcopy VOI LUT Sequence (PS3.3 C.11.8). */
  readonly vois: readonly ForFrames<DataSet>[];
  readonly presentationLut: PresentationLut | undefined;
  readonly pseudoColor: Palette | undefined;
  readonly transformation: SpatialTransformation;
  readonly displayedAreas: readonly ForFrames<DisplayedArea>[];
  readonly layers: readonly GraphicLayer[];
  /** Items of the Graphic Annotation Sequence (PS3.3 C.10.5). */
  readonly annotations: readonly ForFrames<DataSet>[];
  /** The state itself: its shutters, overlay planes and ICC profile are read from it. */
  readonly dataSet: DataSet;
  readonly limits: readonly PresentationLimit[];
}
