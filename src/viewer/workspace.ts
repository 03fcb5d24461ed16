import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import type { DisplaySet, FrameReference } from "#core/study/display-set.ts";
import { type IdentityConflict, identityConflicts } from "#core/study/identity-check.ts";
import type { Instance } from "#core/study/instance.ts";
import type { KeyObjectMark } from "#core/study/key-objects.ts";
import type { Failure } from "../frames/failure.ts";
import { frameKey } from "./frame-description.ts";
import { FrameOutfits } from "./frame-outfits.ts";
import type { LaunchTarget } from "./launch-parameters.ts";
import type { PriorStudies } from "./prior-studies.ts";
import { StudySession } from "./study-session.ts";
import { TaskQueue } from "./task-queue.ts";
import type { ArchiveServices, OpenCompanion } from "./viewer-services.ts";
import { ViewportController } from "./viewport-controller.ts";

/** What a workspace opens. */
export interface WorkspaceOptions {
  /** The study that was asked for. */
  readonly studyInstanceUid: string;
  /** Where in it to begin. */
  readonly target?: LaunchTarget | undefined;
  /** Further studies that were asked for with it. */
  readonly others?: readonly string[];
}

/**
 * What is open for one patient: the study that was asked for, priors that were opened beside it, and the
 * viewport. It joins them: what arrives is shown, what fails is noted, priors are looked for when the first
 * image stands.
 */
export class Workspace {
  readonly services: ArchiveServices;
  readonly studyInstanceUid: string;
  readonly session: StudySession;
  readonly viewport: ViewportController;
  /** What applies overlays, shutters, profiles and presentation states, for viewport and thumbnails. */
  readonly outfits: FrameOutfits;
  /** Pictures of display sets; they wait for the first image. */
  readonly thumbnails = new TaskQueue();
  readonly #opened = signal<ReadonlyMap<string, StudySession>>(new Map());
  readonly #document = signal<DisplaySet | undefined>(undefined);
  readonly #isTargetMissing = signal(false);
  readonly #priors = signal<PriorStudies>({ studies: [], withOtherIdentity: 0 });
  readonly #havePriorsFailed = signal(false);
  readonly #closed = new AbortController();
  readonly #stops: (() => void)[] = [];
  /** Studies that were asked for together with the first one. */
  readonly others: readonly string[];
  #target: LaunchTarget | undefined;
  /** The frame at which the workspace itself put the viewport. */
  #placed: string | undefined;
  /** The document that the workspace itself opened. */
  #offered: string | undefined;

