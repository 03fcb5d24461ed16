import type { DataSet } from "../dicom/data-set.ts";
import { type ObjectKind, objectKindOf } from "../dicom/sop-class.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { FrameGroup } from "./arrange-frames.ts";
import type { DisplaySet, DisplaySetKind, DisplaySetWarning } from "./display-set.ts";
import { isFilm, readFrameTimes } from "./frame-times.ts";
import type { Instance } from "./instance.ts";
import { orderedStack } from "./stack-order.ts";
import { type StackGroup, splitStacks } from "./stack-split.ts";
import type { StudyDetails } from "./study-details.ts";
import type { Series, Study } from "./study-tree.ts";

/**
 * The display sets of a series, those with images first. Every instance is in at least one, every frame in exactly one:
 * those of multi-frame instances by themselves, single frames in stacks of like position and size, videos and everything
 * else by what it is. Without `details` frames are in the order in which they are stored, and names are general.
 */
export function displaySetsOf(series: Series, details?: StudyDetails): readonly DisplaySet[] {
  const videos = series.instances.filter(isVideo);
  const images = series.instances.filter((instance) => !isVideo(instance));
  const [parted, singles] = [
    images.filter(isOfItself),
    images.filter((instance) => instance.numberOfFrames === 1 && !isOfItself(instance)),
  ];
  const others = images.filter((instance) => instance.numberOfFrames === 0);
  return [
    ...splitStacks(singles).flatMap((group) => stackSets(series, group, details)),
    ...bySize(parted).flatMap((instance) => multiFrameSets(series, instance, details)),
    ...videos.map((instance) => videoSet(series, instance)),
    ...otherSets(series, others, details),
  ];
}

/** The display sets of all series of a study, in order. */
export function displaySetsOfStudy(study: Study, details?: StudyDetails): readonly DisplaySet[] {
  return study.series.flatMap((series) => displaySetsOf(series, details));
}

/**
 * Whether an instance can only be put into display sets rightly with `StudyDetails`: names, or the parts of its frames.
 * The same is true of display sets that share places.
 */
export function needsDetails(instance: Instance): "no" | "for names" | "for frames" {
  if (instance.numberOfFrames === 0) return "for names";
  return isOfItself(instance) && !isPlainFilm(instance) ? "for frames" : "no";
}

/** Whether the frames of an instance are display sets of their own, be it a single one. */
function isOfItself({ numberOfFrames, dataSet }: Instance): boolean {
  if (numberOfFrames > 1) return true;
  const isPart = dataSet.has(TAGS.TotalPixelMatrixColumns) || dataSet.has(TAGS.SegmentSequence);
  return numberOfFrames === 1 && isPart;
}

function isPlainFilm({ dataSet, numberOfFrames }: Instance): boolean {
  return dataSet.string(TAGS.Modality) !== "NM" && isFilm(dataSet, numberOfFrames);
}

/** Levels of a slide from the smallest one, which shows all of it; everything else as it came. */
function bySize(instances: readonly Instance[]): readonly Instance[] {
  const size = ({ dataSet }: Instance): number => dataSet.number(TAGS.TotalPixelMatrixColumns) ?? 0;
  return instances.toSorted((a, b) => size(a) - size(b));
}

function stackSets(
  series: Series,
  { key, name, instances }: StackGroup,
  details: StudyDetails | undefined,
): readonly DisplaySet[] {
  const stack = orderedStack(instances);
  const whole = {
    ...stack,
    key: "",
    name: "",
    frames: stack.instances.map((instance) => ({ instance, frameIndex: 0 })),
  };
  const groups =
    stack.sharesPlaces && details !== undefined ? details.arrangeStack(instances) : [whole];
  return groups.map((group) => ({
    ...commonFacts(series, "stack", key + group.key),
    ...groupFacts(group),
    name: joinedName(series, name, group.name),
    instances: group.frames.map(({ instance }) => instance),
  }));
}

function multiFrameSets(
  series: Series,
  instance: Instance,
  details: StudyDetails | undefined,
): readonly DisplaySet[] {
  const { dataSet, numberOfFrames, sopInstanceUid } = instance;
  const times = readFrameTimes(dataSet, numberOfFrames);
  const isCine = isFilm(dataSet, numberOfFrames);
  if (details === undefined || isPlainFilm(instance)) {
    const frames = Array.from({ length: numberOfFrames }, (_, frameIndex) => ({
      instance,
      frameIndex,
    }));
    const set = commonFacts(series, "multi-frame", sopInstanceUid);
    return [{ ...set, instances: [instance], frames, isCine, frameTimesMs: times }];
  }
  return details.arrangeInstance(instance).map((group) => ({
    ...commonFacts(series, "multi-frame", sopInstanceUid + group.key),
    ...groupFacts(group),
    name: joinedName(series, details.instanceName(instance), group.name),
    instances: [instance],
    isCine,
    frameTimesMs: times && group.frames.map(({ frameIndex }) => times[frameIndex] ?? 0),
  }));
}

function groupFacts({ frames, warnings, spacingMm, sharesPlaces }: FrameGroup) {
  return { frames, warnings, spacingMm, sharesPlaces };
}

