import { msg, str } from "@lit/localize";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CompanionRequests } from "../../viewer/companion/companion-requests.ts";
import { DiagnosticsState } from "../../viewer/companion/diagnostics-state.ts";
import { controlStyles } from "../control-styles.ts";
import { copyText } from "../copy-text.ts";
import "../dialogs/negato-dialog.ts";
import "../icon/negato-icon.ts";
import { SignalController } from "../signal-controller.ts";
import { diagnosticsStyles } from "./diagnostics-styles.ts";
import { diagnosticsText } from "./diagnostics-text.ts";
import { failureNotice } from "./failure-notice.ts";
import "./negato-source-card.ts";

/**
 * The companion and its sources for the people who run them: what each is, how it does, what failed and why; the test of
 * a PACS and the trace of its associations. Nothing of a patient is in it.
 *
 * @event negato-dialog-closed
 */
@customElement("negato-diagnostics")
export class NegatoDiagnostics extends LitElement {
  static override readonly styles = [
    controlStyles,
    diagnosticsStyles,
    css`
      negato-dialog {
        --negato-dialog-width: 1240px;
      }
      .content {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: 16px;
        padding: 16px 20px max(24px, env(safe-area-inset-bottom));
      }
      .push {
        margin-inline-start: auto;
      }
      @media (max-width: 640px) {
        .content {
          padding: 12px;
        }
      }
    `,
  ];

  /** Gives the requests to the companion; undefined where the archive has none before it. */
  @property({ attribute: false }) openCompanion:
    | (() => Promise<CompanionRequests | undefined>)
    | undefined;
  /** Version of the viewer. */
  @property() version = "";
  @state() private diagnostics: DiagnosticsState | undefined;
  @state() private isWithout = false;
  @state() private copied: boolean | undefined;
  readonly #signals = new SignalController(this);

  protected override firstUpdated(): void {
    void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.diagnostics?.dispose();
    this.diagnostics = undefined;
  }

  protected override render(): TemplateResult {
    return html`<negato-dialog
      tall
      heading=${msg("Diagnostics")}
      @negato-dialog-closed=${() => this.dispatchEvent(new Event("negato-dialog-closed"))}
    >
      <button slot="title" class="button push" type="button" @click=${() => void this.#copy()}>
        <negato-icon name="copy"></negato-icon>${msg("Copy as text")}
      </button>
      <div class="content">
        <p role="status" class=${this.copied === undefined ? "visually-hidden" : "soft"}>
          ${this.copied === undefined ? "" : this.copied ? msg("Copied. Nothing of a patient is in it.") : msg("The browser does not let the text be copied.")}
        </p>
        ${this.#signals.track(() => this.#draw())}
      </div>
    </negato-dialog>`;
  }

  #draw(): TemplateResult {
    const { diagnostics } = this;
    if (this.isWithout) return withoutCompanion();
    if (diagnostics === undefined) return asking();
    const sources = diagnostics.sources.value;
    switch (sources.kind) {
      case "asking":
        return asking();
      case "failed":
        return sources.failure.code === "not-found"
          ? withoutCompanion()
          : failureNotice(sources.failure, () => void diagnostics.load());
      case "known":
        return html`<p class="soft">
            ${sources.value.length === 1 ? msg("1 archive") : msg(str`${sources.value.length} archives`)}
            ${msg("behind this companion. Numbers are kept up to date while this is open.")}
          </p>
          ${sources.value.map((source) => html`<negato-source-card .source=${source}></negato-source-card>`)}
          ${sources.value.length === 0 ? html`<p>${msg("The companion has no archive.")}</p>` : nothing}`;
    }
  }

  async #begin(): Promise<void> {
    const requests = await this.openCompanion?.().catch(() => undefined);
    if (!this.isConnected) return;
    if (requests === undefined) {
      this.isWithout = true;
      return;
    }
    const diagnostics = new DiagnosticsState(requests);
    this.diagnostics = diagnostics;
    await diagnostics.load();
    await diagnostics.keepUpToDate();
  }

  async #copy(): Promise<void> {
    const { diagnostics } = this;
    const text = diagnosticsText(diagnostics, this.version, new Date());
    this.copied = await copyText(text);
  }
}

function asking(): TemplateResult {
  return html`<p class="soft" role="status">${msg("Asking the companion …")}</p>`;
}

function withoutCompanion(): TemplateResult {
  return html`<div class="notice" role="status">
    <negato-icon name="info"></negato-icon>
    <div class="grow">
      <p><strong>${msg("No companion stands before this archive")}</strong></p>
      <p>
        ${msg("The viewer asks the archive itself, over DICOMweb. What is the matter with it has to be found out at the archive; the program “negato” gives this screen for a PACS.")}
      </p>
    </div>
  </div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-diagnostics": NegatoDiagnostics;
  }
}
