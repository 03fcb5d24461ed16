import type { ProposedContext } from "../presentation-context.ts";
import type { AssociationRequest } from "../request-association.ts";
import type { QueryModel } from "./query-model.ts";

/** Objects that are to be retrieved or stored, as far as they are known. */
export interface StoredKind {
  readonly sopClassUid: string;
  /** Syntaxes that they are stored in; all likely ones are proposed where none is known. */
  readonly transferSyntaxUids?: readonly string[];
}

/** An association for some of the objects. */
export interface ContextPlan {
  /** SOP classes that it can carry. */
  readonly sopClassUids: readonly string[];
  readonly contexts: readonly ProposedContext[];
  /** Names the contexts: equal for equal ones (`AssociationNeed.purpose`). */
  readonly purpose: string;
}

/** C-ECHO. */
export function echoContexts(): readonly ProposedContext[] {
  return [];
}

/** C-FIND in the model. */
export function findContexts(_model: QueryModel): readonly ProposedContext[] {
  return [];
}

/** C-MOVE in the model. */
export function moveContexts(_model: "study-root" | "patient-root"): readonly ProposedContext[] {
  return [];
}

/** N-ACTION of Storage Commitment. */
export function commitmentContexts(): readonly ProposedContext[] {
  return [];
}

/**
 * Associations for C-GET of the objects: one context per SOP class and syntax, so that the PACS sends what it stores
 * as it stores it; several plans where one association has not room for all classes, the first classes first.
 */
export function planGet(
  _model: "study-root" | "patient-root",
  _kinds: readonly StoredKind[],
): readonly ContextPlan[] {
  return [];
}

/** Associations for C-STORE of the objects: in their own syntaxes, and uncompressed ones for a PACS that takes nothing else. */
export function planStore(_kinds: readonly StoredKind[]): readonly ContextPlan[] {
  return [];
}

/** SOP classes that series of the modalities are likely to hold, the likeliest first; for all modalities when there is none. */
export function likelyKinds(_modalities: readonly string[]): readonly StoredKind[] {
  return [];
}

/** The request of a plan. */
export function requestOf(plan: ContextPlan): AssociationRequest {
  return { contexts: plan.contexts };
}
