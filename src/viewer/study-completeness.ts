import type { DisplaySet } from "#core/study/display-set.ts";
import type { InstanceProblem, StudySession } from "./study-session.ts";

/** Objects of a study that cannot be seen, and why (safety C6). */
interface MissingItem {
  /** Series they belong to, for people; empty where nobody knows. */
  readonly series: string;
  readonly reason: string;
  readonly advice: string;
  /** How many objects. */
  readonly count: number;
}

/** How much of a study can be seen. */
export interface StudyCompleteness {
  /** Images that can be shown, as far as has been tried. */
  readonly available: number;
  /** All images of the study, as far as anybody says. */
  readonly total: number;
  readonly reports: number;
  readonly documents: number;
  /** Everything else that is stored and is no image: presentation states for one. */
  readonly others: number;
  readonly missing: readonly MissingItem[];
}

/** Counts what of a study can be seen, and lists what cannot. Nothing is left out in silence. Reads signals. */
export function studyCompleteness(session: StudySession): StudyCompleteness {
  const displaySets = session.displaySets.value;
  const problems = session.problems.value;
  const { shownImages, knownImages, missingInstances } = session.completeness.value;
  const images = new Map(
    displaySets.flatMap((set) => set.frames.map(({ instance }) => [instance.sopInstanceUid, set])),
  );
  const failed = new Set(
    problems.flatMap(({ sopInstanceUid }) =>
      sopInstanceUid !== undefined && images.has(sopInstanceUid) ? [sopInstanceUid] : [],
    ),
  );
  return {
    available: shownImages - failed.size,
    total: knownImages,
    reports: count(displaySets, ["report"]),
    documents: count(displaySets, ["document"]),
    others: count(displaySets, ["presentation-state", "key-objects", "unsupported"]),
    missing: [...grouped(problems, displaySets), ...absent(missingInstances)],
  };
}

/** Problems of one series with the same reason as one item. */
function grouped(
  problems: readonly InstanceProblem[],
  displaySets: readonly DisplaySet[],
): readonly MissingItem[] {
  const items = new Map<string, MissingItem>();
  for (const { seriesInstanceUid, failure } of problems) {
    const set = displaySets.find((other) => other.seriesInstanceUid === seriesInstanceUid);
    const { message: reason, advice } = failure;
    const key = `${seriesInstanceUid}\n${reason}`;
    const before = items.get(key)?.count ?? 0;
    items.set(key, { series: seriesText(set), reason, advice, count: before + 1 });
  }
  return [...items.values()];
}

function absent(missingInstances: number): readonly MissingItem[] {
  if (missingInstances === 0) return [];
  return [
    {
      series: "",
      reason: "The archive counts more objects in this study than it described.",
      advice: "Open the study again; if the number stays, ask the archive's administrator.",
      count: missingInstances,
    },
  ];
}

function seriesText(set: DisplaySet | undefined): string {
  if (set === undefined) return "";
  return set.seriesNumber === undefined ? set.name : `${set.seriesNumber} · ${set.name}`;
}

function count(sets: readonly DisplaySet[], kinds: readonly DisplaySet["kind"][]): number {
  return sets
    .filter(({ kind }) => kinds.includes(kind))
    .reduce((total, { instances }) => total + instances.length, 0);
}
