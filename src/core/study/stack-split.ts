import * as TAGS from "../dicom/tags.generated.ts";
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
  /** Like the frame of reference, empty where there are no directions. */
  readonly size: string;
  readonly frameOfReference: string;
  readonly instances: Instance[];
}

/**
 * The stacks of the single-frame instances of a series: one for each orientation, and for each matrix size and frame of
 * reference where there is an orientation (localizers, reformatted planes, a patient who was laid down again). Images without
 * orientation stay together whatever their size, and so does a series of which splitting would leave little more than single
 * images. Two patients, which a series must not have, never come into one stack (safety C4).
 */
export function splitStacks(instances: readonly Instance[]): readonly StackGroup[] {
  const byPatient = new Map<string, Instance[]>();
  for (const instance of instances) {
    const id = instance.patient.id ?? "";
    const own = byPatient.get(id);
    if (own === undefined) byPatient.set(id, [instance]);
    else own.push(instance);
  }
  if (byPatient.size < 2) return stacksOfOne(instances);
  return [...byPatient].flatMap(([id, own]) =>
    stacksOfOne(own).map(({ key, name, instances: stack }) => ({
      key: `${key}/${id}`,
      name: [name, id === "" ? "no patient ID" : `patient ID ${id}`].filter(Boolean).join(" · "),
      instances: stack,
    })),
  );
}

function stacksOfOne(instances: readonly Instance[]): readonly StackGroup[] {
  const drafts: Draft[] = [];
  const byValue = new Map<string, Draft>();
  for (const instance of instances) {
    const orientation = framePose(instance.dataSet, 0).orientation;
    const directions = planeDirections(orientation);
    const size = directions === undefined ? "" : matrixSize(instance);
    const frameOfReference = directions === undefined ? "" : frameOfReferenceOf(instance);
    const key =
      directions === undefined
        ? ""
        : `${size}@${orientation.map(rounded).join(",")}${frameOfReference}`;
    const made: Draft = { key, directions, size, frameOfReference, instances: [] };
    // Most slices repeat the values of the one before; only new values are compared with all stacks.
    let draft = byValue.get(key) ?? drafts.find((other) => belongs(other, made));
    if (draft === undefined) {
      draft = made;
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

function belongs(draft: Draft, { directions, size, frameOfReference }: Draft): boolean {
  const isSame = draft.size === size && draft.frameOfReference === frameOfReference;
  return isSame && isSameOrientation(draft.directions, directions);
}

function named(drafts: readonly Draft[]): readonly StackGroup[] {
  const before = new Map<string, number>();
  return drafts.map(({ key, directions, size, instances }) => {
    const plane = planeName(directions);
    const isShared = drafts.some(
      (other) => other.size !== size && planeName(other.directions) === plane,
    );
    const name = [plane, isShared ? size : ""].filter((part) => part !== "").join(" ");
    const rank = (before.get(name) ?? 0) + 1;
    before.set(name, rank);
    return { key, name: rank === 1 ? name : `${name} (${rank})`, instances };
  });
}

function frameOfReferenceOf({ dataSet }: Instance): string {
  return dataSet.string(TAGS.FrameOfReferenceUID) ?? "";
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
