import type { DisplaySet, FrameReference } from "./display-set.ts";
import type { KeyObjects } from "./key-object-reader.ts";
import type { RejectionReason } from "./key-objects.ts";

/** Why images are withheld, for people. */
const REASONS: Readonly<Record<RejectionReason, string>> = {
  quality: "Rejected for quality reasons",
  "patient-safety": "Rejected for patient safety reasons",
  "wrong-worklist-entry": "Rejected: they belong to another order or patient",
  "retention-expired": "Rejected: the time for which they are kept is over",
};

/**
 * Display sets without the frames that rejection notes withdraw (IHE IOCM), and these as sets of their own behind them,
 * one for each reason. Those that were rejected for quality can be opened; all others are listed with their reason, and
 * not shown: they may be another patient's.
 */
export function withoutRejected(
  sets: readonly DisplaySet[],
  keyObjects: KeyObjects,
): readonly DisplaySet[] {
  if (keyObjects.selections.every(({ rejection }) => rejection === undefined)) return sets;
  const divided = sets.map((set) => divide(set, keyObjects));
  return [...divided.flatMap(({ kept }) => kept), ...divided.flatMap(({ rejected }) => rejected)];
}

interface Divided {
  readonly kept: readonly DisplaySet[];
  readonly rejected: readonly DisplaySet[];
}

function divide(set: DisplaySet, keyObjects: KeyObjects): Divided {
  const kept: FrameReference[] = [];
  const byReason = new Map<RejectionReason, FrameReference[]>();
  for (const frame of set.frames) {
    const reason = keyObjects.rejectionOf(frame);
    if (reason === undefined) kept.push(frame);
    else byReason.set(reason, (byReason.get(reason) ?? []).concat(frame));
  }
  if (byReason.size === 0) return { kept: [set], rejected: [] };
  const rejected = [...byReason].map(([reason, frames]) => rejectedSet(set, reason, frames));
  return { kept: kept.length === 0 ? [] : [withFrames(set, kept)], rejected };
}

/** Begins with the id of the set from which the images were taken. */
function rejectedId({ id }: DisplaySet, rejection: RejectionReason): string {
  return `${id}/rejected/${rejection}`;
}

function rejectedSet(
  set: DisplaySet,
  rejection: RejectionReason,
  frames: readonly FrameReference[],
): DisplaySet {
  const reason = REASONS[rejection];
  const part = {
    ...withFrames(set, frames),
    id: rejectedId(set, rejection),
    name: `${set.name} · ${reason}`,
    rejection,
  };
  return rejection === "quality"
    ? part
    : { ...part, kind: "unsupported", frames: [], frameTimesMs: undefined, reason };
}

/** Distances and times between frames hold for all of them together only. */
function withFrames(set: DisplaySet, frames: readonly FrameReference[]): DisplaySet {
  const chosen = new Set(frames);
  const times = set.frameTimesMs?.filter((_, index) => {
    const frame = set.frames[index];
    return frame !== undefined && chosen.has(frame);
  });
  const instances = new Set(frames.map(({ instance }) => instance));
  return { ...set, frames, instances: [...instances], frameTimesMs: times };
}
