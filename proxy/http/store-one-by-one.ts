import type { Source, StoreOutcome, StoreTransaction } from "../sources/source.ts";

/** A store request to an archive that takes each object by itself. */
export function storeOneByOne(source: Source, expectedStudy: string | undefined): StoreTransaction {
  const outcomes: StoreOutcome[] = [];
  return {
    failure: new AbortController().signal,
    add: async (part10, signal) => {
      outcomes.push(await source.store(part10, expectedStudy, signal));
    },
    finish: () => Promise.resolve(outcomes),
    abort: () => undefined,
  };
}
