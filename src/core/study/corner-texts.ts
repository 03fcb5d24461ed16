import type { DataSet } from "../dicom/data-set.ts";
import { displayPersonName } from "../dicom/person-name.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { displayAge, displayDate, displayTime } from "./display-date.ts";
import type { DisplaySet, FrameReference } from "./display-set.ts";
import { frameDataSet } from "./frame-attributes.ts";
import { type ImageFacts, readImageFacts } from "./image-facts.ts";
import type { Patient } from "./patient.ts";
import type { Study } from "./study-tree.ts";

/** A line of text over an image, with what it is about, so that lines can give way in a fixed order. */
export interface CornerLine {
  readonly key:
    | "name"
    | "patient-id"
    | "birth-date"
    | "conflict"
    | "study-date"
    | "study-description"
    | "accession"
    | "series"
    | "technique"
    | "laterality"
    | "frame"
    | "slice"
    | "orientation"
    | "presentation"
    | "lossy"
    | "notice";
  readonly text: string;
}

/** Annotations as data (safety C1, C2). The viewer adds window, zoom and "image n of N" at the bottom. */
export interface CornerTexts {
  /** Identity. */
  readonly topLeft: readonly CornerLine[];
  /** Study, series, technique. */
  readonly topRight: readonly CornerLine[];
  /** What tells the frame from its like (`b 1000`), slice location and thickness, laterality. */
  readonly bottomLeft: readonly CornerLine[];
  /** Lossy compression and other notices. */
  readonly bottomRight: readonly CornerLine[];
}

/** The words of the annotations, for translation. */
export interface CornerWords {
  readonly noName: string;
  readonly noId: string;
  readonly noBirthDate: string;
  readonly noStudyDate: string;
  readonly noSex: string;
  readonly conflict: string;
  readonly series: string;
  readonly accession: string;
  readonly slice: string;
  readonly thickness: string;
  readonly laterality: string;
  readonly orientationUnknown: string;
  readonly burnedIn: string;
  readonly qualityControl: string;
  readonly derived: string;
  readonly forProcessing: string;
  readonly subtraction: string;
  readonly madeUpIdentifiers: string;
  /** Twelve short names of months, from January. */
  readonly months: readonly string[];
}

export const ENGLISH_CORNER_WORDS: CornerWords = {
  noName: "no name",
  noId: "no patient ID",
  noBirthDate: "no birth date",
  noStudyDate: "no study date",
  noSex: "sex not given",
  conflict: "Identity differs between images of this study",
  series: "Series",
  accession: "Acc",
  slice: "Loc",
  thickness: "Thick",
  laterality: "Laterality",
  orientationUnknown: "orientation unknown",
  burnedIn: "burned-in annotation",
  qualityControl: "quality control image",
  derived: "derived image",
  forProcessing: "for processing: not meant for viewing",
  subtraction: "mask subtraction not applied",
  madeUpIdentifiers: "identifiers made up",
  months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
};

/**
 * The annotations of a frame, in words; what is missing is said (`no name`). The name of the patient is that of the
 * instance on the screen, which within a study with conflicts may not be that of the study (safety C4).
 */
export function cornerTexts(
  study: Study,
  displaySet: DisplaySet,
  reference: FrameReference,
  words: CornerWords = ENGLISH_CORNER_WORDS,
): CornerTexts {
  const dataSet = frameDataSet(reference.instance, reference.frameIndex);
  const facts = readImageFacts(dataSet);
  return {
    topLeft: identityLines(reference.instance.patient, words, study.conflicts.length > 0),
    topRight: studyLines(study, displaySet, dataSet, words),
    bottomLeft: [
      ...lines([["frame", frameText(displaySet, reference)]]),
      ...placeLines(facts, words),
    ],
    bottomRight: noticeLines(facts, words),
  };
}

/** Who the image shows: name with all its groups, ID with issuer, birth date, sex and age (safety C1). */
export function identityLines(
  patient: Patient,
  words: CornerWords = ENGLISH_CORNER_WORDS,
  hasConflict = false,
): readonly CornerLine[] {
  const name = patient.name === undefined ? "" : displayPersonName(patient.name);
  const issuer = patient.issuerOfId === undefined ? "" : ` (${patient.issuerOfId})`;
  const birth =
    patient.birthDate === undefined
      ? words.noBirthDate
      : displayDate(patient.birthDate, words.months);
  const age = patient.age === undefined ? undefined : displayAge(patient.age);
  return [
    { key: "name", text: name === "" ? words.noName : name },
    { key: "patient-id", text: patient.id === undefined ? words.noId : patient.id + issuer },
    { key: "birth-date", text: joined([birth, patient.sex ?? words.noSex, age]) },
    ...(hasConflict ? [{ key: "conflict", text: words.conflict } as const] : []),
  ];
}

