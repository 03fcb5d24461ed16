import { msg, str } from "@lit/localize";
import { html, nothing, type TemplateResult } from "lit";
import type { ReportItem } from "#core/report/content-item.ts";
import { codeTemplate } from "./report-codes.ts";
import { type NameInstance, referenceButton } from "./report-references.ts";
import { tabulatedTemplate } from "./report-tabulated.ts";
import { momentWords, valueWords } from "./report-words.ts";

/** What the drawing of items needs beside them. */
export interface BodyContext {
  readonly nameInstance: NameInstance;
  /** All items by position, for references within the report. */
  readonly items: ReadonlyMap<string, ReportItem>;
  readonly showsCodes: boolean;
  /** Brings an item into view. */
  goTo(position: string): void;
}

/** Letters of what a reference within the report says of its target. */
const LONGEST_LINK = 90;

/** The value of an item: text, code, number with unit, table, or what it refers to. */
export function valueTemplate(item: ReportItem, context: BodyContext): TemplateResult {
  const { value } = item;
  switch (value.kind) {
    case "image":
    case "composite":
    case "waveform":
      return html`${value.references.map((reference) => referenceButton(reference, context.nameInstance))}`;
    case "table":
      return tabulatedTemplate(value, context);
    case "link":
      return linkTemplate(value.position, context);
    case "uid":
      return html`<span class="uid">${value.uid}</span>`;
    case "code":
      return html`<span class="value">${valueWords(value)}</span>${codeTemplate(value.code, context)}`;
    case "number":
      return html`<span class="value ${value.measurement === undefined ? "soft" : "number"}"
          >${valueWords(value)}</span
        >${codeTemplate(value.measurement?.unit, context)}${codeTemplate(value.qualifier, context)}`;
    default:
      return html`<span class="value">${valueWords(value)}</span>`;
  }
}

/** A reference to another item of the report, with what that item says. */
function linkTemplate(position: string, context: BodyContext): TemplateResult {
  const target = context.items.get(position);
  if (target === undefined)
    return html`<span class="soft">${msg(str`item ${position}, which the report does not have`)}</span>`;
  const text = [target.name?.meaning ?? "", valueWords(target.value)]
    .filter((part) => part !== "")
    .join(": ");
  return html`<button type="button" class="reference" @click=${() => context.goTo(position)}>
    ${msg(str`item ${position}`)}${text === "" ? nothing : html` · ${text.slice(0, LONGEST_LINK)}`}
  </button>`;
}

/** When it was observed, where that is not the time of the report. */
export function observed({ observedAt }: ReportItem): TemplateResult | typeof nothing {
  if (observedAt === undefined) return nothing;
  return html` <span class="soft">${msg(str`observed ${momentWords(observedAt)}`)}</span>`;
}

export function idOf(position: string): string {
  return `item-${position}`;
}
