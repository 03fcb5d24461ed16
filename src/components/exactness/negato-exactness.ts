import { msg } from "@lit/localize";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ViewportController } from "../../viewer/viewport-controller.ts";
import { controlStyles } from "../control-styles.ts";
import { copyText } from "../copy-text.ts";
import "../icon/negato-icon.ts";
import { SignalController } from "../signal-controller.ts";
import { exactnessRecord } from "./exactness-record.ts";
import { type FrameHash, FrameHasher } from "./frame-hash.ts";

/**
 * The record of how exact the pixels of the shown image are: what decoded them, from which transfer syntax, whether
 * they are those that the encoder was given, what departs from the header, and the SHA-256 of the stored values,
 * which is computed because somebody looks.
 */
@customElement("negato-exactness")
export class NegatoExactness extends LitElement {
  static override readonly styles = [
    controlStyles,
    css`
      :host {
        display: block;
        font-size: var(--negato-size-13);
      }
      .verdict {
        display: flex;
        align-items: center;
        gap: 8px;
        font-size: var(--negato-size-14);
        font-weight: 600;
        overflow-wrap: anywhere;
        --negato-icon-size: 18px;
      }
      .verdict.exact negato-icon {
        color: var(--negato-good);
      }
      .verdict.doubtful negato-icon {
        color: var(--negato-warn);
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 2px 12px;
        margin: 8px 0 0;
      }
      dt {
        color: var(--negato-soft);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .hash {
        display: flex;
        align-items: start;
        gap: 4px;
      }
      code {
        font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
        font-size: var(--negato-size-12);
      }
      .hash .button {
        --negato-icon-size: 16px;
        flex: none;
        margin-block: -6px;
      }
      ul {
        margin: 8px 0 0;
        padding-inline-start: 18px;
      }
      li {
        color: var(--negato-warn);
      }
      @media (max-width: 420px) {
        dl {
          grid-template-columns: minmax(0, 1fr);
          gap: 0;
        }
        dd {
          margin-block-end: 4px;
        }
      }
    `,
  ];

  @property({ attribute: false }) viewport: ViewportController | undefined;
  /** Whether the pixels on the screen are not those of the image itself. */
  @property({ type: Boolean }) preview = false;
  @state() private copied = "";
  readonly #signals = new SignalController(this);
  readonly #hasher = new FrameHasher(() => this.requestUpdate());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#hasher.stop();
  }

  protected override render(): TemplateResult {
    return this.#signals.track(() => this.#draw());
  }

  #draw(): TemplateResult {
    const shown = this.viewport?.shown.value;
    const frame = this.viewport?.decoded;
    if (shown?.kind !== "image" || frame === undefined) {
      this.#hasher.stop();
      return html`<p>${msg("No image is on the screen.")}</p>`;
    }
    const { verdict, isExact, facts, remarks } = exactnessRecord(shown, this.preview);
    const { image } = shown.reference.instance;
    const bits = image.kind === "image" ? image.imagePixel.bitsAllocated : frame.bitsStored;
    // The samples in memory are not what a preview shows, so their hash would mislead.
    const hash: FrameHash = this.preview ? { kind: "none" } : this.#hasher.of(frame, bits);
    return html`<p class="verdict ${isExact ? "exact" : "doubtful"}">
        <negato-icon name=${isExact ? "circle-check" : "triangle-alert"}></negato-icon>
        <span>${verdict}${hash.kind === "done" ? html` · <code>${hash.hash.slice(0, 4)}…</code>` : nothing}</span>
      </p>
      <dl>
        ${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
        ${hash.kind === "none" ? nothing : html`<dt>SHA-256</dt><dd>${this.#hash(hash)}</dd>`}
      </dl>
      ${
        remarks.length === 0
          ? nothing
          : html`<ul>
              ${remarks.map((remark) => html`<li>${remark}</li>`)}
            </ul>`
      }
      <p class="visually-hidden" role="status">${this.copied}</p>`;
  }

  #hash(hash: FrameHash): TemplateResult | string {
    switch (hash.kind) {
      case "computing":
      case "none":
        return "…";
      case "insecure":
        return msg(
          "Not computed: the browser offers it on pages of https or of this computer only.",
        );
      case "failed":
        return msg("It could not be computed.");
      case "done":
        return html`<span class="hash"
          ><code>${hash.hash}</code
          ><button
            class="button quiet icon-only"
            type="button"
            aria-label=${msg("Copy the hash")}
            title=${msg("Copy the hash of the stored values")}
            @click=${() => void this.#copy(hash.hash)}
          >
            <negato-icon name="copy"></negato-icon></button
        ></span>`;
    }
  }

  async #copy(hash: string): Promise<void> {
    this.copied = (await copyText(hash)) ? msg("Copied") : msg("It could not be copied.");
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-exactness": NegatoExactness;
  }
}
