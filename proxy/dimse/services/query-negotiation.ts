import type { Association } from "../association.ts";
import { MODEL_UIDS, type QueryModel } from "./query-model.ts";

/** Extended negotiation of queries (PS3.4 C.5.1.1); what was not agreed is false. */
export interface QueryAbilities {
  readonly relational: boolean;
  readonly dateTimeMatching: boolean;
  readonly fuzzyMatching: boolean;
  readonly timeZone: boolean;
}

/** Bytes of the application information of Query/Retrieve (PS3.4 table C.5-1): relational, date-time, fuzzy, time zone. */
const QUERY_RETRIEVE = ["relational", "dateTimeMatching", "fuzzyMatching", "timeZone"] as const;
/** Those of Modality Worklist (PS3.4 K.5.1): two are reserved, and are 1. */
const WORKLIST = [undefined, undefined, "fuzzyMatching", "timeZone"] as const;

function bytesOf(model: QueryModel): typeof QUERY_RETRIEVE | typeof WORKLIST {
  return model === "worklist" ? WORKLIST : QUERY_RETRIEVE;
}

/** Service class application information that proposes all of them, for `AssociationRequest.extendedNegotiations`. */
export function proposeQueryAbilities(model: QueryModel): ReadonlyMap<string, Uint8Array> {
  return new Map([[MODEL_UIDS[model].find, new Uint8Array(bytesOf(model).length).fill(1)]]);
}

/** What the peer agreed to for C-FIND in the model. */
export function agreedQueryAbilities(association: Association, model: QueryModel): QueryAbilities {
  const agreed = association.peer.extendedNegotiations.get(MODEL_UIDS[model].find);
  const names: readonly (keyof QueryAbilities | undefined)[] = bytesOf(model);
  const is = (ability: keyof QueryAbilities) => agreed?.[names.indexOf(ability)] === 1;
  return {
    relational: is("relational"),
    // Date and time of scheduled steps are always matched together in worklists (PS3.4 K.2.2.2).
    dateTimeMatching: model === "worklist" || is("dateTimeMatching"),
    fuzzyMatching: is("fuzzyMatching"),
    timeZone: is("timeZone"),
  };
}
