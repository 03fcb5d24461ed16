import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { sopClassName } from "#core/dicom/sop-class-names.ts";
import * as TAGS from "#core/dicom/tags.generated.ts";
import type { DisplaySet } from "#core/study/display-set.ts";
import type { Instance } from "#core/study/instance.ts";
import { type FoundInstance, findInstance } from "../../viewer/find-instance.ts";
import type { Workspace } from "../../viewer/workspace.ts";
import { controlStyles } from "../control-styles.ts";
import { dateText, demographicsText, nameText } from "../dicom-text.ts";
import "../dialogs/negato-dialog.ts";
import "../icon/negato-icon.ts";
import { SignalController } from "../signal-controller.ts";
import { documentBytes, type RetrieveValue, saveBytes, sizeText } from "./document-bytes.ts";
import { documentStyles } from "./document-styles.ts";
import { type DocumentViewer, documentViewerOf, mimeTypeOf } from "./document-viewer.ts";
import type { InstanceRequestedEvent } from "./instance-requested-event.ts";

/** What shows which kind of object; each is fetched when the first of its kind is opened. */
const VIEWERS: Partial<Record<DocumentViewer, () => Promise<unknown>>> = {
  pdf: () => import("./pdf/negato-pdf.ts"),
  cda: () => import("./cda/negato-cda.ts"),
  report: () => import("./report/negato-report.ts"),
  waveform: () => import("./waveform/negato-waveform.ts"),
  video: () => import("./video/negato-video.ts"),
};

/** The encapsulated document of the object that is shown. */
type Content =
  | { readonly kind: "none" }
  | { readonly kind: "loading" }
  | { readonly kind: "ready"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "failed"; readonly message: string };

/**
 * Whatever is not a frame image: reports, documents, curves, videos, or what is known of an object that cannot be
 * displayed. The patient's identity stands above it (safety C1).
 *
 * @event negato-dialog-closed
 */
@customElement("negato-document-dialog")
export class NegatoDocumentDialog extends LitElement {
  static override readonly styles = [controlStyles, documentStyles];

