import {
  IMPLEMENTATION_CLASS_UID,
  IMPLEMENTATION_VERSION_NAME,
} from "#core/dicom/part10-writer.ts";
import type { PeerUserInformation } from "./association.ts";
import type { AssociationRequest } from "./association-request.ts";
import type { AcceptorAnswer, IncomingContext, IncomingRequest } from "./incoming-request.ts";
import { CONTEXT_RESULTS } from "./incoming-request.ts";
import type { Negotiated } from "./live-association.ts";
import {
  APPLICATION_CONTEXT_UID,
  type AssociateAcceptPdu,
  type AssociateRequestPdu,
  type ContextResult,
  type RoleSelection,
  type UserInformation,
} from "./pdu.ts";
import {
  type AcceptedContext,
  MOST_CONTEXTS,
  type ProposedContext,
  type RefusedContext,
  type Roles,
} from "./presentation-context.ts";
import type { RemoteAe } from "./remote-ae.ts";
import { excess } from "./violation.ts";

/** Without role selection the requestor is SCU alone (PS3.7 D.3.3.4). */
const DEFAULT_ROLES: Roles = { scu: true, scp: false };
/** Without the asynchronous operations window (PS3.7 D.3.3.3). */
const ONE_OPERATION = { invoked: 1, performed: 1 };

/** The identifier of a context by its place in the request. */
function contextId(at: number): number {
  return at * 2 + 1;
}

/** The A-ASSOCIATE-RQ of a request. @throws DimseError `limit-exceeded` with more contexts than there are identifiers */
export function requestPdu(remote: RemoteAe, request: AssociationRequest): AssociateRequestPdu {
  if (request.contexts.length > MOST_CONTEXTS) {
    throw excess("An association has 128 presentation contexts at most.");
  }
  return {
    type: "A-ASSOCIATE-RQ",
    protocolVersion: 1,
    calledAeTitle: remote.aeTitle,
    callingAeTitle: remote.callingAeTitle,
    applicationContextUid: APPLICATION_CONTEXT_UID,
    contexts: request.contexts.map(({ abstractSyntaxUid, transferSyntaxUids }, at) => ({
      id: contextId(at),
      abstractSyntaxUid,
      transferSyntaxUids,
    })),
    userInformation: {
      maximumPduLength: remote.maximumPduLength,
      implementationClassUid: IMPLEMENTATION_CLASS_UID,
      implementationVersionName: IMPLEMENTATION_VERSION_NAME,
      ...(request.asynchronousOperations === undefined
        ? {}
        : { asynchronousOperations: request.asynchronousOperations }),
      roles: rolesOf(request.contexts),
      extendedNegotiations: request.extendedNegotiations ?? new Map(),
      ...(request.userIdentity === undefined
        ? {}
        : { userIdentity: { identity: request.userIdentity, isResponseRequested: false } }),
    },
  };
}

/** One role selection for each SOP class that has one; the roles of all its contexts together. */
function rolesOf(contexts: readonly ProposedContext[]): readonly RoleSelection[] {
  const roles = new Map<string, RoleSelection>();
  for (const { abstractSyntaxUid: sopClassUid, roles: wanted } of contexts) {
    if (wanted === undefined) continue;
    const before = roles.get(sopClassUid);
    roles.set(sopClassUid, {
      sopClassUid,
      scu: wanted.scu || before?.scu === true,
      scp: wanted.scp || before?.scp === true,
    });
  }
  return [...roles.values()];
}

/**
 * What the answer makes of the request. A context that is accepted with a syntax that was not proposed, or is not
 * answered at all, counts as refused.
 */
export function negotiatedBy(request: AssociateRequestPdu, answer: AssociateAcceptPdu): Negotiated {
  const results = new Map(answer.contexts.map((result) => [result.id, result]));
  const contexts: AcceptedContext[] = [];
  const refused: RefusedContext[] = [];
  const roles = agreedRoles(request.userInformation.roles, answer.userInformation.roles);
  for (const { id, abstractSyntaxUid, transferSyntaxUids } of request.contexts) {
    const result = resultFor(results.get(id), transferSyntaxUids);
    if (typeof result === "number") refused.push({ abstractSyntaxUid, result });
    else {
      contexts.push({
        id,
        abstractSyntaxUid,
        transferSyntaxUid: result.transferSyntaxUid,
        roles: roles.get(abstractSyntaxUid) ?? DEFAULT_ROLES,
      });
    }
  }
  return {
    callingAeTitle: request.callingAeTitle,
    calledAeTitle: request.calledAeTitle,
    contexts,
    refused,
    peer: peerOf(answer.userInformation),
  };
}

function resultFor(
  answer: ContextResult | undefined,
  proposed: readonly string[],
): ContextResult | number {
  if (answer === undefined) return CONTEXT_RESULTS.noReason;
  if (answer.result !== 0) return answer.result;
  return proposed.includes(answer.transferSyntaxUid)
    ? answer
    : CONTEXT_RESULTS.transferSyntaxesNotSupported;
}

