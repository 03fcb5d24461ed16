import { DimseError } from "../dimse-error.ts";
import type { CommitmentDesk, CommitmentReport } from "./commitment-report.ts";

/** Reports that nobody waits for yet; the oldest is forgotten for a newer one. */
const MOST_EARLY = 200;

/** A desk for reports of Storage Commitment; one may come before somebody waits for it. */
export function createCommitmentDesk(): CommitmentDesk {
  const early = new Map<string, CommitmentReport>();
  const waiting = new Map<string, (report: CommitmentReport) => void>();
  return {
    received: (report) => {
      const take = waiting.get(report.transactionUid);
      if (take !== undefined) {
        take(report);
        return;
      }
      early.delete(report.transactionUid);
      early.set(report.transactionUid, report);
      const oldest = early.keys().next().value;
      if (early.size > MOST_EARLY && oldest !== undefined) early.delete(oldest);
    },
    reportOf: (transactionUid, timeoutMs, signal) => {
      const report = early.get(transactionUid);
      if (report === undefined) return waitFor(waiting, transactionUid, timeoutMs, signal);
      early.delete(transactionUid);
      return Promise.resolve(report);
    },
  };
}

function waitFor(
  waiting: Map<string, (report: CommitmentReport) => void>,
  transactionUid: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<CommitmentReport> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      waiting.delete(transactionUid);
      then();
    };
    const stop = () =>
      settle(() =>
        reject(new DimseError("cancelled", "The report of Storage Commitment is not awaited")),
      );
    const timer = setTimeout(
      () =>
        settle(() =>
          reject(
            new DimseError(
              "silent",
              `No report of Storage Commitment came within ${timeoutMs} ms. Does the archive know our AE title, host and port, to which it sends it?`,
            ),
          ),
        ),
      timeoutMs,
    );
    waiting.set(transactionUid, (report) => settle(() => resolve(report)));
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}
