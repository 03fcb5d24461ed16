import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import { undecodableReason } from "#core/dicom/undecodable-syntax.ts";
import type { DisplaySet, FrameReference } from "#core/study/display-set.ts";
import { displaySetsOf, needsDetails } from "#core/study/display-sets.ts";
import type { IdentityConflict } from "#core/study/identity-check.ts";
import type { KeyObjects } from "#core/study/key-object-reader.ts";
import type { KeyObjectMark } from "#core/study/key-objects.ts";
import type { StudyDetails } from "#core/study/study-details.ts";
import { type Series, type Study, StudyBuilder } from "#core/study/study-tree.ts";
import { type Failure, failureOfError, isPassing } from "../frames/failure.ts";
import type { MetadataOrigin, StudyLoader, StudyPart } from "../frames/study-loader.ts";

/** How far the loading of a study has come. */
export type SessionStatus =
  | { readonly kind: "idle" }
  | { readonly kind: "loading" }
  | { readonly kind: "complete" }
  /** It broke off; what had arrived is still there. */
  | { readonly kind: "failed"; readonly failure: Failure };

/** An instance that cannot be shown, and why (safety C6). */
export interface InstanceProblem {
  /** Undefined when the instance does not say. */
  readonly sopInstanceUid?: string;
  readonly seriesInstanceUid?: string;
  readonly failure: Failure;
}

/** "N of M images" (safety C6): images that can be shown, and how many there should be. */
export interface Completeness {
  readonly shownImages: number;
  /** Images of the instances that arrived or are known to exist. */
  readonly knownImages: number;
  /** Instances that the archive says the study has and that did not arrive; 0 when it does not say. */
  readonly missingInstances: number;
}

export interface OpenStudyOptions {
  /** Number of Study Related Instances, where the archive said it. */
  readonly expectedInstances?: number;
}

/** One study that is open: it grows while its metadata arrive. */
export class StudySession {
  readonly #loader: Pick<StudyLoader, "loadStudy">;
  readonly #status = signal<SessionStatus>({ kind: "idle" });
  readonly #study = signal<Study | undefined>(undefined);
  readonly #origin = signal<MetadataOrigin | undefined>(undefined);
  readonly #problems = signal<readonly InstanceProblem[]>([]);
  readonly #expected = signal<number | undefined>(undefined);
  /** Objects that arrived and could not be added. */
  readonly #rejected = signal(0);
  readonly #loadDetails: () => Promise<StudyDetails>;
  readonly #details = signal<StudyDetails | undefined>(undefined);
  #loadingDetails: Promise<void> | undefined;
  #displaySetsOfSeries = new WeakMap<Series, readonly DisplaySet[]>();
  #abort: AbortController | undefined;
  #builder = new StudyBuilder();

  readonly #statements = computed(() => this.#study.value?.statements ?? []);