function studyLines(
  study: Study,
  displaySet: DisplaySet,
  dataSet: DataSet,
  words: CornerWords,
): readonly CornerLine[] {
  const time = study.time === undefined ? undefined : displayTime(study.time);
  const date = study.date === undefined ? words.noStudyDate : displayDate(study.date, words.months);
  const number =
    displaySet.seriesNumber === undefined
      ? undefined
      : `${words.series} ${displaySet.seriesNumber}`;
  // A series without a description is named by its number, which stands before it already.
  const prefix = `Series ${displaySet.seriesNumber}`;
  const name = displaySet.name.startsWith(prefix)
    ? displaySet.name.slice(prefix.length).replace(/^ · /, "")
    : displaySet.name;
  return lines([
    ["study-description", study.description],
    ["study-date", [date, time].filter((part) => part !== undefined).join(" ")],
    ["accession", study.accessionNumber && `${words.accession} ${study.accessionNumber}`],
    ["series", joined([displaySet.modality, number, name])],
    ["technique", techniqueText(dataSet)],
  ]);
}

/** Technique in the unit of each attribute: kV, mA, mAs, ms. */
function techniqueText(dataSet: DataSet): string {
  const quantity = (tag: number, before: string, after: string): string | undefined => {
    const value = dataSet.number(tag);
    return value === undefined ? undefined : `${before}${rounded(value)}${after}`;
  };
  // Devices write 0 for what they do not know; only a b-value of 0 is a technique.
  const positive = (tag: number, before: string, after: string): string | undefined =>
    (dataSet.number(tag) ?? 0) > 0 ? quantity(tag, before, after) : undefined;
  return joined([
    dataSet.string(TAGS.ViewPosition) ??
      dataSet.items(TAGS.ViewCodeSequence)[0]?.string(TAGS.CodeMeaning),
    dataSet.strings(TAGS.ImageType).find((value) => value.startsWith("BIPLANE")),
    positive(TAGS.KVP, "", " kV"),
    positive(TAGS.XRayTubeCurrent, "", " mA"),
    positive(TAGS.Exposure, "", " mAs"),
    positive(TAGS.RepetitionTime, "TR ", " ms"),
    positive(TAGS.EchoTime, "TE ", " ms"),
    quantity(TAGS.DiffusionBValue, "b ", ""),
  ]);
}

/** What the label of a frame says beyond the name of its display set. */
function frameText({ name, frames }: DisplaySet, reference: FrameReference): string {
  const { instance, frameIndex } = reference;
  // A frame that was shown before its display set was divided has no label of its own yet.
  const isLabelled = reference.label !== undefined || frames[0]?.label === undefined;
  const known = isLabelled
    ? reference
    : frames.find((one) => one.instance === instance && one.frameIndex === frameIndex);
  const said = name.split(" · ");
  return joined((known?.label ?? "").split(" · ").filter((part) => !said.includes(part)));
}

function placeLines(facts: ImageFacts, words: CornerWords): readonly CornerLine[] {
  const { laterality, sliceLocationMm, sliceThicknessMm } = facts;
  const location =
    sliceLocationMm === undefined ? undefined : `${words.slice} ${rounded(sliceLocationMm)} mm`;
  const thickness =
    sliceThicknessMm === undefined
      ? undefined
      : `${words.thickness} ${rounded(sliceThicknessMm)} mm`;
  return lines([
    ["laterality", laterality && `${words.laterality} ${laterality.value} (${laterality.source})`],
    ["slice", joined([location, thickness])],
    ["orientation", facts.lacksOrientation ? words.orientationUnknown : undefined],
  ]);
}

function noticeLines(facts: ImageFacts, words: CornerWords): readonly CornerLine[] {
  return lines([
    ["lossy", facts.lossy?.label],
    ["notice", facts.isForProcessing ? words.forProcessing : undefined],
    ["notice", facts.hasSubtraction ? words.subtraction : undefined],
    ["notice", facts.hasMadeUpIdentifiers ? words.madeUpIdentifiers : undefined],
    ["notice", facts.species],
    ["notice", facts.contentQualification],
    ["notice", facts.isQualityControl ? words.qualityControl : undefined],
    ["notice", facts.isDerived ? words.derived : undefined],
    ["notice", facts.hasBurnedInAnnotation ? words.burnedIn : undefined],
  ]);
}

function lines(
  pairs: readonly (readonly [CornerLine["key"], string | undefined])[],
): readonly CornerLine[] {
  return pairs.flatMap(([key, text]) => (text === undefined || text === "" ? [] : [{ key, text }]));
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
