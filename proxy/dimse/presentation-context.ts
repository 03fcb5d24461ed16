/** Which roles the requestor of an association takes for a SOP class (PS3.7 D.3.3.4); SCU alone is the default. */
export interface Roles {
  readonly scu: boolean;
  readonly scp: boolean;
}

/** A presentation context that is proposed (PS3.8 9.3.2.2). Identifiers are given when the request is written. */
export interface ProposedContext {
  readonly abstractSyntaxUid: string;
  /** In order of preference; the acceptor chooses one. */
  readonly transferSyntaxUids: readonly string[];
  readonly roles?: Roles;
}

/** A presentation context that was accepted. */
export interface AcceptedContext {
  /** Odd, 1 to 255. */
  readonly id: number;
  readonly abstractSyntaxUid: string;
  readonly transferSyntaxUid: string;
  /** Roles of the requestor, as negotiated. */
  readonly roles: Roles;
}

/** A proposed context that was not accepted, with Result/Reason of PS3.8 table 9-18. */
export interface RefusedContext {
  readonly abstractSyntaxUid: string;
  readonly result: number;
}

/** Contexts in one association, as their identifiers are the odd numbers of a byte. */
export const MOST_CONTEXTS = 128;
