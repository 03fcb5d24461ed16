import { createHash } from "node:crypto";
import { madeUpReason } from "#core/dicom/made-up-identifiers.ts";
import type { ResourceSelector, SourceProblem, SourceStatus } from "../source.ts";
import { type FileRecord, type InstanceRecord, isInstanceRecord } from "./file-record.ts";

/** A series of the index. */
export interface SeriesEntry {
  readonly seriesInstanceUid: string;
  readonly study: StudyEntry;
  /** By SOP Instance UID. */
  readonly instances: Map<string, InstanceRecord>;
}

/** A study of the index. */
export interface StudyEntry {
  readonly studyInstanceUid: string;
  /** By Series Instance UID. */
  readonly series: Map<string, SeriesEntry>;
  /** Grows with each change of anything below. */
  revision: number;
}

/** Attributes that every instance of a study must agree about (safety C4): name, ID, birth date. */
const IDENTITY_TAGS = [0x00100010, 0x00100020, 0x00100030];

/** What is known of the files of one archive: studies, series, instances by UID, and what is wrong. */
export class ArchiveIndex {
  /** Every file that was looked at, by root, then by path. */
  readonly #files = new Map<string, Map<string, FileRecord>>();
  /** Files with the same SOP Instance UID; the first one is served, one with identifiers of its own before others. */
  readonly #bySopInstance = new Map<string, InstanceRecord[]>();
  readonly #digests = new WeakMap<InstanceRecord, string>();
  readonly studies = new Map<string, StudyEntry>();

  /** Files that were looked at below a root. */
  files(root: string): Iterable<FileRecord> {
    return this.#files.get(root)?.values() ?? [];
  }

  file(root: string, path: string): FileRecord | undefined {
    return this.#files.get(root)?.get(path);
  }

  /** The served instance of a SOP Instance UID, whatever its study. */
  instanceByUid(sopInstanceUid: string): InstanceRecord | undefined {
    return this.#bySopInstance.get(sopInstanceUid)?.[0];
  }

  /** Takes a file in, in place of what was known of it. */
  put(record: FileRecord): void {
    this.remove(record.root, record.path);
    const files = this.#files.get(record.root) ?? new Map<string, FileRecord>();
    this.#files.set(record.root, files);
    files.set(record.path, record);
    if (!isInstanceRecord(record)) return;
    const uid = record.content.sopInstanceUid;
    const same = this.#bySopInstance.get(uid) ?? [];
    const before = same[0];
    same.push(record);
    if (same.length > 1) same.sort(inServingOrder);
    this.#bySopInstance.set(uid, same);
    if (before !== same[0]) this.#serve(before, same[0]);
  }

  remove(root: string, path: string): void {
    const record = this.file(root, path);
    if (record === undefined) return;
    this.#files.get(root)?.delete(path);
    if (!isInstanceRecord(record)) return;
    const uid = record.content.sopInstanceUid;
    const same = this.#bySopInstance.get(uid) ?? [];
    const before = same[0];
    const left = same.filter((other) => other !== record);
    if (left.length === 0) this.#bySopInstance.delete(uid);
    else this.#bySopInstance.set(uid, left);
    if (before !== left[0]) this.#serve(before, left[0]);
  }

  /** The served instances of a resource, in order of series and instance number; empty when there is none. */
  select(selector: ResourceSelector): readonly InstanceRecord[] {
    const study = this.studies.get(selector.studyInstanceUid);
    if (study === undefined) return [];
    const series =
      selector.seriesInstanceUid === undefined
        ? [...study.series.values()].sort(inOrderOfSeries)
        : [study.series.get(selector.seriesInstanceUid)].filter((entry) => entry !== undefined);
    if (selector.sopInstanceUid === undefined) return series.flatMap(instancesInOrder);
    const { sopInstanceUid } = selector;
    return series.flatMap((entry) => entry.instances.get(sopInstanceUid) ?? []);
  }

  /** Identity of a resource: changes when a file of it does. */
  etag(selector: ResourceSelector): string | undefined {
    const records = this.select(selector);
    return records.length === 0 ? undefined : digestOf(records);
  }

