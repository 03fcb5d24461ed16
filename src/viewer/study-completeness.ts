import type { DisplaySet } from "#core/study/display-set.ts";

/** An object that is part of a study and cannot be seen, and why (safety C6). */
export interface MissingItem {
  /** What it is, for people: series and what is known of the object. */
  readonly what: string;
  readonly reason: string;
  /** How many images it stands for. */
  readonly images: number;
  /** The display set it belongs to, where there is one. */
  readonly displaySetId?: string;
}

/** An image that could not be shown when it was asked for. */
export interface FailedFrame {
  readonly displaySetId: string;
  /** From 0. */
  readonly frameIndex: number;
  readonly reason: string;
}

/** How much of a study can be seen. */
export interface StudyCompleteness {
  /** Images that are known and can be asked for. */
  readonly available: number;
  /** All images that the study has, as far as anybody says. */
  readonly total: number;
  readonly reports: number;
  readonly documents: number;
  /** Everything that is stored and not displayed, presentation states for one. */
  readonly others: number;
  readonly missing: readonly MissingItem[];
}

/** What the count is made from. */
export interface CompletenessFacts {
  readonly displaySets: readonly DisplaySet[];
  /** Instances of the study by the archive's own count; undefined where it does not say. */
  readonly expectedInstances: number | undefined;
  /** Whether all metadata has arrived: before that, nothing is missing yet. */
  readonly isLoaded: boolean;
  readonly unreadableInstances: number;
  readonly failedFrames: readonly FailedFrame[];
}

/** Counts what of a study can be seen, and lists what cannot. Nothing is left out in silence. */
export function studyCompleteness(facts: CompletenessFacts): StudyCompleteness {
  const { displaySets } = facts;
  const frames = sum(displaySets, ({ frames }) => frames.length);
  const unusable = displaySets.filter(isUnusableImage);
  const failed = failedItems(facts);
  const missing = [...unusable.map(unusableItem), ...failed, ...absentItems(facts)];
  const lost = missing.reduce((total, item) => total + item.images, 0);
  const failedImages = failed.reduce((total, item) => total + item.images, 0);
  return {
    available: frames - failedImages,
    total: frames - failedImages + lost,
    reports: countInstances(displaySets, "report"),
    documents: countInstances(displaySets, "document"),
    others: sum(
      displaySets.filter(
        (set) =>
          ["presentation-state", "key-objects", "unsupported"].includes(set.kind) &&
          !isUnusableImage(set),
      ),
      ({ instances }) => instances.length,
    ),
    missing,
  };
}

function isUnusableImage(set: DisplaySet): boolean {
  return set.kind === "unsupported" && set.instances.some(({ image }) => image.kind === "unusable");
}

function unusableItem(set: DisplaySet): MissingItem {
  return {
    what: seriesText(set),
    reason: set.reason ?? "",
    images: set.instances.length,
    displaySetId: set.id,
  };
}

/** Frames that failed, those of one display set and reason together. */
function failedItems({ displaySets, failedFrames }: CompletenessFacts): readonly MissingItem[] {
  const items = new Map<string, MissingItem>();
  for (const { displaySetId, reason } of failedFrames) {
    const set = displaySets.find(({ id }) => id === displaySetId);
    if (set === undefined) continue;
    const key = `${displaySetId}\n${reason}`;
    const images = (items.get(key)?.images ?? 0) + 1;
    items.set(key, { what: seriesText(set), reason, images, displaySetId });
  }
  return [...items.values()];
}

function absentItems(facts: CompletenessFacts): readonly MissingItem[] {
  if (!facts.isLoaded) return [];
  const present = sum(facts.displaySets, ({ instances }) => instances.length);
  const unreadable = facts.unreadableInstances;
  const absent = Math.max(0, (facts.expectedInstances ?? 0) - present - unreadable);
  return [
    ...(unreadable === 0
      ? []
      : [item(unreadable, "The archive described it without saying which object it is.")]),
    ...(absent === 0
      ? []
      : [item(absent, "The archive counts it, and did not give its description.")]),
  ];
}

function item(images: number, reason: string): MissingItem {
  return { what: "", reason, images };
}

function seriesText({ seriesNumber, name }: DisplaySet): string {
  return seriesNumber === undefined ? name : `${seriesNumber} · ${name}`;
}

function countInstances(sets: readonly DisplaySet[], kind: DisplaySet["kind"]): number {
  return sum(
    sets.filter((set) => set.kind === kind),
    ({ instances }) => instances.length,
  );
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
