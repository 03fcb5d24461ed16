import type { DataSet } from "../dicom/data-set.ts";
import type { Tag } from "../dicom/tag.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { planeDirections, type Vector3, vector } from "../geometry/image-plane.ts";
import type { SlicePose } from "../geometry/slice-order.ts";

/** The item of a functional group macro that holds for a frame: its own, else the shared one (PS3.3 C.7.6.16). */
export function frameMacro(dataSet: DataSet, frameIndex: number, macro: Tag): DataSet | undefined {
  const own = dataSet.items(TAGS.PerFrameFunctionalGroupsSequence)[frameIndex]?.items(macro)[0];
  return own ?? dataSet.items(TAGS.SharedFunctionalGroupsSequence)[0]?.items(macro)[0];
}

/**
 * Where a frame lies and how it is turned, as the values stand: of its functional groups, in patient space or in that
 * of an ultrasound volume (PS3.3 C.8.24.6.2.1), else of the vectors of dose and nuclear medicine, else of the instance.
 */
export function framePose(dataSet: DataSet, frameIndex: number): SlicePose {
  const of = (macro: Tag, tag: Tag): readonly number[] | undefined =>
    frameMacro(dataSet, frameIndex, macro)?.numbers(tag);
  const implied = impliedPose(dataSet, frameIndex);
  return {
    position:
      of(TAGS.PlanePositionSequence, TAGS.ImagePositionPatient) ??
      of(TAGS.PlanePositionVolumeSequence, TAGS.ImagePositionVolume) ??
      implied?.position ??
      dataSet.numbers(TAGS.ImagePositionPatient),
    orientation:
      of(TAGS.PlaneOrientationSequence, TAGS.ImageOrientationPatient) ??
      of(TAGS.PlaneOrientationVolumeSequence, TAGS.ImageOrientationVolume) ??
      implied?.orientation ??
      dataSet.numbers(TAGS.ImageOrientationPatient),
  };
}

/**
 * The pose of a frame of an object that has only that of its first one: dose planes lie at the offsets of Grid Frame
 * Offset Vector (PS3.3 C.8.8.3.2), slices of a reconstructed nuclear medicine volume at multiples of Spacing Between
 * Slices along the normal (PS3.3 C.8.4.11, C.8.4.15). Undefined for all others.
 */
export function impliedPose(dataSet: DataSet, frameIndex: number): SlicePose | undefined {
  const isDose = dataSet.has(TAGS.DoseGridScaling) || dataSet.has(TAGS.GridFrameOffsetVector);
  const isTomo = /^RECON( GATED)? TOMO$/.test(dataSet.strings(TAGS.ImageType)[2] ?? "");
  if (!isDose && !isTomo) return undefined;
  const detector = (dataSet.numbers(TAGS.DetectorVector)[frameIndex] ?? 1) - 1;
  const base = isDose ? dataSet : dataSet.items(TAGS.DetectorInformationSequence)[detector];
  const position = vector(base?.numbers(TAGS.ImagePositionPatient) ?? [], 0);
  const orientation = base?.numbers(TAGS.ImageOrientationPatient) ?? [];
  const normal = planeDirections(orientation)?.normal;
  if (position === undefined || normal === undefined) return undefined;
  const way = isDose
    ? doseOffset(dataSet, frameIndex, position, normal)
    : sliceOffset(dataSet, frameIndex);
  if (way === undefined) return { position: [], orientation };
  const [x, y, z] = position;
  return {
    position: [x + way * normal[0], y + way * normal[1], z + way * normal[2]],
    orientation,
  };
}

/**
 * Way from the first dose plane along the normal, mm. Offsets that begin with the z of the first plane are z
 * coordinates, of axial planes only; all others are such ways, counted from the first one.
 */
function doseOffset(
  dataSet: DataSet,
  frameIndex: number,
  position: Vector3,
  normal: Vector3,
): number | undefined {
  const offsets = dataSet.numbers(TAGS.GridFrameOffsetVector);
  const [first = 0] = offsets;
  const offset = offsets[frameIndex] ?? (frameIndex === 0 ? 0 : undefined);
  if (offset === undefined) return undefined;
  const isZ = first !== 0 && Math.abs(first - position[2]) < 0.01 && Math.abs(normal[2]) > 0.999;
  return (offset - first) * (isZ ? Math.sign(normal[2]) : 1);
}

/** Way from the first slice along the normal, mm; the sign of Spacing Between Slices says to which side. */
function sliceOffset(dataSet: DataSet, frameIndex: number): number | undefined {
  const slice = dataSet.numbers(TAGS.SliceVector)[frameIndex] ?? frameIndex + 1;
  if (slice === 1) return 0;
  const spacing = dataSet.number(TAGS.SpacingBetweenSlices);
  return spacing === undefined ? undefined : (slice - 1) * spacing;
}
