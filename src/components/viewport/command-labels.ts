import { msg, str } from "@lit/localize";
import type { CommandId, TouchGesture } from "../../viewer/viewport-commands.ts";

/** What a command is called in menus, tooltips and lists of keys. */
export function commandLabel(id: CommandId): string {
  const preset = /^window-preset-(\d)$/.exec(id)?.[1];
  return preset === undefined ? (LABELS.get(id)?.() ?? id) : msg(str`Window preset ${preset}`);
}

/** How a command is given by touch, in words; empty where it has no touch of its own. */
export function touchLabel(touch: TouchGesture): string {
  switch (touch) {
    case "drag":
      return msg("Drag with one finger");
    case "two-finger-drag":
      return msg("Drag with two fingers");
    case "pinch":
      return msg("Pinch");
    case "double-tap":
      return msg("Tap twice");
    case "slider":
      return msg("Drag the slider");
    case "none":
      return "";
  }
}

const LABELS: ReadonlyMap<CommandId, () => string> = new Map<CommandId, () => string>([
  ["scroll-next", () => msg("Next image")],
  ["scroll-previous", () => msg("Previous image")],
  ["scroll-forward-10", () => msg("10 images forward")],
  ["scroll-back-10", () => msg("10 images back")],
  ["scroll-first", () => msg("First image")],
  ["scroll-last", () => msg("Last image")],
  ["window-default", () => msg("Window of the image")],
  ["window-automatic", () => msg("Window over all values")],
  ["tool-window", () => msg("Window")],
  ["tool-pan", () => msg("Pan")],
  ["tool-zoom", () => msg("Zoom")],
  ["tool-scroll", () => msg("Scroll")],
  ["nudge-left", () => msg("Tool to the left: narrower, move left")],
  ["nudge-right", () => msg("Tool to the right: wider, move right")],
  ["nudge-up", () => msg("Tool up: brighter, larger, move up")],
  ["nudge-down", () => msg("Tool down: darker, smaller, move down")],
  ["fit", () => msg("Fit")],
  ["one-to-one", () => msg("1:1")],
  ["zoom-in", () => msg("Zoom in")],
  ["zoom-out", () => msg("Zoom out")],
  ["rotate-right", () => msg("Rotate right 90°")],
  ["rotate-left", () => msg("Rotate left 90°")],
  ["flip-horizontal", () => msg("Mirror left to right")],
  ["flip-vertical", () => msg("Flip top to bottom")],
  ["invert", () => msg("Invert")],
  ["toggle-interpolation", () => msg("Smooth or plain pixels")],
  ["cine-toggle", () => msg("Cine")],
  ["cine-faster", () => msg("Cine faster")],
  ["cine-slower", () => msg("Cine slower")],
  ["toggle-presentation", () => msg("Presentation state on or off")],
  ["toggle-graphics", () => msg("Graphics on or off")],
  ["toggle-overlays", () => msg("Overlays on or off")],
  ["toggle-shutter", () => msg("Shutter on or off")],
  ["next-key-image", () => msg("Next key image")],
  ["previous-key-image", () => msg("Previous key image")],
  ["reset", () => msg("Reset")],
  ["show-tags", () => msg("Tags")],
  ["show-exactness", () => msg("How exact the pixels are")],
]);
