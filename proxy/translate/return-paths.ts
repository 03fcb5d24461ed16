import type { Tag } from "#core/dicom/tag.ts";
import type { QidoQuery } from "#core/dicomweb/qido-query.ts";
import { resultTags } from "#core/dicomweb/result-attributes.ts";
import { ALL_TAGS, type EntityLevel, LEVELS, levelOf, OF_ANY_LEVEL } from "./level-attributes.ts";

/**
 * The attributes that a PACS is asked for at a level: what results have unasked, what the search includes, and with
 * `all` whatever PACS know at this level. Keys are not repeated here.
 */
export function returnPaths(query: QidoQuery, level: EntityLevel): readonly (readonly Tag[])[] {
  const standard = [...resultTags(query)].filter((tag) => !OF_ANY_LEVEL.has(tag));
  const paths: (readonly Tag[])[] = [
    ...standard.map((tag) => [tag]),
    ...query.includeFields.filter(([tag = 0]) => !OF_ANY_LEVEL.has(tag)),
  ];
  // The unique key of a level is always asked for where the level is searched, which that of patients rarely is.
  const implied = level === "patient" ? undefined : LEVELS[level].uniqueKey;
  const own = paths.filter(([tag = 0]) => levelOf(tag, query.level) === level && tag !== implied);
  // Attributes of a level that the path names are only asked for by name.
  return query.includeAll && isListed(query, level)
    ? [...own, ...ALL_TAGS[level].map((tag) => [tag])]
    : own;
}

function isListed(query: QidoQuery, level: EntityLevel): boolean {
  if (level === "instance") return true;
  if (level === "series") return query.seriesInstanceUid === undefined;
  return query.studyInstanceUid === undefined;
}
