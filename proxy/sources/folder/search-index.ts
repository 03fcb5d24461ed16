import { type DataElement, DataSet } from "#core/dicom/data-set.ts";
import { vrOf } from "#core/dicom/dictionary.ts";
import type { Tag } from "#core/dicom/tag.ts";
import { textElement } from "#core/dicom/text-element.ts";
import type { Vr } from "#core/dicom/vr.ts";
import { keyMatcher } from "#core/dicomweb/match-data-set.ts";
import type { MatchKey, QidoQuery } from "#core/dicomweb/qido-query.ts";
import { resultTags } from "#core/dicomweb/result-attributes.ts";
import {
  type ArchiveIndex,
  inOrderOfSeries,
  instancesInOrder,
  type SeriesEntry,
  type StudyEntry,
} from "./archive-index.ts";
import { HELD_SERIES_TAGS, HELD_STUDY_TAGS } from "./attribute-pool.ts";
import type { InstanceRecord } from "./file-record.ts";

/** A match: the levels down to that of the search. */
interface Match {
  readonly study: StudyEntry;
  readonly series?: SeriesEntry;
  readonly instance?: InstanceRecord;
}

/** Reads all attributes of an instance from its file. */
export type ReadHeader = (record: InstanceRecord) => Promise<DataSet>;

const STUDY_COMPUTED: ReadonlySet<Tag> = new Set([
  0x00080056, 0x00080061, 0x00080062, 0x00201206, 0x00201208,
]);
const SERIES_COMPUTED: ReadonlySet<Tag> = new Set([0x00201209]);
const INSTANCE_HELD: ReadonlySet<Tag> = new Set([
  0x00080016, 0x00080018, 0x00200013, 0x00280008, 0x00280010, 0x00280011, 0x00280100,
]);

type Test = (dataSet: DataSet) => boolean;

/** The keys of a search by the level whose attributes answer them. */
interface Tests {
  readonly study: readonly Test[];
  readonly series: readonly Test[];
  readonly instance: readonly Test[];
  /** About attributes that the index does not hold: files have to be read. */
  readonly header: readonly Test[];
}

/**
 * A page of matches, studies newest first, series and instances by their numbers. Keys that the index does not hold
 * are answered from the files of what the other keys left: each instance in a search for instances, the first
 * instance of a series or study otherwise.
 */
export async function searchIndex(
  index: ArchiveIndex,
  query: QidoQuery,
  readHeader: ReadHeader,
  signal: AbortSignal,
): Promise<{ readonly matches: readonly DataSet[]; readonly hasMore: boolean }> {
  const tests = sortTests(query);
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  const page: Match[] = [];
  let passed = 0;
  for (const match of candidates(index, query, tests)) {
    signal.throwIfAborted();
    if (tests.header.length > 0) {
      const header = await readHeader(representative(match));
      if (!tests.header.every((test) => test(header))) continue;
    }
    passed += 1;
    if (passed <= query.offset) continue;
    if (page.length >= limit)
      return { matches: await present(page, query, readHeader), hasMore: true };
    page.push(match);
  }
  return { matches: await present(page, query, readHeader), hasMore: false };
}

function sortTests(query: QidoQuery): Tests {
  const sorted: Record<keyof Tests, Test[]> = { study: [], series: [], instance: [], header: [] };
  for (const key of query.keys) sorted[levelOf(key)].push(keyMatcher(key, query.fuzzyMatching));
  return sorted;
}

function levelOf({ path: [tag = 0, ...rest] }: MatchKey): keyof Tests {
  const isHeldItem = rest.length === 0 || rest.every((inner) => REQUEST_ITEM_TAGS.has(inner));
  if (HELD_STUDY_TAGS.has(tag) || STUDY_COMPUTED.has(tag)) return isHeldItem ? "study" : "header";
  if (HELD_SERIES_TAGS.has(tag) || SERIES_COMPUTED.has(tag))
    return isHeldItem ? "series" : "header";
  return INSTANCE_HELD.has(tag) ? "instance" : "header";
}

