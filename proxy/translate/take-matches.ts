/** How much is taken beyond what is wanted, while it comes at once. */
interface Ahead {
  readonly matches: number;
  readonly ms: number;
}

/**
 * The first matches, and some more while they come quickly; then the rest is left, which cancels the C-FIND.
 * `isComplete`: there is no rest.
 */
export async function takeMatches<Match>(
  found: AsyncGenerator<Match>,
  wanted: number,
  ahead: Ahead,
): Promise<{ readonly items: readonly Match[]; readonly isComplete: boolean }> {
  const items: Match[] = [];
  let isEnded = false;
  try {
    while (items.length < wanted) {
      const next = await found.next();
      if (next.done === true) {
        isEnded = true;
        break;
      }
      items.push(next.value);
    }
  } catch (error) {
    await found.return(undefined);
    throw error;
  }
  if (isEnded) return { items, isComplete: true };
  const isComplete = await readOn(found, items, ahead);
  // The answer does not wait for the PACS to agree, and what fails from here on concerns nobody.
  found.return(undefined).catch(() => undefined);
  return { items, isComplete };
}

/** Takes what comes within the time; whether that was all. */
async function readOn<Match>(
  found: AsyncGenerator<Match>,
  items: Match[],
  { matches, ms }: Ahead,
): Promise<boolean> {
  if (matches <= 0) return false;
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    for (let count = 0; count < matches; count++) {
      const coming = found.next();
      coming.catch(() => undefined);
      const next = await Promise.race([coming, timeIsUp]);
      if (next === undefined) return false;
      if (next.done === true) return true;
      items.push(next.value);
    }
    return false;
  } catch {
    // What is wanted is there; the page that needs more will meet the failure.
    return false;
  } finally {
    clearTimeout(timer);
  }
}
