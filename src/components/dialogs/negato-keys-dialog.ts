import { msg } from "@lit/localize";
import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { type CommandGroup, VIEWPORT_COMMANDS } from "../../viewer/viewport-commands.ts";
import { controlStyles } from "../control-styles.ts";
import { popoverStyles } from "../popover-styles.ts";
import { commandLabel, touchLabel } from "../viewport/command-labels.ts";
import "./negato-dialog.ts";

const GROUPS: readonly CommandGroup[] = ["scroll", "window", "tool", "view", "cine"];

/**
 * All commands with their keys and touches.
 *
 * @event negato-dialog-closed
 */
@customElement("negato-keys-dialog")
export class NegatoKeysDialog extends LitElement {
  static override readonly styles = [
    controlStyles,
    popoverStyles,
    css`
      .groups {
        columns: 2;
        column-gap: 32px;
      }
      section {
        break-inside: avoid;
        margin-block-end: 16px;
      }
      h3 {
        font-size: var(--negato-size-12);
        font-weight: 600;
        letter-spacing: 0.04em;
        text-transform: uppercase;
        color: var(--negato-soft);
        margin-block-end: 4px;
      }
      dl {
        margin: 0;
      }
      dl > div {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        padding-block: 3px;
      }
      dd {
        margin: 0;
        text-align: end;
        white-space: nowrap;
      }
      .touch {
        display: block;
        font-size: var(--negato-size-12);
        color: var(--negato-soft);
      }
      @media (max-width: 640px) {
        .groups {
          columns: 1;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`<negato-dialog
      heading=${msg("Keys and gestures")}
      @negato-dialog-closed=${() => this.dispatchEvent(new Event("negato-dialog-closed"))}
    >
      <div class="groups">${GROUPS.map((group) => this.#group(group))} ${this.#page()}</div>
    </negato-dialog>`;
  }

  #group(group: CommandGroup): TemplateResult {
    const commands = VIEWPORT_COMMANDS.filter((command) => command.group === group);
    return html`<section>
      <h3>${groupName(group)}</h3>
      <dl>
        ${commands.map(
          ({ id, shortcuts, touch }) => html`<div>
            <dt>${commandLabel(id)}<span class="touch">${touchLabel(touch)}</span></dt>
            <dd>${shortcuts.map(({ label }) => html`<kbd>${label}</kbd> `)}</dd>
          </div>`,
        )}
      </dl>
    </section>`;
  }

  #page(): TemplateResult {
    const keys: readonly (readonly [string, string])[] = [
      [msg("This list"), "?"],
      [msg("Search, in the list of studies"), "/"],
      [msg("Close a dialog or menu"), "Esc"],
    ];
    return html`<section>
      <h3>${msg("Everywhere")}</h3>
      <dl>
        ${keys.map(
          ([name, key]) => html`<div>
            <dt>${name}</dt>
            <dd><kbd>${key}</kbd></dd>
          </div>`,
        )}
      </dl>
    </section>`;
  }
}

function groupName(group: CommandGroup): string {
  switch (group) {
    case "scroll":
      return msg("Images");
    case "window":
      return msg("Window");
    case "tool":
      return msg("Tools");
    case "view":
      return msg("View");
    case "cine":
      return msg("Cine");
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-keys-dialog": NegatoKeysDialog;
  }
}
