import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { type SliceOrder, sliceOrder } from "../geometry/slice-order.ts";
import type { DisplaySetWarning, FrameReference } from "./display-set.ts";
import type { DimensionValue, FrameDimension } from "./frame-dimension.ts";
import { framePose } from "./frame-pose.ts";
import { groupDimensions } from "./group-dimensions.ts";
import type { Instance } from "./instance.ts";
import { instanceDimensions } from "./instance-dimensions.ts";
import { nmDimensions } from "./nm-dimensions.ts";
import { slideDimensions } from "./slide-dimensions.ts";
import { geometryWarnings, orderedStack, withoutGeometry } from "./stack-order.ts";

/** Frames that are shown together. */
export interface FrameGroup {
  /** Unique among the groups that were made together; empty for the first one, so that a set that is divided goes on. */
  readonly key: string;
  /** What tells it from the others: `b 1000`; empty for the only one. */
  readonly name: string;
  /** In the order of showing. */
  readonly frames: readonly FrameReference[];
  readonly warnings: readonly DisplaySetWarning[];
  readonly spacingMm: number | undefined;
  readonly sharesPlaces: boolean;
}

/** More values than this are not sets of their own but follow one another. */
const MOST_GROUPS: Readonly<Record<FrameDimension["role"], number>> = {
  stack: 16,
  weighting: 16,
  moment: 8,
  cycle: 0,
  note: 0,
  name: 0,
};

/** Groups with fewer frames than this on average are no groups, unless frames do not belong together. */
const FEWEST_PER_GROUP = 2;

/** How many times more images there would be, if each place had one of each time, than there are at most. */
const MOST_UNEVEN = 2;

/**
 * The frames of one multi-frame instance: divided into stacks, segments, detectors, and by what images one place in
 * several ways or at a few times; each part in the order of the dimension organisation (PS3.3 C.7.6.17), else of the
 * geometry, else as stored. No frame is left out.
 */
export function arrangeInstance(instance: Instance): readonly FrameGroup[] {
  const { dataSet, numberOfFrames } = instance;
  const frames = Array.from({ length: numberOfFrames }, (_, frameIndex) => ({
    instance,
    frameIndex,
  }));
  const hasGroups = dataSet.has(TAGS.PerFrameFunctionalGroupsSequence);
  const isSlide = dataSet.has(TAGS.TotalPixelMatrixColumns);
  const dimensions = isSlide
    ? slideDimensions(dataSet)
    : hasGroups
      ? groupDimensions(dataSet)
      : nmDimensions(dataSet);
  const scale = scaled(dimensions, frames);
  return divided(frames, scale)
    .map((part) => ({
      ...part,
      ...ordered(dataSet, part.frames, isSlide),
    }))
    .map((part) => ({ ...part, frames: labelled(part.frames, scale) }));
}

/** Single-frame instances of which several lie at one place, divided in the same way. */
export function arrangeStack(instances: readonly Instance[]): readonly FrameGroup[] {
  const frames = orderedStack(instances).instances.map((instance) => ({ instance, frameIndex: 0 }));
  const places = orderOf(frames)?.places.length ?? 1;
  // Where each slice has a time of its own, times are no dimension: there would be as many at each place.
  const scale = scaled(instanceDimensions(), frames).filter(
    ({ dimension, values }) =>
      dimension.role !== "moment" || values.length * places <= MOST_UNEVEN * frames.length,
  );
  return divided(frames, scale).map((part) => {
    const stack = orderedStack(part.frames.map(({ instance }) => instance));
    return {
      ...part,
      frames: labelled(
        stack.instances.map((instance) => ({ instance, frameIndex: 0 })),
        scale,
      ),
      warnings: stack.warnings,
      spacingMm: stack.spacingMm,
      sharesPlaces: stack.sharesPlaces,
    };
  });
}

/** A dimension with the values that it takes, in order. */
interface Scale {
  readonly dimension: FrameDimension;
  /** The values that there are, in order. */
  readonly values: readonly DimensionValue[];
  readonly read: (frame: FrameReference) => DimensionValue | undefined;
}

function scaled(
  dimensions: readonly FrameDimension[],
  frames: readonly FrameReference[],
): readonly Scale[] {
  return dimensions.flatMap((dimension) => {
    if (dimension.role === "name") return [{ dimension, values: [], read: dimension.value }];
    const known = new Map<Instance, (DimensionValue | undefined)[]>();
    const found = new Set<DimensionValue | undefined>();
    for (const frame of frames) {
      const value = dimension.value(frame);
      const ofInstance = known.get(frame.instance) ?? [];
      ofInstance[frame.frameIndex] = value;
      known.set(frame.instance, ofInstance);
      found.add(value);
    }
    if (found.size < 2) return [];
    const values = [...found].filter((value) => value !== undefined).sort(byValue);
    return [
      { dimension, values, read: ({ instance, frameIndex }) => known.get(instance)?.[frameIndex] },
    ];
  });
}

function byValue(a: DimensionValue, b: DimensionValue): number {
  const difference = Number(a) - Number(b);
  if (!Number.isNaN(difference)) return difference;
  return String(a) < String(b) ? -1 : 1;
}

function textOf({ dimension, values, read }: Scale, frame: FrameReference): string | undefined {
  const value = read(frame);
  if (value === undefined) return undefined;
  return dimension.text(value, values.indexOf(value) + 1, values.length);
}

type Part = Pick<FrameGroup, "key" | "name" | "frames">;