/** A role is taken when it was proposed and accepted (PS3.7 D.3.3.4). */
function agreedRoles(
  proposed: readonly RoleSelection[],
  accepted: readonly RoleSelection[],
): ReadonlyMap<string, Roles> {
  const answers = new Map(accepted.map((role) => [role.sopClassUid, role]));
  return new Map(
    proposed.flatMap(({ sopClassUid, scu, scp }): readonly [string, Roles][] => {
      const answer = answers.get(sopClassUid);
      return answer === undefined
        ? []
        : [[sopClassUid, { scu: scu && answer.scu, scp: scp && answer.scp }]];
    }),
  );
}

/** What a peer says of itself. */
function peerOf(user: UserInformation): PeerUserInformation {
  const { implementationClassUid, implementationVersionName } = user;
  return {
    maximumPduLength: user.maximumPduLength,
    ...(implementationClassUid === undefined ? {} : { implementationClassUid }),
    ...(implementationVersionName === undefined ? {} : { implementationVersionName }),
    asynchronousOperations: user.asynchronousOperations ?? ONE_OPERATION,
    extendedNegotiations: user.extendedNegotiations,
  };
}

/** A request of another application entity, as policies see it. */
export function incomingRequest(pdu: AssociateRequestPdu, address: string): IncomingRequest {
  const { userInformation: user } = pdu;
  const roles = new Map(user.roles.map((role) => [role.sopClassUid, role]));
  const identity = user.userIdentity?.identity;
  return {
    callingAeTitle: pdu.callingAeTitle,
    calledAeTitle: pdu.calledAeTitle,
    address,
    contexts: pdu.contexts.map((context) => {
      const wanted = roles.get(context.abstractSyntaxUid);
      return {
        ...context,
        ...(wanted === undefined ? {} : { roles: { scu: wanted.scu, scp: wanted.scp } }),
      };
    }),
    peer: peerOf(user),
    ...(identity === undefined ? {} : { userIdentity: identity }),
  };
}

/** How we answer, and what comes of it. */
export interface Acceptance {
  readonly pdu: AssociateAcceptPdu;
  readonly negotiated: Negotiated;
}

/** What the acceptor offers in its answer. */
export interface AcceptorOffer {
  readonly maximumPduLength: number;
  readonly asynchronousOperations?: { readonly invoked: number; readonly performed: number };
}

/** The A-ASSOCIATE-AC by the policy's answer. */
export function acceptance(
  request: AssociateRequestPdu,
  incoming: IncomingRequest,
  answer: Extract<AcceptorAnswer, { readonly kind: "accept" }>,
  offer: AcceptorOffer,
): Acceptance {
  const contexts: AcceptedContext[] = [];
  const refused: RefusedContext[] = [];
  const results = incoming.contexts.map((proposed): ContextResult => {
    const decided = answer.context(proposed);
    const { id, abstractSyntaxUid } = proposed;
    if ("result" in decided) {
      refused.push({ abstractSyntaxUid, result: decided.result });
      return {
        id,
        result: decided.result,
        transferSyntaxUid: proposed.transferSyntaxUids[0] ?? "",
      };
    }
    const { transferSyntaxUid } = decided;
    contexts.push({
      id,
      abstractSyntaxUid,
      transferSyntaxUid,
      roles: grant(proposed, decided.roles),
    });
    return { id, result: 0, transferSyntaxUid };
  });
  const negotiated: Negotiated = {
    callingAeTitle: request.callingAeTitle,
    calledAeTitle: request.calledAeTitle,
    contexts,
    refused,
    peer: incoming.peer,
  };
  const userInformation = acceptorInformation(request.userInformation, contexts, answer, offer);
  return {
    pdu: { ...request, type: "A-ASSOCIATE-AC", contexts: results, userInformation },
    negotiated,
  };
}

function grant({ roles: wanted }: IncomingContext, given: Roles | undefined): Roles {
  if (wanted === undefined || given === undefined) return DEFAULT_ROLES;
  return { scu: wanted.scu && given.scu, scp: wanted.scp && given.scp };
}

function acceptorInformation(
  requested: UserInformation,
  contexts: readonly AcceptedContext[],
  answer: Extract<AcceptorAnswer, { readonly kind: "accept" }>,
  offer: AcceptorOffer,
): UserInformation {
  const isAsynchronous = requested.asynchronousOperations !== undefined;
  const asksForResponse = requested.userIdentity?.isResponseRequested === true;
  return {
    maximumPduLength: offer.maximumPduLength,
    implementationClassUid: IMPLEMENTATION_CLASS_UID,
    implementationVersionName: IMPLEMENTATION_VERSION_NAME,
    ...(isAsynchronous
      ? { asynchronousOperations: offer.asynchronousOperations ?? ONE_OPERATION }
      : {}),
    roles: rolesOf(contexts.map(toProposed)).filter(({ sopClassUid }) =>
      requested.roles.some((role) => role.sopClassUid === sopClassUid),
    ),
    extendedNegotiations: answer.extendedNegotiations ?? new Map(),
    ...(asksForResponse && answer.userIdentityResponse !== undefined
      ? { userIdentityResponse: answer.userIdentityResponse }
      : {}),
  };
}

function toProposed({ abstractSyntaxUid, roles }: AcceptedContext): ProposedContext {
  return { abstractSyntaxUid, transferSyntaxUids: [], roles };
}
