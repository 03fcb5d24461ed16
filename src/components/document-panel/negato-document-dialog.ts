import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { DataSet } from "#core/dicom/data-set.ts";
import type { DisplaySet } from "#core/study/display-set.ts";
import { type ReportItem, readReport } from "../../viewer/report-tree.ts";
import type { ArchiveServices } from "../../viewer/viewer-services.ts";
import { controlStyles } from "../control-styles.ts";
import { dateText, demographicsText, nameText } from "../dicom-text.ts";
import "../dialogs/negato-dialog.ts";
import "../icon/negato-icon.ts";
import { documentStyles } from "./document-styles.ts";

const ENCAPSULATED_DOCUMENT = 0x00420011;
const MIME_TYPE = 0x00420012;

/**
 * A report, an encapsulated document, or what is known of an object that cannot be displayed. The patient's
 * identity stands above it.
 *
 * @event negato-dialog-closed
 */
@customElement("negato-document-dialog")
export class NegatoDocumentDialog extends LitElement {
  static override readonly styles = [controlStyles, documentStyles];

  @property({ attribute: false }) displaySet: DisplaySet | undefined;
  @property({ attribute: false }) services: ArchiveServices | undefined;
  @state() private address: string | undefined;
  @state() private problem: string | undefined;
  #abort: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#letGo();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("displaySet")) return;
    this.#letGo();
    const dataSet = this.displaySet?.instances[0]?.dataSet;
    if (this.displaySet?.kind === "document" && dataSet !== undefined) void this.#load(dataSet);
  }

  protected override render(): TemplateResult {
    const { displaySet } = this;
    const instance = displaySet?.instances[0];
    if (displaySet === undefined || instance === undefined) return html``;
    const isPdf = displaySet.kind === "document";
    return html`<negato-dialog
      heading=${displaySet.name}
      ?tall=${isPdf}
      @negato-dialog-closed=${() => this.dispatchEvent(new Event("negato-dialog-closed"))}
    >
      <div class="document">
        <p class="identity">
          <strong>${nameText(instance.patient.name)}</strong>
          ${demographicsText(instance.patient)} · ${dateText(instance.dataSet.string(0x00080020))}
        </p>
        ${isPdf ? this.#document() : displaySet.kind === "report" ? report(instance.dataSet) : this.#others(displaySet)}
      </div>
    </negato-dialog>`;
  }

  #document(): TemplateResult {
    if (this.problem !== undefined)
      return html`<p class="problem" role="alert">
        <negato-icon name="triangle-alert"></negato-icon>${this.problem}
      </p>`;
    if (this.address === undefined) return html`<p role="status">${msg("Loading …")}</p>`;
    return html`<p class="links">
        <a class="button" href=${this.address} target="_blank" rel="noopener">
          ${msg("Open in a tab of its own")}
        </a>
      </p>
      ${
        navigator.pdfViewerEnabled
          ? html`<iframe src=${this.address} title=${this.displaySet?.name ?? ""}></iframe>`
          : html`<p>${msg("This browser does not show documents inside a page.")}</p>`
      }`;
  }

  #others(displaySet: DisplaySet): TemplateResult {
    const count = displaySet.instances.length;
    return html`<p>
        ${msg("Stored, not displayable here yet:")} ${displaySet.reason ?? displaySet.name}
      </p>
      <p class="soft">${count === 1 ? msg("1 object") : msg(str`${count} objects`)}</p>`;
  }

  async #load(dataSet: DataSet): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    const type = dataSet.string(MIME_TYPE) ?? "application/pdf";
    if (type !== "application/pdf") {
      this.problem = msg(str`Stored, not displayable here yet: a document of type ${type}`);
      return;
    }
    try {
      const bytes = await this.#bytes(dataSet, abort.signal);
      if (abort.signal.aborted) return;
      if (bytes === undefined) this.problem = msg("The object holds no document.");
      else this.address = URL.createObjectURL(new Blob([bytes], { type }));
    } catch (error) {
      if (!abort.signal.aborted)
        this.problem = error instanceof Error ? error.message : msg("It could not be loaded.");
    }
  }

  async #bytes(dataSet: DataSet, abort: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const value = dataSet.element(ENCAPSULATED_DOCUMENT)?.value;
    if (value?.kind === "bytes") return value.bytes.slice();
    if (value?.kind !== "uri") return undefined;
    return this.services?.source.retrieveBulkData(value.uri, abort);
  }

  #letGo(): void {
    this.#abort?.abort();
    if (this.address !== undefined) URL.revokeObjectURL(this.address);
    this.address = undefined;
    this.problem = undefined;
  }
}

function report(dataSet: DataSet): TemplateResult {
  const { item, status } = readReport(dataSet);
  const isVerified = status.verification === "VERIFIED";
  const isComplete = status.completion === "COMPLETE";
  return html`<p class="status ${isVerified && isComplete ? "" : "unverified"}">
      ${isComplete ? msg("complete") : msg("not complete")} ·
      ${isVerified ? msg("verified") : msg("not verified")}
    </p>
    ${
      item.children.length === 0
        ? html`<p>${msg("The report has no content.")}</p>`
        : html`<ul class="report">
            ${item.children.map(reportItem)}
          </ul>`
    }`;
}

function reportItem(item: ReportItem): TemplateResult {
  const isLong = item.value.length > 80;
  return html`<li>
    ${
      item.children.length > 0 && item.value === ""
        ? item.name === ""
          ? nothing
          : html`<h3>${item.name}</h3>`
        : html`<div class=${isLong ? "long" : "short"}>
            <span class="name">${item.name === "" && item.isReference ? msg("Refers to") : item.name}</span>
            <span class="value ${item.isReference ? "reference" : ""}">${item.value}</span>
          </div>`
    }
    ${
      item.children.length > 0
        ? html`<ul>
            ${item.children.map(reportItem)}
          </ul>`
        : nothing
    }
  </li>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-document-dialog": NegatoDocumentDialog;
  }
}