function divided(frames: readonly FrameReference[], scale: readonly Scale[]): readonly Part[] {
  const parts = scale.reduce<readonly Part[]>(
    (before, one) => before.flatMap((part) => dividedBy(part, one)),
    [{ key: "", name: "", frames }],
  );
  return parts.map((part, index) => (index === 0 ? { ...part, key: "" } : part));
}

function dividedBy(part: Part, one: Scale): readonly Part[] {
  const { role } = one.dimension;
  if (MOST_GROUPS[role] === 0) return [part];
  const groups = new Map<DimensionValue | undefined, FrameReference[]>();
  for (const frame of part.frames) {
    const value = one.read(frame);
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [frame]);
    else group.push(frame);
  }
  // What says nothing of the dimension stands last: a map that was calculated from the others, for one.
  const order = [...one.values, undefined].filter((value) => groups.has(value));
  if (order.length < 2 || order.length > MOST_GROUPS[role]) return [part];
  const isFine = order.length * FEWEST_PER_GROUP > part.frames.length;
  if (role !== "stack" && (isFine || !sharesPlaces(part.frames))) return [part];
  return order.map((value) => {
    const frames = groups.get(value) ?? [];
    const text = frames[0] && textOf(one, frames[0]);
    const name = [part.name, text ?? "others"].filter((each) => each !== "").join(" · ");
    return { key: `${part.key}/${value ?? ""}`, name, frames };
  });
}

function sharesPlaces(frames: readonly FrameReference[]): boolean {
  return orderOf(frames)?.hasDuplicates === true;
}

function orderOf(frames: readonly FrameReference[]): SliceOrder | undefined {
  return sliceOrder(
    frames.map(({ instance, frameIndex }) => framePose(instance.dataSet, frameIndex)),
  );
}

/** Objects with these are made of slices, so that missing positions are worth saying. */
const VOLUME_TAGS = [TAGS.PerFrameFunctionalGroupsSequence, TAGS.SliceVector];

type Ordered = Omit<FrameGroup, "key" | "name">;

function ordered(dataSet: DataSet, frames: readonly FrameReference[], isSlide: boolean): Ordered {
  const plain: Ordered = { frames, warnings: [], spacingMm: undefined, sharesPlaces: false };
  if (isSlide) return { ...plain, frames: byDimensionIndex(frames) ?? frames };
  const order = orderOf(frames);
  if (order === undefined || order.places.length < 2) {
    const isVolume = VOLUME_TAGS.some((tag) => dataSet.has(tag)) && frames.length > 1;
    const warnings =
      order === undefined && isVolume ? withoutGeometry(dataSet.string(TAGS.Modality)) : [];
    const sharesPlaces = order?.hasDuplicates === true;
    return { ...plain, frames: byDimensionIndex(frames) ?? frames, warnings, sharesPlaces };
  }
  // The vectors of nuclear medicine are an order already, and segments are left out where they are empty.
  const isStored =
    dataSet.has(TAGS.FrameIncrementPointer) && !dataSet.has(TAGS.GridFrameOffsetVector);
  const isSparse = dataSet.has(TAGS.SegmentSequence);
  return {
    frames: byDimensionIndex(frames) ?? (isStored ? frames : byGeometry(frames, order)),
    warnings: isSparse ? [] : geometryWarnings(order),
    spacingMm: order.spacingMm,
    sharesPlaces: order.hasDuplicates,
  };
}

/** Along the normal, from the end where the stored frames begin; at one place as stored. */
function byGeometry(
  frames: readonly FrameReference[],
  order: SliceOrder,
): readonly FrameReference[] {
  const places = [...order.places];
  if ((places.at(-1)?.[0] ?? 0) < (places[0]?.[0] ?? 0)) places.reverse();
  return places.flatMap((place) => place.flatMap((index) => frames[index] ?? []));
}

/** By Dimension Index Values, the first dimension first; undefined when frames lack them. */
function byDimensionIndex(
  frames: readonly FrameReference[],
): readonly FrameReference[] | undefined {
  if (frames[0]?.instance.dataSet.has(TAGS.PerFrameFunctionalGroupsSequence) !== true)
    return undefined;
  const keyed = frames.map((frame) => {
    const content = frame.instance.dataSet
      .items(TAGS.PerFrameFunctionalGroupsSequence)
      [frame.frameIndex]?.items(TAGS.FrameContentSequence)[0];
    return { frame, values: content?.numbers(TAGS.DimensionIndexValues) ?? [] };
  });
  const length = keyed[0]?.values.length ?? 0;
  if (length === 0 || keyed.some(({ values }) => values.length !== length)) return undefined;
  return keyed.sort((a, b) => byList(a.values, b.values)).map(({ frame }) => frame);
}

function byList(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function labelled(
  frames: readonly FrameReference[],
  scale: readonly Scale[],
): readonly FrameReference[] {
  return scale.length === 0 ? frames : frames.map((frame) => new LabelledFrame(frame, scale));
}

/** A frame whose label is made when it is asked for: a slide has hundreds of thousands of tiles. */
class LabelledFrame implements FrameReference {
  readonly instance: Instance;
  readonly frameIndex: number;
  readonly #scale: readonly Scale[];

  constructor({ instance, frameIndex }: FrameReference, scale: readonly Scale[]) {
    this.instance = instance;
    this.frameIndex = frameIndex;
    this.#scale = scale;
  }

  get label(): string | undefined {
    const texts = this.#scale.map((one) => textOf(one, this)).filter((text) => text !== undefined);
    return texts.length === 0 ? undefined : texts.join(" · ");
  }
}