const REQUEST_ITEM_TAGS: ReadonlySet<Tag> = new Set([0x00400009, 0x00401001]);

function* candidates(index: ArchiveIndex, query: QidoQuery, tests: Tests): Generator<Match> {
  for (const study of studiesOf(index, query)) {
    if (!tests.study.every((test) => test(studyAttributes(study)))) continue;
    const series = matchingSeries(study, query, tests);
    if (query.level !== "study") yield* below(study, series, query, tests);
    else if (!series.next().done) yield { study };
  }
}

function* below(
  study: StudyEntry,
  matching: Iterable<SeriesEntry>,
  query: QidoQuery,
  tests: Tests,
): Generator<Match> {
  for (const series of matching) {
    if (query.level === "series") yield { study, series };
    else for (const instance of matchingInstances(series, tests)) yield { study, series, instance };
  }
}

function* matchingSeries(
  study: StudyEntry,
  query: QidoQuery,
  tests: Tests,
): Generator<SeriesEntry> {
  for (const series of [...study.series.values()].sort(inOrderOfSeries)) {
    const isAsked =
      query.seriesInstanceUid === undefined || query.seriesInstanceUid === series.seriesInstanceUid;
    if (!isAsked || !tests.series.every((test) => test(seriesAttributes(series)))) continue;
    if (tests.instance.length === 0 || !matchingInstances(series, tests).next().done) yield series;
  }
}

function* matchingInstances(series: SeriesEntry, tests: Tests): Generator<InstanceRecord> {
  for (const record of instancesInOrder(series)) {
    if (tests.instance.every((test) => test(instanceAttributes(record)))) yield record;
  }
}

function studiesOf(index: ArchiveIndex, query: QidoQuery): readonly StudyEntry[] {
  if (query.studyInstanceUid !== undefined) {
    const study = index.studies.get(query.studyInstanceUid);
    return study === undefined ? [] : [study];
  }
  return [...index.studies.values()]
    .map((study) => ({ study, moment: momentOf(study) }))
    .sort((a, b) => {
      if (a.moment !== b.moment) return a.moment < b.moment ? 1 : -1;
      return a.study.studyInstanceUid < b.study.studyInstanceUid ? -1 : 1;
    })
    .map(({ study }) => study);
}

function momentOf(study: StudyEntry): string {
  const attributes = studyAttributes(study);
  return `${attributes.string(0x00080020) ?? ""} ${attributes.string(0x00080030) ?? ""}`;
}

/** The data sets of a page, with the attributes that the search asks for. */
async function present(
  page: readonly Match[],
  query: QidoQuery,
  readHeader: ReadHeader,
): Promise<readonly DataSet[]> {
  const standard = resultTags(query);
  const asked = [...query.includeFields, ...query.keys.map(({ path }) => path)].map(
    ([tag = 0]) => tag,
  );
  const wanted = new Set([...standard, ...asked]);
  const unheld = asked.some((tag) => !isHeld(tag));
  const needsHeader = unheld || (query.includeAll && query.level === "instance");
  const results: DataSet[] = [];
  for (const match of page) {
    const held = heldAttributes(match);
    const header = needsHeader ? await readHeader(representative(match)) : undefined;
    results.push(resultOf(held, header, query.includeAll ? undefined : wanted, standard));
  }
  return results;
}

/** `wanted` undefined: everything that is known. */
function resultOf(
  held: DataSet,
  header: DataSet | undefined,
  wanted: ReadonlySet<Tag> | undefined,
  standard: ReadonlySet<Tag>,
): DataSet {
  const elements = new Map<Tag, DataElement>();
  for (const tag of standard) {
    if (tag !== 0x00081190) elements.set(tag, textElement(tag));
  }
  for (const source of header === undefined ? [held] : [header, held]) {
    for (const element of source.elements.values()) {
      if (wanted === undefined || wanted.has(element.tag)) elements.set(element.tag, element);
    }
  }
  return new DataSet(elements.values(), (header ?? held).encoding);
}

