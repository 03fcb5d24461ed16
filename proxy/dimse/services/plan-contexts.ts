import { isUid } from "#core/dicom/uid.ts";
import type { AssociationRequest } from "../association-request.ts";
import { MOST_CONTEXTS, type ProposedContext, type Roles } from "../presentation-context.ts";
import { VERIFICATION } from "./echo.ts";
import { MODEL_UIDS, type QueryModel } from "./query-model.ts";
import { STORAGE_COMMITMENT_PUSH } from "./storage-commitment.ts";
import {
  type LikelySyntaxes,
  likelyClasses,
  likelySyntaxes,
  UNCOMPRESSED,
} from "./storage-syntaxes.ts";

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
  return [identifiers(VERIFICATION)];
}

/** C-FIND in the model. */
export function findContexts(model: QueryModel): readonly ProposedContext[] {
  return [identifiers(MODEL_UIDS[model].find)];
}

/** C-MOVE in the model. */
export function moveContexts(model: "study-root" | "patient-root"): readonly ProposedContext[] {
  return [identifiers(MODEL_UIDS[model].move)];
}

/** N-ACTION of Storage Commitment. */
export function commitmentContexts(): readonly ProposedContext[] {
  return [identifiers(STORAGE_COMMITMENT_PUSH)];
}

/**
 * Associations for C-GET of the objects: one context per SOP class and syntax, so that the PACS sends what it stores
 * as it stores it; several plans where one association has not room for all classes, the first classes first.
 */
export function planGet(
  model: "study-root" | "patient-root",
  kinds: readonly StoredKind[],
): readonly ContextPlan[] {
  const first = identifiers(MODEL_UIDS[model].get);
  const wanted = merged(kinds).map(({ sopClassUid, transferSyntaxUids }) => ({
    sopClassUid,
    ...(transferSyntaxUids.length === 0
      ? likelySyntaxes(sopClassUid)
      : known([...transferSyntaxUids, ...UNCOMPRESSED])),
  }));
  // The requestor performs the C-STORE of a C-GET: it is their SCP (PS3.7 D.3.3.4, PS3.4 C.5.3).
  return plansOf(wanted, [first], { scu: false, scp: true }, "get");
}

/** Associations for C-STORE of the objects: in their own syntaxes, and uncompressed ones for a PACS that takes nothing else. */
export function planStore(kinds: readonly StoredKind[]): readonly ContextPlan[] {
  const wanted = merged(kinds).map(({ sopClassUid, transferSyntaxUids }) => ({
    sopClassUid,
    ...known([...transferSyntaxUids, ...UNCOMPRESSED]),
  }));
  return plansOf(wanted, [], undefined, "store");
}

/** SOP classes that series of the modalities are likely to hold, the likeliest first; for all modalities when there is none. */
export function likelyKinds(modalities: readonly string[]): readonly StoredKind[] {
  return likelyClasses(modalities).map((sopClassUid) => ({ sopClassUid }));
}

/** The request of a plan. */
export function requestOf(plan: ContextPlan): AssociationRequest {
  return { contexts: plan.contexts };
}

/** A context for messages whose data sets are identifiers. */
function identifiers(abstractSyntaxUid: string): ProposedContext {
  return { abstractSyntaxUid, transferSyntaxUids: UNCOMPRESSED };
}

/** A SOP class and the syntaxes that contexts are wanted for. */
interface WantedClass extends LikelySyntaxes {
  readonly sopClassUid: string;
}

function known(transferSyntaxUids: readonly string[]): LikelySyntaxes {
  return { likely: [...new Set(transferSyntaxUids)].slice(0, MOST_CONTEXTS / 2), rare: [] };
}

/** One kind per SOP class, with the syntaxes of all of its kinds; what is no UID is left out. */
function merged(kinds: readonly StoredKind[]): readonly Required<StoredKind>[] {
  const byClass = new Map<string, Set<string>>();
  for (const { sopClassUid, transferSyntaxUids = [] } of kinds) {
    if (!isUid(sopClassUid)) continue;
    const syntaxes = byClass.get(sopClassUid) ?? new Set();
    for (const uid of transferSyntaxUids) if (isUid(uid)) syntaxes.add(uid);
    byClass.set(sopClassUid, syntaxes);
  }
  return [...byClass].map(([sopClassUid, syntaxes]) => ({
    sopClassUid,
    transferSyntaxUids: [...syntaxes],
  }));
}

function plansOf(
  wanted: readonly WantedClass[],
  before: readonly ProposedContext[],
  roles: Roles | undefined,
  name: string,
): readonly ContextPlan[] {
  const room = MOST_CONTEXTS - before.length;
  return packed(wanted, room).map((classes) => {
    const pairs = [
      ...classes.flatMap(({ sopClassUid, likely }) =>
        likely.map((uid) => [sopClassUid, uid] as const),
      ),
      ...inTurns(classes),
    ].slice(0, room);
    const contexts = [
      ...before,
      ...pairs.map(([abstractSyntaxUid, transferSyntaxUid]) => ({
        abstractSyntaxUid,
        transferSyntaxUids: [transferSyntaxUid],
        ...(roles === undefined ? {} : { roles }),
      })),
    ];
    return {
      sopClassUids: classes.map(({ sopClassUid }) => sopClassUid),
      contexts,
      purpose: purposeOf(name, contexts),
    };
  });
}

/** Classes in order, as many together as have room for all of their likely syntaxes. */
function packed(wanted: readonly WantedClass[], room: number): readonly (readonly WantedClass[])[] {
  const packs: WantedClass[][] = [];
  let left = 0;
  for (const one of wanted) {
    if (one.likely.length > left) {
      packs.push([]);
      left = room;
    }
    packs.at(-1)?.push(one);
    left -= one.likely.length;
  }
  return packs;
}

/** The rare syntaxes, the first of each class before the second of any. */
function inTurns(classes: readonly WantedClass[]): readonly (readonly [string, string])[] {
  const most = Math.max(0, ...classes.map(({ rare }) => rare.length));
  return Array.from({ length: most }, (_, turn) =>
    classes.flatMap(({ sopClassUid, rare }) => {
      const uid = rare[turn];
      return uid === undefined ? [] : [[sopClassUid, uid] as const];
    }),
  ).flat();
}

function purposeOf(name: string, contexts: readonly ProposedContext[]): string {
  const parts = contexts.map(
    ({ abstractSyntaxUid, transferSyntaxUids }) =>
      `${abstractSyntaxUid}=${transferSyntaxUids.join(",")}`,
  );
  return `${name} ${parts.join(" ")}`;
}
