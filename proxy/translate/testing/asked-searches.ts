import type { DataSet } from "#core/dicom/data-set.ts";
import { parseQidoQuery, type QueryScope } from "#core/dicomweb/parse-qido-query.ts";
import type { QidoQuery } from "#core/dicomweb/qido-query.ts";
import { searchByFind } from "../search-by-find.ts";
import type { SearchAbilities } from "../search-plan.ts";
import { FakePacs, type FakePacsOptions } from "./fake-pacs.ts";
import { MADE_STUDIES } from "./made-studies.ts";

const signal = new AbortController().signal;

/** The search of an address such as `/studies/1.2/series?Modality=CT`. */
export function parsed(address: string): QidoQuery {
  const [path = "", search = ""] = address.split("?");
  const [, study, , series, last] = [undefined, ...path.split("/").slice(2)];
  const level = path.endsWith("studies")
    ? "study"
    : path.endsWith("series")
      ? "series"
      : "instance";
  const scope: QueryScope = {
    level,
    ...(path.startsWith("/studies/") ? { studyInstanceUid: String(study) } : {}),
    ...(last === "instances" ? { seriesInstanceUid: String(series) } : {}),
  };
  return parseQidoQuery(scope, new URLSearchParams(search));
}

/** The page that a PACS in memory gives for an address. */
export async function ask(
  pacs: FakePacs,
  address: string,
  abilities: Partial<SearchAbilities> = {},
) {
  return await searchByFind(parsed(address), pacs.abilities(abilities), pacs.run, signal);
}

/** What a match is called here: its UID at the level of the search. */
function uidOf(match: DataSet): string | undefined {
  return match.string(0x00080018) ?? match.string(0x0020000e) ?? match.string(0x0020000d);
}

/** The same of the made studies, and the PACS, which knows what it was asked. */
export async function found(options: FakePacsOptions, address: string, abilities = {}) {
  const pacs = new FakePacs(MADE_STUDIES, options);
  const { matches, warnings, hasMore } = await ask(pacs, address, abilities);
  return { uids: matches.map(uidOf), matches, warnings, hasMore, pacs };
}
