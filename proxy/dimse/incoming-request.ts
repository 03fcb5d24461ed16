import type { PeerUserInformation } from "./association.ts";
import type { ProposedContext } from "./presentation-context.ts";
import type { UserIdentity } from "./user-identity.ts";

/** A presentation context as another application entity proposes it; roles are those that it wants for itself. */
export interface IncomingContext extends ProposedContext {
  /** Odd, 1 to 255. */
  readonly id: number;
}

/** What another application entity asks of us (A-ASSOCIATE-RQ). */
export interface IncomingRequest {
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  /** Address that it came from, IPv4 (also where the socket has it as IPv6) or IPv6. */
  readonly address: string;
  readonly contexts: readonly IncomingContext[];
  readonly peer: PeerUserInformation;
  readonly userIdentity?: UserIdentity;
}

/** Result, source and reason of A-ASSOCIATE-RJ (PS3.8 table 9-21). */
export interface Rejection {
  readonly result: number;
  readonly source: number;
  readonly reason: number;
}

/** Rejections that there is use for. */
export const REJECTIONS = {
  noReasonGiven: { result: 1, source: 1, reason: 1 },
  applicationContextNotSupported: { result: 1, source: 1, reason: 2 },
  callingAeTitleNotRecognised: { result: 1, source: 1, reason: 3 },
  calledAeTitleNotRecognised: { result: 1, source: 1, reason: 7 },
  protocolVersionNotSupported: { result: 1, source: 2, reason: 2 },
  temporaryCongestion: { result: 2, source: 3, reason: 1 },
  localLimitExceeded: { result: 2, source: 3, reason: 2 },
} as const satisfies Record<string, Rejection>;

/** Result/Reason of a context that is not accepted (PS3.8 table 9-18). */
export const CONTEXT_RESULTS = {
  userRejection: 1,
  noReason: 2,
  abstractSyntaxNotSupported: 3,
  transferSyntaxesNotSupported: 4,
} as const;

/** What becomes of one proposed context: one of its transfer syntaxes, or a result of `CONTEXT_RESULTS`. */
export type ContextAnswer =
  | { readonly transferSyntaxUid: string; readonly roles?: ProposedContext["roles"] }
  | { readonly result: number };

/** What is answered to a request. */
export type AcceptorAnswer =
  | { readonly kind: "reject"; readonly rejection: Rejection }
  | {
      readonly kind: "accept";
      /** Asked for each context; roles that are not proposed are not given. */
      readonly context: (proposed: IncomingContext) => ContextAnswer;
      /** By SOP class; none without it. */
      readonly extendedNegotiations?: ReadonlyMap<string, Uint8Array>;
      /** Answer to a user identity that asked for one (PS3.7 D.3.3.7.2). */
      readonly userIdentityResponse?: Uint8Array;
    };
