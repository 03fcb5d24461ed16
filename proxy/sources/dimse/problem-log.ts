import { DimseError } from "../../dimse/dimse-error.ts";
import type { SourceProblem } from "../source.ts";

/** Problems that are remembered; the oldest make room. */
const MOST = 1000;

/** Instances that did not come, and why; no patient data but UIDs. */
export class ProblemLog {
  readonly #problems = new Map<string, SourceProblem>();

  /** Why the instance did not come; undefined when it has. */
  note(
    series: { readonly studyInstanceUid: string; readonly seriesInstanceUid: string },
    sopInstanceUid: string,
    error: unknown,
  ): void {
    const { studyInstanceUid, seriesInstanceUid } = series;
    const where = `${studyInstanceUid}/${seriesInstanceUid}/${sopInstanceUid}`;
    this.#problems.delete(where);
    if (error === undefined) return;
    const code =
      error instanceof Error && "code" in error && typeof error.code === "string"
        ? error.code
        : "internal";
    const message = error instanceof Error ? error.message : "The object did not come";
    this.#problems.set(where, {
      severity: "failure",
      where,
      code,
      message: `${message}${statusOf(error)}`,
    });
    const [oldest] = this.#problems.keys();
    if (this.#problems.size > MOST && oldest !== undefined) this.#problems.delete(oldest);
  }

  /** Forgets what was noted of a study, or of a series of it. */
  forget(studyInstanceUid: string, seriesInstanceUid?: string): void {
    const prefix = [
      studyInstanceUid,
      ...(seriesInstanceUid === undefined ? [] : [seriesInstanceUid]),
    ];
    for (const where of [...this.#problems.keys()])
      if (where.startsWith(`${prefix.join("/")}/`)) this.#problems.delete(where);
  }

  list(): readonly SourceProblem[] {
    return [...this.#problems.values()];
  }
}

function statusOf(error: unknown): string {
  if (!(error instanceof DimseError) || error.facts.status === undefined) return "";
  return ` (${error.facts.status.toString(16).toUpperCase().padStart(4, "0")}H)`;
}
