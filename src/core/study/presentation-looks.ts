import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { screenColorOfCieLab } from "../pixels/cielab.ts";
import type { FillLook, LineLook, ShadowLook, TextLook } from "./presentation-graphics.ts";

/** Line of a graphic object that says nothing about its own. */
const PLAIN_LINE_PX = 1.5;
/** No line is thicker than this, whatever the state says. */
const THICKEST_LINE_PX = 64;
const FURTHEST_SHADOW_PX = 64;

/** How the line of a graphic object is drawn (Line Style Sequence, PS3.3 table C.10-5b). */
export function readLineLook(object: DataSet): LineLook {
  const style = object.items(TAGS.LineStyleSequence)[0];
  return {
    color: style && screenColorOfCieLab(style.numbers(TAGS.PatternOnColorCIELabValue)),
    opacity: opacityOf(style?.number(TAGS.PatternOnOpacity)),
    widthPx: within(style?.number(TAGS.LineThickness) ?? PLAIN_LINE_PX, 0.5, THICKEST_LINE_PX),
    isDashed: style?.string(TAGS.LineDashingStyle) === "DASHED",
    shadow: readShadow(style),
  };
}

/** How the area of a filled graphic object is filled (Fill Style Sequence); undefined when it is not. */
export function readFillLook(object: DataSet): FillLook | undefined {
  if (object.string(TAGS.GraphicFilled) !== "Y") return undefined;
  const style = object.items(TAGS.FillStyleSequence)[0];
  return {
    color: style && screenColorOfCieLab(style.numbers(TAGS.PatternOnColorCIELabValue)),
    opacity: opacityOf(style?.number(TAGS.PatternOnOpacity)),
  };
}

/** How a text object is drawn (Text Style Sequence, PS3.3 table C.10-5a). */
export function readTextLook(object: DataSet): TextLook {
  const style = object.items(TAGS.TextStyleSequence)[0];
  const justification = object.string(TAGS.BoundingBoxTextHorizontalJustification);
  return {
    color: style && screenColorOfCieLab(style.numbers(TAGS.TextColorCIELabValue)),
    shadow: readShadow(style),
    fontFamily: fontFamilyOf(style?.string(TAGS.CSSFontName)),
    isBold: style?.string(TAGS.Bold) === "Y",
    isItalic: style?.string(TAGS.Italic) === "Y",
    isUnderlined: style?.string(TAGS.Underlined) === "Y",
    horizontal: horizontalOf(style?.string(TAGS.HorizontalAlignment) ?? justification),
    vertical: verticalOf(style?.string(TAGS.VerticalAlignment)),
  };
}

function readShadow(style: DataSet | undefined): ShadowLook | undefined {
  const kind = style?.string(TAGS.ShadowStyle);
  if (style === undefined || (kind !== "NORMAL" && kind !== "OUTLINED")) return undefined;
  const offset = (value: number | undefined): number =>
    within(value ?? 0, -FURTHEST_SHADOW_PX, FURTHEST_SHADOW_PX);
  return {
    color: screenColorOfCieLab(style.numbers(TAGS.ShadowColorCIELabValue)),
    opacity: opacityOf(style.number(TAGS.ShadowOpacity)),
    offsetX: offset(style.number(TAGS.ShadowOffsetX)),
    offsetY: offset(style.number(TAGS.ShadowOffsetY)),
  };
}

/** What cannot be anything but a list of names of fonts: the value comes from a file. */
function fontFamilyOf(name: string | undefined): string | undefined {
  return name !== undefined && /^[A-Za-z0-9 ,-]{1,100}$/.test(name) ? name : undefined;
}

function horizontalOf(name: string | undefined): TextLook["horizontal"] {
  if (name === "RIGHT") return "right";
  return name === "CENTER" ? "center" : "left";
}

function verticalOf(name: string | undefined): TextLook["vertical"] {
  if (name === "BOTTOM") return "bottom";
  return name === "CENTER" ? "center" : "top";
}

function opacityOf(value: number | undefined): number {
  return within(value ?? 1, 0, 1);
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
