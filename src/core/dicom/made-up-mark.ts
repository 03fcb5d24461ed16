import type { DataSet } from "./data-set.ts";
import { ModifyingSystem, OriginalAttributesSequence } from "./tags.generated.ts";

/** Modifying System of the items that say which identifiers were made up. */
export const MADE_UP_BY = "NEGATO";

/** Whether identifiers of the instance are not its own: the file lacked them, and Negato made them up. */
export function hasMadeUpIdentifiers(dataSet: DataSet): boolean {
  return dataSet
    .items(OriginalAttributesSequence)
    .some((item) => item.string(ModifyingSystem) === MADE_UP_BY);
}
