import { msg } from "@lit/localize";
import { html, LitElement, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { SourceReport } from "../../viewer/companion/source-report.ts";
import {
  isUnfiltered,
  NO_FILTER,
  type StudyDates,
  type StudyListFilter,
} from "../../viewer/study-list-filter.ts";
import { controlStyles } from "../control-styles.ts";
import "../icon/negato-icon.ts";
import { SourceChosenEvent } from "./source-chosen-event.ts";
import { studyFilterStyles } from "./study-filter-styles.ts";

/** Fields of the filter were changed; `changes` holds the new ones. */
export class StudyFilterChangedEvent extends Event {
  static readonly type = "negato-study-filter-changed";
  readonly changes: Partial<StudyListFilter>;

  constructor(changes: Partial<StudyListFilter>) {
    super(StudyFilterChangedEvent.type);
    this.changes = changes;
  }
}

type TextField = "patientName" | "patientId" | "accessionNumber" | "description";

const MODALITIES = ["CT", "MR", "US", "CR", "DX", "MG", "XA", "NM", "PT"];

/**
 * The fields by which studies are searched.
 *
 * @event negato-study-filter-changed - With every change of a field.
 * @event negato-source-chosen - Another archive was chosen.
 */
@customElement("negato-study-filter")
export class NegatoStudyFilter extends LitElement {
  static override readonly styles = [controlStyles, studyFilterStyles];

  @property({ attribute: false }) filter: StudyListFilter = NO_FILTER;
  /** Modalities that were seen in results and are offered beside the usual ones. */
  @property({ attribute: false }) seenModalities: readonly string[] = [];
  /** Archives of the companion; a choice is offered where there are several. */
  @property({ attribute: false }) sources: readonly SourceReport[] = [];
  /** Name of the archive that is searched. */
  @property() source: string | undefined;
  /** On a narrow screen: whether the fields behind the first one are shown. */
  @state() private isOpen = false;

  override focus(): void {
    const field = this.renderRoot.querySelector<HTMLInputElement>("#patientName");
    field?.focus();
    field?.select();
  }

  protected override render(): TemplateResult {
    return html`<search aria-label=${msg("Search studies")}>
      <form
        @submit=${(event: Event) => event.preventDefault()}
        class="${this.isOpen ? "open" : ""} ${this.sources.length > 1 ? "sources" : ""}"
      >
        ${this.sources.length > 1 ? this.#sources() : ""}
        ${this.#text("patientName", msg("Patient name"), "search")}
        <button
          class="button icon-only more"
          type="button"
          aria-expanded=${this.isOpen}
          aria-label=${msg("More search fields")}
          title=${msg("More search fields")}
          @click=${() => {
            this.isOpen = !this.isOpen;
          }}
        >
          <negato-icon name="sliders-horizontal"></negato-icon>
        </button>
        ${this.#text("patientId", msg("Patient ID"))}
        ${this.#text("accessionNumber", msg("Accession number"))}
        ${this.#text("description", msg("Description"))} ${this.#dates()} ${this.#modalities()}
        ${
          isUnfiltered(this.filter)
            ? ""
            : html`<button class="button quiet clear" type="button" @click=${this.#clear}>
                <negato-icon name="x"></negato-icon>${msg("Clear filters")}
              </button>`
        }
      </form>
    </search>`;
  }

  #sources(): TemplateResult {
    return html`<label class="field source">
      <span>${msg("Archive")}</span>
      <select @change=${this.#chooseSource}>
        ${this.sources.map(
          ({ name }) =>
            html`<option value=${name} ?selected=${name === this.source}>${name}</option>`,
        )}
      </select>
    </label>`;
  }

  #text(field: TextField, label: string, type: "text" | "search" = "text"): TemplateResult {
    return html`<label class="field ${field}">
      <span>${label}</span>
      <input
        id=${field}
        type=${type}
        autocomplete="off"
        spellcheck="false"
        maxlength="64"
        .value=${this.filter[field]}
        @input=${(event: Event) => {
          if (event.target instanceof HTMLInputElement)
            this.#change({ [field]: event.target.value });
        }}
      />
    </label>`;
  }

  #dates(): TemplateResult {
    const { dates } = this.filter;
    const value = dates.kind === "days" ? String(dates.days) : dates.kind;
    const choices: readonly (readonly [string, string])[] = [
      ["any", msg("Any date")],
      ["1", msg("Today")],
      ["7", msg("Last 7 days")],
      ["30", msg("Last 30 days")],
      ["range", msg("From – to …")],
    ];
    return html`<label class="field dates">
        <span>${msg("Study date")}</span>
        <select @change=${this.#changeDates}>
          ${choices.map(
            ([key, label]) =>
              html`<option value=${key} ?selected=${key === value}>${label}</option>`,
          )}
        </select>
      </label>
      ${dates.kind === "range" ? this.#range(dates) : ""}`;
  }

  #range(dates: { readonly from: string; readonly to: string }): TemplateResult {
    const field = (end: "from" | "to", label: string): TemplateResult => html`<label
      class="field date"
    >
      <span>${label}</span>
      <input
        type="date"
        .value=${dates[end].replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3")}
        @input=${(event: Event) => {
          if (!(event.target instanceof HTMLInputElement)) return;
          const day = event.target.value.replaceAll("-", "");
          this.#change({ dates: { kind: "range", from: dates.from, to: dates.to, [end]: day } });
        }}
      />
    </label>`;
    return html`${field("from", msg("From"))}${field("to", msg("To"))}`;
  }

  #modalities(): TemplateResult {
    const chosen = new Set(this.filter.modalities);
    const codes = [...new Set([...MODALITIES, ...this.seenModalities, ...chosen])];
    return html`<fieldset class="modalities">
      <legend class="visually-hidden">${msg("Modality")}</legend>
      ${codes.map(
        (code) => html`<label class="chip">
          <input
            type="checkbox"
            .checked=${chosen.has(code)}
            @change=${() => this.#toggle(code)}
          /><span>${code}</span>
        </label>`,
      )}
    </fieldset>`;
  }

  #toggle(code: string): void {
    const { modalities } = this.filter;
    const without = modalities.filter((other) => other !== code);
    this.#change({
      modalities: without.length < modalities.length ? without : [...modalities, code],
    });
  }

  readonly #changeDates = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement)
      this.#change({ dates: datesOf(event.target.value) });
  };

  readonly #chooseSource = (event: Event): void => {
    const { target } = event;
    if (!(target instanceof HTMLSelectElement)) return;
    const chosen = this.sources.find(({ name }) => name === target.value);
    if (chosen !== undefined)
      this.dispatchEvent(new SourceChosenEvent(chosen.isDefault ? undefined : chosen.name));
  };

  readonly #clear = (): void => {
    this.#change(NO_FILTER);
    this.focus();
  };

  #change(changes: Partial<StudyListFilter>): void {
    this.dispatchEvent(new StudyFilterChangedEvent(changes));
  }
}

function datesOf(choice: string): StudyDates {
  switch (choice) {
    case "1":
      return { kind: "days", days: 1 };
    case "7":
      return { kind: "days", days: 7 };
    case "30":
      return { kind: "days", days: 30 };
    case "range":
      return { kind: "range", from: "", to: "" };
    default:
      return { kind: "any" };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-study-filter": NegatoStudyFilter;
  }
  interface GlobalEventHandlersEventMap {
    "negato-study-filter-changed": StudyFilterChangedEvent;
  }
}