  @property({ attribute: false }) displaySet: DisplaySet | undefined;
  @property({ attribute: false }) workspace: Workspace | undefined;
  @state() private index = 0;
  @state() private content: Content = { kind: "none" };
  /** Why a viewer could not be fetched. */
  @state() private hasViewerFailed = false;
  readonly #signals = new SignalController(this);
  #abort: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("displaySet")) this.#open(0);
  }

  protected override render(): TemplateResult {
    const { displaySet } = this;
    const instance = displaySet?.instances[this.index];
    if (displaySet === undefined || instance === undefined) return html``;
    return this.#signals.track(
      () => html`<negato-dialog
        heading=${displaySet.name}
        tall
        @negato-dialog-closed=${() => this.dispatchEvent(new Event("negato-dialog-closed"))}
        @negato-instance-requested=${this.#showInstance}
      >
        <div class="document">
          <div class="identity">
            <p>
              <strong>${nameText(instance.patient.name)}</strong>
              ${demographicsText(instance.patient)} · ${studyText(instance)}
            </p>
            ${this.#steps(displaySet)}
          </div>
          ${this.#body(displaySet, instance)}
        </div>
      </negato-dialog>`,
    );
  }

  /** From one object of the display set to the next. */
  #steps({ instances }: DisplaySet): TemplateResult | typeof nothing {
    if (instances.length < 2) return nothing;
    const to = (index: number): void => {
      if (index >= 0 && index < instances.length) this.#open(index);
    };
    return html`<div class="steps">
      <button
        class="button icon-only"
        type="button"
        aria-label=${msg("Previous object")}
        ?disabled=${this.index === 0}
        @click=${() => to(this.index - 1)}
      >
        <negato-icon name="chevron-left"></negato-icon>
      </button>
      <span>${this.index + 1} / ${instances.length}</span>
      <button
        class="button icon-only"
        type="button"
        aria-label=${msg("Next object")}
        ?disabled=${this.index === instances.length - 1}
        @click=${() => to(this.index + 1)}
      >
        <negato-icon name="chevron-right"></negato-icon>
      </button>
    </div>`;
  }

  #body(displaySet: DisplaySet, instance: Instance): TemplateResult {
    if (this.hasViewerFailed)
      return problem(
        msg("This part of the viewer could not be loaded. Check the connection."),
        () => this.#open(this.index),
      );
    switch (documentViewerOf(instance)) {
      case "report":
        return html`<div class="body">
          <negato-report
            .dataSet=${instance.dataSet}
            .nameInstance=${this.#nameInstance}
            identity=${identityText(instance)}
          ></negato-report>
        </div>`;
      case "waveform":
        return html`<div class="body own">
          <negato-waveform .dataSet=${instance.dataSet} .retrieve=${this.#retrieve}></negato-waveform>
        </div>`;
      case "video":
        return html`<div class="body own">
          <negato-video .instance=${instance} .retrieve=${this.#retrieve}></negato-video>
        </div>`;
      case "pdf":
        return this.#withContent(
          (bytes) => html`<div class="body own"><negato-pdf .bytes=${bytes}></negato-pdf></div>`,
        );
      case "cda":
        return this.#withContent(
          (bytes) => html`<div class="body own">
            <negato-cda .bytes=${bytes} .patient=${instance.patient}></negato-cda>
          </div>`,
        );
      case "file":
        return this.#file(displaySet, instance);
      case "facts":
        return facts(displaySet, instance);
    }
  }

  #withContent(show: (bytes: Uint8Array<ArrayBuffer>) => TemplateResult): TemplateResult {
    const { content } = this;
    switch (content.kind) {
      case "ready":
        return show(content.bytes);
      case "failed":
        return problem(content.message, () => this.#open(this.index));
      default:
        return html`<p class="note" role="status">${msg("Loading …")}</p>`;
    }
  }

  /** A document of a kind that is not shown: it can be saved. */
  #file(displaySet: DisplaySet, instance: Instance): TemplateResult {
    const { content } = this;
    const length = instance.dataSet.number(TAGS.EncapsulatedDocumentLength);
    return html`<div class="body note">
      <p>${msg("Documents of this kind are not shown here. It can be saved as a file.")}</p>
      <dl>
        <dt>${msg("Kind")}</dt>
        <dd>${sopClassName(instance.sopClassUid) ?? displaySet.name}</dd>
        <dt>${msg("Media type")}</dt>
        <dd>${mimeTypeOf(instance)}</dd>
        ${
          length === undefined
            ? nothing
            : html`<dt>${msg("Size")}</dt>
                <dd>${sizeText(length)}</dd>`
        }
      </dl>
      ${content.kind === "failed" ? html`<p class="problem" role="alert">${content.message}</p>` : nothing}
      <button
        class="button"
        type="button"
        ?disabled=${content.kind === "loading"}
        @click=${() => void this.#save(instance)}
      >
        ${content.kind === "loading" ? msg("Loading …") : msg("Save as a file")}
      </button>
    </div>`;
  }

  #open(index: number): void {
    this.#abort?.abort();
    this.index = index;
    this.content = { kind: "none" };
    this.hasViewerFailed = false;
    const instance = this.displaySet?.instances[index];
    if (instance === undefined) return;
    const viewer = documentViewerOf(instance);
    VIEWERS[viewer]?.().catch(() => {
      this.hasViewerFailed = true;
    });
    if (viewer === "pdf" || viewer === "cda") void this.#load(instance);
  }

  async #load(instance: Instance): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const abort = new AbortController();
    this.#abort = abort;
    this.content = { kind: "loading" };
    try {
      const bytes = await documentBytes(instance.dataSet, this.#retrieve, abort.signal);
      if (abort.signal.aborted) return undefined;
      this.content =
        bytes === undefined
          ? { kind: "failed", message: msg("The object holds no document.") }
          : { kind: "ready", bytes };
      return bytes;
    } catch (error) {
      const message = error instanceof Error ? error.message : msg("It could not be loaded.");
      if (!abort.signal.aborted) this.content = { kind: "failed", message };
      return undefined;
    }
  }

  async #save(instance: Instance): Promise<void> {
    const bytes = this.content.kind === "ready" ? this.content.bytes : await this.#load(instance);
    const type = mimeTypeOf(instance);
    if (bytes !== undefined) saveBytes(bytes, type, `document.${extensionOf(type)}`);
  }

  readonly #retrieve: RetrieveValue = (uri, signal) => {
    const { workspace } = this;
    if (workspace === undefined) return Promise.reject(new Error(msg("No archive is open.")));
    return workspace.services.source.retrieveBulkData(uri, signal);
  };

  readonly #nameInstance = (sopInstanceUid: string, frameNumber?: number): string | undefined => {
    const found = this.#find(sopInstanceUid, frameNumber);
    if (found === undefined) return undefined;
    const { displaySet, frameIndex } = found;
    if (frameIndex === undefined || displaySet.frames.length === 1) return displaySet.name;
    return msg(str`${displaySet.name} · image ${frameIndex + 1}`);
  };

  #find(sopInstanceUid: string, frameNumber?: number): FoundInstance | undefined {
    const sessions = [...(this.workspace?.opened.value.values() ?? [])];
    const sets = sessions.flatMap(({ displaySets }) => displaySets.value);
    return findInstance(sets, sopInstanceUid, frameNumber);
  }

  readonly #showInstance = (event: InstanceRequestedEvent): void => {
    const found = this.#find(event.sopInstanceUid, event.frameNumber);
    if (found === undefined || this.workspace === undefined) return;
    this.workspace.show(found.displaySet, found.frameIndex);
    if (found.frameIndex !== undefined) this.workspace.closeDocument();
  };
}

