import { type ReadonlySignal, signal } from "@preact/signals-core";
import { type Failure, failureOfError } from "../../frames/failure.ts";
import { AssociationTrace } from "./association-trace.ts";
import { type CompanionRequests, sourcePath } from "./companion-requests.ts";
import { PacsTest } from "./pacs-test.ts";
import {
  type PacsReport,
  type ProblemReport,
  readPacs,
  readProblems,
  readSources,
  type SourceReport,
} from "./source-report.ts";

/** What was asked for, or why it is not there. */
export type Asked<T> =
  | { readonly kind: "asking" }
  | { readonly kind: "known"; readonly value: T }
  | { readonly kind: "failed"; readonly failure: Failure };

/** One source on the diagnostics screen. */
export interface SourceDiagnosis {
  readonly report: SourceReport;
  readonly problems: ReadonlySignal<Asked<readonly ProblemReport[]>>;
  /** Undefined where there is no PACS behind the source. */
  readonly pacs: PacsDiagnosis | undefined;
}

/** A PACS on the diagnostics screen. */
export interface PacsDiagnosis {
  readonly report: ReadonlySignal<Asked<PacsReport>>;
  readonly test: PacsTest;
  readonly trace: AssociationTrace;
  /** Address that gives the trace as a file. */
  readonly traceFile: string;
}

const REFRESH_MS = 2000;
const ASKING = { kind: "asking" } as const;

/** What the companion says of itself and its sources; numbers are asked for again while somebody looks. */
export class DiagnosticsState {
  readonly #requests: CompanionRequests;
  readonly #closed = new AbortController();
  readonly #refreshMs: number;
  readonly #sources = signal<Asked<readonly SourceDiagnosis[]>>(ASKING);
  #refreshing: (() => Promise<void>)[] = [];

  readonly sources: ReadonlySignal<Asked<readonly SourceDiagnosis[]>> = this.#sources;

  constructor(requests: CompanionRequests, refreshMs = REFRESH_MS) {
    this.#requests = requests;
    this.#refreshMs = refreshMs;
  }

  /** Asks for everything anew. Never rejects. */
  async load(): Promise<void> {
    this.#endTraces();
    this.#refreshing = [];
    this.#sources.value = ASKING;
    const { signal: closed } = this.#closed;
    const sources = await this.#ask("sources", requiredSources);
    if (closed.aborted) return;
    this.#sources.value =
      sources.kind === "known"
        ? { kind: "known", value: sources.value.map((report) => this.#diagnosisOf(report)) }
        : sources;
  }

  /** Keeps the numbers of PACS up to date until `dispose`. */
  async keepUpToDate(): Promise<void> {
    const { signal: closed } = this.#closed;
    while (!closed.aborted) {
      await new Promise((resolve) => setTimeout(resolve, this.#refreshMs));
      if (closed.aborted || globalThis.document?.visibilityState === "hidden") continue;
      await Promise.all(this.#refreshing.map((refresh) => refresh()));
    }
  }

  dispose(): void {
    this.#closed.abort();
    this.#endTraces();
  }

  #diagnosisOf(report: SourceReport): SourceDiagnosis {
    const problems = signal<Asked<readonly ProblemReport[]>>(ASKING);
    const path = (rest: string): string => sourcePath(report.name, rest);
    void this.#ask(path("problems"), readProblems).then((answer) => {
      problems.value = answer;
    });
    if (report.kind !== "dimse") return { report, problems, pacs: undefined };
    const pacs = signal<Asked<PacsReport>>(ASKING);
    const refresh = async (): Promise<void> => {
      const answer = await this.#ask(path("pacs"), readPacs);
      pacs.value = answer;
      // Who may not see it is not asked for it again and again.
      if (answer.kind === "failed" && answer.failure.code !== "network")
        this.#refreshing = this.#refreshing.filter((one) => one !== refresh);
    };
    this.#refreshing.push(refresh);
    void refresh();
    return {
      report,
      problems,
      pacs: {
        report: pacs,
        test: new PacsTest(this.#requests, report.name),
        trace: new AssociationTrace(this.#requests, report.name),
        traceFile: this.#requests.addressOf(path("trace?download")),
      },
    };
  }

  async #ask<T>(path: string, read: (answer: unknown) => T): Promise<Asked<T>> {
    try {
      return {
        kind: "known",
        value: read(await this.#requests.json(path, this.#closed.signal)),
      };
    } catch (error) {
      return { kind: "failed", failure: failureOfError(error) };
    }
  }

  #endTraces(): void {
    const sources = this.#sources.peek();
    if (sources.kind !== "known") return;
    for (const { pacs } of sources.value) {
      pacs?.trace.stop();
      pacs?.test.stop();
    }
  }
}

function requiredSources(answer: unknown): readonly SourceReport[] {
  const sources = readSources(answer);
  if (sources === undefined) throw new Error("This is no list of sources.");
  return sources;
}
