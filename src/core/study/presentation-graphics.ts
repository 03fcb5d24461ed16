import type { Point } from "../geometry/view-transform.ts";

/** Red, green, blue, 0 to 255, sRGB. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** How lines of a graphic are drawn (PS3.3 C.10.5.1.3). What the state leaves open is undefined. */
export interface LineLook {
  readonly color: Rgb | undefined;
  /** 0 to 1. */
  readonly opacity: number;
  /** CSS pixels. */
  readonly widthPx: number;
  readonly isDashed: boolean;
  readonly shadow: ShadowLook | undefined;
}

/** How an area is filled. */
export interface FillLook {
  readonly color: Rgb | undefined;
  /** 0 to 1. */
  readonly opacity: number;
}

/** A shadow behind a line or a text; offsets in CSS pixels. */
export interface ShadowLook {
  readonly color: Rgb | undefined;
  readonly opacity: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

/** How a text is drawn (PS3.3 C.10.5.1.1). */
export interface TextLook {
  readonly color: Rgb | undefined;
  readonly shadow: ShadowLook | undefined;
  /** Families for CSS, checked: letters, digits, spaces and hyphens only; undefined: the viewer's own. */
  readonly fontFamily: string | undefined;
  readonly isBold: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
  readonly horizontal: "left" | "center" | "right";
  readonly vertical: "top" | "center" | "bottom";
}

/**
 * A graphic ready to be drawn. Points are in image space (core/geometry/view-transform): columns to the right, rows
 * down, origin at the outer corner of the first pixel; whatever units the state used, they are converted.
 */
export type PresentationGraphic =
  | { readonly kind: "point"; readonly point: Point; readonly line: LineLook }
  /** Straight pieces from point to point; splines are given as such, finely divided. */
  | {
      readonly kind: "path";
      readonly points: readonly Point[];
      readonly isClosed: boolean;
      readonly line: LineLook;
      readonly fill: FillLook | undefined;
    }
  /** Ends of two half axes as seen from the centre, in image space; both go through any view as vectors. */
  | {
      readonly kind: "ellipse";
      readonly center: Point;
      readonly axisA: Point;
      readonly axisB: Point;
      readonly line: LineLook;
      readonly fill: FillLook | undefined;
    }
  | PresentationText;

/** Words over an image. */
export interface PresentationText {
  readonly kind: "text";
  readonly lines: readonly string[];
  /**
   * Corners of the box in which the text stands: top left and bottom right as the text is read. Where they stand
   * otherwise on the screen, the text is turned with them.
   */
  readonly box: { readonly topLeft: Point; readonly bottomRight: Point } | undefined;
  /** The place that the text speaks of; a visible one is joined to the text by a line. */
  readonly anchor: { readonly point: Point; readonly isVisible: boolean } | undefined;
  readonly look: TextLook;
}

/** One graphic layer with what lies in it (PS3.3 C.10.7). */
export interface PresentationLayer {
  readonly name: string;
  readonly description: string;
  /** Recommended for what has no colour of its own; undefined: the viewer's own. */
  readonly color: Rgb | undefined;
  readonly graphics: readonly PresentationGraphic[];
}

/** Layers in the order of drawing, the lowest first. */
export type PresentationGraphics = readonly PresentationLayer[];
