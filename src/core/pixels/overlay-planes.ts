import type { DataElement, DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import type { EmbeddedOverlay } from "./embedded-overlay.ts";

/** A bitmap over an image: annotations, or the outline of a region (PS3.3 C.9.2). */
export interface OverlayPlane {
  /** 0x6000, 0x6002 … 0x601E. */
  readonly group: number;
  /** Size of the bitmap; it may differ from that of the image. */
  readonly rows: number;
  readonly columns: number;
  /** Row and column of the image, from 1, under the first pixel of the bitmap; may be 0, negative or outside. */
  readonly originRow: number;
  readonly originColumn: number;
  /** G or R: annotations, or a region of interest. */
  readonly kind: "graphics" | "region";
  /** Overlay Label and Overlay Description; empty when there is none. */
  readonly label: string;
  readonly description: string;
  /** Graphic layer in which a presentation state shows it (PS3.3 C.11.7); in images it says nothing. */
  readonly activationLayer: string | undefined;
  readonly bits: OverlayBits;
}

/** Where the bits of a plane are. */
type OverlayBits =
  /** From bit `offset` on in bytes, the least significant first. Bits beyond the end are 0. */
  | { readonly kind: "data"; readonly data: Uint8Array; readonly offset: number }
  /** In this bit of the cells of Pixel Data: `DecodedFrame.embeddedOverlays` has them. */
  | { readonly kind: "embedded"; readonly bit: number }
  /** The plane is announced, and its data are not there, or not all of them. */
  | { readonly kind: "missing" };

const GROUPS = 16;
const FIRST_GROUP = 0x6000;
/** Elements of an overlay group (PS3.3 tables C.9-2 and C.9-3, C.11.7-1). */
const ROWS = 0x0010;
const COLUMNS = 0x0011;
const NUMBER_OF_FRAMES = 0x0015;
const DESCRIPTION = 0x0022;
const TYPE = 0x0040;
const ORIGIN = 0x0050;
const IMAGE_FRAME_ORIGIN = 0x0051;
const BITS_ALLOCATED = 0x0100;
const BIT_POSITION = 0x0102;
const ACTIVATION_LAYER = 0x1001;
const LABEL = 0x1500;
const DATA = 0x3000;

/**
 * The overlay planes that belong to one frame, in the order of their groups. Planes of several frames begin at Image Frame
 * Origin and give each frame its own bitmap; those of one frame without an origin belong to all frames (PS3.3 C.9.3).
 * @param frameIndex from 0.
 */
export function readOverlayPlanes(dataSet: DataSet, frameIndex: number): readonly OverlayPlane[] {
  return Array.from({ length: GROUPS }, (_, plane) => FIRST_GROUP + plane * 2).flatMap((group) => {
    const plane = readPlane(dataSet, group, frameIndex);
    return plane === undefined ? [] : [plane];
  });
}

/** Whether a pixel of a plane is set. `row` and `column` count from 0 in the bitmap and must lie in it. */
export type OverlayPixels = (row: number, column: number) => boolean;

/** The pixels of a plane; undefined when its bits are missing. @param embedded of the decoded frame */
export function overlayPixels(
  { bits, columns }: OverlayPlane,
  embedded: readonly EmbeddedOverlay[] = [],
): OverlayPixels | undefined {
  if (bits.kind === "missing") return undefined;
  const found = bits.kind === "data" ? bits : embedded.find(({ bit }) => bit === bits.bit);
  if (found === undefined) return undefined;
  const { data } = found;
  const offset = bits.kind === "data" ? bits.offset : 0;
  return (row, column) => {
    const at = offset + row * columns + column;
    // Not by shifts: there may be more than 2^31 bits.
    return (((data[Math.floor(at / 8)] ?? 0) >> (at % 8)) & 1) === 1;
  };
}

function readPlane(dataSet: DataSet, group: number, frameIndex: number): OverlayPlane | undefined {
  const number = (element: number) => dataSet.number(tagIn(group, element));
  const text = (element: number) => dataSet.string(tagIn(group, element));
  const rows = number(ROWS);
  const columns = number(COLUMNS);
  if (!isSide(rows) || !isSide(columns)) return undefined;
  const firstFrame = number(IMAGE_FRAME_ORIGIN);
  const count = number(NUMBER_OF_FRAMES) ?? 1;
  const isForAll = count <= 1 && firstFrame === undefined;
  const overlayFrame = isForAll ? 0 : frameIndex + 1 - (firstFrame ?? 1);
  if (overlayFrame < 0 || overlayFrame >= Math.max(count, 1)) return undefined;
  const [originRow = 1, originColumn = 1] = dataSet.numbers(tagIn(group, ORIGIN)).map(signed16);
  return {
    group,
    rows,
    columns,
    originRow,
    originColumn,
    kind: text(TYPE) === "R" ? "region" : "graphics",
    label: text(LABEL) ?? "",
    description: text(DESCRIPTION) ?? "",
    activationLayer: text(ACTIVATION_LAYER),
    bits: readBits(dataSet, group, overlayFrame, rows * columns),
  };
}

/**
 * Overlay Data, or, where there are none and more than one bit is allocated, a bit of Pixel Data (retired in 2004). The frames
 * of a plane follow one another without a gap, as those of Pixel Data with one bit do.
 */
function readBits(
  dataSet: DataSet,
  group: number,
  overlayFrame: number,
  bitsPerFrame: number,
): OverlayBits {
  const element = dataSet.element(tagIn(group, DATA));
  if (element !== undefined) {
    const data = overlayBytes(element, dataSet);
    const offset = overlayFrame * bitsPerFrame;
    const isWhole = data !== undefined && data.length * 8 >= offset + bitsPerFrame;
    return isWhole ? { kind: "data", data, offset } : { kind: "missing" };
  }
  const allocated = dataSet.number(tagIn(group, BITS_ALLOCATED)) ?? 1;
  const bit = dataSet.number(tagIn(group, BIT_POSITION));
  const isEmbedded = allocated > 1 && bit !== undefined && bit >= 0 && bit < allocated;
  return isEmbedded ? { kind: "embedded", bit } : { kind: "missing" };
}

/** The value with the first pixel in the lowest bit of the first byte: words of a big endian data set are turned round. */
function overlayBytes({ vr, value }: DataElement, { encoding }: DataSet): Uint8Array | undefined {
  if (value.kind === "numbers")
    return vr === "OW" || vr === "US"
      ? Uint8Array.from(value.numbers.flatMap((word) => [Number(word) & 0xff, Number(word) >> 8]))
      : Uint8Array.from(value.numbers, Number);
  if (value.kind !== "bytes") return undefined;
  if (encoding.littleEndian || vr !== "OW") return value.bytes;
  const { bytes } = value;
  return Uint8Array.from(bytes, (_, at) => bytes[at ^ 1] ?? 0);
}

function tagIn(group: number, element: number): Tag {
  return group * 0x1_0000 + element;
}

function isSide(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 1 && value <= 0xffff;
}

/** Some writers declare the origin as unsigned. */
function signed16(value: number): number {
  return (value << 16) >> 16;
}
