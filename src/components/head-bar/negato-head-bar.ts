import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Study } from "#core/study/study-tree.ts";
import type { MissingItem, StudyCompleteness } from "../../viewer/study-completeness.ts";
import { controlStyles } from "../control-styles.ts";
import { dateTimeText, demographicsText, imageCountText, nameText } from "../dicom-text.ts";
import "../icon/negato-icon.ts";
import { placePopover } from "../popover-placement.ts";
import { popoverStyles } from "../popover-styles.ts";
import { headBarStyles } from "./head-bar-styles.ts";
import { logo } from "./logo.ts";

/** What a person asked for in the head bar. */
export type HeadBarWish = "back" | "keys" | "about" | "diagnostics";

export class HeadBarEvent extends Event {
  static readonly type = "negato-head-bar";
  readonly wish: HeadBarWish;

  constructor(wish: HeadBarWish) {
    super(HeadBarEvent.type, { bubbles: true, composed: true });
    this.wish = wish;
  }
}

/**
 * The bar above everything: whose images these are, how many of them can be seen, and the ways out.
 *
 * @event negato-head-bar - A button was used; `wish` says which.
 */
@customElement("negato-head-bar")
export class NegatoHeadBar extends LitElement {
  static override readonly styles = [controlStyles, popoverStyles, headBarStyles];

  @property({ attribute: false }) study: Study | undefined;
  @property({ attribute: false }) completeness: StudyCompleteness | undefined;
  /** Whether metadata is still arriving. */
  @property({ type: Boolean }) loading = false;
  /** Whether there is a list to go back to. */
  @property({ type: Boolean, attribute: "has-list" }) hasList = false;

  protected override render(): TemplateResult {
    return html`<header>
      ${
        this.hasList
          ? this.#button("back", "arrow-left", msg("Back to the studies"))
          : html`<span class="brand">${logo}<span class="word">Negato</span></span>`
      }
      ${this.study === undefined ? nothing : this.#identity(this.study)}
      <span class="space"></span>
      ${this.completeness === undefined ? nothing : this.#completeness(this.completeness)}
      <slot name="tools"></slot>
      ${this.#button("keys", "keyboard", msg("Keys and gestures"), "?")}
      ${this.#button("about", "info", msg("About, diagnostics and kept data"))}
    </header>`;
  }

  #identity(study: Study): TemplateResult {
    const { patient } = study;
    const facts = demographicsText({ ...patient, studyDate: study.date });
    const about = [study.description, dateTimeText(study.date, undefined)].filter(Boolean);
    return html`<div class="identity">
      <h1 title=${nameText(patient.name)}>${nameText(patient.name)}</h1>
      <span class="facts">${facts}</span>
      <span class="study">${about.join(" · ")}</span>
    </div>`;
  }

  #button(
    wish: HeadBarWish,
    icon: "arrow-left" | "keyboard" | "info",
    label: string,
    key?: string,
  ): TemplateResult {
    return html`<button
      class="button quiet icon-only ${wish}"
      type="button"
      aria-label=${label}
      title=${key === undefined ? label : `${label} (${key})`}
      @click=${() => this.dispatchEvent(new HeadBarEvent(wish))}
    >
      <negato-icon name=${icon}></negato-icon>
    </button>`;
  }

  #completeness(counts: StudyCompleteness): TemplateResult {
    const lost = counts.missing.reduce((sum, item) => sum + item.count, 0);
    const isWhole = lost === 0 && !counts.isCut;
    const state = this.loading ? "loading" : isWhole ? "whole" : "partial";
    return html`<button
        class="counts ${state}"
        type="button"
        popovertarget="completeness"
        aria-label=${msg(str`Completeness of the study: ${summaryText(counts)}`)}
      >
        <negato-icon
          name=${this.loading ? "ellipsis" : isWhole ? "circle-check" : "triangle-alert"}
        ></negato-icon>
        <span class="text">${summaryText(counts)}</span>
        <span class="short" aria-hidden="true">${lost === 0 ? "" : lost}</span>
      </button>
      <div
        id="completeness"
        popover
        class="completeness"
        @toggle=${(event: ToggleEvent) => {
          const anchor = this.renderRoot.querySelector(".counts");
          if (event.newState === "open" && event.target instanceof HTMLElement && anchor)
            placePopover(event.target, anchor);
        }}
      >
        <h2>${summaryText(counts)}</h2>
        ${this.loading ? html`<p>${msg("The study is still arriving.")}</p>` : nothing}
        ${isWhole ? html`<p>${msg("Everything that the archive names can be asked for here.")}</p>` : missing(counts)}
        ${
          counts.others > 0
            ? html`<p>
                ${
                  counts.others === 1
                    ? msg(
                        "1 further object is stored and not displayed; it is named among the series.",
                      )
                    : msg(
                        str`${counts.others} further objects are stored and not displayed; they are named among the series.`,
                      )
                }
              </p>`
            : nothing
        }
      </div>`;
  }
}

/** What cannot be seen, and why (safety C6). */
function missing({ isCut, missing: items }: StudyCompleteness): TemplateResult {
  if (isCut && items.length === 0)
    return html`<p>
      ${msg("The study broke off while it arrived. Nobody knows yet how much is missing.")}
    </p>`;
  return html`<ul>
    ${items.map(
      (item) => html`<li>
        <strong>${[item.series, lostCount(item)].filter(Boolean).join(": ")}</strong>
        ${item.reason} <span>${item.advice}</span>
      </li>`,
    )}
  </ul>`;
}

/** `312 of 312 images · 1 report · 0 missing`. */
function summaryText(counts: StudyCompleteness): string {
  const lost = counts.missing.reduce((sum, item) => sum + item.count, 0);
  const number = (count: number): string => count.toLocaleString();
  return [
    msg(str`${number(counts.available)} of ${imageCountText(counts.total)}`),
    counts.reports === 0
      ? ""
      : counts.reports === 1
        ? msg("1 report")
        : msg(str`${counts.reports} reports`),
    counts.documents === 0
      ? ""
      : counts.documents === 1
        ? msg("1 document")
        : msg(str`${counts.documents} documents`),
    counts.videos === 0
      ? ""
      : counts.videos === 1
        ? msg("1 video")
        : msg(str`${counts.videos} videos`),
    counts.waveforms === 0
      ? ""
      : counts.waveforms === 1
        ? msg("1 waveform")
        : msg(str`${counts.waveforms} waveforms`),
    counts.isCut && lost === 0 ? msg("incomplete") : msg(str`${number(lost)} missing`),
  ]
    .filter((text) => text !== "")
    .join(" · ");
}

function lostCount({ count, unit }: MissingItem): string {
  return unit === "image" ? imageCountText(count) : objectCount(count);
}

function objectCount(count: number): string {
  return count === 1 ? msg("1 object") : msg(str`${count.toLocaleString()} objects`);
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-head-bar": NegatoHeadBar;
  }
  interface GlobalEventHandlersEventMap {
    "negato-head-bar": HeadBarEvent;
  }
}