  /** Files with the UID of another one whose content has not been compared yet. */
  uncompared(): readonly InstanceRecord[] {
    return [...this.#bySopInstance.values()]
      .filter((same) => same.length > 1)
      .flatMap((same) => same.filter((record) => !this.#digests.has(record)));
  }

  noteDigest(record: InstanceRecord, digest: string): void {
    this.#digests.set(record, digest);
  }

  problems(): readonly SourceProblem[] {
    return [
      ...this.#brokenFiles(),
      ...this.#differingDuplicates(),
      ...this.#mixedStudies(),
      ...this.#madeUpIdentifiers(),
    ];
  }

  /** How many DICOM files are not served; other files in a folder are nobody's loss. */
  lostFiles(): number {
    const broken = this.#brokenFiles().filter(({ code }) => code !== "not-dicom");
    return broken.length + this.#differingDuplicates().length;
  }

  #brokenFiles(): readonly SourceProblem[] {
    return [...this.#files.values()].flatMap((files) => [...files.values()].flatMap(brokenFile));
  }

  counts(): Required<Pick<SourceStatus, "studies" | "series" | "instances" | "problems">> {
    let series = 0;
    for (const study of this.studies.values()) series += study.series.size;
    return {
      studies: this.studies.size,
      series,
      instances: this.#bySopInstance.size,
      problems: this.problems().filter(({ severity }) => severity !== "remark").length,
    };
  }

  #differingDuplicates(): readonly SourceProblem[] {
    return [...this.#bySopInstance.values()].flatMap(([served, ...others]) => {
      if (served === undefined) return [];
      const digest = this.#digests.get(served);
      return others
        .filter((other) => this.#digests.get(other) !== digest)
        .map((other) => ({
          severity: "failure",
          where: other.path,
          code: "duplicate-differs",
          message: `Has the SOP Instance UID of ${served.path}, which is served instead, but other content`,
        }));
    });
  }

  #mixedStudies(): readonly SourceProblem[] {
    return [...this.studies.values()].flatMap((study) => {
      const identities = new Map<string, string>();
      for (const record of instancesOf(study)) {
        const { dataSet } = record.content.study;
        const identity = IDENTITY_TAGS.map((tag) => dataSet.string(tag) ?? "").join("\\");
        if (!identities.has(identity)) identities.set(identity, record.path);
      }
      return [...identities.values()].slice(1).map((path) => ({
        severity: "warning",
        where: path,
        code: "patient-differs",
        message: "Names another patient than other files of the same study",
      }));
    });
  }

  #madeUpIdentifiers(): readonly SourceProblem[] {
    return [...this.#bySopInstance.values()].flatMap(([served]) => {
      if (served === undefined || served.content.madeUp.length === 0) return [];
      const message = `${madeUpReason(served.content.madeUp)}; served under made-up identifiers`;
      return [{ severity: "remark", where: served.path, code: "made-up-identifiers", message }];
    });
  }

  /** Moves the tree from one served file to another of the same UID. */
  #serve(before: InstanceRecord | undefined, after: InstanceRecord | undefined): void {
    if (before !== undefined) this.#unhang(before);
    if (after === undefined) return;
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = after.content;
    const study = this.studies.get(studyInstanceUid) ?? {
      studyInstanceUid,
      series: new Map(),
      revision: 0,
    };
    this.studies.set(studyInstanceUid, study);
    const series = study.series.get(seriesInstanceUid) ?? {
      seriesInstanceUid,
      study,
      instances: new Map(),
    };
    study.series.set(seriesInstanceUid, series);
    series.instances.set(sopInstanceUid, after);
    study.revision += 1;
  }

  #unhang({ content }: InstanceRecord): void {
    const study = this.studies.get(content.studyInstanceUid);
    const series = study?.series.get(content.seriesInstanceUid);
    if (study === undefined || series === undefined) return;
    series.instances.delete(content.sopInstanceUid);
    study.revision += 1;
    if (series.instances.size === 0) study.series.delete(content.seriesInstanceUid);
    if (study.series.size === 0) this.studies.delete(content.studyInstanceUid);
  }
}

/** Changes when one of the files does, as far as its facts tell. */
export function digestOf(records: readonly InstanceRecord[]): string {
  const hash = createHash("sha256");
  for (const { path, size, mtimeMs, inode } of records) {
    hash.update(`${path}\0${size}\0${mtimeMs}\0${inode}\n`);
  }
  return hash.digest("base64url").slice(0, 22);
}

function* instancesOf(study: StudyEntry): Generator<InstanceRecord> {
  for (const series of study.series.values()) yield* series.instances.values();
}

/** The instances of a series by Instance Number, then by UID. */
export function instancesInOrder(series: SeriesEntry): readonly InstanceRecord[] {
  return [...series.instances.values()].sort(
    (a, b) =>
      (a.content.instanceNumber ?? 0) - (b.content.instanceNumber ?? 0) ||
      compareText(a.content.sopInstanceUid, b.content.sopInstanceUid),
  );
}

/** By Series Number, then by UID. */
export function inOrderOfSeries(a: SeriesEntry, b: SeriesEntry): number {
  return seriesNumber(a) - seriesNumber(b) || compareText(a.seriesInstanceUid, b.seriesInstanceUid);
}

function seriesNumber(series: SeriesEntry): number {
  const [first] = series.instances.values();
  return first?.content.series.dataSet.number(0x00200011) ?? 0;
}

function brokenFile({ path, content }: FileRecord): readonly SourceProblem[] {
  if (content.kind !== "problem") return [];
  return [{ severity: "failure", where: path, code: content.code, message: content.message }];
}

function inServingOrder(a: InstanceRecord, b: InstanceRecord): number {
  const byOrigin = a.content.madeUp.length - b.content.madeUp.length;
  if (byOrigin !== 0) return byOrigin;
  return compareText(a.root, b.root) || compareText(a.path, b.path);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
