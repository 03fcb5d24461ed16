import type { ToolName } from "./pointer-gestures.ts";

/** Everything that a person can tell a viewport, however it is said: key, button, menu. */
export type CommandId =
  | "scroll-next"
  | "scroll-previous"
  | "scroll-forward-10"
  | "scroll-back-10"
  | "scroll-first"
  | "scroll-last"
  | "window-default"
  | "window-automatic"
  | `window-preset-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | `tool-${ToolName}`
  | "nudge-left"
  | "nudge-right"
  | "nudge-up"
  | "nudge-down"
  | "fit"
  | "one-to-one"
  | "zoom-in"
  | "zoom-out"
  | "rotate-right"
  | "rotate-left"
  | "flip-horizontal"
  | "flip-vertical"
  | "invert"
  | "toggle-interpolation"
  | "toggle-presentation"
  | "toggle-graphics"
  | "toggle-overlays"
  | "toggle-shutter"
  | "next-key-image"
  | "previous-key-image"
  | "cine-toggle"
  | "cine-faster"
  | "cine-slower"
  | "reset"
  | "show-tags"
  | "show-exactness";

/** Commands that belong together in menus and lists of keys. */
export type CommandGroup = "scroll" | "window" | "tool" | "view" | "cine";

/** A key as it is pressed: by what it types, digits by their place. */
interface Shortcut {
  /** `KeyboardEvent.key`, letters in lower case. */
  readonly key?: string;
  /** `KeyboardEvent.code` of a digit. */
  readonly code?: string;
  readonly shift?: boolean;
  /** For people: `Shift+R`. */
  readonly label: string;
}

/** A touch that does the same; people read about it in help texts. */
export type TouchGesture = "drag" | "two-finger-drag" | "pinch" | "double-tap" | "slider" | "none";

export interface ViewportCommand {
  readonly id: CommandId;
  readonly group: CommandGroup;
  readonly shortcuts: readonly Shortcut[];
  readonly touch: TouchGesture;
}

/** All commands, in the order of help and menus. Their names for people are in `components/viewport/command-labels.ts`. */
export const VIEWPORT_COMMANDS: readonly ViewportCommand[] = [
  command("scroll-next", "scroll", [named("ArrowDown", "↓"), named("ArrowRight", "→")], "drag"),
  command("scroll-previous", "scroll", [named("ArrowUp", "↑"), named("ArrowLeft", "←")], "drag"),
  command("scroll-forward-10", "scroll", [named("PageDown", "Page ↓")], "slider"),
  command("scroll-back-10", "scroll", [named("PageUp", "Page ↑")], "slider"),
  command("scroll-first", "scroll", [named("Home", "Home")], "slider"),
  command("scroll-last", "scroll", [named("End", "End")], "slider"),
  command("next-key-image", "scroll", [letter("k")]),
  command("previous-key-image", "scroll", [{ key: "k", shift: true, label: "Shift+K" }]),
  command("tool-window", "tool", [letter("w")]),
  command("tool-pan", "tool", [letter("p")], "two-finger-drag"),
  command("tool-zoom", "tool", [letter("z")], "pinch"),
  command("tool-scroll", "tool", [letter("s")]),
  command("nudge-left", "tool", [shifted("ArrowLeft", "←")], "drag"),
  command("nudge-right", "tool", [shifted("ArrowRight", "→")], "drag"),
  command("nudge-up", "tool", [shifted("ArrowUp", "↑")], "drag"),
  command("nudge-down", "tool", [shifted("ArrowDown", "↓")], "drag"),
  command("window-default", "window", [digit(0)]),
  command("window-preset-1", "window", [digit(1)]),
  command("window-preset-2", "window", [digit(2)]),
  command("window-preset-3", "window", [digit(3)]),
  command("window-preset-4", "window", [digit(4)]),
  command("window-preset-5", "window", [digit(5)]),
  command("window-preset-6", "window", [digit(6)]),
  command("window-preset-7", "window", [digit(7)]),
  command("window-preset-8", "window", [digit(8)]),
  command("window-preset-9", "window", [digit(9)]),
  command("window-automatic", "window", [letter("a")]),
  command("invert", "window", [letter("i")]),
  command("fit", "view", [letter("f")], "double-tap"),
  command("one-to-one", "view", [letter("o")], "double-tap"),
  command("zoom-in", "view", [typed("+"), typed("=")], "pinch"),
  command("zoom-out", "view", [typed("-"), typed("_")], "pinch"),
  command("rotate-right", "view", [letter("r")]),
  command("rotate-left", "view", [{ key: "r", shift: true, label: "Shift+R" }]),
  command("flip-horizontal", "view", [letter("h")]),
  command("flip-vertical", "view", [letter("v")]),
  command("toggle-interpolation", "view", [letter("n")]),
  command("toggle-presentation", "view", [letter("b")]),
  command("toggle-graphics", "view", [letter("g")]),
  command("toggle-overlays", "view", [letter("l")]),
  command("toggle-shutter", "view", [letter("m")]),
  command("reset", "view", [letter("x")]),
  command("show-tags", "view", [letter("t")]),
  command("show-exactness", "view", [letter("e")]),
  command("cine-toggle", "cine", [{ key: " ", label: "Space" }]),
  command("cine-slower", "cine", [typed(",")]),
  command("cine-faster", "cine", [typed(".")]),
];

/** The parts of a `KeyboardEvent` that commands depend on. */
export interface KeyInput {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** The command of a key; undefined where it has none. Keys with Ctrl, Alt or Meta belong to the browser. */
export function commandForKey(input: KeyInput): CommandId | undefined {
  if (input.ctrlKey || input.altKey || input.metaKey) return undefined;
  return VIEWPORT_COMMANDS.find(({ shortcuts }) =>
    shortcuts.some((shortcut) => matches(shortcut, input)),
  )?.id;
}

function matches({ key, code, shift }: Shortcut, input: KeyInput): boolean {
  if (code !== undefined) return !input.shiftKey && isDigitKey(code, input);
  // Whether a sign needs Shift depends on the layout, so it is the sign that counts.
  const isSign = key?.length === 1 && !/^[a-z]$/.test(key);
  if (!isSign && (shift === true) !== input.shiftKey) return false;
  return isSign || key?.length !== 1 ? input.key === key : input.key.toLowerCase() === key;
}

/** A digit of the upper row whatever it types, or of the number pad while it types digits. */
function isDigitKey(code: string, input: KeyInput): boolean {
  const isPad = input.code === code.replace("Digit", "Numpad") && /^\d$/.test(input.key);
  return input.code === code || isPad;
}

function command(
  id: CommandId,
  group: CommandGroup,
  shortcuts: readonly Shortcut[],
  touch: TouchGesture = "none",
): ViewportCommand {
  return { id, group, shortcuts, touch };
}

function letter(key: string): Shortcut {
  return { key, label: key.toUpperCase() };
}

function typed(key: string): Shortcut {
  return { key, label: key };
}

function named(key: string, label: string): Shortcut {
  return { key, label };
}

function shifted(key: string, label: string): Shortcut {
  return { key, shift: true, label: `Shift+${label}` };
}

/** Digits by their place: on some layouts they type something else without Shift. */
function digit(value: number): Shortcut {
  return { code: `Digit${value}`, label: String(value) };
}
