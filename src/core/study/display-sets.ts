import * as TAGS from "../dicom/tags.generated.ts";
import type { DisplaySet, DisplaySetKind } from "./display-set.ts";
import { isFilm, readFrameTimes } from "./frame-times.ts";
import type { Instance } from "./instance.ts";
import { type ObjectKind, objectKind } from "./object-kind.ts";
import { orderedStack } from "./stack-order.ts";
import { splitStacks } from "./stack-split.ts";
import type { Series, Study } from "./study-tree.ts";

/**
 * The display sets of a series, those with images first. Every instance is in exactly one: multi-frame instances each
 * in their own, single frames in stacks of like position and size, everything else by what it is.
 */
export function displaySetsOf(series: Series): readonly DisplaySet[] {
  const videos = series.instances.filter(isVideo);
  const images = series.instances.filter((instance) => !isVideo(instance));
  const singles = images.filter((instance) => instance.numberOfFrames === 1);
  const films = images.filter((instance) => instance.numberOfFrames > 1);
  const others = series.instances.filter((instance) => instance.numberOfFrames === 0);
  return [
    ...splitStacks(singles).map((group) => stackSet(series, group.instances, group)),
    ...films.map((instance) => multiFrameSet(series, instance)),
    ...videos.map((instance) => videoSet(series, instance)),
    ...otherSets(series, others),
  ];
}

/** The display sets of all series of a study, in order. */
export function displaySetsOfStudy(study: Study): readonly DisplaySet[] {
  return study.series.flatMap(displaySetsOf);
}

/** What to show first of a study: its first display set with images, else its first one; undefined when it has none. */
export function initialDisplaySet(study: Study): DisplaySet | undefined {
  const sets = displaySetsOfStudy(study);
  return sets.find((set) => set.frames.length > 0) ?? sets[0];
}

function stackSet(
  series: Series,
  instances: readonly Instance[],
  group: { readonly key: string; readonly name: string },
): DisplaySet {
  const stack = orderedStack(instances);
  return {
    ...commonFacts(series, "stack", group.key),
    name: [seriesName(series), group.name].filter((part) => part !== "").join(" · "),
    instances: stack.instances,
    frames: stack.instances.map((instance) => ({ instance, frameIndex: 0 })),
    warnings: stack.warnings,
    spacingMm: stack.spacingMm,
  };
}

function multiFrameSet(series: Series, instance: Instance): DisplaySet {
  const { dataSet, numberOfFrames } = instance;
  return {
    ...commonFacts(series, "multi-frame", instance.sopInstanceUid),
    instances: [instance],
    frames: Array.from({ length: numberOfFrames }, (_, frameIndex) => ({ instance, frameIndex })),
    isCine: isFilm(dataSet, numberOfFrames),
    frameTimesMs: readFrameTimes(dataSet, numberOfFrames),
  };
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

/** Reports and documents one by one, as each has its own title; the rest together with its like. */
function otherSets(series: Series, instances: readonly Instance[]): readonly DisplaySet[] {
  const groups = new Map<string, { kind: ObjectKind; reason: string; instances: Instance[] }>();
  for (const instance of instances) {
    const described = kindAndReason(instance);
    const isSingle = SINGLE_KINDS.has(described.kind.kind);
    const key = isSingle ? instance.sopInstanceUid : `${described.kind.name}: ${described.reason}`;
    const group = groups.get(key) ?? { ...described, instances: [] };
    group.instances.push(instance);
    groups.set(key, group);
  }
  return [...groups].map(([key, group]) => ({
    ...commonFacts(series, kindOf(group.kind), key),
    name: titleOf(group.instances[0]) ?? group.kind.name,
    reason: group.reason,
    instances: group.instances,
    mimeType: group.instances[0]?.dataSet.string(TAGS.MIMETypeOfEncapsulatedDocument),
  }));
}

/** Kinds of which each object is opened by itself. */
const SINGLE_KINDS: ReadonlySet<string> = new Set(["report", "document", "waveform"]);

function kindAndReason(instance: Instance): { readonly kind: ObjectKind; readonly reason: string } {
  const { image, sopClassUid } = instance;
  const kind = objectKind(sopClassUid, image.kind !== "none");
  const reason =
    image.kind === "unusable"
      ? image.reason
      : `${kind.name}: it holds no image that can be shown here`;
  return { kind, reason };
}

function kindOf({ kind }: ObjectKind): DisplaySetKind {
  return kind === "image" ? "unsupported" : kind;
}

/** The title that an object gives itself: Document Title, the concept name of a report, a content label. */
function titleOf(instance: Instance | undefined): string | undefined {
  const dataSet = instance?.dataSet;
  return (
    dataSet?.string(TAGS.DocumentTitle) ??
    dataSet?.items(TAGS.ConceptNameCodeSequence)[0]?.string(TAGS.CodeMeaning) ??
    dataSet?.string(TAGS.ContentLabel)
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
