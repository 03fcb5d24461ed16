import type { Code, ReportItem } from "./content-item.ts";

/** Containers of one kind side by side: a row for each, a column for each concept that any of them holds. */
export interface ItemTable {
  readonly columns: readonly Code[];
  readonly rows: readonly ItemRow[];
}

interface ItemRow {
  readonly container: ReportItem;
  /** Items of each column, in its order; a concept may occur more than once. */
  readonly cells: readonly (readonly ReportItem[])[];
}

/** More columns than this are no table that a person can read. */
const MOST_COLUMNS = 9;
const LONGEST_TEXT = 80;

/**
 * Sibling containers of one concept (measurement groups of TID 1500, lesions, exposures) as a table; undefined where
 * they are too few, too wide, running texts, or hold further containers, tables or things without a name that only a tree
 * can show.
 */
export function tableOf(containers: readonly ReportItem[]): ItemTable | undefined {
  const items = containers.flatMap(({ children }) => children);
  const areTexts = containers.some(({ value }) => value.kind === "container" && value.isContinuous);
  if (containers.length < 2 || areTexts || !items.every(fitsCell)) return undefined;
  const columns = new Map<string, Code>();
  for (const { name, value } of items)
    if (name !== undefined && !isPlace(value)) columns.set(keyOf(name), name);
  if (columns.size === 0 || columns.size > MOST_COLUMNS) return undefined;
  const rows = containers.map((container) => ({
    container,
    cells: [...columns.keys()].map((key) =>
      container.children.filter(
        ({ name, value }) => name !== undefined && keyOf(name) === key && !isPlace(value),
      ),
    ),
  }));
  return { columns: [...columns.values()], rows };
}

/** Whether an item of a container can stand in a table: it has a name, and neither items in sections nor long text. */
function fitsCell({ name, value }: ReportItem): boolean {
  if (name === undefined) return isPlace(value);
  const isLong = value.kind === "text" && value.text.length > LONGEST_TEXT;
  return !["container", "table"].includes(value.kind) && !isLong;
}

/** Whether it says where something is seen; all such items of a row share its last column. */
export function isPlace({ kind }: ReportItem["value"]): boolean {
  return kind === "image" || kind === "coordinates";
}

/** Runs of neighbouring items that are containers of the same concept, and everything else by itself. */
export function runsOf(items: readonly ReportItem[]): readonly (readonly ReportItem[])[] {
  const runs: ReportItem[][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    const previous = last?.at(-1);
    const isLike =
      previous !== undefined &&
      item.value.kind === "container" &&
      previous.value.kind === "container" &&
      item.name !== undefined &&
      previous.name !== undefined &&
      keyOf(item.name) === keyOf(previous.name);
    if (isLike) last?.push(item);
    else runs.push([item]);
  }
  return runs;
}

function keyOf({ scheme, value, meaning }: Code): string {
  return value === "" ? meaning : `${scheme} ${value}`;
}
