import type { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import type { Association } from "../dimse/association.ts";
import { DimseError } from "../dimse/dimse-error.ts";
import { find } from "../dimse/services/find.ts";
import { findContexts } from "../dimse/services/plan-contexts.ts";
import {
  agreedQueryAbilities,
  proposeQueryAbilities,
} from "../dimse/services/query-negotiation.ts";
import { explain } from "../translate/dimse-sentences.ts";
import { type Finding, type PacsVisit, type SampleInstance, sentence } from "./pacs-visit.ts";

/** Matches of one query that are looked at; then it is cancelled. */
const MOST_MATCHES = 50;
/** How far back studies are looked for, in days; last of all without a date. */
const DAYS_BACK = [3, 90, undefined] as const;
const DAY_MS = 86_400_000;
const MODALITY = 0x00080060;
const PATIENT_ID = 0x00100020;
const STUDY = 0x0020000d;
const SERIES = 0x0020000e;
const INSTANCE = 0x00080018;
const SOP_CLASS = 0x00080016;
const STUDY_INSTANCES = 0x00201208;
const SERIES_INSTANCES = 0x00201209;
const ROWS = 0x00280010;
const COLUMNS = 0x00280011;
const FRAMES = 0x00280008;
/** Modalities of objects that are no images. */
const NO_IMAGES: ReadonlySet<string> = new Set([
  "SR",
  "PR",
  "KO",
  "DOC",
  "SEG",
  "REG",
  "RTSTRUCT",
  "RTPLAN",
]);

/** C-FIND from study to image; leaves the smallest image that it came upon in the visit. */
export async function checkFind(visit: PacsVisit): Promise<Finding> {
  const { model } = visit;
  const extendedNegotiations = proposeQueryAbilities(model);
  const request = { contexts: findContexts(model), extendedNegotiations };
  return await visit.withAssociation(request, async (association) => {
    const { relational, fuzzyMatching } = agreedQueryAbilities(association, model);
    const agreed = [
      ...(relational ? ["relational queries"] : []),
      ...(fuzzyMatching ? ["fuzzy matching"] : []),
    ];
    const walk = new Walk(visit, association);
    const study = await walk.study();
    if (study === undefined) {
      return {
        outcome: "warning",
        text: "The PACS answers C-FIND, and finds no study at all.",
        advice: "If it holds studies, look there at what this AE title may see.",
      };
    }
    return await walk.rest(
      study,
      agreed.length === 0 ? "" : ` It agreed to ${agreed.join(" and ")}.`,
    );
  });
}

/** Queries that narrow down to one image. */
class Walk {
  readonly #visit: PacsVisit;
  readonly #association: Association;

  constructor(visit: PacsVisit, association: Association) {
    this.#visit = visit;
    this.#association = association;
  }

  /** The study with the fewest instances among some, the latest ones first. */
  async study(): Promise<DataSet | undefined> {
    const keys = { StudyInstanceUID: null, NumberOfStudyRelatedInstances: null, PatientID: null };
    if (this.#visit.model === "patient-root") return await this.#studyOfSomebody(keys);
    for (const days of DAYS_BACK) {
      const StudyDate = days === undefined ? null : `${dateOf(Date.now() - days * DAY_MS)}-`;
      const found = await this.#ask({ QueryRetrieveLevel: "STUDY", ...keys, StudyDate });
      if (found.length > 0) return smallest(found, (match) => countOf(match, STUDY_INSTANCES));
    }
    return undefined;
  }

  async rest(study: DataSet, agreed: string): Promise<Finding> {
    const unique = {
      ...this.#patientKey(study),
      StudyInstanceUID: study.string(STUDY) ?? "",
    };
    const allSeries = await this.#ask({
      QueryRetrieveLevel: "SERIES",
      ...unique,
      SeriesInstanceUID: null,
      Modality: null,
      NumberOfSeriesRelatedInstances: null,
    });
    const images = allSeries.filter((match) => !NO_IMAGES.has(match.string(MODALITY) ?? ""));
    const series = smallest(images.length > 0 ? images : allSeries, (match) =>
      countOf(match, SERIES_INSTANCES),
    );
    if (series === undefined) {
      return {
        outcome: "failed",
        text: "The PACS finds a study, and no series in it.",
        advice: "Look at the log of the PACS for the C-FIND at the SERIES level.",
      };
    }
    const known = {
      patientId: study.string(PATIENT_ID),
      studyInstanceUid: unique.StudyInstanceUID,
      seriesInstanceUid: series.string(SERIES) ?? "",
      modality: series.string(MODALITY),
    };
    if (this.#visit.settings.quirks.noImageLevelFind) {
      this.#visit.sample = { ...known, sopInstanceUid: undefined, sopClassUid: undefined };
      return { outcome: "ok", text: `C-FIND finds a study and a series of it.${agreed}` };
    }
    return await this.#image(known, unique, agreed);
  }

  async #image(
    known: Omit<SampleInstance, "sopInstanceUid" | "sopClassUid">,
    unique: MadeDataSet,
    agreed: string,
  ): Promise<Finding> {
    this.#visit.sample = { ...known, sopInstanceUid: undefined, sopClassUid: undefined };
    const keys = {
      SOPInstanceUID: null,
      SOPClassUID: null,
      Rows: null,
      Columns: null,
      NumberOfFrames: null,
    };
    const found = await this.#ask({
      QueryRetrieveLevel: "IMAGE",
      ...unique,
      SeriesInstanceUID: known.seriesInstanceUid,
      ...keys,
    }).catch((error: unknown) => this.#noImageLevel(error));
    if (!Array.isArray(found)) return found;
    const image = smallest(found, samplesOf);
    const sopInstanceUid = image?.string(INSTANCE);
    if (sopInstanceUid === undefined) {
      return {
        outcome: "warning",
        text: "The PACS finds a study and a series, and no image in it.",
        advice: "It may not answer at the IMAGE level: then add the switch no-image-find.",
      };
    }
    this.#visit.sample = { ...known, sopInstanceUid, sopClassUid: image?.string(SOP_CLASS) };
    return { outcome: "ok", text: `C-FIND finds a study, a series and an image of it.${agreed}` };
  }

  #noImageLevel(error: unknown): Finding {
    if (!(error instanceof DimseError) || error.code !== "failed-status") throw error;
    const { name, remote } = this.#visit.settings;
    const { what } = explain(error.code, error.facts, { ...remote, name }, "search");
    return {
      outcome: "warning",
      text: sentence(`at the IMAGE level, ${what}`),
      advice: "If the PACS has no IMAGE level, add the switch no-image-find.",
    };
  }

  async #studyOfSomebody(keys: MadeDataSet): Promise<DataSet | undefined> {
    const patients = await this.#ask({ QueryRetrieveLevel: "PATIENT", PatientID: null });
    for (const patient of patients) {
      const PatientID = patient.string(PATIENT_ID);
      if (PatientID === undefined || PatientID === "") continue;
      const studies = await this.#ask({ QueryRetrieveLevel: "STUDY", ...keys, PatientID });
      if (studies.length > 0) return smallest(studies, (match) => countOf(match, STUDY_INSTANCES));
    }
    return undefined;
  }

  #patientKey(study: DataSet): MadeDataSet {
    return this.#visit.model === "patient-root"
      ? { PatientID: study.string(PATIENT_ID) ?? "" }
      : {};
  }

  async #ask(keys: MadeDataSet): Promise<DataSet[]> {
    const { model, settings, signal } = this.#visit;
    const { fallbackCharacterSet } = settings;
    const request = { model, identifier: buildDataSet(keys), fallbackCharacterSet };
    const matches: DataSet[] = [];
    for await (const { dataSet } of find(this.#association, request, signal)) {
      matches.push(dataSet);
      if (matches.length >= MOST_MATCHES) break;
    }
    return matches;
  }
}

/** The match with the smallest number; those without one come last. */
function smallest(
  matches: readonly DataSet[],
  sizeOf: (match: DataSet) => number | undefined,
): DataSet | undefined {
  return matches.toSorted(
    (one, other) => (sizeOf(one) ?? Number.MAX_VALUE) - (sizeOf(other) ?? Number.MAX_VALUE),
  )[0];
}

function countOf(match: DataSet, tag: number): number | undefined {
  const count = Number(match.string(tag) ?? "");
  return Number.isInteger(count) && count > 0 ? count : undefined;
}

/** Samples of an image: rows, columns and frames multiplied. */
function samplesOf(match: DataSet): number | undefined {
  const rows = match.number(ROWS);
  const columns = match.number(COLUMNS);
  return rows === undefined || columns === undefined
    ? undefined
    : rows * columns * (countOf(match, FRAMES) ?? 1);
}

/** `20261121`, in the time of this machine. */
function dateOf(milliseconds: number): string {
  const date = new Date(milliseconds);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
}
