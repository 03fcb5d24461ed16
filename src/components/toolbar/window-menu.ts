import { msg } from "@lit/localize";
import { html, type TemplateResult } from "lit";
import type { ViewportController } from "../../viewer/viewport-controller.ts";
import type { WindowChoice, WindowOption } from "../../viewer/window-choice.ts";
import { commandLabel } from "../viewport/command-labels.ts";
import { windowOptionText, windowValues } from "../viewport/window-text.ts";
import { type MenuItem, menuGroup, menuItem } from "./menu-item.ts";
import { shortcutOf } from "./toolbar-words.ts";

/** All windows and tables that the shown image can be seen with, the present one marked. Reads signals. */
export function windowMenu(viewport: ViewportController, close: () => void): TemplateResult {
  const options = viewport.windowOptions.value;
  const choice = viewport.state.windowChoice.value;
  const items = (kinds: readonly WindowChoice["kind"][]): readonly MenuItem[] =>
    options
      .filter((option) => kinds.includes(option.choice.kind))
      .map((option) => optionItem(option, choice, viewport, close));
  return html`${menuItem({
    role: "menuitemradio",
    name: commandLabel("window-default"),
    isChecked: choice.kind === "default",
    key: shortcutOf("window-default"),
    choose: () => {
      viewport.run("window-default");
      close();
    },
  })}
  ${menuGroup(offeredHeading(viewport), items(["offered"]))}
  ${menuGroup(msg("Presets"), items(["preset"]))} ${items(["automatic"]).map(menuItem)}`;
}

/** The state that is applied gives its own windows in place of the image's (PS3.3 C.11.8). */
function offeredHeading(viewport: ViewportController): string {
  return viewport.presentation.value === undefined
    ? msg("Of the image")
    : msg("Of the image and its presentation state");
}

function optionItem(
  option: WindowOption,
  choice: WindowChoice,
  viewport: ViewportController,
  close: () => void,
): MenuItem {
  const { digit, voi } = option;
  const isAutomatic = option.choice.kind === "automatic";
  const key =
    digit === undefined ? (isAutomatic ? shortcutOf("window-automatic") : "") : `${digit}`;
  return {
    role: "menuitemradio",
    name: windowOptionText(option.choice, voi),
    end: windowValues(voi),
    key,
    isChecked: isChosen(choice, option),
    choose: () => {
      viewport.state.chooseWindow(option.choice);
      close();
    },
  };
}

function isChosen(choice: WindowChoice, option: WindowOption): boolean {
  if (choice.kind !== option.choice.kind) return false;
  if (choice.kind === "offered" && option.choice.kind === "offered")
    return choice.index === option.choice.index;
  return choice.kind === "automatic" || ("window" in choice && choice.window === option.voi);
}
