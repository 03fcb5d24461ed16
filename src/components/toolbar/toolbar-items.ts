import type { CommandId } from "../../viewer/viewport-commands.ts";
import type { IconName } from "../icon/icons.generated.ts";

/** The menus of the toolbar: of windows, and of what lies over the image. */
export type ToolbarMenu = "window-menu" | "presentation-menu";

/** A place in the toolbar: a command or a menu. */
export interface ToolbarItem {
  readonly command: CommandId | ToolbarMenu;
  readonly icon: IconName;
  /** Smaller ones keep their place longer when room is scarce. */
  readonly rank: number;
  /** Whether a group begins here. */
  readonly startsGroup?: boolean;
}

/** The toolbar from its beginning to its end. */
export const TOOLBAR_ITEMS: readonly ToolbarItem[] = [
  { command: "tool-window", icon: "contrast", rank: 1 },
  { command: "tool-scroll", icon: "layers", rank: 2 },
  { command: "tool-pan", icon: "hand", rank: 3 },
  { command: "tool-zoom", icon: "zoom-in", rank: 4 },
  { command: "window-menu", icon: "sliders-horizontal", rank: 6, startsGroup: true },
  { command: "invert", icon: "sun-moon", rank: 9 },
  { command: "presentation-menu", icon: "shapes", rank: 11 },
  { command: "fit", icon: "maximize", rank: 8, startsGroup: true },
  { command: "one-to-one", icon: "scaling", rank: 13 },
  { command: "rotate-left", icon: "rotate-ccw", rank: 15 },
  { command: "rotate-right", icon: "rotate-cw", rank: 10 },
  { command: "flip-horizontal", icon: "flip-horizontal-2", rank: 12 },
  { command: "flip-vertical", icon: "flip-vertical-2", rank: 14 },
  { command: "cine-toggle", icon: "play", rank: 5, startsGroup: true },
  { command: "reset", icon: "undo-2", rank: 7 },
  { command: "show-tags", icon: "tags", rank: 16, startsGroup: true },
];

/**
 * Which items have room: all of them, or the most important ones and a place for the menu with the rest.
 *
 * @param room Items of equal width that fit, the menu counted as one.
 * @param hasMenu whether there is a menu also where all items have room
 */
export function fittingItems(room: number, hasMenu: boolean): readonly ToolbarItem[] {
  if (room >= TOOLBAR_ITEMS.length + Number(hasMenu)) return TOOLBAR_ITEMS;
  const places = Math.max(1, Math.floor(room) - 1);
  return TOOLBAR_ITEMS.filter(({ rank }) => rank <= places);
}
