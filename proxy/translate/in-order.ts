/**
 * What a task gives for each item, in the order of the items, while at most `concurrency` tasks run. Leaving the loop,
 * or the first failure, aborts the tasks that run, and waits for them.
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  signal: AbortSignal,
  task: (item: Item, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Result> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const running: Promise<Result>[] = [];
  let next = 0;
  try {
    for (let done = 0; done < items.length; done++) {
      signal.throwIfAborted();
      for (; next < items.length && running.length < concurrency; next++) {
        const item = items[next];
        if (item === undefined) continue;
        const result = task(item, either);
        // It is waited for in its turn; until then its failure is nobody's.
        result.catch(() => undefined);
        running.push(result);
      }
      const first = running[0];
      if (first === undefined) return;
      const result = await first;
      running.splice(0, 1);
      yield result;
    }
  } finally {
    stop.abort();
    await Promise.allSettled(running);
  }
}
