import { type ReadonlySignal, signal } from "@preact/signals-core";
import { type Failure, failureOfError } from "../../frames/failure.ts";
import type { OpenCompanion } from "../viewer-services.ts";
import { type CompanionRequests, sourcePath } from "./companion-requests.ts";
import { countOf, listOf, numberOf, textOf, textsOf } from "./json-reading.ts";
import { currentSource } from "./source-report.ts";

/** What is to be forwarded, and how people know it. */
export interface ForwardTarget {
  readonly studyInstanceUid: string;
  /** Whose study it is, and which. */
  readonly patient: string;
  /** Patient ID and birth date: two people may have one name. */
  readonly identity: string;
  readonly study: string;
  /** The series that is on the screen. */
  readonly series?: { readonly seriesInstanceUid: string; readonly name: string };
  /** The image that is on the screen, of that series. */
  readonly instance?: { readonly sopInstanceUid: string; readonly name: string };
}

/** How much of a target is forwarded. */
export type ForwardLevel = "study" | "series" | "instance";

/** How far a forwarding is, in objects. */
export interface ForwardProgress {
  readonly remaining: number | undefined;
  readonly completed: number;
  readonly failed: number;
  readonly warning: number;
}

/** How a forwarding ended. */
export interface ForwardOutcome {
  readonly status: "completed" | "partial" | "failed" | "cancelled";
  /** Objects that did not arrive, as far as they are named. */
  readonly failed: readonly { readonly sopInstanceUid: string; readonly reason: string }[];
  /** What the companion says to it; empty where all arrived. */
  readonly detail: string;
}

export type ForwardStatus =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly progress: ForwardProgress }
  | { readonly kind: "done"; readonly progress: ForwardProgress; readonly outcome: ForwardOutcome }
  | { readonly kind: "failed"; readonly progress: ForwardProgress; readonly failure: Failure };

const NOTHING_YET: ForwardProgress = { remaining: undefined, completed: 0, failed: 0, warning: 0 };

/** Where a source may forward to: AE titles; none where it may not, or nobody answers. */
export async function forwardDestinations(
  requests: CompanionRequests,
  sourceName: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return textsOf(await requests.json(sourcePath(sourceName, "forward"), signal), "destinations");
  } catch {
    return [];
  }
}

/** Whether the source that the viewer shows may forward to anywhere. */
export async function canForwardFrom(openCompanion: OpenCompanion): Promise<boolean> {
  const requests = await openCompanion();
  if (requests === undefined) return false;
  const { signal } = new AbortController();
  const source = await currentSource(requests, signal);
  if (source?.canForward !== true) return false;
  return (await forwardDestinations(requests, source.name, signal)).length > 0;
}

/** One forwarding: it is begun, goes on, and ends with what arrived. */
export class Forwarding {
  readonly #requests: CompanionRequests;
  readonly #sourceName: string;
  readonly #status = signal<ForwardStatus>({ kind: "idle" });
  #running: AbortController | undefined;

  readonly status: ReadonlySignal<ForwardStatus> = this.#status;

  constructor(requests: CompanionRequests, sourceName: string) {
    this.#requests = requests;
    this.#sourceName = sourceName;
  }

  /** Forwards, and follows until the end. Never rejects. */
  async begin(target: ForwardTarget, level: ForwardLevel, destination: string): Promise<void> {
    this.cancel();
    const running = new AbortController();
    this.#running = running;
    let progress = NOTHING_YET;
    this.#status.value = { kind: "running", progress };
    try {
      const path = sourcePath(this.#sourceName, "forward");
      const body = bodyOf(target, level, destination);
      for await (const line of this.#requests.lines(path, { body }, running.signal)) {
        if (running.signal.aborted) return;
        const outcome = readOutcome(line);
        progress = readProgress(line);
        this.#status.value =
          outcome === undefined
            ? { kind: "running", progress }
            : { kind: "done", progress, outcome };
      }
      if (!running.signal.aborted && this.#status.peek().kind === "running")
        this.#fail(progress, new Error("It ended without a result."));
    } catch (error) {
      if (!running.signal.aborted) this.#fail(progress, error);
    }
  }

  /** Gives up what is under way: what has arrived stays there. */
  cancel(): void {
    this.#running?.abort();
    this.#running = undefined;
    const status = this.#status.peek();
    if (status.kind !== "running") return;
    const { progress } = status;
    const outcome = { status: "cancelled", failed: [], detail: "" } as const;
    this.#status.value = { kind: "done", progress, outcome };
  }

  #fail(progress: ForwardProgress, error: unknown): void {
    this.#status.value = { kind: "failed", progress, failure: failureOfError(error) };
  }
}

function bodyOf(target: ForwardTarget, level: ForwardLevel, destination: string) {
  const { studyInstanceUid: studyInstanceUID, series, instance } = target;
  const study = { destination, studyInstanceUID };
  if (level === "study" || series === undefined) return study;
  const withSeries = { ...study, seriesInstanceUID: series.seriesInstanceUid };
  if (level === "series" || instance === undefined) return withSeries;
  return { ...withSeries, sopInstanceUID: instance.sopInstanceUid };
}

function readProgress(line: unknown): ForwardProgress {
  return {
    remaining: numberOf(line, "remaining"),
    completed: countOf(line, "completed"),
    failed: countOf(line, "failed"),
    warning: countOf(line, "warning"),
  };
}

function readOutcome(line: unknown): ForwardOutcome | undefined {
  const status = textOf(line, "status");
  if (status === undefined) return undefined;
  const isKnown = status === "completed" || status === "partial" || status === "cancelled";
  return {
    status: isKnown ? status : "failed",
    failed: listOf(line, "failedInstances").map((item) => ({
      sopInstanceUid: textOf(item, "sopInstanceUID") ?? "",
      reason: textOf(item, "reason") ?? "",
    })),
    detail: textOf(line, "detail") ?? "",
  };
}
