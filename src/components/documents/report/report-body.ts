import { msg, str } from "@lit/localize";
import { html, nothing, type TemplateResult } from "lit";
import type { Code, ReportItem } from "#core/report/content-item.ts";
import { type ItemTable, isPlace, runsOf, tableOf } from "#core/report/item-table.ts";
import { codeTemplate } from "./report-codes.ts";
import { isNarrative, narrativeTemplate } from "./report-narrative.ts";
import { type BodyContext, idOf, observed, valueTemplate } from "./report-value.ts";
import { relationshipWords, valueWords } from "./report-words.ts";

/** Longer texts stand below their name rather than beside it. */
const LONG = 240;
/** More references in a row than this are folded. */
const MANY_REFERENCES = 12;

/**
 * Items one after another: containers as sections or tables, everything else as lines of name and value.
 * @param level of the headings among them, 3 to 6
 */
export function itemsTemplate(
  items: readonly ReportItem[],
  level: number,
  context: BodyContext,
): TemplateResult {
  const parts: TemplateResult[] = [];
  let lines: ReportItem[] = [];
  const flush = (): void => {
    if (lines.length > 0) parts.push(linesTemplate(lines, context));
    lines = [];
  };
  for (const run of runsOf(items)) {
    const [first] = run;
    if (first === undefined) continue;
    if (first.value.kind !== "container") {
      lines.push(first);
      continue;
    }
    flush();
    const table = tableOf(run);
    parts.push(
      table === undefined
        ? html`${run.map((container, at) => section(container, run.length > 1 ? at + 1 : 0, level, context))}`
        : tableTemplate(first.name, table, level, context),
    );
  }
  flush();
  return html`${parts}`;
}

/** What is in a container: as one running text where that is meant and possible, else one after another. */
export function contentTemplate(
  children: readonly ReportItem[],
  isContinuous: boolean,
  level: number,
  context: BodyContext,
): TemplateResult {
  return isContinuous && isNarrative(children)
    ? narrativeTemplate(children, context, (item) => below(item, context))
    : itemsTemplate(children, level, context);
}

function section(
  container: ReportItem,
  ordinal: number,
  level: number,
  context: BodyContext,
): TemplateResult {
  const { name, position, children, value } = container;
  const isContinuous = value.kind === "container" && value.isContinuous;
  const title =
    name === undefined ? "" : ordinal === 0 ? name.meaning : `${name.meaning} ${ordinal}`;
  return html`<section id=${idOf(position)} tabindex="-1">
    ${title === "" ? nothing : heading(level, html`${title}${codeTemplate(name, context)}`)}
    ${observed(container)}
    ${
      children.length === 0
        ? html`<p class="soft">${msg("No content.")}</p>`
        : contentTemplate(
            children,
            isContinuous,
            title === "" ? level : Math.min(level + 1, 6),
            context,
          )
    }
  </section>`;
}

/** A heading of a level; templates cannot have a variable for the name of a tag. */
export function heading(level: number, content: TemplateResult): TemplateResult {
  switch (level) {
    case 3:
      return html`<h3>${content}</h3>`;
    case 4:
      return html`<h4>${content}</h4>`;
    case 5:
      return html`<h5>${content}</h5>`;
    default:
      return html`<h6>${content}</h6>`;
  }
}

function tableTemplate(
  name: Code | undefined,
  { columns, rows }: ItemTable,
  level: number,
  context: BodyContext,
): TemplateResult {
  const hasReferences = rows.some(({ container }) => imagesOf(container).length > 0);
  return html`${name === undefined ? nothing : heading(level, html`${name.meaning}${codeTemplate(name, context)}`)}
    <div class="scroll" tabindex="0" role="group" aria-label=${name?.meaning ?? msg("Table")}>
      <table>
        <thead>
          <tr>
            <th scope="col">${msg("No.")}</th>
            ${columns.map((code) => html`<th scope="col">${code.meaning}${codeTemplate(code, context)}</th>`)}
            ${hasReferences ? html`<th scope="col">${msg("Image")}</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ container, cells }, at) => html`<tr id=${idOf(container.position)} tabindex="-1">
              <th scope="row">${at + 1}${observed(container)}</th>
              ${cells.map((items) => html`<td>${items.map((item) => cell(item, context))}</td>`)}
              ${
                hasReferences
                  ? html`<td>${imagesOf(container).map((item) => cell(item, context))}</td>`
                  : nothing
              }
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function cell(item: ReportItem, context: BodyContext): TemplateResult {
  const relation = relationshipWords(item);
  return html`<div class="cell" id=${idOf(item.position)} tabindex="-1">
    ${relation === "" ? nothing : html`<span class="soft">${relation} </span>`}
    ${valueTemplate(item, context)}${observed(item)}${below(item, context)}
  </div>`;
}

function imagesOf({ children }: ReportItem): readonly ReportItem[] {
  return children.filter(({ value }) => isPlace(value));
}

function linesTemplate(items: readonly ReportItem[], context: BodyContext): TemplateResult {
  return html`<dl>${groupReferences(items).map((group) => line(group, context))}</dl>`;
}

/** Nameless references that follow one another belong on one line. */
function groupReferences(items: readonly ReportItem[]): readonly (readonly ReportItem[])[] {
  const groups: ReportItem[][] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (isBareReference(item) && last?.[0] !== undefined && isBareReference(last[0]))
      last.push(item);
    else groups.push([item]);
  }
  return groups;
}

function isBareReference({ name, value, children }: ReportItem): boolean {
  return name === undefined && children.length === 0 && "references" in value;
}

function line(group: readonly ReportItem[], context: BodyContext): TemplateResult {
  const [first] = group;
  if (first === undefined) return html``;
  if (group.length > 1) return referencesLine(group, context);
  const text = valueWords(first.value);
  const isLong = first.value.kind === "text" && (text.length > LONG || /[\r\n]/.test(text));
  return html`<div class="line ${isLong ? "long" : ""}" id=${idOf(first.position)} tabindex="-1">
    <dt>${nameOf(first)}${codeTemplate(first.name, context)}</dt>
    <dd>${valueTemplate(first, context)}${observed(first)}${below(first, context)}</dd>
  </div>`;
}

function referencesLine(group: readonly ReportItem[], context: BodyContext): TemplateResult {
  const buttons = html`<span class="references">${group.map((item) => valueTemplate(item, context))}</span>`;
  const count = group.length;
  return html`<div class="line">
    <dt>${msg("Refers to")}</dt>
    <dd>
      ${
        count > MANY_REFERENCES
          ? html`<details>
              <summary>${msg(str`${count} objects`)}</summary>
              ${buttons}
            </details>`
          : buttons
      }
    </dd>
  </div>`;
}

/** What an item is called, with how it relates to the one above it. */
function nameOf(item: ReportItem): string {
  const relation = relationshipWords(item);
  const name = item.name?.meaning ?? (relation === "" ? unnamed(item) : "");
  return [relation, name].filter((text) => text !== "").join(" ");
}

function unnamed({ value }: ReportItem): string {
  if ("references" in value) return msg("Refers to");
  return value.kind === "text" ? msg("Text") : "";
}

/** Items below a line: what qualifies it, or what it was derived from. */
function below({ children }: ReportItem, context: BodyContext): TemplateResult | typeof nothing {
  if (children.length === 0) return nothing;
  return html`<div class="below">${itemsTemplate(children, 6, context)}</div>`;
}
