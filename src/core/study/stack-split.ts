import { type PlaneDirections, planeDirections } from "../geometry/image-plane.ts";
import { isSameOrientation } from "../geometry/slice-order.ts";
import { framePose } from "./frame-pose.ts";
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
  readonly directions: PlaneDirections | undefined;
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
  const byValue = new Map<string, Draft>();
  for (const instance of instances) {
    const orientation = framePose(instance.dataSet, 0).orientation;
    const directions = planeDirections(orientation);
    const size = directions === undefined ? "" : matrixSize(instance);
    const key = directions === undefined ? "" : `${size}@${orientation.map(rounded).join(",")}`;
    // Most slices repeat the values of the one before; only new values are compared with all stacks.
    let draft = byValue.get(key) ?? drafts.find((other) => belongs(other, size, directions));
    if (draft === undefined) {
      draft = { key, directions, size, instances: [] };
      drafts.push(draft);
    }
    byValue.set(key, draft);
    draft.instances.push(instance);
  }
  if (drafts.length === 0) return [];
  if (drafts.length === 1 || instances.length < drafts.length * FEWEST_PER_STACK)
    return [{ key: "", name: "", instances }];
  return named(drafts);
}

function belongs(draft: Draft, size: string, directions: PlaneDirections | undefined): boolean {
  return draft.size === size && isSameOrientation(draft.directions, directions);
}

function named(drafts: readonly Draft[]): readonly StackGroup[] {
  return drafts.map(({ key, directions, size, instances }) => {
    const plane = planeName(directions);
    const isShared = drafts.some(
      (other) => other.key !== key && planeName(other.directions) === plane,
    );
    const name = [plane, isShared ? size : ""].filter((part) => part !== "").join(" ");
    return { key, name, instances };
  });
}

/** What radiographers call a plane: by the axis that its normal is within about 25 degrees of. */
function planeName(directions: PlaneDirections | undefined): string {
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
