import { msg, str } from "@lit/localize";
import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { ScheduledEntry } from "../../viewer/companion/scheduled-work.ts";
import { controlStyles } from "../control-styles.ts";
import { dateText, nameGroups, timeText } from "../dicom-text.ts";
import "../icon/negato-icon.ts";

/** Entries that stand at once; a busy department has many, and a phone has little room above the studies. */
const FEW = 5;
const FEW_ON_PHONES = 2;

/**
 * What is scheduled for today and not yet acquired, apart from the studies: none of it has images. An entry opens to
 * say so, with what is known of it.
 */
@customElement("negato-scheduled-work")
export class NegatoScheduledWork extends LitElement {
  static override readonly styles = [
    controlStyles,
    css`
      :host {
        display: block;
        margin-block-end: 16px;
        container-type: inline-size;
      }
      section {
        border: 1px dashed var(--negato-line);
        border-radius: var(--negato-radius);
        padding: 8px 0 4px;
      }
      h2 {
        display: flex;
        gap: 8px;
        align-items: center;
        padding: 2px 12px 6px;
        font-size: var(--negato-size-13);
        font-weight: 400;
        color: var(--negato-soft);
        --negato-icon-size: 16px;
      }
      summary {
        display: grid;
        grid-template-columns: 5ch 18px minmax(10em, 30%) 4ch minmax(0, 1fr) max-content;
        gap: 2px 12px;
        align-items: center;
        min-block-size: var(--negato-target);
        padding: 4px 12px;
        cursor: pointer;
        list-style: none;
        color: var(--negato-soft);
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary negato-icon {
        --negato-icon-size: 16px;
        transition: transform 120ms;
      }
      details[open] summary negato-icon {
        transform: rotate(90deg);
      }
      summary:hover {
        background: var(--negato-panel);
      }
      .name {
        color: var(--negato-text);
      }
      .name,
      .label,
      .station {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .time {
        font-variant-numeric: tabular-nums;
      }
      .open {
        padding: 2px 12px 10px calc(5ch + 54px);
        color: var(--negato-soft);
        font-size: var(--negato-size-13);
      }
      .open strong {
        color: var(--negato-text);
        font-weight: 600;
      }
      .all {
        margin: 4px 12px;
      }
      @container (max-width: 640px) {
        summary {
          grid-template-columns: 5ch 18px minmax(0, 1fr) max-content;
        }
        .label {
          grid-column: 3;
          grid-row: 2;
        }
        .station {
          display: none;
        }
        .open {
          padding-inline-start: 12px;
        }
      }
    `,
  ];

  /** In order of time. */
  @property({ attribute: false }) entries: readonly ScheduledEntry[] = [];
  @property({ attribute: false }) isWhole = false;

  protected override render(): TemplateResult {
    const few = matchMedia("(max-width: 640px)").matches ? FEW_ON_PHONES : FEW;
    const shown = this.isWhole ? this.entries : this.entries.slice(0, few);
    const rest = this.entries.length - shown.length;
    return html`<section aria-label=${msg("Scheduled today, not yet acquired")}>
      <h2>
        <negato-icon name="history"></negato-icon>
        <span>${msg("Scheduled today, not yet acquired")} · ${this.entries.length.toLocaleString()}</span>
      </h2>
      ${repeat(shown, ({ uid }) => uid, entryItem)}
      ${
        rest > 0
          ? html`<button
              class="button quiet all"
              type="button"
              @click=${() => {
                this.isWhole = true;
              }}
            >
              ${msg(str`${rest.toLocaleString()} more`)}
            </button>`
          : ""
      }
    </section>`;
  }
}

function entryItem(entry: ScheduledEntry): TemplateResult {
  const { first, others } = nameGroups(entry.patientName);
  const facts = [
    entry.patientId ?? msg("no ID"),
    dateText(entry.birthDate),
    entry.sex ?? "",
    entry.accessionNumber,
    entry.station,
  ].filter((fact) => fact !== "");
  return html`<details>
    <summary>
      <span class="time">${timeText(entry.time) || "–"}</span>
      <negato-icon name="chevron-right"></negato-icon>
      <span class="name">${[first, ...others].join(" · ")}</span>
      <span class="modality">${entry.modality}</span>
      <span class="label">${entry.label}</span>
      <span class="station">${entry.station}</span>
    </summary>
    <div class="open">
      <p><strong>${msg("There are no images yet.")}</strong> ${msg("The study is listed with the others when the first of them arrives.")}</p>
      <p>${facts.join(" · ")}</p>
    </div>
  </details>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-scheduled-work": NegatoScheduledWork;
  }
}
