import type { Association } from "../../dimse/association.ts";
import type { AssociationNeed, AssociationPool } from "../../dimse/association-pool.ts";
import type { FindMatch, FindRequest, find } from "../../dimse/services/find.ts";
import { MatchQueue } from "../../dimse/services/match-queue.ts";

/** A C-FIND on an association of a pool. */
export interface PooledFind {
  readonly pool: AssociationPool;
  readonly need: AssociationNeed;
  readonly request: FindRequest;
  readonly find: typeof find;
  readonly onAssociation?: (association: Association) => void;
  /** Told how it ended, unless nobody wanted to know any more. */
  readonly onEnd: (error: unknown) => void;
}

/** The matches as they come; leaving the loop cancels the C-FIND. @throws DimseError */
export async function* findOverPool(
  { pool, need, request, find, onAssociation, onEnd }: PooledFind,
  signal: AbortSignal,
): AsyncGenerator<FindMatch> {
  const left = new AbortController();
  const both = AbortSignal.any([signal, left.signal]);
  const matches = new MatchQueue<FindMatch>();
  const end = (error?: unknown) => {
    if (!both.aborted) onEnd(error);
    matches.end(error);
  };
  pool
    .use(
      need,
      async (association) => {
        onAssociation?.(association);
        for await (const match of find(association, request, signal)) {
          await matches.add(match);
          if (matches.isClosed) break;
        }
      },
      both,
    )
    .then(() => end(), end);
  try {
    yield* matches.all();
  } finally {
    matches.close();
    left.abort();
  }
}