  readonly status: ReadonlySignal<SessionStatus> = this.#status;
  readonly study: ReadonlySignal<Study | undefined> = this.#study;
  /** Where the metadata came from, and how old they are (safety C7). */
  readonly origin: ReadonlySignal<MetadataOrigin | undefined> = this.#origin;
  /** What key object selections say about images; undefined while there are none, or they are not read. */
  readonly keyObjects: ReadonlySignal<KeyObjects | undefined> = computed(() =>
    this.#details.value?.readKeyObjects(this.#statements.value),
  );
  readonly displaySets: ReadonlySignal<readonly DisplaySet[]> = computed(() => {
    const sets = (this.#study.value?.series ?? []).flatMap((series) => this.#setsOf(series));
    const keyObjects = this.keyObjects.value;
    if (keyObjects === undefined) return sets;
    return this.#details.value?.withoutRejected(sets, keyObjects) ?? sets;
  });
  /** What to show first; undefined while nothing is known. */
  readonly initialDisplaySet: ReadonlySignal<DisplaySet | undefined> = computed(() => {
    const sets = this.displaySets.value;
    const shown = sets.find((set) => set.frames.length > 0 && set.rejection === undefined);
    return shown ?? sets[0];
  });
  /** What differs between the instances of the study though it should not (safety C4). */
  readonly conflicts: ReadonlySignal<readonly IdentityConflict[]> = computed(
    () => this.#study.value?.conflicts ?? [],
  );
  /** Instances that cannot be shown: stored as nothing here decodes, broken metadata, unusable pixels, failed frames. */
  readonly problems: ReadonlySignal<readonly InstanceProblem[]> = computed(() => [
    ...undecodableInstances(this.#study.value),
    ...this.#problems.value,
    ...unusableInstances(this.#study.value),
  ]);
  readonly completeness: ReadonlySignal<Completeness> = computed(() => this.#completeness());

  constructor(loader: Pick<StudyLoader, "loadStudy">, loadDetails = importDetails) {
    this.#loader = loader;
    this.#loadDetails = loadDetails;
  }

  /** Opens a study in place of the one before. Settles when all of it is known or loading failed; never rejects. */
  async open(studyInstanceUid: string, options: OpenStudyOptions = {}): Promise<void> {
    this.close();
    this.#builder = new StudyBuilder();
    this.#expected.value = options.expectedInstances;
    await this.#load(studyInstanceUid);
  }

  /** Asks again for a study of which only a part came: what is there stays, what comes is added. Never rejects. */
  async resume(): Promise<void> {
    const study = this.#study.peek();
    if (study === undefined || this.#status.peek().kind !== "failed") return;
    batch(() => {
      this.#problems.value = [];
      this.#rejected.value = 0;
    });
    await this.#load(study.studyInstanceUid);
  }

  async #load(studyInstanceUid: string): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#status.value = { kind: "loading" };
    const builder = this.#builder;
    try {
      for await (const part of this.#loader.loadStudy(studyInstanceUid, abort.signal)) {
        if (abort.signal.aborted) return;
        const problems = await this.#build(builder, part);
        if (abort.signal.aborted) return;
        this.#add(builder, part, problems);
      }
      await this.#loadingDetails;
      if (!abort.signal.aborted) this.#status.value = { kind: "complete" };
    } catch (error) {
      if (!abort.signal.aborted)
        this.#status.value = { kind: "failed", failure: failureOfError(error) };
    }
  }

  /** Lets go of the study. */
  close(): void {
    this.#abort?.abort();
    this.#abort = undefined;
    // What could not be fetched is tried again with the next study.
    if (this.#details.peek() === undefined) this.#loadingDetails = undefined;
    batch(() => {
      this.#status.value = { kind: "idle" };
      this.#study.value = undefined;
      this.#origin.value = undefined;
      this.#problems.value = [];
      this.#expected.value = undefined;
      this.#rejected.value = 0;
    });
  }

  /** What key object selections of this study say about a frame. Reads signals. */
  marksOf(reference: FrameReference): readonly KeyObjectMark[] {
    return this.keyObjects.value?.marksOf(reference) ?? [];
  }

  /** Number of Study Related Instances, when it becomes known after the opening. */
  expect(instances: number): void {
    this.#expected.value = instances;
  }

  /** Notes a frame that could not be shown, once per instance and reason. */
  noteProblem(problem: InstanceProblem): void {
    const isKnown = this.#problems
      .peek()
      .some(
        ({ sopInstanceUid, failure }) =>
          sopInstanceUid === problem.sopInstanceUid && failure.code === problem.failure.code,
      );
    if (!isKnown) this.#problems.value = [...this.#problems.peek(), problem];
  }

  /** Notes that a frame of an instance was shown: what kept it from that has passed, if it could pass. */
  noteShown(shownUid: string): void {
    const left = this.#problems
      .peek()
      .filter(({ sopInstanceUid, failure }) => sopInstanceUid !== shownUid || !isPassing(failure));
    if (left.length < this.#problems.peek().length) this.#problems.value = left;
  }

  /**
   * Adds the instances of a part, and waits for what their frames need to be put in order; names can come later.
   * Gives what could not be added.
   */
  async #build(builder: StudyBuilder, part: StudyPart): Promise<readonly InstanceProblem[]> {
    const added = part.instances.map((dataSet) => builder.add(dataSet));
    const needs = new Set(added.map((instance) => instance && needsDetails(instance)));
    if (needs.has("for names")) void this.#fetchDetails().catch(leaveToOpen);
    const series = needs.has("for frames") ? [] : (builder.study()?.series ?? []);
    const isShared = series.some((one) => this.#setsOf(one).some((set) => set.sharesPlaces));
    if (needs.has("for frames") || isShared) await this.#fetchDetails();
    return added.flatMap((instance) => (instance === undefined ? [WITHOUT_IDENTITY] : []));
  }

  #add(builder: StudyBuilder, part: StudyPart, rejected: readonly InstanceProblem[]): void {
    batch(() => {
      this.#origin.value = part.origin;
      this.#rejected.value += rejected.length;
      this.#study.value = builder.study();
      const problems = [...rejected, ...(part.problems ?? [])];
      if (problems.length > 0) this.#problems.value = [...this.#problems.peek(), ...problems];
    });
  }

  #fetchDetails(): Promise<void> {
    this.#loadingDetails ??= this.#loadDetails().then((details) => {
      this.#displaySetsOfSeries = new WeakMap();
      this.#details.value = details;
    });
    return this.#loadingDetails;
  }

  #setsOf(series: Series): readonly DisplaySet[] {
    const details = this.#details.value;
    const known = this.#displaySetsOfSeries.get(series);
    if (known !== undefined) return known;
    const sets = displaySetsOf(series, details);
    this.#displaySetsOfSeries.set(series, sets);
    return sets;
  }

  #completeness(): Completeness {
    const shownImages = this.displaySets.value.reduce((sum, set) => sum + set.frames.length, 0);
    const unusable = unusableInstances(this.#study.value).length;
    const isLoading = this.#status.value.kind === "loading";
    const expected = this.#expected.value ?? 0;
    const added = (this.#study.value?.series ?? []).reduce(
      (sum, one) => sum + one.instances.length,
      0,
    );
    const missing = Math.max(expected - added - this.#rejected.value, 0);
    const missingInstances = isLoading ? 0 : missing;
    return { shownImages, knownImages: shownImages + unusable + missing, missingInstances };
  }
}

async function importDetails(): Promise<StudyDetails> {
  return (await import("#core/study/study-details.ts")).STUDY_DETAILS;
}

/** `open` waits for the same promise at its end, and says that it failed. */
function leaveToOpen(): void {}

const WITHOUT_IDENTITY: InstanceProblem = {
  failure: {
    code: "invalid-value",
    message: "An object of this study has no usable identifiers, or belongs to another study.",
    advice: "Ask the archive's administrator to check the study.",
  },
};

/** Images of which the transfer syntax alone says that no frame of them can be decoded. */
function undecodableInstances(study: Study | undefined): readonly InstanceProblem[] {
  const instances = (study?.series ?? []).flatMap((series) => series.instances);
  return instances.flatMap((instance): InstanceProblem[] => {
    const { image, transferSyntaxUid = "", sopInstanceUid, seriesInstanceUid } = instance;
    const message = image.kind === "image" ? undecodableReason(transferSyntaxUid) : undefined;
    if (message === undefined) return [];
    const advice = "Ask the archive for the image in another format.";
    const failure = { code: "unsupported-transfer-syntax", message, advice };
    return [{ sopInstanceUid, seriesInstanceUid, failure }];
  });
}

function unusableInstances(study: Study | undefined): readonly InstanceProblem[] {
  const instances = (study?.series ?? []).flatMap((series) => series.instances);
  return instances.flatMap(({ image, sopInstanceUid, seriesInstanceUid }): InstanceProblem[] => {
    if (image.kind !== "unusable") return [];
    const failure = { code: image.code, message: image.reason, advice: "" };
    return [{ sopInstanceUid, seriesInstanceUid, failure }];
  });
}
