import type { Association } from "../association.ts";
import type { QueryModel } from "./query-model.ts";

/** Extended negotiation of queries (PS3.4 C.5.1.1); what was not agreed is false. */
export interface QueryAbilities {
  readonly relational: boolean;
  readonly dateTimeMatching: boolean;
  readonly fuzzyMatching: boolean;
  readonly timeZone: boolean;
}

/** Service class application information that proposes all of them, for `AssociationRequest.extendedNegotiations`. */
export function proposeQueryAbilities(_model: QueryModel): ReadonlyMap<string, Uint8Array> {
  return new Map();
}

/** What the peer agreed to for C-FIND in the model. */
export function agreedQueryAbilities(
  _association: Association,
  _model: QueryModel,
): QueryAbilities {
  return { relational: false, dateTimeMatching: false, fuzzyMatching: false, timeZone: false };
}
