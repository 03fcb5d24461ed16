import * as TAGS from "../dicom/tags.generated.ts";
import { type PlaneDirections, planeDirections } from "../geometry/image-plane.ts";
import { isSameOrientation } from "../geometry/slice-order.ts";
import { frameDataSet } from "./frame-attributes.ts";
import type { Instance } from "./instance.ts";

/** Single-frame instances of a series that make up one stack. */
export interface StackGroup {
  /** Unique within the series, and stable. */
  readonly key: string;
  /** What tells it from the other stacks of the series: `axial`; empty for the only one. */
  readonly name: string;
  readonly instances: readonly Instance[];
}

/** Stacks with fewer images than this on average are no stacks: radial series turn with every image. */
const FEWEST_PER_STACK = 2;

interface Draft {
  readonly key: string;
  readonly orientation: readonly number[];
  readonly size: string;
  readonly instances: Instance[];
}

/**
 * The stacks of the single-frame instances of a series: one for each orientation, and for each matrix size where there
 * is an orientation (localizers, reformatted planes). Images without orientation stay together whatever their size, and
 * so does a series of which splitting would leave little more than single images.
 */
export function splitStacks(instances: readonly Instance[]): readonly StackGroup[] {
  const drafts: Draft[] = [];
  for (const instance of instances) {
    const orientation = frameDataSet(instance, 0).numbers(TAGS.ImageOrientationPatient);
    const hasOrientation = planeDirections(orientation) !== undefined;
    const size = hasOrientation ? matrixSize(instance) : "";
    const draft = drafts.find(
      (other) => other.size === size && isSameOrientation(other.orientation, orientation),
    );
    if (draft !== undefined) draft.instances.push(instance);
    else {
      const key = hasOrientation ? `${size}@${orientation.map(rounded).join(",")}` : "";
      drafts.push({ key, orientation, size, instances: [instance] });
    }
  }
  if (drafts.length === 0) return [];
  if (drafts.length === 1 || instances.length < drafts.length * FEWEST_PER_STACK)
    return [{ key: "", name: "", instances }];
  return named(drafts);
}

function named(drafts: readonly Draft[]): readonly StackGroup[] {
  return drafts.map(({ key, orientation, size, instances }) => {
    const plane = planeName(orientation);
    const isShared = drafts.some(
      (other) => other.key !== key && planeName(other.orientation) === plane,
    );
    const name = [plane, isShared ? size : ""].filter((part) => part !== "").join(" ");
    return { key, name, instances };
  });
}

/** What radiographers call a plane: by the axis that its normal is within about 25 degrees of. */
function planeName(orientation: readonly number[]): string {
  const directions: PlaneDirections | undefined = planeDirections(orientation);
  if (directions === undefined) return "other images";
  const [x, y, z] = directions.normal.map(Math.abs);
  if ((z ?? 0) > 0.9) return "axial";
  if ((y ?? 0) > 0.9) return "coronal";
  return (x ?? 0) > 0.9 ? "sagittal" : "oblique";
}

function matrixSize(instance: Instance): string {
  return instance.image.kind === "image"
    ? `${instance.image.imagePixel.columns}x${instance.image.imagePixel.rows}`
    : "";
}

function rounded(value: number): string {
  return (Math.round(value * 1000) / 1000).toString();
}
