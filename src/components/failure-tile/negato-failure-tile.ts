import { msg } from "@lit/localize";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import "../icon/negato-icon.ts";
import { RetryRequestedEvent } from "./retry-requested-event.ts";

/** Why something cannot be shown: what is the matter, and what to do about it. */
export interface TileFailure {
  readonly code: string;
  readonly message: string;
  /** Empty where nothing can be done. */
  readonly advice: string;
}

/**
 * Stands where an image cannot, and says why in words.
 *
 * @event negato-retry-requested - A person wants to try again.
 * @csspart tile - The tile.
 */
@customElement("negato-failure-tile")
export class NegatoFailureTile extends LitElement {
  static override readonly styles = css`
    :host {
      display: block;
      max-inline-size: min(100%, 380px);
      max-block-size: 100%;
      overflow: auto;
      pointer-events: auto;
      text-shadow: none;
    }
    .tile {
      display: grid;
      justify-items: center;
      gap: 6px;
      padding: 14px 18px;
      border: 1px solid var(--negato-line, oklch(0.31 0 0));
      border-radius: var(--negato-radius, 8px);
      background: var(--negato-panel, oklch(0.215 0 0));
      color: var(--negato-text, oklch(0.94 0 0));
      text-align: center;
      font: 400 13px / 1.4 var(--negato-font, system-ui, sans-serif);
      overflow-wrap: anywhere;
    }
    negato-icon {
      --negato-icon-size: 22px;
      color: var(--negato-warn, oklch(0.84 0.15 80));
    }
    h3,
    p {
      margin: 0;
    }
    h3 {
      font-size: 14px;
      font-weight: 600;
    }
    .advice {
      color: var(--negato-soft, oklch(0.76 0 0));
    }
    code {
      font-size: 11px;
      color: var(--negato-soft, oklch(0.76 0 0));
    }
    button {
      min-block-size: 36px;
      margin-block-start: 4px;
      padding: 4px 14px;
      font: inherit;
      color: inherit;
      border: 1px solid var(--negato-line, oklch(0.31 0 0));
      border-radius: var(--negato-radius, 8px);
      background: var(--negato-raised, oklch(0.265 0 0));
      cursor: pointer;
    }
    button:focus-visible {
      outline: var(--negato-focus, 2px solid oklch(0.8 0.1 205));
    }
    @media (pointer: coarse) {
      button {
        min-block-size: 44px;
      }
    }
    @container (max-height: 300px) or (max-width: 280px) {
      .tile {
        padding: 6px 10px;
        gap: 2px;
        font-size: 12px;
        line-height: 1.25;
      }
      negato-icon,
      .advice,
      code {
        display: none;
      }
    }
  `;

  @property({ attribute: false }) failure: TileFailure | undefined;
  /** What cannot be shown: `Image 12 cannot be shown`. */
  @property() heading = "";
  /** Whether another attempt may succeed. */
  @property({ type: Boolean }) retryable = false;

  protected override render(): TemplateResult | typeof nothing {
    const { failure } = this;
    if (failure === undefined) return nothing;
    return html`<div class="tile" part="tile">
      <negato-icon name="image-off"></negato-icon>
      <h3>${this.heading}</h3>
      <p>${failure.message}</p>
      ${failure.advice === "" ? nothing : html`<p class="advice">${failure.advice}</p>`}
      ${failure.code === "" ? nothing : html`<code>${failure.code}</code>`}
      ${
        this.retryable
          ? html`<button type="button" @click=${this.#onRetry}>${msg("Try again")}</button>`
          : nothing
      }
    </div>`;
  }

  #onRetry(): void {
    this.dispatchEvent(new RetryRequestedEvent());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-failure-tile": NegatoFailureTile;
  }
}
