import type { UserIdentity } from "./user-identity.ts";

/** Types of protocol data units (PS3.8 section 9.3.1). */
export const PDU_TYPES = {
  associateRequest: 0x01,
  associateAccept: 0x02,
  associateReject: 0x03,
  data: 0x04,
  releaseRequest: 0x05,
  releaseResponse: 0x06,
  abort: 0x07,
} as const;

/** Bytes of a PDU before its variable field: type, reserved, length. */
export const PDU_HEADER_LENGTH = 6;

/** The DICOM application context (PS3.7 annex A). */
export const APPLICATION_CONTEXT_UID = "1.2.840.10008.3.1.1.1";

/** A proposed presentation context item (PS3.8 table 9-13). */
export interface ContextProposal {
  readonly id: number;
  readonly abstractSyntaxUid: string;
  readonly transferSyntaxUids: readonly string[];
}

/** A presentation context item of an answer (PS3.8 table 9-18); 0 is acceptance. */
export interface ContextResult {
  readonly id: number;
  readonly result: number;
  /** Not significant unless accepted. */
  readonly transferSyntaxUid: string;
}

/** SCP/SCU role selection (PS3.7 table D.3-9). */
export interface RoleSelection {
  readonly sopClassUid: string;
  readonly scu: boolean;
  readonly scp: boolean;
}

/** User identity of a request (PS3.7 table D.3-14). */
export interface UserIdentityItem {
  readonly identity: UserIdentity;
  readonly isResponseRequested: boolean;
}

/** The user information item (PS3.8 table 9-16, PS3.7 section D.3.3). */
export interface UserInformation {
  /** Bytes of a PDU's variable field that are taken; 0 for no limit. */
  readonly maximumPduLength: number;
  readonly implementationClassUid?: string;
  readonly implementationVersionName?: string;
  readonly asynchronousOperations?: { readonly invoked: number; readonly performed: number };
  readonly roles: readonly RoleSelection[];
  readonly extendedNegotiations: ReadonlyMap<string, Uint8Array>;
  /** In requests. */
  readonly userIdentity?: UserIdentityItem;
  /** In answers. */
  readonly userIdentityResponse?: Uint8Array;
}

interface Associate {
  /** Bit 0 is version 1. */
  readonly protocolVersion: number;
  readonly calledAeTitle: string;
  readonly callingAeTitle: string;
  readonly applicationContextUid: string;
  readonly userInformation: UserInformation;
}

/** A-ASSOCIATE-RQ (PS3.8 table 9-11). */
export interface AssociateRequestPdu extends Associate {
  readonly type: "A-ASSOCIATE-RQ";
  readonly contexts: readonly ContextProposal[];
}

/** A-ASSOCIATE-AC (PS3.8 table 9-17). */
export interface AssociateAcceptPdu extends Associate {
  readonly type: "A-ASSOCIATE-AC";
  readonly contexts: readonly ContextResult[];
}

/** A-ASSOCIATE-RJ (PS3.8 table 9-21). */
export interface AssociateRejectPdu {
  readonly type: "A-ASSOCIATE-RJ";
  readonly result: number;
  readonly source: number;
  readonly reason: number;
}

/** A-ABORT (PS3.8 table 9-26). */
export interface AbortPdu {
  readonly type: "A-ABORT";
  readonly source: number;
  readonly reason: number;
}

/** Every PDU but P-DATA-TF, whose bytes are handed on as they come. */
export type ControlPdu =
  | AssociateRequestPdu
  | AssociateAcceptPdu
  | AssociateRejectPdu
  | { readonly type: "A-RELEASE-RQ" }
  | { readonly type: "A-RELEASE-RP" }
  | AbortPdu;

/** Source of an A-ABORT (PS3.8 table 9-26). */
export const ABORT_SOURCES = { serviceUser: 0, serviceProvider: 2 } as const;

/** Reason/Diag. of an A-ABORT of the service provider (PS3.8 table 9-26). */
export const ABORT_REASONS = {
  notSpecified: 0,
  unrecognizedPdu: 1,
  unexpectedPdu: 2,
  unrecognizedParameter: 4,
  unexpectedParameter: 5,
  invalidParameter: 6,
} as const;
