import { randomUUID } from "node:crypto";
import type { PacsSettings } from "../../config/pacs-settings.ts";
import type { AssociationPool } from "../../dimse/association-pool.ts";
import { DimseError } from "../../dimse/dimse-error.ts";
import type { CommitmentDesk, CommitmentReport } from "../../dimse/services/commitment-report.ts";
import { commitmentContexts } from "../../dimse/services/plan-contexts.ts";
import { statusMeaning } from "../../dimse/services/status.ts";
import type { requestCommitment } from "../../dimse/services/storage-commitment.ts";
import type { StoreOutcome } from "../source.ts";
import { FAILURE_REASONS, NOT_CONFIRMED } from "./store-failure.ts";

/** How long a report is waited for while the client waits too. */
const REPORT_TIMEOUT_MS = 10_000;

/** What confirmation works with. */
export interface CommitmentParts {
  readonly settings: PacsSettings;
  readonly pool: AssociationPool;
  /** Where reports arrive. */
  readonly desk: CommitmentDesk;
  readonly requestCommitment: typeof requestCommitment;
  /** 10 s by default. */
  readonly reportTimeoutMs?: number;
}

/**
 * Has the PACS confirm by Storage Commitment (PS3.4 annex J) what it has taken. What it will not keep becomes failed;
 * what it does not confirm in time is stored with the warning that says so.
 */
export async function confirmStored(
  outcomes: readonly StoreOutcome[],
  parts: CommitmentParts,
  user: string,
  signal: AbortSignal,
): Promise<readonly StoreOutcome[]> {
  const taken = new Map<string, string>();
  for (const { kind, sopClassUid, sopInstanceUid } of outcomes)
    if (kind !== "failed" && sopClassUid !== undefined && sopInstanceUid !== undefined)
      taken.set(sopInstanceUid, sopClassUid);
  if (taken.size === 0) return outcomes;
  const report = await reportOf(taken, parts, user, signal);
  if (typeof report === "string") return outcomes.map((outcome) => unconfirmed(outcome, report));
  const reasons = new Map(report.failed.map((one) => [one.sopInstanceUid, one.reason]));
  const committed = new Set(report.committed.map((one) => one.sopInstanceUid));
  return outcomes.map((outcome) => confirmed(outcome, committed, reasons));
}

/** The report, or a sentence that says why there is none. */
async function reportOf(
  taken: ReadonlyMap<string, string>,
  { settings, pool, desk, requestCommitment: request, reportTimeoutMs }: CommitmentParts,
  user: string,
  signal: AbortSignal,
): Promise<CommitmentReport | string> {
  const transactionUid = madeUid();
  const instances = [...taken].map(([sopInstanceUid, sopClassUid]) => ({
    sopInstanceUid,
    sopClassUid,
  }));
  const { userIdentity } = settings;
  // A report that is not waited for any more ends its waiting, whatever came of the request.
  const waiting = new AbortController();
  const either = AbortSignal.any([signal, waiting.signal]);
  // Waited for before it is asked for: some report before they answer the request.
  const report = desk.reportOf(transactionUid, reportTimeoutMs ?? REPORT_TIMEOUT_MS, either);
  report.catch(() => undefined);
  const contexts = commitmentContexts();
  try {
    return await pool.use(
      {
        request: { contexts, ...(userIdentity === undefined ? {} : { userIdentity }) },
        purpose: "commitment",
        user,
        isUrgent: false,
      },
      async (association) => {
        await request(association, transactionUid, instances, signal, desk);
        return await report;
      },
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof DimseError)) throw error;
    return error.code === "silent"
      ? `no report came within ${(reportTimeoutMs ?? REPORT_TIMEOUT_MS) / 1000} s`
      : `Storage Commitment failed (${error.code}): ${error.message}`;
  } finally {
    waiting.abort();
  }
}

function confirmed(
  outcome: StoreOutcome,
  committed: ReadonlySet<string>,
  reasons: ReadonlyMap<string, number>,
): StoreOutcome {
  const uid = outcome.sopInstanceUid ?? "";
  const given = reasons.get(uid);
  if (outcome.kind !== "failed" && given !== undefined) {
    const reason = given === 0 ? FAILURE_REASONS.processingFailure : given;
    const code = reason.toString(16).toUpperCase().padStart(4, "0");
    const { meaning } = statusMeaning("N-EVENT-REPORT", reason);
    const message = `The PACS took the object but will not keep it: Storage Commitment failed with ${code}H (${meaning})`;
    return { ...outcome, kind: "failed", status: reason, message };
  }
  return committed.has(uid) ? outcome : unconfirmed(outcome, "its report does not name the object");
}

function unconfirmed(outcome: StoreOutcome, why: string): StoreOutcome {
  if (outcome.kind === "failed") return outcome;
  const message = `The PACS took the object but has not confirmed that it keeps it: ${why}`;
  return { ...outcome, kind: "warning", status: NOT_CONFIRMED, message };
}

/** A UID of a UUID (PS3.5 section B.2). */
function madeUid(): string {
  return `2.25.${BigInt(`0x${randomUUID().replaceAll("-", "")}`)}`;
}
