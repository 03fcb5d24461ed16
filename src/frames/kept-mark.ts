/** Says "something may be kept", and nothing about whom or what. */
const MARK = "negato-cache";

/**
 * Whether this browser may keep something from before. Known at once, unlike the cache itself, whose opening is
 * worth waiting for only then.
 */
export function mayHoldRecords(): boolean {
  try {
    return globalThis.localStorage?.getItem(MARK) === "used";
  } catch {
    return false;
  }
}

/** Leaves the mark, or takes it away. */
export function markRecords(areThere: boolean): void {
  try {
    if (areThere) globalThis.localStorage?.setItem(MARK, "used");
    else globalThis.localStorage?.removeItem(MARK);
  } catch {
    // Where storage is forbidden there is no cache either.
  }
}
