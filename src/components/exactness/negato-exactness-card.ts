import { msg } from "@lit/localize";
import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ViewportController } from "../../viewer/viewport-controller.ts";
import { controlStyles } from "../control-styles.ts";
import "../icon/negato-icon.ts";
import { PanelClosedEvent } from "../panel-closed-event.ts";
import "./negato-exactness.ts";

/**
 * The record of exactness as a card over the lower corner of the image; it takes the focus when it appears.
 *
 * @event negato-panel-closed - It is to be closed: by its button or Escape.
 */
@customElement("negato-exactness-card")
export class NegatoExactnessCard extends LitElement {
  static override readonly styles = [
    controlStyles,
    css`
      :host {
        position: absolute;
        inset: auto 32px 44px auto;
        display: block;
        box-sizing: border-box;
        inline-size: min(440px, calc(100% - 48px));
        max-block-size: calc(100% - 120px);
        overflow: auto;
        padding: 10px 12px 12px;
        border: 1px solid var(--negato-line);
        border-radius: var(--negato-radius);
        background: var(--negato-panel);
        box-shadow: 0 8px 32px rgb(0 0 0 / 60%);
      }
      .title {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin: -6px -8px 2px 0;
      }
      h2 {
        font-size: var(--negato-size-13);
        font-weight: 600;
        color: var(--negato-soft);
      }
      /* The whole card has the focus at first, which its edge shows. */
      section:focus-visible {
        outline: none;
      }
      :host(:focus-within) {
        border-color: var(--negato-accent);
      }
    `,
  ];

  @property({ attribute: false }) viewport: ViewportController | undefined;
  @property({ type: Boolean }) preview = false;

  protected override firstUpdated(): void {
    this.renderRoot.querySelector("section")?.focus();
  }

  protected override render(): TemplateResult {
    return html`<section role="dialog" aria-labelledby="title" tabindex="-1" @keydown=${this.#escape}>
      <div class="title">
        <h2 id="title">${msg("How exact the pixels are")}</h2>
        <button
          class="button quiet icon-only"
          type="button"
          aria-label=${msg("Close")}
          title=${msg("Close (Esc)")}
          @click=${() => this.dispatchEvent(new PanelClosedEvent())}
        >
          <negato-icon name="x"></negato-icon>
        </button>
      </div>
      <negato-exactness .viewport=${this.viewport} ?preview=${this.preview}></negato-exactness>
    </section>`;
  }

  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.dispatchEvent(new PanelClosedEvent());
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-exactness-card": NegatoExactnessCard;
  }
}
