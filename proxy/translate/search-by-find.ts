import { SourceError } from "../sources/source.ts";
import type { SearchByFind } from "./search-plan.ts";

/**
 * Answers a QIDO-RS search by C-FINDs (PS3.18 8.3.4 and 10.6, PS3.4 C.4.1), without keeping anything; `PacsSearch`
 * keeps lists for the pages that follow. What does not match by its own attributes is left out, whatever the PACS
 * thinks. No result is an empty page.
 * @throws SourceError `bad-request` for what cannot be asked of this PACS
 * @throws DimseError of the C-FINDs
 */
export const searchByFind: SearchByFind = () =>
  Promise.reject(new SourceError("not-implemented", "Searches are not translated yet"));
