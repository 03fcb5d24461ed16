import { signal } from "@preact/signals-core";
import { DicomError } from "#core/dicom/dicom-error.ts";
import { objectKindOf } from "#core/dicom/sop-class.ts";
import type { FrameReference } from "#core/study/display-set.ts";
import { extraBulkData } from "#core/study/extra-bulk-data.ts";
import type { Instance } from "#core/study/instance.ts";
import { readPresentationState } from "#core/study/presentation-reader.ts";
import { isReferenced, readStateReferences } from "#core/study/presentation-references.ts";
import type { PresentationState, ReferencedFrames } from "#core/study/presentation-state.ts";
import { newestFirst, presentationTitle } from "#core/study/presentation-title.ts";
import type { Study } from "#core/study/study-tree.ts";
import type { ExtraValues } from "../frames/extra-values.ts";
import type { PresentationObstacle, PresentationOption, PresentationWish } from "./presentation.ts";

/** A state that was read, or why it cannot be applied to anything. */
type ReadState = PresentationState | PresentationObstacle;

/** The presentation states of studies, read once each. */
export class StateShelf {
  readonly #values: Pick<ExtraValues, "complete">;
  readonly #read = signal<ReadonlyMap<Instance, ReadState>>(new Map());
  readonly #reading = new WeakMap<Instance, Promise<void>>();
  readonly #references = new WeakMap<Instance, ReferencedFrames>();

  constructor(values: Pick<ExtraValues, "complete">) {
    this.#values = values;
  }

  /**
   * Reads the states of a study that are about an instance: those that lack nothing at once. Gives what waits for the
   * others; undefined when all are ready. Rejects only after an abort.
   */
  prepare(study: Study, sopInstanceUid: string, abort: AbortSignal): Promise<void> | undefined {
    const known = this.#read.peek();
    const unread = this.#statesAbout(study, sopInstanceUid).filter((one) => !known.has(one));
    const isWhole = ({ dataSet }: Instance): boolean => extraBulkData(dataSet).length === 0;
    const whole = unread.filter(isWhole);
    this.#keep(whole.map((instance) => [instance, readState(instance)]));
    if (whole.length === unread.length) return undefined;
    const others = unread.filter((instance) => !isWhole(instance));
    return Promise.all(others.map((one) => this.#complete(one, abort))).then(() => undefined);
  }

  /** The states that are about a frame and are ready, the newest first. Reads signals. */
  optionsFor(study: Study, { instance, frameIndex }: FrameReference): readonly StateOption[] {
    const ready = this.#read.value;
    return this.#statesAbout(study, instance.sopInstanceUid)
      .flatMap((one): StateOption[] => {
        const read = ready.get(one);
        const references = this.#referencesOf(one);
        const isAbout = isReferenced(references, instance.sopInstanceUid, frameIndex + 1);
        if (read === undefined || !isAbout) return [];
        const title = presentationTitle(one);
        if (isOtherPatient(one, instance)) return [{ title, obstacle: "other-patient" }];
        if (typeof read === "string") return [{ title, obstacle: read }];
        return [{ title, obstacle: undefined, state: read }];
      })
      .sort((a, b) => newestFirst(a.title, b.title));
  }

  /** Reads a state of which something is elsewhere, once for all who wait for it. Rejects only after an abort. */
  async #complete(instance: Instance, abort: AbortSignal): Promise<void> {
    const underWay = this.#reading.get(instance);
    if (underWay !== undefined) {
      const isRead = await underWay.then(
        () => true,
        () => false,
      );
      abort.throwIfAborted();
      // Who asked first was scrolled past and gave up; somebody still waits.
      return isRead ? undefined : this.#complete(instance, abort);
    }
    const reading = this.#fetch(instance, abort);
    this.#reading.set(instance, reading);
    try {
      await reading;
    } finally {
      this.#reading.delete(instance);
    }
  }

  async #fetch(instance: Instance, abort: AbortSignal): Promise<void> {
    const { dataSet, failure } = await this.#values.complete(instance.dataSet, abort);
    const whole = { ...instance, dataSet };
    this.#keep([[instance, failure === undefined ? readState(whole) : "incomplete"]]);
  }

  #keep(read: readonly (readonly [Instance, ReadState])[]): void {
    if (read.length > 0) this.#read.value = new Map([...this.#read.peek(), ...read]);
  }

  #statesAbout({ statements }: Study, sopInstanceUid: string): readonly Instance[] {
    return statements.filter(
      (one) =>
        objectKindOf(one.sopClassUid) === "presentation-state" &&
        this.#referencesOf(one).byInstance.has(sopInstanceUid),
    );
  }

  #referencesOf(instance: Instance): ReferencedFrames {
    const known = this.#references.get(instance);
    if (known !== undefined) return known;
    const references = readStateReferences(instance.dataSet);
    this.#references.set(instance, references);
    return references;
  }
}

/** A state that is about a frame; with `state` where it can be applied. */
export interface StateOption extends PresentationOption {
  readonly state?: PresentationState;
}

/**
 * The state of these options that a wish means: by default the newest that can be applied, and so for images that the wished
 * one is not about, each of which may have its own.
 */
export function chosenState(
  options: readonly StateOption[],
  wish: PresentationWish,
): PresentationState | undefined {
  switch (wish.kind) {
    case "none":
      return undefined;
    case "default":
      return newestApplicable(options);
    case "state": {
      const wished = options.find(({ title }) => title.sopInstanceUid === wish.sopInstanceUid);
      return wished === undefined ? newestApplicable(options) : wished.state;
    }
  }
}

function newestApplicable(options: readonly StateOption[]): PresentationState | undefined {
  return options.find(({ state }) => state !== undefined)?.state;
}

function readState(instance: Instance): ReadState {
  try {
    const read = readPresentationState(instance);
    return read.ok ? read.state : read.reason;
  } catch (error) {
    if (error instanceof DicomError) return "unreadable";
    throw error;
  }
}

function isOtherPatient(state: Instance, image: Instance): boolean {
  const [stated, own] = [state.patient.id, image.patient.id];
  return stated !== undefined && own !== undefined && stated !== own;
}
