import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type {
  StudyListColumn,
  StudyListEntry,
  StudyListSort,
} from "../../viewer/study-list-entry.ts";
import { controlStyles } from "../control-styles.ts";
import "../icon/negato-icon.ts";
import { dateText, nameGroups, timeText } from "../dicom-text.ts";
import { StudyOpenedEvent } from "./study-opened-event.ts";
import { studyTableStyles } from "./study-table-styles.ts";

/** A person asked for another order. */
export class StudySortChangedEvent extends Event {
  static readonly type = "negato-study-sort-changed";
  readonly sort: StudyListSort;

  constructor(sort: StudyListSort) {
    super(StudySortChangedEvent.type);
    this.sort = sort;
  }
}

const SKELETON_ROWS = 10;

/**
 * Studies as a table; as cards where there is no room for one. Arrow keys, Home and End move among the rows,
 * Enter opens one.
 *
 * @event negato-study-opened - A study was chosen.
 * @event negato-study-sort-changed - A heading was chosen.
 */
@customElement("negato-study-table")
export class NegatoStudyTable extends LitElement {
  static override readonly styles = [controlStyles, studyTableStyles];

  @property({ attribute: false }) entries: readonly StudyListEntry[] = [];
  @property({ attribute: false }) sort: StudyListSort | undefined;
  /** Whether the rows are still to come; there is a skeleton in their place. */
  @property({ type: Boolean }) pending = false;
  /** Address that opens a study in a page of its own; without it rows have no address. */
  @property({ attribute: false }) addressOf: ((studyInstanceUid: string) => string) | undefined;
  /** Whether a study can be sent on; then each row has a menu. */
  @property({ type: Boolean, attribute: "can-forward" }) canForward = false;
  @state() private currentUid: string | undefined;

