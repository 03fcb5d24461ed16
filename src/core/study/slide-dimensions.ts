import type { DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { FrameDimension } from "./frame-dimension.ts";
import { frameMacro } from "./frame-pose.ts";

/** How many tiles a slide has, and how large they are. */
interface TileGrid {
  readonly columns: number;
  readonly rows: number;
  readonly across: number;
  readonly down: number;
  readonly planes: number;
}

/** Place of a tile in the whole slide image: column and row of its first pixel, from 1. */
interface TilePlace {
  readonly column: number;
  readonly row: number;
  /** Of the focal plane, from 1. */
  readonly plane: number;
  readonly path: number;
}

/**
 * What tells the tiles of a whole slide image from one another: optical path and focal plane divide them, the place in
 * the total pixel matrix names them (PS3.3 C.8.12.14, C.7.6.17.3).
 */
export function slideDimensions(dataSet: DataSet): readonly FrameDimension[] {
  const grid = tileGrid(dataSet);
  const isSegmented = dataSet.has(TAGS.SegmentSequence);
  return [
    ...(isSegmented ? segments(dataSet, grid) : opticalPaths(dataSet, grid)),
    ...focalPlanes(dataSet, grid),
    {
      role: "name",
      value: ({ frameIndex }) => {
        const { column, row } = tilePlace(dataSet, grid, frameIndex);
        return `tile at column ${column}, row ${row}`;
      },
      text: String,
    },
  ];
}

/** Segments of a tiled segmentation: named by the frame, else counted as optical paths are. */
function segments(dataSet: DataSet, grid: TileGrid): readonly FrameDimension[] {
  const items = dataSet.items(TAGS.SegmentSequence);
  const numbers = items.map((item) => item.number(TAGS.SegmentNumber));
  return [
    {
      role: "stack",
      value: ({ frameIndex }) =>
        frameMacro(dataSet, frameIndex, TAGS.SegmentIdentificationSequence)?.number(
          TAGS.ReferencedSegmentNumber,
        ) ?? numbers[tilePlace(dataSet, grid, frameIndex).path - 1],
      text: (value) =>
        items[numbers.indexOf(Number(value))]?.string(TAGS.SegmentLabel) ?? `segment ${value}`,
    },
  ];
}

function opticalPaths(dataSet: DataSet, grid: TileGrid): readonly FrameDimension[] {
  const paths = dataSet.items(TAGS.OpticalPathSequence);
  if (paths.length < 2) return [];
  const named = (frameIndex: number): string | undefined =>
    frameMacro(dataSet, frameIndex, TAGS.OpticalPathIdentificationSequence)?.string(
      TAGS.OpticalPathIdentifier,
    );
  return [
    {
      role: "stack",
      value: ({ frameIndex }) =>
        named(frameIndex) ??
        paths[tilePlace(dataSet, grid, frameIndex).path - 1]?.string(TAGS.OpticalPathIdentifier),
      text: (value) => {
        const path = paths.find((item) => item.string(TAGS.OpticalPathIdentifier) === value);
        return path?.string(TAGS.OpticalPathDescription) ?? `optical path ${value}`;
      },
    },
  ];
}

/** Focal planes, where there are several, by their number or by their height over the slide. */
function focalPlanes(dataSet: DataSet, grid: TileGrid): readonly FrameDimension[] {
  const hasPlaces = dataSet.has(TAGS.PerFrameFunctionalGroupsSequence);
  if (grid.planes < 2 && !hasPlaces) return [];
  return [
    {
      role: "stack",
      value: ({ frameIndex }) =>
        frameMacro(dataSet, frameIndex, TAGS.PlanePositionSlideSequence)?.number(
          TAGS.ZOffsetInSlideCoordinateSystem,
        ) ?? tilePlace(dataSet, grid, frameIndex).plane,
      text: (_, rank, count) => `focal plane ${rank}/${count}`,
    },
  ];
}

function tileGrid(dataSet: DataSet): TileGrid {
  const positive = (tag: Tag): number => Math.max(dataSet.number(tag) ?? 1, 1);
  const [columns, rows] = [positive(TAGS.Columns), positive(TAGS.Rows)];
  return {
    columns,
    rows,
    across: Math.ceil(positive(TAGS.TotalPixelMatrixColumns) / columns),
    down: Math.ceil(positive(TAGS.TotalPixelMatrixRows) / rows),
    planes: positive(TAGS.TotalPixelMatrixFocalPlanes),
  };
}

/**
 * As the frame says, else by its number: TILED_FULL counts along rows, then down, then through focal planes, then
 * through optical paths or segments (PS3.3 C.7.6.17.3).
 */
function tilePlace(dataSet: DataSet, grid: TileGrid, frameIndex: number): TilePlace {
  const { columns, rows, across, down, planes } = grid;
  const sheet = Math.floor(frameIndex / (across * down));
  const slide = frameMacro(dataSet, frameIndex, TAGS.PlanePositionSlideSequence);
  return {
    column:
      slide?.number(TAGS.ColumnPositionInTotalImagePixelMatrix) ??
      (frameIndex % across) * columns + 1,
    row:
      slide?.number(TAGS.RowPositionInTotalImagePixelMatrix) ??
      (Math.floor(frameIndex / across) % down) * rows + 1,
    plane: (sheet % planes) + 1,
    path: Math.floor(sheet / planes) + 1,
  };
}

/** What a level of a whole slide image is: `thumbnail 512 × 384`; the size is that of the whole image, in pixels. */
export function slideName(dataSet: DataSet): string {
  const flavor = dataSet.strings(TAGS.ImageType)[2]?.toLowerCase() ?? "image";
  const columns = dataSet.number(TAGS.TotalPixelMatrixColumns);
  const rows = dataSet.number(TAGS.TotalPixelMatrixRows);
  return `${flavor === "volume" ? "slide" : flavor} ${columns} × ${rows}`;
}
