import { type ReadonlySignal, signal } from "@preact/signals-core";
import { type Failure, failureOfError } from "../../frames/failure.ts";
import { type CompanionRequests, sourcePath } from "./companion-requests.ts";
import { numberOf, textOf } from "./json-reading.ts";

/** A step of the test of a PACS, and what came of it in the companion's words. */
export interface PacsTestStep {
  /** `connect`, `associate`, `echo`, `find` and so on. */
  readonly step: string;
  readonly outcome: "ok" | "warning" | "failed" | "skipped";
  readonly text: string;
  /** What to change, and where; empty where nothing is to be changed. */
  readonly advice: string;
  readonly milliseconds: number | undefined;
}

export type PacsTestStatus =
  | { readonly kind: "idle" }
  | { readonly kind: "running" }
  | { readonly kind: "done" }
  /** The test itself could not be run, or broke off. */
  | { readonly kind: "failed"; readonly failure: Failure };

/** Runs the companion's test of a PACS, and holds its steps as they come. */
export class PacsTest {
  readonly #requests: CompanionRequests;
  readonly #source: string;
  readonly #status = signal<PacsTestStatus>({ kind: "idle" });
  readonly #steps = signal<readonly PacsTestStep[]>([]);
  #running: AbortController | undefined;

  readonly status: ReadonlySignal<PacsTestStatus> = this.#status;
  readonly steps: ReadonlySignal<readonly PacsTestStep[]> = this.#steps;

  constructor(requests: CompanionRequests, source: string) {
    this.#requests = requests;
    this.#source = source;
  }

  /** Runs the test from its beginning. Never rejects. */
  async run(): Promise<void> {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    this.#steps.value = [];
    this.#status.value = { kind: "running" };
    try {
      const path = sourcePath(this.#source, "pacs/test");
      for await (const line of this.#requests.lines(path, { body: {} }, running.signal)) {
        if (running.signal.aborted) return;
        const step = readStep(line);
        if (step !== undefined) this.#steps.value = [...this.#steps.peek(), step];
      }
      if (!running.signal.aborted) this.#status.value = { kind: "done" };
    } catch (error) {
      if (!running.signal.aborted)
        this.#status.value = { kind: "failed", failure: failureOfError(error) };
    }
  }

  /** Ends a test that runs; its steps stay. */
  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    if (this.#status.peek().kind === "running") this.#status.value = { kind: "idle" };
  }
}

function readStep(line: unknown): PacsTestStep | undefined {
  const step = textOf(line, "step");
  const outcome = textOf(line, "outcome");
  if (step === undefined) return undefined;
  return {
    step,
    outcome:
      outcome === "ok" || outcome === "warning" || outcome === "skipped" ? outcome : "failed",
    text: textOf(line, "text") ?? "",
    advice: textOf(line, "advice") ?? "",
    milliseconds: numberOf(line, "milliseconds"),
  };
}