  /** Studies that were opened, by Study Instance UID; the one that was asked for is among them. */
  readonly opened: ReadonlySignal<ReadonlyMap<string, StudySession>> = this.#opened;
  /** What differs between the patients of the opened studies (safety C4). */
  readonly mixing: ReadonlySignal<readonly IdentityConflict[]> = computed(() =>
    identityConflicts(
      [...this.#opened.value.values()].flatMap(({ study }) => study.value?.patient ?? []),
    ),
  );
  /** The report, document or other object without images that was chosen last. */
  readonly document: ReadonlySignal<DisplaySet | undefined> = this.#document;
  /** Whether the series or image that was asked for is not in the study. */
  readonly isTargetMissing: ReadonlySignal<boolean> = this.#isTargetMissing;
  /** Other studies of the patient. */
  readonly priors: ReadonlySignal<PriorStudies> = this.#priors;
  /** Whether it could not be found out which there are. */
  readonly havePriorsFailed: ReadonlySignal<boolean> = this.#havePriorsFailed;

  constructor(services: ArchiveServices, options: WorkspaceOptions) {
    this.services = services;
    this.studyInstanceUid = options.studyInstanceUid;
    this.#target = options.target;
    this.session = new StudySession(services.studies);
    this.outfits = new FrameOutfits(services.source);
    this.viewport = new ViewportController({
      frames: services.frames,
      outfits: this.outfits,
      marksOf: (reference) => this.marksOf(reference),
    });
    this.#opened.value = new Map([[options.studyInstanceUid, this.session]]);
    this.others = options.others ?? [];
    void this.#begin();
  }

  /** Opens a study beside the one that was asked for, to choose from it. */
  openBeside(studyInstanceUid: string): StudySession {
    const known = this.#opened.peek().get(studyInstanceUid);
    if (known !== undefined) return known;
    const session = new StudySession(this.services.studies);
    this.#opened.value = new Map([...this.#opened.peek(), [studyInstanceUid, session]]);
    void session.open(studyInstanceUid);
    return session;
  }

  /** Shows a display set: images in the viewport, broken ones with their reason, anything else as a document. */
  show(displaySet: DisplaySet, frameIndex?: number): void {
    const study = this.#opened.peek().get(displaySet.studyInstanceUid)?.study.peek();
    if (study === undefined) return;
    if (!isOfImages(displaySet)) this.#document.value = displaySet;
    else this.viewport.state.show({ study, displaySet }, frameIndex);
  }

  /** Notes that a frame of an instance cannot be shown, wherever that came to light. */
  noteFailure(instance: Instance, failure: Failure): void {
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance;
    this.#opened
      .peek()
      .get(studyInstanceUid)
      ?.noteProblem({ seriesInstanceUid, sopInstanceUid, failure });
  }

  /** What the key object selections of the opened studies say about a frame. Reads signals. */
  marksOf(reference: FrameReference): readonly KeyObjectMark[] {
    return [...this.#opened.value.values()].flatMap((session) => session.marksOf(reference));
  }

  closeDocument(): void {
    this.#document.value = undefined;
  }

  /** Asks the archive again: for what of the study did not come, or for all of it. */
  async reload(): Promise<void> {
    if (this.session.study.peek() === undefined) await this.session.open(this.studyInstanceUid);
    else await this.session.resume();
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    this.#closed.abort();
    for (const session of this.#opened.peek().values()) session.close();
    this.viewport.dispose();
  }

  async #begin(): Promise<void> {
    const loaded = this.session.open(this.studyInstanceUid);
    this.#stops.push(effect(() => this.#follow()));
    this.#stops.push(effect(() => this.#noteOutcome()));
    this.#stops.push(effect(() => this.#noteCut()));
    let isCounted = false;
    this.#stops.push(
      effect(() => {
        const isShown = this.viewport.shown.value.kind !== "nothing";
        const isOver = ["complete", "failed"].includes(this.session.status.value.kind);
        if (isCounted || !(isShown || isOver)) return;
        isCounted = true;
        this.thumbnails.open();
        void this.#lookAround();
      }),
    );
    await loaded;
  }

  /** Keeps the viewport at what arrives: the chosen display set as it grows, or the first there is. */
  #follow(): void {
    const sessions = [...this.#opened.value];
    const sets = sessions.flatMap(([, session]) => session.displaySets.value);
    batch(() => {
      this.#clearWithdrawn(sets);
      const content = this.viewport.state.content.peek();
      // What arrives first is not what is to be shown first: until somebody moves, the viewport follows the order.
      if (content === undefined || this.#isWherePut()) return this.#showFirst();
      const shown = content.displaySet;
      const next = sets.find((set) => isSame(set, shown)) ?? this.#successor(sets);
      const study = this.#opened.peek().get(shown.studyInstanceUid)?.study.peek();
      // Presentation states may arrive after the images that they are about.
      const areMoreKnown = study !== undefined && study.statements !== content.study.statements;
      if (next !== undefined && (next !== shown || areMoreKnown)) this.show(next);
    });
  }

  /** Images that are withdrawn (IHE IOCM) are not left standing. */
  #clearWithdrawn(sets: readonly DisplaySet[]): void {
    const shown = this.viewport.state.content.peek()?.displaySet;
    if (shown === undefined || sets.some((set) => isSame(set, shown))) return;
    if (sets.some(({ id }) => id.startsWith(`${shown.id}/rejected/`))) this.viewport.state.clear();
  }

  /** Where the shown frame went when its display set was divided. */
  #successor(sets: readonly DisplaySet[]): DisplaySet | undefined {
    const shown = this.viewport.shown.peek();
    if (shown.kind === "nothing") return undefined;
    return sets.find(({ frames }) => frames.some((frame) => frameKey(frame) === shown.key));
  }

