import { msg, str } from "@lit/localize";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import "../icon/negato-icon.ts";
import { CineCommandEvent } from "./cine-command-event.ts";

/**
 * Plays a film and says how fast it really runs.
 *
 * @event negato-cine-command - Play or pause, faster, slower.
 * @csspart bar - The bar of buttons.
 */
@customElement("negato-cine-controls")
export class NegatoCineControls extends LitElement {
  static override readonly styles = css`
    :host {
      display: block;
      pointer-events: auto;
      text-shadow: none;
    }
    .bar {
      display: flex;
      align-items: center;
      gap: 2px;
      margin-block: 4px 8px;
      padding: 2px;
      border-radius: var(--negato-radius, 8px);
      background: oklch(0.215 0 0 / 0.85);
      color: var(--negato-text, oklch(0.94 0 0));
      font: 400 12px / 1.3 var(--negato-font, system-ui, sans-serif);
      font-variant-numeric: tabular-nums;
    }
    button {
      display: grid;
      place-items: center;
      inline-size: var(--negato-target, 36px);
      block-size: var(--negato-target, 36px);
      padding: 0;
      border: 0;
      border-radius: 6px;
      background: none;
      color: inherit;
      font: 600 13px var(--negato-font, system-ui, sans-serif);
      cursor: pointer;
      --negato-icon-size: 18px;
    }
    button:focus-visible {
      outline: var(--negato-focus, 2px solid oklch(0.8 0.1 205));
      outline-offset: -2px;
    }
    @media (hover: hover) {
      button:hover {
        background: var(--negato-raised, oklch(0.265 0 0));
      }
    }
    .speed {
      min-inline-size: 3.2em;
      text-align: center;
    }
    .rate {
      min-inline-size: 6em;
      padding-inline: 4px 10px;
      color: var(--negato-soft, oklch(0.76 0 0));
      white-space: nowrap;
    }
    @container (max-width: 340px) or (max-height: 300px) {
      .rate {
        display: none;
      }
    }
    @container (max-width: 220px) or (max-height: 220px) {
      .bar {
        display: none;
      }
    }
  `;

  @property({ type: Boolean }) isPlaying = false;
  /** Factor of real speed. */
  @property({ type: Number }) speed = 1;
  /** Frames per second that the film is meant to run with at this speed. */
  @property({ type: Number }) wantedPerSecond = 0;
  /** Frames per second that really came on the screen; undefined while it is not known. */
  @property({ attribute: false }) shownPerSecond: number | undefined;

  protected override render(): TemplateResult {
    const wanted = Math.round(this.wantedPerSecond * 10) / 10;
    const { shownPerSecond } = this;
    const name = this.isPlaying ? msg("Pause") : msg("Play");
    return html`<div class="bar" part="bar" role="group" aria-label=${msg("Cine")}>
      ${this.#button("cine-toggle", `${name} (Space)`, html`<negato-icon name=${this.isPlaying ? "pause" : "play"}></negato-icon>`)}
      ${this.#button("cine-slower", msg("Slower (,)"), html`−`)}
      <span class="speed">${this.speed}×</span>
      ${this.#button("cine-faster", msg("Faster (.)"), html`+`)}
      <span class="rate" title=${msg(str`The film is made for ${wanted} images per second`)}
        >${shownPerSecond === undefined ? nothing : html`${shownPerSecond} / `}${wanted} ${msg("fps")}</span
      >
    </div>`;
  }

  #button(
    command: CineCommandEvent["command"],
    title: string,
    content: TemplateResult,
  ): TemplateResult {
    const send = (): void => {
      this.dispatchEvent(new CineCommandEvent(command));
    };
    return html`<button type="button" title=${title} aria-label=${title} @click=${send}>
      ${content}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-cine-controls": NegatoCineControls;
  }
}
