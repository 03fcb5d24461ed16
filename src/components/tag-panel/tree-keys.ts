import type { TagRow } from "./tag-tree.ts";

/** What a key means in the tree: another line, or another state of the active one. */
export type TreeMove =
  | { readonly kind: "to"; readonly index: number }
  | { readonly kind: "toggle"; readonly index: number };

/**
 * Keys of the ARIA tree pattern: up and down by lines and pages, right opens or goes in, left closes or goes out.
 * @param page lines in sight.
 */
export function treeMove(
  key: string,
  rows: readonly TagRow[],
  active: number,
  page: number,
): TreeMove | undefined {
  const row = rows[active];
  const to = (index: number): TreeMove => ({
    kind: "to",
    index: Math.min(Math.max(index, 0), rows.length - 1),
  });
  switch (key) {
    case "ArrowDown":
      return to(active + 1);
    case "ArrowUp":
      return to(active - 1);
    case "PageDown":
      return to(active + page);
    case "PageUp":
      return to(active - page);
    case "Home":
      return to(0);
    case "End":
      return to(rows.length - 1);
    case "ArrowRight":
      return row?.canExpand === true && !row.isExpanded
        ? { kind: "toggle", index: active }
        : to(row?.isExpanded === true ? active + 1 : active);
    case "ArrowLeft":
      if (row?.isExpanded === true) return { kind: "toggle", index: active };
      return to(row === undefined || row.parent < 0 ? active : row.parent);
    case "Enter":
    case " ":
      return row?.canExpand === true ? { kind: "toggle", index: active } : to(active);
    default:
      return undefined;
  }
}
