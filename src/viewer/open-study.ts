import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { DisplaySet } from "#core/study/display-set.ts";
import { displaySetsOf } from "#core/study/display-sets.ts";
import { type Series, type Study, StudyBuilder } from "#core/study/study-tree.ts";
import type { Failure } from "../frames/failure.ts";
import type { MetadataOrigin, StudyLoader } from "../frames/study-loader.ts";

/** How far the metadata of a study has come. */
export type StudyProgress =
  | { readonly kind: "waiting" }
  | { readonly kind: "loading" }
  | { readonly kind: "complete" }
  /** What had arrived stays, and is incomplete. */
  | { readonly kind: "failed"; readonly failure: Failure };

/** Instances that arrive within this time are shown together. */
const SNAPSHOT_MS = 100;

/** A study that is open: what of it is known, as it arrives. */
export class OpenStudy {
  readonly #study = signal<Study | undefined>(undefined);
  readonly #progress = signal<StudyProgress>({ kind: "waiting" });
  readonly #origin = signal<MetadataOrigin | undefined>(undefined);
  readonly #unreadable = signal(0);
  readonly #madeSets = new WeakMap<Series, readonly DisplaySet[]>();

  readonly studyInstanceUid: string;
  readonly study: ReadonlySignal<Study | undefined> = this.#study;
  readonly progress: ReadonlySignal<StudyProgress> = this.#progress;
  /** Where the metadata came from (safety C7); undefined before the first instance. */
  readonly origin: ReadonlySignal<MetadataOrigin | undefined> = this.#origin;
  /** Instances that the archive described without saying which they are. */
  readonly unreadableInstances: ReadonlySignal<number> = this.#unreadable;
  /** In order of series; those with images first within each. */
  readonly displaySets: ReadonlySignal<readonly DisplaySet[]> = computed(
    () => this.#study.value?.series.flatMap((series) => this.#setsOf(series)) ?? [],
  );

  readonly #loader: StudyLoader;
  readonly #now: () => number;
  #running: AbortController | undefined;

  constructor(
    loader: StudyLoader,
    studyInstanceUid: string,
    now: () => number = () => performance.now(),
  ) {
    this.#loader = loader;
    this.studyInstanceUid = studyInstanceUid;
    this.#now = now;
  }

  /** Loads the metadata, from the beginning; also the way to try again. Settles when it is all there, or not to be had. */
  async load(): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#progress.value = { kind: "loading" };
    try {
      await this.#read(running.signal);
      if (!running.signal.aborted) this.#progress.value = { kind: "complete" };
    } catch (error) {
      if (!running.signal.aborted)
        this.#progress.value = { kind: "failed", failure: failureOf(error) };
    }
  }

  close(): void {
    this.#running?.abort();
  }

  async #read(abort: AbortSignal): Promise<void> {
    const builder = new StudyBuilder();
    let unreadable = 0;
    let shownAt = Number.NEGATIVE_INFINITY;
    try {
      for await (const part of this.#loader.loadStudy(this.studyInstanceUid, abort)) {
        if (abort.aborted) return;
        for (const dataSet of part.instances)
          if (builder.add(dataSet) === undefined) unreadable += 1;
        this.#origin.value = part.origin;
        if (this.#now() - shownAt < SNAPSHOT_MS) continue;
        shownAt = this.#now();
        this.#study.value = builder.study();
      }
    } finally {
      if (!abort.aborted) {
        this.#study.value = builder.study() ?? this.#study.value;
        this.#unreadable.value = unreadable;
      }
    }
  }

  #setsOf(series: Series): readonly DisplaySet[] {
    const before = this.#madeSets.get(series);
    if (before !== undefined) return before;
    const made = displaySetsOf(series);
    this.#madeSets.set(series, made);
    return made;
  }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: "unexpected", message: "", advice: "" };
  const code = "code" in error && typeof error.code === "string" ? error.code : "unexpected";
  const advice = "advice" in error && typeof error.advice === "string" ? error.advice : "";
  return { code, message: error.message, advice };
}