  #showFirst(): void {
    const first = this.session.initialDisplaySet.value;
    const target = this.#target;
    if (target?.seriesInstanceUid === undefined && target?.sopInstanceUid === undefined) {
      if (first !== undefined && first.frames.length > 0)
        this.#put(first, (target?.frameNumber ?? 1) - 1);
      else if (this.session.status.value.kind === "complete") this.#showOther();
      return;
    }
    const found = findTarget(this.session.displaySets.value, target);
    if (found !== undefined) this.#put(found.displaySet, found.frameIndex);
    else if (this.session.status.value.kind === "complete") {
      this.#target = undefined;
      this.#isTargetMissing.value = true;
      if (first !== undefined) this.#put(first, 0);
    }
  }

  /** A document is opened once: who closes it does not want it again. */
  #put(displaySet: DisplaySet, frameIndex: number): void {
    if (this.#offered === displaySet.id) return;
    if (!isOfImages(displaySet)) this.#offered = displaySet.id;
    this.show(displaySet, frameIndex);
    this.#placed = this.#wantedKey();
  }

  #isWherePut(): boolean {
    return this.#placed !== undefined && this.#placed === this.#wantedKey();
  }

  #wantedKey(): string | undefined {
    const { content, frameIndex } = this.viewport.state;
    const reference = content.peek()?.displaySet.frames[frameIndex.peek()];
    return reference === undefined ? undefined : frameKey(reference);
  }

  /** Where a study has no image that can be shown: why not, if one should be, else the first thing to read or watch. */
  #showOther(): void {
    const sets = this.session.displaySets.peek();
    const broken = sets.find(isOfImages);
    const other = sets.find(({ kind }) => READABLE.test(kind));
    if (broken !== undefined) this.show(broken);
    else if (other !== undefined) this.#put(other, 0);
  }

  #noteOutcome(): void {
    const shown = this.viewport.shown.value;
    if (shown.kind === "failure") this.noteFailure(shown.reference.instance, shown.failure);
    if (shown.kind !== "image") return;
    const { studyInstanceUid, sopInstanceUid } = shown.reference.instance;
    this.#opened.peek().get(studyInstanceUid)?.noteShown(sopInstanceUid);
  }

  /** Where a study broke off, the companion may know what did not come and why (safety C6). */
  #noteCut(): void {
    const { openCompanion } = this.services;
    const { status, study } = this.session;
    const now = status.value;
    if (now.kind !== "failed" || study.peek() === undefined) return;
    if (openCompanion !== undefined && now.failure.code !== "internal")
      void this.#nameLost(openCompanion).catch(() => undefined);
  }

  async #nameLost(openCompanion: OpenCompanion): Promise<void> {
    const { lostInstances } = await import("./companion/lost-instances.ts");
    const { signal } = this.#closed;
    const lost = await lostInstances(openCompanion, this.studyInstanceUid, signal);
    if (this.session.status.peek().kind !== "failed") return;
    for (const problem of lost) this.session.noteProblem(problem);
  }

  /** What can wait until the first image stands: the archive's own count, and priors. */
  async #lookAround(): Promise<void> {
    const study = this.session.study.peek();
    if (study === undefined) return;
    for (const uid of this.others) this.openBeside(uid);
    try {
      const { searchForPriors } = await import("./prior-studies.ts");
      const { source } = this.services;
      const { patient } = study;
      const found = await searchForPriors(
        source,
        patient,
        this.studyInstanceUid,
        this.#closed.signal,
      );
      this.#priors.value = found;
      if (found.instancesOfStudy !== undefined) this.session.expect(found.instancesOfStudy);
    } catch {
      // The study can be read without its priors; that they are unknown is said where they would stand.
      if (!this.#closed.signal.aborted) this.#havePriorsFailed.value = true;
    }
  }
}

function isSame(a: DisplaySet, b: DisplaySet): boolean {
  return a.id === b.id && a.studyInstanceUid === b.studyInstanceUid;
}

const READABLE = /^(?:report|document|waveform|video|key-objects)$/;

/** Whether a display set has images, be they broken. */
function isOfImages({ frames, instances }: DisplaySet): boolean {
  return frames.length > 0 || instances.some(({ image }) => image.kind === "unusable");
}

/** The display set that holds the series or instance that was asked for, and the frame in it. */
export function findTarget(
  sets: readonly DisplaySet[],
  target: LaunchTarget,
): { readonly displaySet: DisplaySet; readonly frameIndex: number } | undefined {
  const { seriesInstanceUid, sopInstanceUid, frameNumber = 1 } = target;
  for (const displaySet of sets) {
    if (seriesInstanceUid !== undefined && displaySet.seriesInstanceUid !== seriesInstanceUid)
      continue;
    if (sopInstanceUid === undefined) return { displaySet, frameIndex: frameNumber - 1 };
    const frameIndex = displaySet.frames.findIndex(
      (frame) =>
        frame.instance.sopInstanceUid === sopInstanceUid && frame.frameIndex === frameNumber - 1,
    );
    if (frameIndex >= 0) return { displaySet, frameIndex };
    const holdsIt = displaySet.instances.some((one) => one.sopInstanceUid === sopInstanceUid);
    if (holdsIt) return { displaySet, frameIndex: 0 };
  }
  return undefined;
}
