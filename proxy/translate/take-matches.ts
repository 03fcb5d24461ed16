/** How much is taken beyond what is wanted, while it comes at once. */
interface Ahead {
  readonly matches: number;
  readonly ms: number;
}

/** How long matches that trickle are waited for. */
export interface Patience {
  /** From the beginning; milliseconds. */
  readonly ms: number;
  /** At least from the first match; milliseconds. */
  readonly fromFirstMs: number;
  /** Matches that make a page, even if more are wanted. */
  readonly enough: number;
}

/**
 * The first matches, and some more while they come quickly; then the rest is left, which cancels the C-FIND.
 * `isComplete`: there is no rest. With patience, what there is of a list that comes slowly is an answer in good time.
 */
export async function takeMatches<Match>(
  found: AsyncGenerator<Match>,
  wanted: number,
  ahead: Ahead,
  patience?: Patience,
): Promise<{ readonly items: readonly Match[]; readonly isComplete: boolean }> {
  const items: Match[] = [];
  let isEnded = false;
  const deadline = new Deadline(patience);
  try {
    while (items.length < wanted) {
      const coming = found.next();
      const next = await deadline.before(coming, items.length);
      if (next === "late") {
        // What still comes, and how it ends, concerns nobody.
        coming.catch(() => undefined);
        found.return(undefined).catch(() => undefined);
        return { items, isComplete: false };
      }
      if (next.done === true) {
        isEnded = true;
        break;
      }
      items.push(next.value);
    }
  } catch (error) {
    await found.return(undefined);
    throw error;
  } finally {
    deadline.stop();
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

/** The time by which a list that comes slowly is answered with what there is of it. */
class Deadline {
  readonly #patience: Patience | undefined;
  readonly #startedAt = performance.now();
  #late: Promise<"late"> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(patience: Patience | undefined) {
    this.#patience = patience;
  }

  /** What is coming, or `late`, which it can only be when there is enough. */
  async before<Next>(coming: Promise<Next>, count: number): Promise<Next | "late"> {
    if (this.#patience === undefined) return await coming;
    if (count > 0) this.#late ??= this.#begin(this.#patience);
    if (this.#late === undefined || count < this.#patience.enough) return await coming;
    return await Promise.race([coming, this.#late]);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #begin({ ms, fromFirstMs }: Patience): Promise<"late"> {
    const elapsed = performance.now() - this.#startedAt;
    return new Promise((resolve) => {
      this.#timer = setTimeout(resolve, Math.max(ms - elapsed, fromFirstMs), "late");
    });
  }
}
