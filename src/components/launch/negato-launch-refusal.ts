import { msg, str } from "@lit/localize";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { LaunchRefusal } from "../../viewer/launch-resolution.ts";
import { controlStyles } from "../control-styles.ts";
import "../icon/negato-icon.ts";
import { refusalWords } from "./launch-words.ts";

/**
 * Why a launch opens nothing, and what to do about it.
 *
 * @event negato-launch-retry - It is to be followed again.
 * @event negato-launch-list - The list of studies is wanted instead.
 */
@customElement("negato-launch-refusal")
export class NegatoLaunchRefusal extends LitElement {
  static override readonly styles = [
    controlStyles,
    css`
      :host {
        display: grid;
        place-items: center;
        overflow: auto;
      }
      section {
        display: grid;
        justify-items: center;
        gap: 14px;
        max-inline-size: 56ch;
        padding: 24px;
        text-align: center;
        color: var(--negato-soft);
        --negato-icon-size: 32px;
      }
      section > negato-icon {
        color: var(--negato-warn);
      }
      h1 {
        font-size: var(--negato-size-20);
        color: var(--negato-text);
        text-wrap: balance;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 8px;
      }
    `,
  ];

  @property({ attribute: false }) reason: LaunchRefusal | undefined;

  protected override render(): TemplateResult {
    const { reason } = this;
    if (reason === undefined) return html``;
    const { heading, text, code } = refusalWords(reason);
    const mayHelp = reason.kind === "failed" || reason.kind === "nothing-found";
    return html`<section role="alert">
      <negato-icon name="triangle-alert"></negato-icon>
      <h1>${heading}</h1>
      <p>${text}</p>
      <p class="actions">
        ${
          mayHelp
            ? html`<button
                class="button"
                @click=${() => this.dispatchEvent(new Event("negato-launch-retry"))}
              >
                <negato-icon name="refresh-cw"></negato-icon>${msg("Try again")}
              </button>`
            : nothing
        }
        <button
          class="button"
          @click=${() => this.dispatchEvent(new Event("negato-launch-list"))}
        >
          ${msg("List of studies")}
        </button>
      </p>
      <small>${msg(str`Code: ${code}`)}</small>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-launch-refusal": NegatoLaunchRefusal;
  }
}
