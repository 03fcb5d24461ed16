import { html, nothing, type TemplateResult } from "lit";
import type { ReportItem } from "#core/report/content-item.ts";
import { codeTemplate } from "./report-codes.ts";
import { type BodyContext, idOf, observed, valueTemplate } from "./report-value.ts";

/** Whether items can be one running text: values and references, no sections or tables among them. */
export function isNarrative(items: readonly ReportItem[]): boolean {
  return items.every(({ value }) => !["container", "table", "cut"].includes(value.kind));
}

/**
 * Values one behind another as one text (PS3.3 C.17.3.2.2): `A mass of` `3.2 cm` `in the` `left lobe`. What a value is
 * called is not part of the text: it can be asked for with the codes, or by pointing at the value.
 * @param below what qualifies an item, which follows the text
 */
export function narrativeTemplate(
  items: readonly ReportItem[],
  context: BodyContext,
  below: (item: ReportItem) => TemplateResult | typeof nothing,
): TemplateResult {
  const qualified = items.filter(({ children }) => children.length > 0);
  return html`<p class="narrative">${items.map((item) => piece(item, context))}</p>
    ${qualified.map(
      (item) => html`<div class="qualified">
        <span class="soft">${item.name?.meaning}</span> ${valueTemplate(item, context)}${below(item)}
      </div>`,
    )}`;
}

function piece(item: ReportItem, context: BodyContext): TemplateResult {
  const { name, value, position } = item;
  const isNamed = value.kind !== "text" && name !== undefined;
  return html`<span
      class=${isNamed ? "named" : ""}
      id=${idOf(position)}
      tabindex="-1"
      title=${isNamed ? name.meaning : nothing}
      >${isNamed && context.showsCodes ? html`<span class="soft">${name.meaning}: </span>` : nothing}${valueTemplate(item, context)}${observed(item)}${isNamed ? codeTemplate(name, context) : nothing}</span
    >${" "}`;
}