/** What is known of an object that nothing here shows. */
function facts(displaySet: DisplaySet, instance: Instance): TemplateResult {
  return html`<div class="body note">
    <p>${msg("Stored, not displayable here yet:")} ${displaySet.reason ?? displaySet.name}</p>
    <dl>
      <dt>${msg("Kind")}</dt>
      <dd>${sopClassName(instance.sopClassUid) ?? msg("Object of an unknown kind")}</dd>
      <dt>${msg("SOP class")}</dt>
      <dd>${instance.sopClassUid}</dd>
      <dt>${msg("Identifier")}</dt>
      <dd>${instance.sopInstanceUid}</dd>
    </dl>
  </div>`;
}

function problem(message: string, retry: () => void): TemplateResult {
  return html`<div class="body note">
    <p class="problem" role="alert">
      <negato-icon name="triangle-alert"></negato-icon>${message}
    </p>
    <button class="button" type="button" @click=${retry}>
      <negato-icon name="refresh-cw"></negato-icon>${msg("Try again")}
    </button>
  </div>`;
}

function studyText({ dataSet }: Instance): string {
  const accession = dataSet.string(TAGS.AccessionNumber);
  return [
    dateText(dataSet.string(TAGS.StudyDate)) || msg("no study date"),
    accession === undefined ? "" : msg(str`Acc ${accession}`),
  ]
    .filter((text) => text !== "")
    .join(" · ");
}

function identityText(instance: Instance): string {
  return [nameText(instance.patient.name), demographicsText(instance.patient), studyText(instance)]
    .filter((text) => text !== "")
    .join(" · ");
}

/** Usual ending of files of a media type. */
function extensionOf(type: string): string {
  const subtype = type.split(";")[0]?.split("/")[1]?.replace(/^.*\+/, "") ?? "";
  return /^[a-z0-9]{1,5}$/.test(subtype) ? subtype : "bin";
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-document-dialog": NegatoDocumentDialog;
  }
}
