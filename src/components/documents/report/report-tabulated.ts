import { msg, str } from "@lit/localize";
import { html, nothing, type TemplateResult } from "lit";
import { displayPersonName, parsePersonName } from "#core/dicom/person-name.ts";
import type { ReportValue, TableCell, TableHead } from "#core/report/content-item.ts";
import { unitText } from "#core/report/value-text.ts";
import { dateText } from "../../dicom-text.ts";
import { codeTemplate } from "./report-codes.ts";
import { momentWords, timeWords } from "./report-words.ts";

type Tabulated = Extract<ReportValue, { kind: "table" }>;

/** More than this is no table that a person reads; that it goes on is said. */
const [MOST_ROWS, MOST_COLUMNS] = [500, 40];

/** A value that is a table: its cells under what their columns, and beside what their rows mean. */
export function tabulatedTemplate(
  table: Tabulated,
  context: { readonly showsCodes: boolean },
): TemplateResult {
  const rows = Math.min(table.rows, MOST_ROWS);
  const columns = Math.min(table.columns, MOST_COLUMNS);
  if (rows === 0 || columns === 0)
    return html`<span class="soft">${msg("a table without values")}</span>`;
  const cells = new Map(table.cells.map((cell) => [`${cell.row} ${cell.column}`, cell]));
  const common = [...table.rowHeads, ...table.columnHeads].filter(
    ({ number }) => number === undefined,
  );
  const hasRowHeads = table.rowHeads.some(({ number }) => number !== undefined);
  const hasColumnHeads = table.columnHeads.some(({ number }) => number !== undefined);
  return html`${common.map((head) => html`<div class="soft">${headTemplate(head, context)}</div>`)}
    <div class="scroll" tabindex="0" role="group" aria-label=${msg("Table")}>
      <table>
        ${
          hasColumnHeads
            ? html`<thead>
                <tr>
                  ${hasRowHeads ? html`<td></td>` : nothing}
                  ${upTo(columns).map(
                    (column) =>
                      html`<th scope="col">${headOf(table.columnHeads, column, context)}</th>`,
                  )}
                </tr>
              </thead>`
            : nothing
        }
        <tbody>
          ${upTo(rows).map(
            (row) => html`<tr>
              ${hasRowHeads ? html`<th scope="row">${headOf(table.rowHeads, row, context)}</th>` : nothing}
              ${upTo(columns).map((column) => html`<td>${cellWords(cells.get(`${row} ${column}`))}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      rows < table.rows || columns < table.columns
        ? html`<div class="soft">
            ${msg(str`The first ${rows} × ${columns} of ${table.rows} × ${table.columns} values are shown.`)}
          </div>`
        : nothing
    }`;
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function headOf(
  heads: readonly TableHead[],
  number: number,
  context: { readonly showsCodes: boolean },
): TemplateResult | typeof nothing {
  const head = heads.find((one) => one.number === number);
  return head === undefined ? nothing : headTemplate(head, context);
}

/** `X-Ray Tube Current (mA)`. */
function headTemplate(
  { name, unit }: TableHead,
  context: { readonly showsCodes: boolean },
): TemplateResult {
  const symbol = unitText(unit);
  return html`${name?.meaning}${symbol === "" ? nothing : ` (${symbol})`}${codeTemplate(name, context)}`;
}

function cellWords(cell: TableCell | undefined): string {
  if (cell === undefined) return "";
  switch (cell.vr) {
    case "DA":
      return dateText(cell.text);
    case "TM":
      return timeWords(cell.text);
    case "DT":
      return momentWords(cell.text);
    case "PN":
      return displayPersonName(parsePersonName(cell.text));
    default:
      return cell.text;
  }
}