function joinedName(series: Series, ...parts: readonly string[]): string {
  return [seriesName(series), ...parts].filter((part) => part !== "").join(" · ");
}

/** MPEG-2, MPEG-4 and HEVC: one stream for all frames (PS3.5 A.4.5 to A.4.9). */
const VIDEO_SYNTAX = /^1\.2\.840\.10008\.1\.2\.4\.10[0-8](\.1)?$/;

function isVideo({ image, transferSyntaxUid }: Instance): boolean {
  return image.kind === "image" && VIDEO_SYNTAX.test(transferSyntaxUid ?? "");
}

/** A film that no frame can be taken from: it is played, and has no frames of its own here. */
function videoSet(series: Series, instance: Instance): DisplaySet {
  return {
    ...commonFacts(series, "video", instance.sopInstanceUid),
    reason: "A video: it is played as a whole",
    instances: [instance],
    isCine: true,
    frameTimesMs: readFrameTimes(instance.dataSet, instance.numberOfFrames),
  };
}

/** Reports, documents and curves one by one, as each has its own title; the rest together with its like. */
function otherSets(
  series: Series,
  instances: readonly Instance[],
  details: StudyDetails | undefined,
): readonly DisplaySet[] {
  const groups = new Map<string, Instance[]>();
  for (const instance of instances) {
    const { image, sopClassUid, sopInstanceUid } = instance;
    const isSingle = SINGLE_KINDS.has(objectKindOf(sopClassUid));
    const why = image.kind === "unusable" ? image.reason : "";
    const key = isSingle ? sopInstanceUid : `${sopClassUid}: ${why}`;
    groups.set(key, [...(groups.get(key) ?? []), instance]);
  }
  return [...groups].flatMap(([key, group]) => otherSet(series, key, group, details) ?? []);
}

function otherSet(
  series: Series,
  key: string,
  instances: readonly Instance[],
  details: StudyDetails | undefined,
): DisplaySet | undefined {
  const [first] = instances;
  if (first === undefined) return undefined;
  const { dataSet, image, sopClassUid } = first;
  const kind = objectKindOf(sopClassUid);
  const className = details?.sopClassName(sopClassUid) ?? GENERAL_NAMES[kind];
  const why = details?.reasonFor(sopClassUid) ?? "it holds no image that can be shown here";
  return {
    ...commonFacts(series, image.kind === "unusable" ? "unsupported" : SHOWN_AS[kind], key),
    name: titleOf(dataSet) ?? className,
    reason: image.kind === "unusable" ? image.reason : `${className}: ${why}`,
    instances,
    mimeType: dataSet.string(TAGS.MIMETypeOfEncapsulatedDocument),
    warnings: kind === "report" ? reportWarnings(dataSet) : [],
  };
}

/** Kinds of which each object is opened by itself. */
const SINGLE_KINDS: ReadonlySet<ObjectKind> = new Set(["report", "document", "waveform"]);

const SHOWN_AS: Readonly<Record<ObjectKind, DisplaySetKind>> = {
  report: "report",
  document: "document",
  "presentation-state": "presentation-state",
  "key-objects": "key-objects",
  waveform: "waveform",
  other: "unsupported",
};

const GENERAL_NAMES: Readonly<Record<ObjectKind, string>> = {
  report: "Report",
  document: "Document",
  "presentation-state": "Presentation state",
  "key-objects": "Key object selection",
  waveform: "Waveform",
  other: "Object of an unknown kind",
};

/** What keeps a report from being the last word (PS3.3 C.17.2; safety C22). */
function reportWarnings(dataSet: DataSet): readonly DisplaySetWarning[] {
  const warnings: DisplaySetWarning[] = [];
  if (dataSet.string(TAGS.CompletionFlag) === "PARTIAL")
    warnings.push({ code: "incomplete-report", message: "The report is not complete." });
  if (dataSet.string(TAGS.VerificationFlag) === "UNVERIFIED")
    warnings.push({ code: "unverified-report", message: "Nobody has verified the report." });
  return warnings;
}

/** The title that an object gives itself: Document Title, the concept name of a report, a content label. */
function titleOf(dataSet: DataSet): string | undefined {
  return (
    dataSet.string(TAGS.DocumentTitle) ??
    dataSet.items(TAGS.ConceptNameCodeSequence)[0]?.string(TAGS.CodeMeaning) ??
    dataSet.string(TAGS.ContentLabel)
  );
}

function seriesName(series: Series): string {
  const numbered = series.number === undefined ? undefined : `Series ${series.number}`;
  return series.description ?? series.protocol ?? numbered ?? series.modality ?? "Series";
}

/** A display set without images, which its maker completes. */
function commonFacts(series: Series, kind: DisplaySetKind, key: string): DisplaySet {
  return {
    id: `${series.seriesInstanceUid}/${kind}/${key}`,
    kind,
    studyInstanceUid: series.studyInstanceUid,
    seriesInstanceUid: series.seriesInstanceUid,
    seriesNumber: series.number,
    modality: series.modality,
    name: seriesName(series),
    reason: undefined,
    instances: [],
    frames: [],
    warnings: [],
    isCine: false,
    frameTimesMs: undefined,
    spacingMm: undefined,
  };
}
