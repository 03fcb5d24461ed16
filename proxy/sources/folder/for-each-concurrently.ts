/** Runs a task for each item, at most `concurrency` at a time; the first failure or an abort ends it. */
export async function forEachConcurrently<Item>(
  items: Iterable<Item>,
  concurrency: number,
  signal: AbortSignal,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let hasFailed = false;
  const run = async () => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
      signal.throwIfAborted();
      if (hasFailed) return;
      try {
        await task(next.value);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, run));
}
