/** An instance that was stored, or is to be kept. */
export interface ReferencedInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** What the peer reports of a transaction (PS3.4 J.3.3). */
export interface CommitmentReport {
  readonly transactionUid: string;
  readonly committed: readonly ReferencedInstance[];
  /** With Failure Reason (0008,1197). */
  readonly failed: readonly (ReferencedInstance & { readonly reason: number })[];
}

/** Where reports of transactions arrive, on the association of the request or on one that the peer requests of the listener. */
interface CommitmentReports {
  /** The report of the transaction. @throws DimseError `silent` when none came in time, `cancelled` */
  reportOf(
    transactionUid: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<CommitmentReport>;
}

/** Where reports are handed in, and waited for. */
export interface CommitmentDesk extends CommitmentReports {
  received(report: CommitmentReport): void;
}
