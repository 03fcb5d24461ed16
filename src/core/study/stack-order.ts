import * as TAGS from "../dicom/tags.generated.ts";
import { type SliceOrder, sliceOrder } from "../geometry/slice-order.ts";
import type { DisplaySetWarning } from "./display-set.ts";
import { frameDataSet } from "./frame-attributes.ts";
import { framePose } from "./frame-pose.ts";
import type { Instance } from "./instance.ts";

/** Instances in the order of showing, with what the geometry says. */
export interface OrderedStack {
  readonly instances: readonly Instance[];
  readonly warnings: readonly DisplaySetWarning[];
  readonly spacingMm: number | undefined;
  /** Whether several instances lie at one place. */
  readonly sharesPlaces: boolean;
}

/** Modalities whose slices should have positions, so that their absence is worth saying. */
const SLICE_MODALITIES: ReadonlySet<string> = new Set(["CT", "MR", "PT", "NM"]);

/** What orders instances at one place: time, diffusion weighting, echo, phase, then acquisition and instance number. */
const ORDER_AT_ONE_PLACE = [
  TAGS.TemporalPositionIdentifier,
  TAGS.DiffusionBValue,
  TAGS.EchoNumbers,
  TAGS.TriggerTime,
  TAGS.AcquisitionNumber,
  TAGS.InstanceNumber,
];

/**
 * The order of a stack: along the normal where all instances have parallel positions (safety C19), starting at the end
 * where instance numbers start; instances at one place follow one another by time, b-value, echo and number, and none
 * is dropped (safety C6). Without positions it is the order of instance numbers.
 */
export function orderedStack(given: readonly Instance[]): OrderedStack {
  const instances = [...given].sort(byNumbers);
  const order = sliceOrder(instances.map(({ dataSet }) => framePose(dataSet, 0)));
  if (order === undefined) {
    const isAlone = instances.length < 2;
    const modality = instances[0]?.dataSet.string(TAGS.Modality);
    const warnings = isAlone ? [] : withoutGeometry(modality);
    return { instances, warnings, spacingMm: undefined, sharesPlaces: false };
  }
  return {
    instances: alongNormal(instances, order),
    warnings: geometryWarnings(order),
    spacingMm: order.spacingMm,
    sharesPlaces: order.hasDuplicates,
  };
}

/** Whole places turn round, not the order within one place. */
function alongNormal(instances: readonly Instance[], order: SliceOrder): readonly Instance[] {
  const places = [...order.places];
  const isDescending = (places.at(-1)?.[0] ?? 0) < (places[0]?.[0] ?? 0);
  if (isDescending) places.reverse();
  return places.flatMap((place) =>
    place.flatMap((index) => instances[index] ?? []).sort(atOnePlace),
  );
}

/** Sorting is stable, so that what all attributes leave equal stays in the order of numbers. */
function atOnePlace(a: Instance, b: Instance): number {
  const [first, second] = [frameDataSet(a, 0), frameDataSet(b, 0)];
  for (const tag of ORDER_AT_ONE_PLACE) {
    const difference = (first.number(tag) ?? 0) - (second.number(tag) ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function byNumbers(a: Instance, b: Instance): number {
  const first = a.number ?? Number.MAX_SAFE_INTEGER;
  const second = b.number ?? Number.MAX_SAFE_INTEGER;
  return first - second || (a.sopInstanceUid < b.sopInstanceUid ? -1 : 1);
}

/** What is to be said of several slices without usable positions. */
export function withoutGeometry(modality: string | undefined): readonly DisplaySetWarning[] {
  if (!SLICE_MODALITIES.has(modality ?? "")) return [];
  return [
    {
      code: "no-geometry",
      message: "Slices are in the order of their numbers: positions are missing or not parallel.",
    },
  ];
}

/** What is to be said of the positions of slices. */
export function geometryWarnings(order: SliceOrder): readonly DisplaySetWarning[] {
  const warnings: DisplaySetWarning[] = [];
  const { missingSlices, spacingMm, isIrregular, tiltDegrees } = order;
  if (missingSlices > 0) {
    const count = missingSlices === 1 ? "1 slice seems" : `${missingSlices} slices seem`;
    warnings.push({ code: "missing-slices", message: `${count} to be missing, by the positions.` });
  }
  if (isIrregular)
    warnings.push({
      code: "irregular-spacing",
      message: `The distance between slices varies; it is usually ${Math.round((spacingMm ?? 0) * 100) / 100} mm.`,
    });
  if (tiltDegrees >= 1)
    warnings.push({
      code: "gantry-tilt",
      message: `Slices are stacked ${Math.round(tiltDegrees)}° off their normal (gantry tilt).`,
    });
  return warnings;
}
