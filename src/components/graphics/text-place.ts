import { type Affine, mapPoint, type Point } from "#core/geometry/view-transform.ts";
import type { PresentationText } from "#core/study/presentation-graphics.ts";

/** A rectangle on the screen, CSS pixels from the corner of the viewport. */
interface ScreenBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where a text stands on the screen, upright whatever the view is. */
export interface TextPlace {
  /** Its box; one without width and height where the text hangs at a point. */
  readonly box: ScreenBox;
  /** Which side of the box the text begins at or hangs from. */
  readonly horizontal: "left" | "center" | "right";
  readonly vertical: "top" | "center" | "bottom";
  readonly fontPx: number;
  /** From the place that the text speaks of to the text. */
  readonly leader: { readonly from: Point; readonly to: Point } | undefined;
}

/** What a text is placed in: the viewport, CSS pixels, and how the view stands to the way the text was written. */
export interface TextView {
  readonly map: Affine;
  readonly width: number;
  readonly height: number;
  /** Whether the image was turned by an odd number of quarters since the text was written on it. */
  readonly isSideways: boolean;
}

const SMALLEST_PX = 12;
const LARGEST_PX = 20;
const PLAIN_PX = 14;
const LINE_HEIGHT = 1.25;
/** Width of an average character, of its height. */
const CHARACTER = 0.55;
/** Distance of a text from the point that it hangs at. */
const GAP = 8;

/** Where a text stands: in its box (PS3.3 C.10.5), else beside its anchor; undefined for one that has neither. */
export function textPlace(text: PresentationText, view: TextView): TextPlace | undefined {
  const anchor = text.anchor === undefined ? undefined : mapPoint(view.map, text.anchor.point);
  if (text.box !== undefined) {
    const box = boxOnScreen(text.box, view);
    if (!Object.values(box).every(Number.isFinite)) return undefined;
    const { horizontal, vertical } = text.look;
    const isJoined = anchor !== undefined && text.anchor?.isVisible === true;
    const leader = isJoined ? leaderTo(anchor, box) : undefined;
    return { box, horizontal, vertical, fontPx: fontFor(text.lines, box), leader };
  }
  return anchor === undefined ? undefined : besideAnchor(anchor, text, view);
}

/** The box after all turns and flips, on its place but upright: as wide on the screen as it was when it was written. */
function boxOnScreen(
  { topLeft, bottomRight }: { readonly topLeft: Point; readonly bottomRight: Point },
  { map, isSideways }: TextView,
): ScreenBox {
  const a = mapPoint(map, topLeft);
  const b = mapPoint(map, bottomRight);
  const [across, down] = [Math.abs(b.x - a.x), Math.abs(b.y - a.y)];
  const [width, height] = isSideways ? [down, across] : [across, down];
  return { left: (a.x + b.x - width) / 2, top: (a.y + b.y - height) / 2, width, height };
}

/** A size at which the lines fit into the box, within what can be read and what is not loud. */
function fontFor(lines: readonly string[], { width, height }: ScreenBox): number {
  const longest = Math.max(...lines.map((line) => line.length), 1);
  const fitting = Math.min(
    height / (Math.max(lines.length, 1) * LINE_HEIGHT),
    width / (longest * CHARACTER),
  );
  return Math.min(Math.max(fitting, SMALLEST_PX), LARGEST_PX);
}

/** Towards the middle of the viewport, so that the text has room. */
function besideAnchor(anchor: Point, text: PresentationText, view: TextView): TextPlace {
  const isRight = anchor.x > view.width * 0.6;
  const isLow = anchor.y > view.height * 0.6;
  const to = { x: anchor.x + (isRight ? -GAP : GAP), y: anchor.y + (isLow ? -GAP : GAP) };
  return {
    box: { left: to.x, top: to.y, width: 0, height: 0 },
    horizontal: isRight ? "right" : "left",
    vertical: isLow ? "bottom" : "top",
    fontPx: PLAIN_PX,
    leader: text.anchor?.isVisible === true ? { from: anchor, to } : undefined,
  };
}

/** The shortest line from a point to a box; none from inside it. */
function leaderTo(from: Point, { left, top, width, height }: ScreenBox): TextPlace["leader"] {
  const to = {
    x: Math.min(Math.max(from.x, left), left + width),
    y: Math.min(Math.max(from.y, top), top + height),
  };
  return to.x === from.x && to.y === from.y ? undefined : { from, to };
}
