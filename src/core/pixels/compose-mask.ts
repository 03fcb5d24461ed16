import type { DisplayShutter, Rgb, ShutterShape } from "./display-shutter.ts";
import type { EmbeddedOverlay } from "./embedded-overlay.ts";
import { type OverlayPixels, type OverlayPlane, overlayPixels } from "./overlay-planes.ts";
import type { PixelMask } from "./pixel-mask.ts";
import { type CoveredImage, visiblePixels } from "./shutter-mask.ts";

/**
 * The colour of overlay planes that nobody gave another one: a magenta that no greys and hardly any tissue have, and that is
 * told from black (5.5 to 1) and white (3.8 to 1) alike.
 */
export const OVERLAY_COLOR: Rgb = [230, 0, 230];

/** What lies over an image. */
export interface MaskParts {
  /** From the lowest to the uppermost; a plane that the shutter refers to is left out. */
  readonly overlays: readonly MaskOverlay[];
  readonly shutter?: DisplayShutter | undefined;
  /** Planes of the object that has the shutter, among which its bitmap is; by default those of `overlays`. */
  readonly bitmaps?: readonly OverlayPlane[];
  /** What the decoded frame had in the unused bits of its cells. */
  readonly embedded?: readonly EmbeddedOverlay[] | undefined;
}

export interface MaskOverlay {
  readonly plane: OverlayPlane;
  /** `OVERLAY_COLOR` by default. */
  readonly color?: Rgb | undefined;
}

/** Colours beyond these share the last one: an entry of a mask is a byte. */
const MOST_COLORS = 255;

/**
 * Shutter and overlay planes as one mask: the shutter covers the image, planes lie over both (PS3.4 N.2.1). A region is drawn as its
 * outline, so that what it is about stays visible. Undefined when nothing is covered.
 */
export function composeMask(image: CoveredImage, parts: MaskParts): PixelMask | undefined {
  const { rows, columns } = image;
  const mask = new GrowingMask(rows * columns);
  const { shutter, embedded } = parts;
  if (shutter !== undefined) coverByShutter(mask, image, shutter, parts);
  const used = new Set(shutter?.shapes.flatMap(groupOfBitmap));
  for (const { plane, color = OVERLAY_COLOR } of parts.overlays) {
    if (used.has(plane.group)) continue;
    const pixels = overlayPixels(plane, embedded);
    if (pixels === undefined) continue;
    const entry = mask.entryOf(color);
    const isSet = plane.kind === "region" ? outlineOf(pixels, plane) : pixels;
    forEachSet(plane, image, isSet, (at) => mask.cover(at, entry));
  }
  return mask.finished(rows, columns);
}

class GrowingMask {
  readonly #entries: Uint8Array<ArrayBuffer>;
  readonly #colors: Rgb[] = [];
  #isUsed = false;

  constructor(pixels: number) {
    this.#entries = new Uint8Array(pixels);
  }

  entryOf(color: Rgb): number {
    const known = this.#colors.findIndex((one) => one.every((part, at) => part === color[at]));
    if (known >= 0) return known + 1;
    if (this.#colors.length < MOST_COLORS) this.#colors.push(color);
    return this.#colors.length;
  }

  cover(at: number, entry: number): void {
    this.#entries[at] = entry;
    this.#isUsed = true;
  }

  finished(rows: number, columns: number): PixelMask | undefined {
    if (!this.#isUsed) return undefined;
    return { rows, columns, entries: this.#entries, colors: Uint8Array.from(this.#colors.flat()) };
  }
}

function coverByShutter(
  mask: GrowingMask,
  image: CoveredImage,
  { shapes, color }: DisplayShutter,
  { overlays, bitmaps, embedded }: MaskParts,
): void {
  const entry = mask.entryOf(color);
  const planes = bitmaps ?? overlays.map(({ plane }) => plane);
  for (const shape of shapes) {
    if (shape.kind !== "bitmap") {
      coverOutside(mask, visiblePixels(shape, image), entry);
      continue;
    }
    const plane = planes.find(({ group }) => group === shape.group);
    const pixels = plane && overlayPixels(plane, embedded);
    if (plane !== undefined && pixels !== undefined)
      forEachSet(plane, image, pixels, (at) => mask.cover(at, entry));
  }
}

function coverOutside(mask: GrowingMask, visible: Uint8Array, entry: number): void {
  for (let at = 0; at < visible.length; at += 1) if (visible[at] === 0) mask.cover(at, entry);
}

function groupOfBitmap(shape: ShutterShape): readonly number[] {
  return shape.kind === "bitmap" ? [shape.group] : [];
}

/** Calls back with the place in the image of each set pixel of a plane that lies in it. */
function forEachSet(
  plane: OverlayPlane,
  { rows, columns }: CoveredImage,
  isSet: OverlayPixels,
  visit: (at: number) => void,
): void {
  const down = plane.originRow - 1;
  const across = plane.originColumn - 1;
  const lastRow = Math.min(plane.rows, rows - down);
  const lastColumn = Math.min(plane.columns, columns - across);
  for (let row = Math.max(0, -down); row < lastRow; row += 1)
    for (let column = Math.max(0, -across); column < lastColumn; column += 1)
      if (isSet(row, column)) visit((row + down) * columns + column + across);
}

/** The pixels of a region that have a neighbour, above, below or beside, outside of it. */
function outlineOf(isSet: OverlayPixels, { rows, columns }: OverlayPlane): OverlayPixels {
  const isInside = (row: number, column: number): boolean =>
    row >= 0 && column >= 0 && row < rows && column < columns && isSet(row, column);
  return (row, column) =>
    isSet(row, column) &&
    !(
      isInside(row - 1, column) &&
      isInside(row + 1, column) &&
      isInside(row, column - 1) &&
      isInside(row, column + 1)
    );
}
