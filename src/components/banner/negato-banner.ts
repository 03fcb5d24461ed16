import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { controlStyles } from "../control-styles.ts";
import type { IconName } from "../icon/icons.generated.ts";
import "../icon/negato-icon.ts";

/**
 * A line across the whole width that cannot be overlooked and takes nothing away.
 *
 * @slot - What there is to say.
 * @slot actions - Buttons.
 */
@customElement("negato-banner")
export class NegatoBanner extends LitElement {
  static override readonly styles = [
    controlStyles,
    css`
      :host {
        display: block;
      }
      .banner {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
        padding: 6px max(14px, env(safe-area-inset-right)) 6px max(14px, env(safe-area-inset-left));
        background: var(--negato-raised);
        color: var(--negato-text);
        font-size: var(--negato-size-13);
        --negato-icon-size: 18px;
      }
      .text {
        flex: 1 1 24ch;
      }
      .warn {
        background: var(--negato-warn-ground);
        color: var(--negato-warn);
      }
      .bad {
        background: var(--negato-bad-ground);
        color: var(--negato-text);
        font-weight: 600;
        border-block-end: 2px solid var(--negato-bad);
      }
      .bad negato-icon {
        color: var(--negato-bad);
      }
      .actions {
        display: flex;
        gap: 8px;
      }
    `,
  ];

  @property() level: "info" | "warn" | "bad" = "info";
  @property() icon: IconName = "info";

  protected override render(): TemplateResult {
    return html`<div class="banner ${this.level}" role=${this.level === "bad" ? "alert" : "status"}>
      <negato-icon name=${this.icon}></negato-icon>
      <span class="text"><slot></slot></span>
      <span class="actions"><slot name="actions"></slot></span>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-banner": NegatoBanner;
  }
}
