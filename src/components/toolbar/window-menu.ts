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
  const items = (kind: WindowChoice["kind"]): readonly MenuItem[] =>
    options
      .filter((option) => option.choice.kind === kind)
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
  ${menuGroup(msg("Of the presentation state"), items("presented"))}
  ${menuGroup(msg("Of the image"), items("offered"))}
  ${menuGroup(msg("Presets"), items("preset"))} ${items("automatic").map(menuItem)}`;
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
  if ("index" in choice && "index" in option.choice) return choice.index === option.choice.index;
  return choice.kind === "automatic" || ("window" in choice && choice.window === option.voi);
}