  /** Moves the focus into the rows: to the one that had it last, else to the first. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.open[tabindex="0"]')?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("entries")) return;
    const isThere = this.entries.some(
      ({ studyInstanceUid }) => studyInstanceUid === this.currentUid,
    );
    if (!isThere) this.currentUid = this.entries[0]?.studyInstanceUid;
  }

  protected override render(): TemplateResult {
    return html`<table role="table" aria-busy=${this.pending} @keydown=${this.#moveByKey}>
      <caption class="visually-hidden">
        ${msg("Studies")}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${this.#heading("patient", msg("Patient"))} ${this.#heading("date", msg("Study date"))}
          ${this.#heading("modality", msg("Modality"))}
          ${this.#heading("description", msg("Description"))}
          ${this.#heading("accession", msg("Accession"))} ${this.#heading("images", msg("Content"))}
          ${
            this.canForward
              ? html`<th class="actions" role="columnheader" scope="col">
                  <span class="visually-hidden">${msg("Actions")}</span>
                </th>`
              : nothing
          }
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${
          this.pending
            ? skeleton()
            : repeat(
                this.entries,
                (entry) => entry.studyInstanceUid,
                (entry) => this.#row(entry),
              )
        }
      </tbody>
    </table>`;
  }

  #heading(column: StudyListColumn, label: string): TemplateResult {
    const isSorted = this.sort?.column === column;
    const isDescending = isSorted && this.sort?.isDescending === true;
    const order = isDescending ? "descending" : "ascending";
    return html`<th
      class=${column}
      role="columnheader"
      scope="col"
      aria-sort=${isSorted ? order : nothing}
    >
      <button
        type="button"
        @click=${() => {
          const next = isSorted ? !isDescending : column === "date" || column === "images";
          this.dispatchEvent(new StudySortChangedEvent({ column, isDescending: next }));
        }}
      >
        ${label}<span class="arrow" aria-hidden="true">${isSorted ? (isDescending ? "↓" : "↑") : ""}</span>
      </button>
    </th>`;
  }

  #row(entry: StudyListEntry): TemplateResult {
    const { first, others } = nameGroups(entry.patientName);
    const born = entry.birthDate === undefined ? "" : dateText(entry.birthDate);
    const facts = [entry.patientId ?? msg("no ID"), born, entry.sex ?? ""];
    return html`<tr role="row">
      <th class="patient" role="rowheader" scope="row">
        ${this.#opener(entry, first)}
        ${others.map((group) => html`<span class="other-name">${group}</span>`)}
        <span class="second">${facts.filter((fact) => fact !== "").join(" · ")}</span>
      </th>
      <td class="date" role="cell">
        ${dateText(entry.date) || msg("no date")}
        <span class="second">${timeText(entry.time)}</span>
      </td>
      <td class="modality" role="cell">
        ${entry.modalities.map((code) => html`<span class="code">${code}</span>`)}
      </td>
      <td class="description" role="cell">${entry.description ?? html`<span class="none">–</span>`}</td>
      <td class="accession" role="cell">${entry.accessionNumber ?? ""}</td>
      <td class="images" role="cell">${counts(entry)}</td>
      ${this.canForward ? html`<td class="actions" role="cell">${this.#menu(entry, first)}</td>` : nothing}
    </tr>`;
  }

  #menu(entry: StudyListEntry, name: string): TemplateResult {
    return html`<button
      class="button quiet icon-only menu"
      type="button"
      aria-haspopup="menu"
      aria-label=${msg(str`Actions for the study of ${name}`)}
      title=${msg("Actions")}
      @click=${(event: Event) => {
        const anchor = event.currentTarget;
        if (anchor instanceof HTMLElement) void this.#openMenu(entry, anchor);
      }}
    >
      <negato-icon name="ellipsis"></negato-icon>
    </button>`;
  }

  async #openMenu(entry: StudyListEntry, anchor: HTMLElement): Promise<void> {
    await import("./negato-study-menu.ts");
    const menu = document.createElement("negato-study-menu");
    menu.entry = entry;
    menu.address = this.addressOf?.(entry.studyInstanceUid);
    this.renderRoot.append(menu);
    await menu.openAt(anchor);
  }

  #opener(entry: StudyListEntry, name: string): TemplateResult {
    const uid = entry.studyInstanceUid;
    const tabindex = uid === this.currentUid ? 0 : -1;
    const focused = () => {
      this.currentUid = uid;
    };
    const open = (event: MouseEvent) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.currentUid = uid;
      this.dispatchEvent(new StudyOpenedEvent(uid));
    };
    return this.addressOf === undefined
      ? html`<button class="open" type="button" tabindex=${tabindex} @focus=${focused} @click=${open}>
          ${name}
        </button>`
      : html`<a
          class="open"
          href=${this.addressOf(uid)}
          tabindex=${tabindex}
          @focus=${focused}
          @click=${open}
          >${name}</a
        >`;
  }

  readonly #moveByKey = (event: KeyboardEvent): void => {
    const openers = [...this.renderRoot.querySelectorAll<HTMLElement>(".open")];
    const at = openers.findIndex((opener) => opener.matches(":focus"));
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: openers.length - 1,
    };
    const next = at < 0 ? undefined : steps[event.key];
    if (next === undefined) return;
    const opener = openers[next];
    if (opener === undefined) return;
    event.preventDefault();
    opener.focus();
    opener.scrollIntoView({ block: "nearest" });
  };
}

/** What the study holds; objects, because the archive counts reports with the images. */
function counts({ numberOfInstances, numberOfSeries }: StudyListEntry): TemplateResult {
  const objects =
    numberOfInstances === 1
      ? msg("1 object")
      : msg(str`${(numberOfInstances ?? 0).toLocaleString()} objects`);
  const series =
    numberOfSeries === 1
      ? msg("1 series")
      : msg(str`${(numberOfSeries ?? 0).toLocaleString()} series`);
  return html`${numberOfSeries === undefined ? "" : series}
    <span class="second">${numberOfInstances === undefined ? "" : objects}</span>`;
}

function skeleton(): readonly TemplateResult[] {
  return Array.from(
    { length: SKELETON_ROWS },
    () => html`<tr role="row" class="skeleton" aria-hidden="true">
      ${["patient", "date", "modality", "description", "accession", "images"].map(
        (column) => html`<td class=${column} role="cell"><span class="bar"></span></td>`,
      )}
    </tr>`,
  );
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-study-table": NegatoStudyTable;
  }
  interface GlobalEventHandlersEventMap {
    "negato-study-sort-changed": StudySortChangedEvent;
  }
}
