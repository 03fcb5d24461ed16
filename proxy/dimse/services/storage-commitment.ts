import type { Association } from "../association.ts";
import { DimseError } from "../dimse-error.ts";

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
export interface CommitmentReports {
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

/**
 * N-ACTION of Storage Commitment Push (PS3.4 J.3.2): asks that the instances be kept. Reports that come on the same
 * association afterwards, as long as nothing else is done on it, go to the desk.
 * @throws DimseError `no-context`, `failed-status`, `cancelled`, and those of the association's end
 */
export function requestCommitment(
  _association: Association,
  _transactionUid: string,
  _instances: readonly ReferencedInstance[],
  _signal: AbortSignal,
  _desk?: CommitmentDesk,
): Promise<void> {
  return Promise.reject(new DimseError("closed", "Storage Commitment is not there yet"));
}
