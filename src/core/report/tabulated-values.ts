import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import type { Code, TableCell, TableHead } from "./content-item.ts";
import { readCode } from "./read-code.ts";

/** A table as one value of a report (PS3.3 C.18.10); cells that nobody filled are absent. */
interface TabulatedValues {
  /** As declared, and never less than the cells need. */
  readonly rows: number;
  readonly columns: number;
  readonly rowHeads: readonly TableHead[];
  readonly columnHeads: readonly TableHead[];
  readonly cells: readonly TableCell[];
}

/** The selector attributes that hold text or numbers; sequences, bytes and tags are no values for people. */
const SELECTORS: ReadonlyMap<string, number> = new Map([
  ["AE", TAGS.SelectorAEValue],
  ["AS", TAGS.SelectorASValue],
  ["CS", TAGS.SelectorCSValue],
  ["DA", TAGS.SelectorDAValue],
  ["DS", TAGS.SelectorDSValue],
  ["DT", TAGS.SelectorDTValue],
  ["FD", TAGS.SelectorFDValue],
  ["FL", TAGS.SelectorFLValue],
  ["IS", TAGS.SelectorISValue],
  ["LO", TAGS.SelectorLOValue],
  ["LT", TAGS.SelectorLTValue],
  ["PN", TAGS.SelectorPNValue],
  ["SH", TAGS.SelectorSHValue],
  ["SL", TAGS.SelectorSLValue],
  ["SS", TAGS.SelectorSSValue],
  ["ST", TAGS.SelectorSTValue],
  ["SV", TAGS.SelectorSVValue],
  ["TM", TAGS.SelectorTMValue],
  ["UC", TAGS.SelectorUCValue],
  ["UI", TAGS.SelectorUIValue],
  ["UL", TAGS.SelectorULValue],
  ["UR", TAGS.SelectorURValue],
  ["US", TAGS.SelectorUSValue],
  ["UT", TAGS.SelectorUTValue],
  ["UV", TAGS.SelectorUVValue],
]);

/** The table of a content item of the type TABLE; one without any gives a table without rows. */
export function readTabulatedValues(item: DataSet): TabulatedValues {
  const table = item.items(TAGS.TabulatedValuesSequence)[0] ?? item;
  const cells = table.items(TAGS.CellValuesSequence).flatMap(readCells);
  const most = (numbers: readonly number[]): number =>
    numbers.reduce((largest, number) => Math.max(largest, number), 0);
  return {
    rows: most([table.number(TAGS.NumberOfTableRows) ?? 0, ...cells.map(({ row }) => row)]),
    columns: most([
      table.number(TAGS.NumberOfTableColumns) ?? 0,
      ...cells.map(({ column }) => column),
    ]),
    rowHeads: readHeads(table, TAGS.TableRowDefinitionSequence, TAGS.TableRowNumber),
    columnHeads: readHeads(table, TAGS.TableColumnDefinitionSequence, TAGS.TableColumnNumber),
    cells,
  };
}

function readHeads(table: DataSet, sequence: number, number: number): readonly TableHead[] {
  return table.items(sequence).map((head) => ({
    number: head.number(number),
    name: readCode(head, TAGS.ConceptNameCodeSequence),
    unit: readCode(head, TAGS.MeasurementUnitsCodeSequence),
  }));
}

/** One cell where row and column are given, a whole row or column where one of them is (C.18.10.1.2). */
function readCells(item: DataSet): readonly TableCell[] {
  const row = item.number(TAGS.TableRowNumber);
  const column = item.number(TAGS.TableColumnNumber);
  const { vr, texts } = readValues(item);
  if (row !== undefined && column !== undefined)
    return texts.length === 0 ? [] : [{ row, column, vr, text: texts.join("\\") }];
  if (row === undefined && column === undefined) return [];
  return texts.map((text, index) => ({
    row: row ?? index + 1,
    column: column ?? index + 1,
    vr,
    text,
  }));
}

function readValues(item: DataSet): { readonly vr: string; readonly texts: readonly string[] } {
  const codes = item.items(TAGS.SelectorCodeSequenceValue);
  if (codes.length > 0) return { vr: "SQ", texts: codes.map((code) => meaningOf(readCode(code))) };
  const concept = readCode(item, TAGS.ConceptCodeSequence);
  if (concept !== undefined) return { vr: "SQ", texts: [concept.meaning] };
  for (const [vr, tag] of SELECTORS) {
    if (!item.has(tag)) continue;
    if (vr === "FL") return { vr, texts: item.numbers(tag).map(singleText) };
    return { vr, texts: item.strings(tag) };
  }
  return { vr: "", texts: [] };
}

function meaningOf(code: Code | undefined): string {
  return code?.meaning ?? "";
}

/** The shortest digits that mean the same 32-bit number: 100.1, not 100.0999984741211. */
function singleText(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === Math.fround(value)) return String(text);
  }
  return String(value);
}
