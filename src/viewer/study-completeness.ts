import type { DisplaySet } from "#core/study/display-set.ts";
import type { Instance } from "#core/study/instance.ts";
import type { Failure } from "../frames/failure.ts";
import type { InstanceProblem, StudySession } from "./study-session.ts";

/** Something of a study that cannot be seen, and why (safety C6). */
export interface MissingItem {
  /** Series they belong to, for people; empty where nobody knows. */
  readonly series: string;
  readonly reason: string;
  readonly advice: string;
  /** How many images, or objects of which nobody knows how many images they hold. */
  readonly count: number;
  readonly unit: "image" | "object";
}

/** How much of a study can be seen. */
export interface StudyCompleteness {
  /** Images that can be shown, as far as has been tried. */
  readonly available: number;
  /** All images of the study, as far as anybody says. */
  readonly total: number;
  readonly reports: number;
  readonly documents: number;
  /** Films that are played as a whole, and curves over time. */
  readonly videos: number;
  readonly waveforms: number;
  /**
   * What is stored and neither shown nor applied nor read. Presentation states and key objects are not among it: they
   * are named among the series, and say themselves where they cannot be applied. Neither are broken images.
   */
  readonly others: number;
  readonly missing: readonly MissingItem[];
  /** Whether the study broke off while it arrived, so that more may be missing than anybody has counted. */
  readonly isCut: boolean;
}

/** Counts what of a study can be seen, and lists what cannot. Nothing is left out in silence. Reads signals. */
export function studyCompleteness(session: StudySession): StudyCompleteness {
  const displaySets = session.displaySets.value;
  const status = session.status.value;
  const cut = status.kind === "failed" ? status.failure : undefined;
  const { shownImages, knownImages, missingInstances } = session.completeness.value;
  const lost = lostImages(displaySets, session.problems.value);
  const lostCount = [...lost.images.values()].reduce((sum, { count }) => sum + count, 0);
  return {
    available: shownImages - lostCount,
    total: knownImages,
    reports: count(displaySets, ["report"]),
    documents: count(displaySets, ["document"]),
    videos: displaySets.filter(({ kind }) => kind === "video").length,
    waveforms: count(displaySets, ["waveform"]),
    others: count(displaySets, ["unsupported"]),
    missing: [
      ...grouped([...lost.images.values(), ...lost.objects], displaySets),
      ...absent(missingInstances - namedAbsent(lost.objects, session), cut),
    ],
    isCut: cut !== undefined,
  };
}

/** An instance of which something cannot be seen. */
interface LostInstance {
  readonly problem: InstanceProblem;
  readonly count: number;
  readonly unit: MissingItem["unit"];
}

/** Reasons that lie in the instance as a whole: no frame of it can be shown. */
const REASONS_OF_ALL_FRAMES: ReadonlySet<string> = new Set([
  "unsupported-transfer-syntax",
  "unknown-transfer-syntax",
  "missing-attribute",
  "no-pixel-data",
  "invalid-value",
  "limit-exceeded",
  "not-found",
]);

/**
 * What the problems mean in images. A transfer syntax that nothing here decodes is lost for all instances that are
 * stored the same way, tried or not; other reasons hold for the instance, or the frame, that had them.
 */
function lostImages(
  displaySets: readonly DisplaySet[],
  problems: readonly InstanceProblem[],
): { readonly images: ReadonlyMap<string, LostInstance>; readonly objects: LostInstance[] } {
  const instances = displaySets.flatMap((set) => (set.frames.length > 0 ? set.instances : []));
  const byUid = new Map(instances.map((instance) => [instance.sopInstanceUid, instance]));
  const images = new Map<string, LostInstance>();
  const objects: LostInstance[] = [];
  for (const problem of problems) {
    const instance = byUid.get(problem.sopInstanceUid ?? "");
    if (instance === undefined) objects.push({ problem, count: 1, unit: "object" });
    else if (!images.has(instance.sopInstanceUid)) {
      const isWhole = REASONS_OF_ALL_FRAMES.has(problem.failure.code);
      const count = isWhole ? instance.numberOfFrames : 1;
      images.set(instance.sopInstanceUid, { problem, count, unit: "image" });
    }
  }
  const undecodable = new Map(
    [...images.values()]
      .filter(({ problem }) => problem.failure.code === "unsupported-transfer-syntax")
      .map(({ problem }) => [storedAs(byUid.get(problem.sopInstanceUid ?? "")), problem]),
  );
  for (const instance of undecodable.size === 0 ? [] : instances) {
    const { sopInstanceUid, seriesInstanceUid, numberOfFrames } = instance;
    const like = undecodable.get(storedAs(instance));
    if (like === undefined || images.has(sopInstanceUid)) continue;
    const problem = { ...like, sopInstanceUid, seriesInstanceUid };
    images.set(sopInstanceUid, { problem, count: numberOfFrames, unit: "image" });
  }
  return { images, objects };
}

/** Transfer syntax and depth: what decides whether a codec takes the frames. */
function storedAs(instance: Instance | undefined): string {
  const image = instance?.image;
  const depth = image?.kind === "image" ? image.imagePixel.bitsStored : "";
  return `${instance?.transferSyntaxUid}/${depth}`;
}

/** What is lost in one display set for the same reason as one item. */
function grouped(
  lost: readonly LostInstance[],
  displaySets: readonly DisplaySet[],
): readonly MissingItem[] {
  const setOf = new Map(
    displaySets.flatMap((set) => set.instances.map((one) => [one.sopInstanceUid, set] as const)),
  );
  const items = new Map<string, MissingItem>();
  for (const { problem, count, unit } of lost) {
    const set = setOf.get(problem.sopInstanceUid ?? "");
    const { message: reason, advice } = problem.failure;
    const key = `${set?.id ?? problem.seriesInstanceUid}\n${unit}\n${reason}`;
    const before = items.get(key)?.count ?? 0;
    items.set(key, { series: seriesText(set), reason, advice, count: before + count, unit });
  }
  return [...items.values()];
}

/** How many of the lost objects did not arrive and are named all the same. */
function namedAbsent(lost: readonly LostInstance[], session: StudySession): number {
  const series = session.study.value?.series ?? [];
  const uids = new Set(
    series.flatMap(({ instances }) => instances.map(({ sopInstanceUid }) => sopInstanceUid)),
  );
  return lost.filter(({ problem: { sopInstanceUid } }) => {
    return sopInstanceUid !== undefined && !uids.has(sopInstanceUid);
  }).length;
}

function absent(missingInstances: number, cut: Failure | undefined): readonly MissingItem[] {
  if (missingInstances <= 0) return [];
  return [
    {
      series: "",
      reason: cut?.message ?? "The archive counts more objects in this study than it described.",
      advice:
        cut?.advice ??
        "Open the study again; if the number stays, ask the archive's administrator.",
      count: missingInstances,
      unit: "object",
    },
  ];
}

function seriesText(set: DisplaySet | undefined): string {
  if (set === undefined) return "";
  const { seriesNumber, name } = set;
  const isNumbered = seriesNumber === undefined || name.startsWith(`Series ${seriesNumber}`);
  return isNumbered ? name : `${seriesNumber} · ${name}`;
}

function count(sets: readonly DisplaySet[], kinds: readonly DisplaySet["kind"][]): number {
  return sets
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap(({ instances }) => instances)
    .filter(({ image }) => image.kind === "none").length;
}
