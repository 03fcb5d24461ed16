/** What a record costs and when it was last of use. */
export interface BudgetEntry {
  readonly name: string;
  /** Records of one group (a study) leave together, before those of a group that was used later. */
  readonly group: string;
  readonly bytes: number;
  readonly lastUsed: number;
}

/**
 * The records to give up so that at least `bytesToFree` bytes become free: of the study that was longest not
 * looked at first, and within a study the record that was longest not used first.
 */
export function chooseVictims(
  entries: Iterable<BudgetEntry>,
  bytesToFree: number,
): readonly string[] {
  const all = [...entries];
  const groupUsed = new Map<string, number>();
  for (const { group, lastUsed } of all)
    groupUsed.set(group, Math.max(lastUsed, groupUsed.get(group) ?? 0));
  const groupAge = (entry: BudgetEntry): number => groupUsed.get(entry.group) ?? 0;
  all.sort(
    (a, b) =>
      groupAge(a) - groupAge(b) || a.group.localeCompare(b.group) || a.lastUsed - b.lastUsed,
  );
  const victims: string[] = [];
  let freed = 0;
  for (const entry of all) {
    if (freed >= bytesToFree) break;
    victims.push(entry.name);
    freed += entry.bytes;
  }
  return victims;
}

const LARGEST_BUDGET_BYTES = 2 * 1024 ** 3;
const UNKNOWN_QUOTA_BUDGET_BYTES = 256 * 1024 ** 2;

/** Bytes that the cache may take: a quarter of what the browser grants the origin, at most 2 GB. */
export function storageBudgetBytes(quotaBytes: number | undefined): number {
  if (quotaBytes === undefined) return UNKNOWN_QUOTA_BUDGET_BYTES;
  return Math.min(LARGEST_BUDGET_BYTES, Math.floor(quotaBytes / 4));
}
