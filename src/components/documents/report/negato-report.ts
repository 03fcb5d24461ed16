import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { DataSet } from "#core/dicom/data-set.ts";
import type { ReportItem } from "#core/report/content-item.ts";
import { type DoseTable, doseTable } from "#core/report/dose-table.ts";
import { allItems, type Report, readReport } from "#core/report/report.ts";
import { controlStyles } from "../../control-styles.ts";
import { contentTemplate, heading, itemsTemplate } from "./report-body.ts";
import { codeTemplate } from "./report-codes.ts";
import { reportHeader, reportStatusText } from "./report-header.ts";
import type { NameInstance } from "./report-references.ts";
import { reportStyles } from "./report-styles.ts";
import { type BodyContext, idOf } from "./report-value.ts";
import { valueWords } from "./report-words.ts";

/** What says about the whole report who observed whom, in which language, of which procedure. */
const CONTEXT: ReadonlySet<string> = new Set([
  "HAS OBS CONTEXT",
  "HAS CONCEPT MOD",
  "HAS ACQ CONTEXT",
]);

/** Values in one cell of the table of exposures; all of them are in what follows. */
const MOST_VALUES = 3;

/**
 * A structured report or key object selection as text: status, context, outline, sections, tables, references.
 *
 * @event negato-instance-requested - A reference to another object was used.
 */
@customElement("negato-report")
export class NegatoReport extends LitElement {
  static override readonly styles = [controlStyles, reportStyles];

  @property({ attribute: false }) dataSet: DataSet | undefined;
  /** Says what a referenced object is called where it is open. */
  @property({ attribute: false }) nameInstance: NameInstance = () => undefined;
  /** Who it is about, for prints. */
  @property() identity = "";
  @state() private showsCodes = false;
  #report: Report | undefined;
  #items: ReadonlyMap<string, ReportItem> = new Map();

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("dataSet")) return;
    this.#report = this.dataSet === undefined ? undefined : readReport(this.dataSet);
    const root = this.#report?.root;
    const items = root === undefined ? [] : [...allItems(root)];
    this.#items = new Map(items.map((item) => [item.position, item]));
  }

  protected override render(): TemplateResult {
    const report = this.#report;
    if (report === undefined) return html``;
    const { root } = report;
    const title = root.name?.meaning ?? msg("Report without a title");
    const context = root.children.filter(({ relationship }) => CONTEXT.has(relationship));
    const content = root.children.filter(({ relationship }) => !CONTEXT.has(relationship));
    const body: BodyContext = {
      nameInstance: this.nameInstance,
      items: this.#items,
      showsCodes: this.showsCodes,
      goTo: (position) => this.#goTo(position),
    };
    const dose = doseTable(root);
    return html`<div class="tools">
        <label><input type="checkbox" @change=${this.#toggleCodes} />${msg("Codes")}</label>
        <button class="button" type="button" @click=${() => void this.#print(title)}>
          ${msg("Print")}
        </button>
      </div>
      <div class="columns">
        ${this.#outline(content)}
        <article>
          ${reportHeader(report, title)}
          ${context.length === 0 ? nothing : html`<div class="context">${itemsTemplate(context, 4, body)}</div>`}
          ${dose === undefined ? nothing : doseTemplate(dose, body)}
          ${
            content.length === 0
              ? html`<p class="soft">${msg("The report has no content.")}</p>`
              : contentTemplate(
                  content,
                  root.value.kind === "container" && root.value.isContinuous,
                  4,
                  body,
                )
          }
        </article>
      </div>`;
  }

  #outline(content: readonly ReportItem[]): TemplateResult | typeof nothing {
    const sections = content.filter(
      ({ name, value }) => value.kind === "container" && name !== undefined,
    );
    if (sections.length < 2) return nothing;
    return html`<nav aria-label=${msg("Sections of the report")}>
      <ul>
        ${sections.map(
          ({ name, position }) => html`<li>
            <button type="button" class="entry" @click=${() => this.#goTo(position)}>
              ${name?.meaning}
            </button>
          </li>`,
        )}
      </ul>
    </nav>`;
  }

  readonly #toggleCodes = (event: Event): void => {
    this.showsCodes = event.target instanceof HTMLInputElement && event.target.checked;
  };

  #goTo(position: string): void {
    const target = this.renderRoot.querySelector(`[id="${idOf(position)}"]`);
    if (!(target instanceof HTMLElement)) return;
    for (let up = target.parentElement; up !== null; up = up.parentElement)
      if (up instanceof HTMLDetailsElement) up.open = true;
    target.scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
  }

  async #print(title: string): Promise<void> {
    const article = this.renderRoot.querySelector("article");
    if (article === null || this.#report === undefined) return;
    const { printArticle } = await import("./print-article.ts");
    const status = this.#report.completion === undefined ? "" : reportStatusText(this.#report);
    printArticle(article, { title, identity: this.identity, status });
  }
}

/** The exposures of a dose report side by side; everything that is known of each follows below. */
function doseTemplate({ columns, rows }: DoseTable, context: BodyContext): TemplateResult {
  return html`${heading(4, html`${msg("Exposures")}`)}
    <div class="scroll" tabindex="0" role="group" aria-label=${msg("Exposures")}>
      <table>
        <thead>
          <tr>
            <th scope="col">${msg("No.")}</th>
            ${columns.map((code) => html`<th scope="col">${code.meaning}${codeTemplate(code, context)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (items, at) => html`<tr>
              <th scope="row">${at + 1}</th>
              ${items.map((some) => html`<td>${eachOnce(some)}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** Values of one concept, each once: pulses of one voltage are many, and sources of two voltages are two. */
function eachOnce(items: readonly ReportItem[]): string {
  const texts = [...new Set(items.map(({ value }) => valueWords(value)))];
  const more = texts.length - MOST_VALUES;
  const shown = texts.slice(0, MOST_VALUES).join(", ");
  return more > 0 ? msg(str`${shown} and ${more} more`) : shown;
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-report": NegatoReport;
  }
}
