import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { FrameDimension } from "./frame-dimension.ts";
import { frameMacro } from "./frame-pose.ts";

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
  return [
    ...opticalPaths(dataSet),
    {
      role: "stack",
      value: ({ frameIndex }) => focalPlane(dataSet, frameIndex),
      text: (_, rank, count) => `focal plane ${rank}/${count}`,
    },
    {
      role: "name",
      value: ({ frameIndex }) => {
        const { column, row } = tilePlace(dataSet, frameIndex);
        return `tile at column ${column}, row ${row}`;
      },
      text: String,
    },
  ];
}

function opticalPaths(dataSet: DataSet): readonly FrameDimension[] {
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
        paths[tilePlace(dataSet, frameIndex).path - 1]?.string(TAGS.OpticalPathIdentifier),
      text: (value) => {
        const path = paths.find((item) => item.string(TAGS.OpticalPathIdentifier) === value);
        return path?.string(TAGS.OpticalPathDescription) ?? `optical path ${value}`;
      },
    },
  ];
}

function focalPlane(dataSet: DataSet, frameIndex: number): number {
  const slide = frameMacro(dataSet, frameIndex, TAGS.PlanePositionSlideSequence);
  return slide?.number(TAGS.ZOffsetInSlideCoordinateSystem) ?? tilePlace(dataSet, frameIndex).plane;
}

/**
 * As the frame says, else by its number: TILED_FULL counts along rows, then down, then through focal planes, then
 * through optical paths (PS3.3 C.7.6.17.3).
 */
function tilePlace(dataSet: DataSet, frameIndex: number): TilePlace {
  const columns = Math.max(dataSet.number(TAGS.Columns) ?? 1, 1);
  const rows = Math.max(dataSet.number(TAGS.Rows) ?? 1, 1);
  const across = Math.max(
    Math.ceil((dataSet.number(TAGS.TotalPixelMatrixColumns) ?? 1) / columns),
    1,
  );
  const down = Math.max(Math.ceil((dataSet.number(TAGS.TotalPixelMatrixRows) ?? 1) / rows), 1);
  const planes = Math.max(dataSet.number(TAGS.TotalPixelMatrixFocalPlanes) ?? 1, 1);
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
