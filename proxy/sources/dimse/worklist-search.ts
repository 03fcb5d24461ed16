import type { PacsSettings } from "../../config/pacs-settings.ts";
import type { AssociationPool } from "../../dimse/association-pool.ts";
import { type FindMatch, type FindRequest, find } from "../../dimse/services/find.ts";
import { findContexts } from "../../dimse/services/plan-contexts.ts";
import {
  agreedQueryAbilities,
  proposeQueryAbilities,
} from "../../dimse/services/query-negotiation.ts";
import { searchWorklist } from "../../translate/search-worklist.ts";
import { sourceErrorOf } from "../../translate/source-error-of.ts";
import type { SearchPage, WorkitemQuery } from "../source.ts";
import { findOverPool } from "./find-over-pool.ts";

/** Searches of the worklist that belongs to a PACS, on associations of its own. */
export function worklistSearch(
  settings: PacsSettings,
  pool: AssociationPool,
): (query: WorkitemQuery, user: string, signal: AbortSignal) => Promise<SearchPage> {
  const { worklist, name, userIdentity, queryCharacterSet, fallbackCharacterSet } = settings;
  const request = {
    contexts: findContexts("worklist"),
    extendedNegotiations: proposeQueryAbilities("worklist"),
    ...(userIdentity === undefined ? {} : { userIdentity }),
  };
  const needOf = (user: string) => ({ request, purpose: "find:worklist", user, isUrgent: true });
  const run = (asked: FindRequest, user: string, signal: AbortSignal): AsyncIterable<FindMatch> =>
    findOverPool(
      { pool, need: needOf(user), request: asked, find, onEnd: () => undefined },
      signal,
    );
  return async (query, user, signal) => {
    try {
      const { fuzzyMatching } = await pool.use(
        needOf(user),
        async (association) => agreedQueryAbilities(association, "worklist"),
        signal,
      );
      const abilities = { fuzzyMatching, queryCharacterSet, fallbackCharacterSet };
      return await searchWorklist(query, abilities, (asked) => run(asked, user, signal), signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const { aeTitle, host, port, callingAeTitle } = worklist ?? settings.remote;
      throw sourceErrorOf(error, { name, aeTitle, host, port, callingAeTitle }, "worklist");
    }
  };
}