function isHeld(tag: Tag): boolean {
  return [HELD_STUDY_TAGS, STUDY_COMPUTED, HELD_SERIES_TAGS, SERIES_COMPUTED, INSTANCE_HELD].some(
    (tags) => tags.has(tag),
  );
}

function heldAttributes({ study, series, instance }: Match): DataSet {
  return new DataSet([
    ...studyAttributes(study).elements.values(),
    ...(series === undefined ? [] : seriesAttributes(series).elements.values()),
    ...(instance === undefined ? [] : instanceAttributes(instance).elements.values()),
  ]);
}

const studyCache = new WeakMap<
  StudyEntry,
  { readonly revision: number; readonly attributes: DataSet }
>();

function studyAttributes(study: StudyEntry): DataSet {
  const cached = studyCache.get(study);
  if (cached?.revision === study.revision) return cached.attributes;
  const modalities = new Set<string>();
  const sopClasses = new Set<string>();
  let instances = 0;
  for (const series of study.series.values()) {
    instances += series.instances.size;
    for (const { content } of series.instances.values()) {
      sopClasses.add(content.sopClassUid);
      const modality = content.series.dataSet.string(0x00080060);
      if (modality !== undefined) modalities.add(modality);
    }
  }
  const attributes = new DataSet([
    ...(firstInstance(study)?.content.study.dataSet.elements.values() ?? []),
    textElement(0x00080056, "ONLINE"),
    textElement(0x00080061, ...[...modalities].sort()),
    textElement(0x00080062, ...[...sopClasses].sort()),
    textElement(0x0020000d, study.studyInstanceUid),
    textElement(0x00201206, String(study.series.size)),
    textElement(0x00201208, String(instances)),
  ]);
  studyCache.set(study, { revision: study.revision, attributes });
  return attributes;
}

function seriesAttributes(series: SeriesEntry): DataSet {
  const [first] = series.instances.values();
  return new DataSet([
    ...(first?.content.series.dataSet.elements.values() ?? []),
    textElement(0x0020000d, series.study.studyInstanceUid),
    textElement(0x0020000e, series.seriesInstanceUid),
    textElement(0x00201209, String(series.instances.size)),
  ]);
}

function instanceAttributes({ content }: InstanceRecord): DataSet {
  return new DataSet([
    textElement(0x00080016, content.sopClassUid),
    textElement(0x00080018, content.sopInstanceUid),
    textElement(0x00080056, "ONLINE"),
    textElement(0x0020000d, content.studyInstanceUid),
    textElement(0x0020000e, content.seriesInstanceUid),
    ...numberElements([
      [0x00200013, content.instanceNumber],
      [0x00280008, content.numberOfFrames],
      [0x00280010, content.rows],
      [0x00280011, content.columns],
      [0x00280100, content.bitsAllocated],
    ]),
  ]);
}

const TEXT_NUMBERS: ReadonlySet<Vr> = new Set<Vr>(["IS", "DS"]);

function numberElements(
  values: readonly (readonly [tag: Tag, value: number | undefined])[],
): readonly DataElement[] {
  return values.flatMap(([tag, value]) => {
    if (value === undefined) return [];
    const vr = vrOf(tag) ?? "IS";
    if (TEXT_NUMBERS.has(vr)) return [textElement(tag, String(value))];
    return [{ tag, vr, value: { kind: "numbers", numbers: [value] } }];
  });
}

function representative({ study, series, instance }: Match): InstanceRecord {
  const record =
    instance ?? (series === undefined ? firstInstance(study) : instancesInOrder(series)[0]);
  if (record === undefined) throw new Error("A study without instances is no study");
  return record;
}

/** An instance of the study by order of path, so that its attributes do not change from start to start. */
function firstInstance(study: StudyEntry): InstanceRecord | undefined {
  let first: InstanceRecord | undefined;
  for (const series of study.series.values()) {
    for (const record of series.instances.values()) {
      if (first === undefined || record.path < first.path) first = record;
    }
  }
  return first;
}
