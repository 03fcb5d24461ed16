import type { DataSet } from "../dicom/data-set.ts";
import type { PersonName } from "../dicom/person-name.ts";
import { objectKindOf } from "../dicom/sop-class.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { IdentityCheck, type IdentityConflict } from "./identity-check.ts";
import { type Instance, readInstance } from "./instance.ts";
import { type Patient, readPatient } from "./patient.ts";
import { presentedImages } from "./presented-images.ts";

/** A study with what of it is known so far. A snapshot: it does not change. */
export interface Study {
  readonly studyInstanceUid: string;
  readonly patient: Patient;
  readonly date?: string | undefined;
  readonly time?: string | undefined;
  readonly description?: string | undefined;
  readonly accessionNumber?: string | undefined;
  readonly referringPhysician?: PersonName | undefined;
  readonly institution?: string | undefined;
  /** Attributes of identity that differ between instances of the study (safety C4); empty when all agree. */
  readonly conflicts: readonly IdentityConflict[];
  /** SOP Instance UIDs of the images that presentation states of this study are about (safety C21). */
  readonly presented: ReadonlySet<string>;
  /** Its presentation states and key object selections; the same list as long as none is added. */
  readonly statements: readonly Instance[];
  /** In order of series number. */
  readonly series: readonly Series[];
}

export interface Series {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly number?: number | undefined;
  readonly modality?: string | undefined;
  readonly description?: string | undefined;
  readonly bodyPart?: string | undefined;
  readonly protocol?: string | undefined;
  readonly laterality?: string | undefined;
  readonly date?: string | undefined;
  readonly time?: string | undefined;
  readonly frameOfReferenceUid?: string | undefined;
  /** In order of arrival. */
  readonly instances: readonly Instance[];
}

/** Puts a study together from the data sets of its instances, in whatever order they arrive. */
export class StudyBuilder {
  readonly #series = new Map<string, SeriesDraft>();
  readonly #identity = new IdentityCheck();
  #first: DataSet | undefined;
  #snapshot: Study | undefined;
  #statements: readonly Instance[] = [];

  /**
   * Adds an instance and gives it; one with a SOP Instance UID that is there already replaces it. Gives undefined for a
   * data set without UIDs, or of another study than the first one.
   */
  add(dataSet: DataSet): Instance | undefined {
    const instance = readInstance(dataSet);
    if (instance === undefined) return undefined;
    this.#first ??= dataSet;
    if (instance.studyInstanceUid !== this.#first.string(TAGS.StudyInstanceUID)) return undefined;
    this.#identity.add(dataSet);
    const draft: SeriesDraft = this.#series.get(instance.seriesInstanceUid) ?? {
      instances: new Map(),
    };
    draft.instances.set(instance.sopInstanceUid, instance);
    if (isStatement(instance)) this.#statements = replacedOrAdded(this.#statements, instance);
    draft.series = undefined;
    this.#series.set(instance.seriesInstanceUid, draft);
    this.#snapshot = undefined;
    return instance;
  }

  /** The study as it is known so far; undefined before the first instance. Unchanged series are the same objects. */
  study(): Study | undefined {
    if (this.#first === undefined) return undefined;
    this.#snapshot ??= this.#makeStudy(this.#first);
    return this.#snapshot;
  }

  #makeStudy(first: DataSet): Study {
    const series = [...this.#series.values()].flatMap((draft) => {
      draft.series ??= makeSeries([...draft.instances.values()]);
      return draft.series === undefined ? [] : [draft.series];
    });
    return {
      studyInstanceUid: first.string(TAGS.StudyInstanceUID) ?? "",
      patient: readPatient(first),
      date: first.string(TAGS.StudyDate),
      time: first.string(TAGS.StudyTime),
      description: first.string(TAGS.StudyDescription),
      accessionNumber: first.string(TAGS.AccessionNumber),
      referringPhysician: first.personName(TAGS.ReferringPhysicianName),
      institution: first.string(TAGS.InstitutionName),
      conflicts: this.#identity.conflicts(),
      presented: presentedImages(this.#statements),
      statements: this.#statements,
      series: series.sort(bySeriesNumber),
    };
  }
}

/** Whether an object speaks of images, and is none itself. */
function isStatement({ sopClassUid }: Instance): boolean {
  const kind = objectKindOf(sopClassUid);
  return kind === "presentation-state" || kind === "key-objects";
}

function replacedOrAdded(instances: readonly Instance[], added: Instance): readonly Instance[] {
  const others = instances.filter(({ sopInstanceUid }) => sopInstanceUid !== added.sopInstanceUid);
  return [...others, added];
}

interface SeriesDraft {
  readonly instances: Map<string, Instance>;
  series?: Series | undefined;
}

function makeSeries(instances: readonly Instance[]): Series | undefined {
  const first = instances[0];
  if (first === undefined) return undefined;
  const { dataSet } = first;
  return {
    studyInstanceUid: first.studyInstanceUid,
    seriesInstanceUid: first.seriesInstanceUid,
    number: dataSet.number(TAGS.SeriesNumber),
    modality: dataSet.string(TAGS.Modality),
    description: dataSet.string(TAGS.SeriesDescription),
    bodyPart: dataSet.string(TAGS.BodyPartExamined),
    protocol: dataSet.string(TAGS.ProtocolName),
    laterality: dataSet.string(TAGS.Laterality),
    date: dataSet.string(TAGS.SeriesDate),
    time: dataSet.string(TAGS.SeriesTime),
    frameOfReferenceUid: dataSet.string(TAGS.FrameOfReferenceUID),
    instances,
  };
}

function bySeriesNumber(a: Series, b: Series): number {
  const last = Number.MAX_SAFE_INTEGER;
  return (
    (a.number ?? last) - (b.number ?? last) || (a.seriesInstanceUid < b.seriesInstanceUid ? -1 : 1)
  );
}
