import { RetrieveJob } from "./retrieve-job.ts";
import type { Entry, WantPriority } from "./series-entry.ts";
import type { SeriesWork } from "./series-work.ts";

/** What runs, and what may. */
export interface Occupancy {
  readonly running: ReadonlySet<RetrieveJob>;
  readonly most: number;
  readonly perRetrieval: number;
  readonly perUser: number;
  /** UIDs that the PACS takes in one list. */
  readonly longestList: number;
}

/** Retrieves in advance beside those that somebody waits for in another series. */
const BESIDE_OTHERS = 2;

/**
 * The next retrieve of what somebody waits for: single instances before many, users who have least before others, then
 * who has waited longest.
 */
export function pickWanted(
  all: readonly SeriesWork[],
  occupancy: Occupancy,
  now: number,
): RetrieveJob | undefined {
  if (occupancy.running.size >= occupancy.most) return undefined;
  for (const priority of ["now", "bulk"] as const) {
    const turns = all
      .flatMap((series) => turnOf(series, priority, occupancy))
      .sort((a, b) => a.share - b.share || a.since - b.since);
    for (const turn of turns) {
      const job = wantedJob(turn, priority, occupancy, now);
      if (job !== undefined) return job;
    }
  }
  return undefined;
}

/** The next retrieve of what nobody waits for yet. */
export function pickAhead(
  inUse: readonly SeriesWork[],
  occupancy: Occupancy,
  now: number,
): RetrieveJob | undefined {
  const { running, most, perRetrieval } = occupancy;
  if (running.size >= Math.max(1, Math.min(perRetrieval, most - 2))) return undefined;
  const latestFirst = [...inUse].sort((a, b) => b.lastUsed - a.lastUsed);
  for (const series of latestFirst) {
    // The first instance of a series has the line to itself.
    if (series.arrived.instances === 0 && series.jobs.size > 0) continue;
    if (isBesideOthers(series, running) && aheadOf(running) >= BESIDE_OTHERS) continue;
    const entries = aheadEntries(series, occupancy);
    if (entries.length === 0) continue;
    return new RetrieveJob({
      series,
      level: "instances",
      entries,
      reason: "ahead",
      user: series.lastUser,
      isUrgent: false,
      startedAt: now,
    });
  }
  return undefined;
}

function aheadEntries(series: SeriesWork, { longestList }: Occupancy): readonly Entry[] {
  if (series.size === "large") return series.nextAhead().slice(0, longestList);
  if (series.jobs.size > 0) return [];
  return series
    .missing()
    .filter(({ hasFailed }) => !hasFailed)
    .slice(0, longestList);
}

function aheadOf(running: ReadonlySet<RetrieveJob>): number {
  return [...running].filter(({ reason }) => reason === "ahead").length;
}

function isBesideOthers(series: SeriesWork, running: ReadonlySet<RetrieveJob>): boolean {
  return [...running].some((job) => job.series !== series && job.reason !== "ahead");
}

interface Turn {
  readonly series: SeriesWork;
  readonly user: string;
  /** Retrieves that run for the user. */
  readonly share: number;
  readonly since: number;
}

function turnOf(series: SeriesWork, priority: WantPriority, { running }: Occupancy): Turn[] {
  const [first] = series.queued(priority);
  const [waiter] = first?.waiters ?? [];
  if (waiter === undefined) return [];
  const { user, since } = waiter;
  const share = [...running].filter((job) => job.user === user).length;
  return [{ series, user, share, since }];
}

function wantedJob(
  { series, user, share }: Turn,
  priority: WantPriority,
  occupancy: Occupancy,
  now: number,
): RetrieveJob | undefined {
  if (share >= occupancy.perUser) return undefined;
  const choice = chooseWanted(series, priority, occupancy);
  if (choice === undefined || choice.entries.length === 0) return undefined;
  return new RetrieveJob({
    series,
    ...choice,
    reason: "wanted",
    user,
    isUrgent: priority === "now",
    startedAt: now,
  });
}

type Choice = Pick<RetrieveJob, "level"> & { readonly entries: readonly Entry[] };

function chooseWanted(
  series: SeriesWork,
  priority: WantPriority,
  occupancy: Occupancy,
): Choice | undefined {
  if (series.isBlind) {
    if (series.jobs.size > 0) return undefined;
    return { level: "series", entries: [...series.queued("now"), ...series.queued("bulk")] };
  }
  if (series.size === "large") return chooseOfLarge(series, priority, occupancy);
  if (series.size !== "small") return undefined;
  // What is not listed waits for the next list.
  const listed = [...series.queued(priority)].filter(({ position }) => position !== undefined);
  if (listed.length === 0) return undefined;
  if (series.jobs.size === 0) return chooseOfSmall(series, occupancy);
  const isAheadOnly = [...series.jobs].every(({ reason }) => reason === "ahead");
  return isAheadOnly
    ? { level: "instances", entries: listed.slice(0, occupancy.longestList) }
    : undefined;
}

/** All that is missing at once; the whole series by its own UID. */
function chooseOfSmall(series: SeriesWork, { longestList }: Occupancy): Choice {
  const missing = series
    .missing()
    .filter(({ hasFailed, waiters }) => !hasFailed || waiters.size > 0);
  if (missing.length > 1 && (missing.length === series.order.length || longestList === 1))
    return { level: "series", entries: missing };
  return { level: "instances", entries: missing };
}

function chooseOfLarge(
  series: SeriesWork,
  priority: WantPriority,
  { running, most, perRetrieval, longestList }: Occupancy,
): Choice | undefined {
  const isAheadOnly = [...series.jobs].every(({ reason }) => reason === "ahead");
  const room = perRetrieval + (priority === "now" && isAheadOnly ? 1 : 0) - series.jobs.size;
  const free = Math.min(room, most - running.size);
  if (free <= 0) return undefined;
  const queued = [...series.queued(priority)];
  const isListed = series.listing === "complete";
  const known = queued.filter(
    ({ sopClassUid, position }) =>
      sopClassUid !== undefined || (isListed && position !== undefined),
  );
  if (known.length > 0) {
    const share = Math.ceil(known.length / free);
    const size = Math.min(series.batchSize(), share, longestList);
    return { level: "instances", entries: known.slice(0, size) };
  }
  // The SOP class of the others is a good guess, and put right when the list has come.
  const isGuess = series.sopClassUids.size > 0;
  return isGuess ? { level: "instances", entries: queued.slice(0, 1) } : undefined;
}
