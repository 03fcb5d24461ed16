import { describe, expect, it } from "vitest";
import { commandForKey, type KeyInput, VIEWPORT_COMMANDS } from "./viewport-commands.ts";

const press = (key: string, code = "", rest: Partial<KeyInput> = {}): KeyInput => ({
  key,
  code,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...rest,
});

describe("keys", () => {
  it.each([
    [press("ArrowDown", "ArrowDown"), "scroll-next"],
    [press("PageUp", "PageUp"), "scroll-back-10"],
    [press("End", "End"), "scroll-last"],
    [press("ArrowLeft", "ArrowLeft", { shiftKey: true }), "nudge-left"],
    [press("1", "Digit1"), "window-preset-1"],
    [press("&", "Digit1"), "window-preset-1"],
    [press("3", "Numpad3"), "window-preset-3"],
    [press("PageDown", "Numpad3"), "scroll-forward-10"],
    [press("r", "KeyR"), "rotate-right"],
    [press("R", "KeyR", { shiftKey: true }), "rotate-left"],
    [press("+", "Equal", { shiftKey: true }), "zoom-in"],
    [press(" ", "Space"), "cine-toggle"],
    [press("r", "KeyR", { ctrlKey: true }), undefined],
    [press("q", "KeyQ"), undefined],
  ])("%o", (input, command) => {
    expect(commandForKey(input)).toBe(command);
  });

  it("mean one command each", () => {
    const labels = VIEWPORT_COMMANDS.flatMap(({ shortcuts }) =>
      shortcuts.map(({ label }) => label),
    );
    expect(new Set(labels).size).toBe(labels.length);
    expect(VIEWPORT_COMMANDS.every(({ shortcuts }) => shortcuts.length > 0)).toBe(true);
  });
});
