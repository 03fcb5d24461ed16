import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Patient } from "#core/study/patient.ts";
import { controlStyles } from "../../control-styles.ts";
import { dateText } from "../../dicom-text.ts";
import "../../icon/negato-icon.ts";
import { saveBytes } from "../document-bytes.ts";
import { viewerOfMimeType } from "../document-viewer.ts";
import type { CdaDocument, CdaFailure, CdaMedia, CdaPatient, CdaSection } from "./cda-document.ts";
import { cdaStyles } from "./cda-styles.ts";
import { type IdentityDifference, identityDifferences } from "./identity-comparison.ts";
import { narrativeOf } from "./narrative.ts";
import { readCda } from "./read-cda.ts";

/** A clinical document (HL7 CDA) as text: its header, whom it names, and its narrative in elements of our own. */
@customElement("negato-cda")
export class NegatoCda extends LitElement {
  static override readonly styles = [controlStyles, cdaStyles];

  @property({ attribute: false }) bytes: Uint8Array<ArrayBuffer> | undefined;
  /** Of the DICOM object that the document is in. */
  @property({ attribute: false }) patient: Patient = {};
  @state() private document: CdaDocument | CdaFailure = "broken";
  #narratives = new Map<Element, DocumentFragment>();
  #addresses = new Map<CdaMedia, string>();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#letGo();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("bytes")) return;
    this.#letGo();
    this.document = this.bytes === undefined ? "broken" : readCda(this.bytes);
    const isPdf =
      typeof this.document !== "string" &&
      this.document.body.kind === "wrapped" &&
      viewerOfMimeType(this.document.body.type) === "pdf";
    // A viewer that cannot be fetched leaves the document to be saved, which is offered above it.
    if (isPdf) import("../pdf/negato-pdf.ts").catch(() => undefined);
  }

  protected override render(): TemplateResult {
    const { document } = this;
    if (typeof document === "string")
      return html`<div class="scroll">
        <p class="problem" role="alert">
          <negato-icon name="triangle-alert"></negato-icon>${failureText(document)}
        </p>
        ${this.#saveButton()}
      </div>`;
    const { body } = document;
    if (body.kind === "wrapped" && viewerOfMimeType(body.type) === "pdf")
      return html`<div class="split">
        <div class="top">${this.#header(document)}</div>
        <negato-pdf .bytes=${body.bytes}></negato-pdf>
      </div>`;
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${msg("Document")}>
      <article>${this.#header(document)}${this.#body(document)}</article>
    </div>`;
  }

  #header(document: CdaDocument): TemplateResult {
    const { patients, date, authors, custodian, legalAuthenticator } = document;
    const facts: readonly (readonly [string, string])[] = [
      ...patients.map((patient): readonly [string, string] => [
        msg("Patient"),
        patientText(patient),
      ]),
      [msg("Date"), dateText(date?.slice(0, 8))],
      [msg("Author"), authors.join("; ")],
      [msg("Signed by"), legalAuthenticator],
      [msg("Kept by"), custodian],
    ];
    return html`<header>
      <h3>${document.title === "" ? msg("Clinical document") : document.title}</h3>
      ${identityTemplate(this.patient, patients)}
      <dl>
        ${facts.map(([name, text]) =>
          text === ""
            ? nothing
            : html`<div>
                <dt>${name}</dt>
                <dd>${text}</dd>
              </div>`,
        )}
      </dl>
      ${this.#saveButton()}
    </header>`;
  }

  #body({ body, media }: CdaDocument): TemplateResult {
    switch (body.kind) {
      case "sections":
        return html`${body.sections.map((section) => this.#section(section, 4, media))}`;
      case "wrapped":
        return body.type.startsWith("text/plain")
          ? html`<p class="plain">${new TextDecoder().decode(body.bytes)}</p>`
          : html`<p>${msg(str`The content has the type ${body.type}, which is not shown here.`)}</p>
              <button
                class="button"
                type="button"
                @click=${() => saveBytes(body.bytes, "application/octet-stream", "document.bin")}
              >
                ${msg("Save the content")}
              </button>`;
      case "elsewhere":
        return html`<p>${msg("The content lies outside the document and is not fetched.")}</p>`;
      case "none":
        return html`<p>${msg("The document has no content.")}</p>`;
    }
  }

  #section(section: CdaSection, level: number, media: CdaDocument["media"]): TemplateResult {
    const { title, text, sections } = section;
    return html`<section>
      ${title === "" ? nothing : level === 4 ? html`<h4>${title}</h4>` : html`<h5>${title}</h5>`}
      ${text === undefined ? nothing : html`<div class="narrative">${this.#narrative(text, media)}</div>`}
      ${sections.map((one) => this.#section(one, level + 1, media))}
    </section>`;
  }

  /** Made once: drawing again must not make the pictures again. */
  #narrative(text: Element, media: CdaDocument["media"]): DocumentFragment {
    const known = this.#narratives.get(text);
    if (known !== undefined) return known;
    const made = narrativeOf(text, { media, addresses: this.#addresses });
    this.#narratives.set(text, made);
    return made;
  }

  #saveButton(): TemplateResult {
    return html`<button
      class="button"
      type="button"
      @click=${() => {
        if (this.bytes !== undefined) saveBytes(this.bytes, "application/xml", "document.xml");
      }}
    >
      ${msg("Save as XML")}
    </button>`;
  }

  #letGo(): void {
    for (const address of this.#addresses.values()) URL.revokeObjectURL(address);
    this.#addresses = new Map();
    this.#narratives = new Map();
  }
}

/** Whether the document is about the patient of the object around it: agreement is silent, all else is said. */
function identityTemplate(
  patient: Patient,
  patients: readonly CdaPatient[],
): TemplateResult | typeof nothing {
  if (!patients.some(({ names, ids }) => names.length + ids.length > 0))
    return html`<p class="unsure">${msg("The document does not say whom it is about.")}</p>`;
  if (patients.length > 1)
    return conflict(msg("The document is about several patients. The object it is in has one."));
  const differences = patients.flatMap((one) => identityDifferences(patient, one));
  if (differences.length === 0) return nothing;
  const list = differences.map(differenceText).join("; ");
  return conflict(
    differences.every(({ attribute }) => attribute === "id")
      ? msg(
          str`The document gives the patient another identifier than the object it is in: ${list}`,
        )
      : msg(str`The document names another patient than the object it is in: ${list}`),
  );
}

function conflict(text: string): TemplateResult {
  return html`<p class="conflict" role="alert">
    <negato-icon name="triangle-alert"></negato-icon><span>${text}</span>
  </p>`;
}

function patientText({ names, ids, birthDate, sex }: CdaPatient): string {
  const born = dateText(birthDate?.slice(0, 8));
  const identifiers = ids.join(", ");
  return [
    names.join(" · "),
    sex ?? "",
    born === "" ? "" : msg(str`born ${born}`),
    identifiers === "" ? "" : msg(str`ID ${identifiers}`),
  ]
    .filter((text) => text !== "")
    .join(" · ");
}

function differenceText({ attribute, expected, found }: IdentityDifference): string {
  return `${attributeName(attribute)} ${expected} ≠ ${found}`;
}

function attributeName(attribute: IdentityDifference["attribute"]): string {
  switch (attribute) {
    case "name":
      return msg("patient name");
    case "id":
      return msg("patient ID");
    case "birth-date":
      return msg("birth date");
    case "sex":
      return msg("sex");
  }
}

function failureText(failure: CdaFailure): string {
  switch (failure) {
    case "broken":
      return msg("This is no readable clinical document. It can be saved as it is stored.");
    case "declares-type":
      return msg(
        "The document declares entities or a document type, and is not opened for safety.",
      );
    case "too-large":
      return msg("The document is too large to be shown here. It can be saved as it is stored.");
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-cda": NegatoCda;
  }
}
