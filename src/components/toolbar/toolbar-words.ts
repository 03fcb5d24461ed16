import { msg } from "@lit/localize";
import { type CommandId, VIEWPORT_COMMANDS } from "../../viewer/viewport-commands.ts";
import { commandLabel } from "../viewport/command-labels.ts";
import type { ToolbarItem } from "./toolbar-items.ts";

/** What a place in the toolbar is called. */
export function itemLabel({ command }: ToolbarItem): string {
  switch (command) {
    case "window-menu":
      return msg("Window presets");
    case "presentation-menu":
      return msg("Presentation, overlays and key images");
    default:
      return commandLabel(command);
  }
}

/** The label below the icon, where there is room for one word. */
export function shortLabel({ command }: ToolbarItem): string {
  switch (command) {
    case "window-menu":
      return msg("Presets");
    case "presentation-menu":
      return msg("Overlays");
    case "rotate-left":
      return msg("Left 90°");
    case "rotate-right":
      return msg("Right 90°");
    case "flip-horizontal":
      return msg("Mirror");
    case "flip-vertical":
      return msg("Flip");
    default:
      return commandLabel(command);
  }
}

/** The first key of a command, for people; empty where it has none. */
export function shortcutOf(command: CommandId | `${string}-menu`): string {
  const found = VIEWPORT_COMMANDS.find(({ id }) => id === command);
  return found?.shortcuts[0]?.label ?? "";
}
