import { DataSet } from "#core/dicom/data-set.ts";
import type { Tag } from "#core/dicom/tag.ts";
import type { QueryLevel } from "#core/dicomweb/qido-query.ts";
import { SourceError } from "../sources/source.ts";
import {
  type EntityLevel,
  OF_ANY_LEVEL,
  PATIENT_ID,
  SERIES_INSTANCE_UID,
  STUDY_INSTANCE_UID,
} from "./level-attributes.ts";
import { withElements } from "./plain-data-set.ts";
import type { SearchAbilities } from "./search-plan.ts";

/** Levels that are searched, from above. */
export const QUERY_LEVELS: readonly QueryLevel[] = ["study", "series", "instance"];

/** C-FINDs of one search at a time. */
export const CONCURRENCY = 4;

/** Entities of the levels above that a search goes through, one C-FIND each. */
export const MOST_PARENTS = 500;

/** Whether a key says anything. */
export function isSelective(value: string): boolean {
  return value !== "" && value !== "*";
}

/** The first items; the rest is left, which cancels the C-FIND. */
export async function firstOf(
  found: AsyncGenerator<DataSet>,
  most: number,
): Promise<{ readonly items: readonly DataSet[]; readonly isCut: boolean }> {
  const items: DataSet[] = [];
  for await (const item of found) {
    if (items.length === most) return { items, isCut: true };
    items.push(item);
  }
  return { items, isCut: false };
}

/** One that was taken already, and the others. */
export async function* startingWith(
  first: DataSet,
  others: AsyncGenerator<DataSet>,
): AsyncGenerator<DataSet> {
  yield first;
  yield* others;
}

/** The unique keys that a path names. */
export function namedKeys(study: string | undefined, series: string | undefined): Map<Tag, string> {
  return new Map([
    ...(study === undefined ? [] : [[STUDY_INSTANCE_UID, study] as const]),
    ...(series === undefined ? [] : [[SERIES_INSTANCE_UID, series] as const]),
  ]);
}

/** The unique keys that name an entity to the level below it (PS3.4 C.4.1.2.1). */
export function uniqueKeys(
  entity: DataSet,
  level: EntityLevel,
  model: SearchAbilities["model"],
): Map<Tag, string> {
  const keys = new Map<Tag, string>();
  const tags = level === "study" ? [] : [STUDY_INSTANCE_UID];
  if (level === "instance") tags.push(SERIES_INSTANCE_UID);
  if (model === "patient-root") tags.push(PATIENT_ID);
  for (const tag of tags) {
    const value = entity.string(tag);
    if (value !== undefined) keys.set(tag, value);
  }
  return keys;
}

/** A child with the attributes of its parent, but for what is said of each level by itself. */
export function joined(parent: DataSet, child: DataSet): DataSet {
  const inherited = [...parent.elements.values()].filter(({ tag }) => !OF_ANY_LEVEL.has(tag));
  return new DataSet([...inherited, ...child.elements.values()]);
}

/** A study with the ID of its patient. */
export function withPatient(study: DataSet, patient: DataSet): DataSet {
  const id = patient.element(PATIENT_ID);
  return id === undefined ? study : withElements(study, [id]);
}

/** More entities would have to be gone through than one search may. */
export function tooWide(): SourceError {
  return new SourceError(
    "bad-request",
    `This PACS searches level by level, and the search would go through more than ${MOST_PARENTS} entries: narrow it, for example by patient, date or accession number`,
  );
}
