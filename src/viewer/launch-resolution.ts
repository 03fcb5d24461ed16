import type { Launch, LaunchProblem, LaunchTarget } from "./launch-parameters.ts";
import { type StudyListEntry, studyListEntry } from "./study-list-entry.ts";
import type { StudyListFailure, StudyListSource } from "./study-list-state.ts";

/** What a launch leads to. */
export type LaunchOutcome =
  | { readonly kind: "list" }
  | {
      readonly kind: "open";
      readonly studyInstanceUid: string;
      /** Further studies that were asked for. */
      readonly others: readonly string[];
      readonly target: LaunchTarget;
    }
  /** Several studies fit: a person chooses among these and no others. */
  | { readonly kind: "choose"; readonly entries: readonly StudyListEntry[] }
  | { readonly kind: "refused"; readonly reason: LaunchRefusal };

/** Why nothing is opened. */
export type LaunchRefusal =
  | { readonly kind: "invalid"; readonly problem: LaunchProblem }
  | { readonly kind: "nothing-found"; readonly what: "study" | "accession" | "patient" }
  /** What was found names another patient or order than the caller did (safety C3). */
  | { readonly kind: "mismatch"; readonly attribute: "patient-id" | "accession-number" }
  | { readonly kind: "failed"; readonly failure: StudyListFailure };

const MAXIMUM_MATCHES = 200;

/**
 * Finds what a launch asks for. Matches are compared once more here, exactly, because an archive may ignore a
 * key that it does not know and answer with everybody's studies.
 */
export async function resolveLaunch(
  launch: Launch,
  source: StudyListSource,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  switch (launch.kind) {
    case "study-list":
      return { kind: "list" };
    case "invalid":
      return refused({ kind: "invalid", problem: launch.problem });
    case "studies":
      return resolveStudies(launch, source, signal);
    case "accession":
      return resolveAccessions(launch, source, signal);
    case "patient": {
      const { patientId } = launch;
      const found = await find(source, [{ patientId }], signal);
      if ("kind" in found) return found;
      return chosen(
        found.filter((entry) => entry.patientId === patientId),
        "patient",
      );
    }
  }
}

/** Without an expectation a study opens at once: its UID names it, and the viewport says when there is none. */
async function resolveStudies(
  launch: Extract<Launch, { kind: "studies" }>,
  source: StudyListSource,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  const { studyInstanceUids, target, expectation } = launch;
  const [studyInstanceUid, ...others] = studyInstanceUids;
  if (studyInstanceUid === undefined) return { kind: "list" };
  const opened: LaunchOutcome = { kind: "open", studyInstanceUid, others, target };
  const { patientId, accessionNumber } = expectation;
  if (patientId === undefined && accessionNumber === undefined) return opened;
  const keys = studyInstanceUids.map((uid) => ({ studyInstanceUid: uid }));
  const found = await find(source, keys, signal);
  if ("kind" in found) return found;
  const asked = found.filter((entry) => studyInstanceUids.includes(entry.studyInstanceUid));
  if (asked.length === 0) return refused({ kind: "nothing-found", what: "study" });
  if (patientId !== undefined && asked.some((entry) => entry.patientId !== patientId))
    return refused({ kind: "mismatch", attribute: "patient-id" });
  if (
    accessionNumber !== undefined &&
    asked.some((entry) => entry.accessionNumber !== accessionNumber)
  )
    return refused({ kind: "mismatch", attribute: "accession-number" });
  return opened;
}

async function resolveAccessions(
  launch: Extract<Launch, { kind: "accession" }>,
  source: StudyListSource,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  const { accessionNumbers, expectation } = launch;
  const found = await find(
    source,
    accessionNumbers.map((accessionNumber) => ({ accessionNumber })),
    signal,
  );
  if ("kind" in found) return found;
  const asked = found.filter(({ accessionNumber }) =>
    accessionNumbers.includes(accessionNumber ?? ""),
  );
  const { patientId } = expectation;
  if (patientId !== undefined && asked.some((entry) => entry.patientId !== patientId))
    return refused({ kind: "mismatch", attribute: "patient-id" });
  return chosen(asked, "accession");
}

async function find(
  source: StudyListSource,
  keys: readonly {
    readonly studyInstanceUid?: string;
    readonly patientId?: string;
    readonly accessionNumber?: string;
  }[],
  signal: AbortSignal,
): Promise<readonly StudyListEntry[] | LaunchOutcome> {
  try {
    const pages = await Promise.all(
      keys.map((key) =>
        source.searchForStudies({ ...key, limit: MAXIMUM_MATCHES, offset: 0 }, signal),
      ),
    );
    const entries = pages
      .flatMap(({ studies }) => studies.map(studyListEntry))
      .filter((entry) => entry !== undefined);
    return [...new Map(entries.map((entry) => [entry.studyInstanceUid, entry])).values()];
  } catch (error) {
    signal.throwIfAborted();
    const message = error instanceof Error ? error.message : "";
    const code =
      error instanceof Error && "code" in error && typeof error.code === "string"
        ? error.code
        : "unexpected";
    return refused({ kind: "failed", failure: { code, message } });
  }
}

function chosen(entries: readonly StudyListEntry[], what: "accession" | "patient"): LaunchOutcome {
  const [first, ...others] = entries;
  if (first === undefined) return refused({ kind: "nothing-found", what });
  if (others.length > 0) return { kind: "choose", entries };
  const { studyInstanceUid } = first;
  return { kind: "open", studyInstanceUid, others: [], target: {} };
}

function refused(reason: LaunchRefusal): LaunchOutcome {
  return { kind: "refused", reason };
}
