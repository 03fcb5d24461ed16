import { describe, expect, it } from "vitest";
import { DataSet } from "../dicom/data-set.ts";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import { doseTable } from "./dose-table.ts";
import { tableOf } from "./item-table.ts";
import { allItems, readReport } from "./report.ts";
import { valueText } from "./value-text.ts";

const code = (meaning: string, value = "1", scheme = "DCM"): MadeDataSet => ({
  CodeValue: value,
  CodingSchemeDesignator: scheme,
  CodeMeaning: meaning,
});

function number(name: MadeDataSet, value: string, unit: MadeDataSet): MadeDataSet {
  return {
    ValueType: "NUM",
    RelationshipType: "CONTAINS",
    ConceptNameCodeSequence: name,
    MeasuredValueSequence: { NumericValue: value, MeasurementUnitsCodeSequence: unit },
  };
}

function container(name: MadeDataSet, ...items: readonly MadeDataSet[]): MadeDataSet {
  return {
    ValueType: "CONTAINER",
    RelationshipType: "CONTAINS",
    ConceptNameCodeSequence: name,
    ContentSequence: items,
  };
}

const reportOf = (values: MadeDataSet) => readReport(buildDataSet(values));
const textsOf = (values: MadeDataSet) =>
  [...allItems(reportOf(values).root)].map(({ name, value }) => [name?.meaning, valueText(value)]);

describe("a structured report", () => {
  it("is read as a tree of names and values, with the unit of what was measured", () => {
    const texts = textsOf({
      ...container(
        code("Report"),
        number(code("Diameter"), "9.50", code("millimeter", "mm", "UCUM")),
        { ValueType: "TEXT", ConceptNameCodeSequence: code("Finding"), TextValue: "A\r\nB\rC" },
        { ValueType: "DATE", ConceptNameCodeSequence: code("Seen on"), Date: "20261114" },
        {
          ValueType: "IMAGE",
          ReferencedSOPSequence: {
            ReferencedSOPInstanceUID: "1.2.3",
            ReferencedFrameNumber: [4, 5],
          },
        },
        {
          ValueType: "SCOORD",
          ConceptNameCodeSequence: code("Region"),
          GraphicType: "POLYLINE",
          GraphicData: [1, 2, 3, 4, 5, 6],
        },
      ),
    });
    expect(texts).toEqual([
      ["Report", ""],
      ["Diameter", "9.50 mm"],
      ["Finding", "A\nB\nC"],
      ["Seen on", "20261114"],
      [undefined, "1.2.3 [4, 5]"],
      ["Region", "POLYLINE 3"],
    ]);
  });

  it("says why a number is missing", () => {
    const missing = {
      ValueType: "NUM",
      ConceptNameCodeSequence: code("Score"),
      MeasuredValueSequence: null,
      NumericValueQualifierCodeSequence: code("Measurement failure"),
    };
    expect(textsOf(container(code("Report"), missing))[1]).toEqual([
      "Score",
      "Measurement failure",
    ]);
  });

  it.each([
    [code("pixels", "{pixels}", "UCUM"), "128 pixels"],
    [code("SUV", "{SUVbw}g/ml", "UCUM"), "128 SUVbw g/ml"],
    [code("no units", "1", "UCUM"), "128"],
    [code("px", "1", "UCUM"), "128 px"],
    [code("Hounsfield unit", "[hnsf'U]", "UCUM"), "128 HU"],
    [code("millimeter of mercury", "mm[Hg]", "UCUM"), "128 mmHg"],
    [code("Centimetre", "cm", "99OWN"), "128 cm (Centimetre)"],
    [code("mm", "R-00101", "SRT"), "128 mm"],
  ])("gives units as people write them: %#", (unit, text) => {
    expect(textsOf(number(code("Rows"), "128", unit))[0]?.[1]).toBe(text);
  });

  it("counts positions as references within it do", () => {
    const linked = {
      RelationshipType: "INFERRED FROM",
      ReferencedContentItemIdentifier: [1, 2, 1],
    };
    const { root } = reportOf(
      container(
        code("Report"),
        { ValueType: "TEXT", TextValue: "one" },
        container(code("Group"), { ValueType: "TEXT", TextValue: "two", ContentSequence: linked }),
      ),
    );
    const items = new Map([...allItems(root)].map((item) => [item.position, item]));
    expect(items.get("1.2.1.1")?.value).toEqual({ kind: "link", position: "1.2.1" });
    expect(items.get("1.2.1")?.value).toEqual({ kind: "text", text: "two" });
  });

  it("without any content gives a root without children", () => {
    expect(readReport(new DataSet([]))).toMatchObject({
      root: { name: undefined, children: [] },
      completion: undefined,
      isMachineMade: false,
    });
  });

  it("does not follow nesting without an end, and says where it stopped", () => {
    let nested: MadeDataSet = { ValueType: "TEXT", TextValue: "deep" };
    for (let depth = 0; depth < 500; depth++)
      nested = { ValueType: "CONTAINER", ContentSequence: nested };
    const items = [...allItems(reportOf(nested).root)];
    expect(items).toHaveLength(66);
    expect(items.at(-1)?.value.kind).toBe("cut");
  });

  it("is known to come from an algorithm when it names one, or is of a CAD class", () => {
    const algorithm = {
      ValueType: "TEXT",
      ConceptNameCodeSequence: code("Algorithm Name", "111001"),
      TextValue: "LungFinder",
    };
    const named = reportOf(container(code("Report"), algorithm));
    expect([named.isMachineMade, named.machines]).toEqual([true, ["LungFinder"]]);
    const cad = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.65", ...container(code("Chest CAD")) };
    expect(reportOf(cad).isMachineMade).toBe(true);
  });
});

describe("a table as a value (PS3.3 C.18.10)", () => {
  const table = (values: MadeDataSet) => {
    const item = { ValueType: "TABLE", TabulatedValuesSequence: values };
    const { value } = reportOf(container(code("Report"), item)).root.children[0] ?? {};
    if (value?.kind !== "table") throw new Error("no table");
    return value;
  };

  it("has cells of whole columns, of whole rows and by themselves, in the digits of their precision", () => {
    const { rows, columns, columnHeads, cells } = table({
      NumberOfTableRows: 2,
      NumberOfTableColumns: 3,
      TableColumnDefinitionSequence: [
        {
          TableColumnNumber: 2,
          ConceptNameCodeSequence: code("X-Ray Tube Current"),
          MeasurementUnitsCodeSequence: code("milliampere", "mA", "UCUM"),
        },
      ],
      CellValuesSequence: [
        { TableColumnNumber: 2, SelectorAttributeVR: "FL", SelectorFLValue: [100.1, 60.5] },
        { TableRowNumber: 1, TableColumnNumber: 1, SelectorLOValue: "first" },
        { TableRowNumber: 2, TableColumnNumber: 3, SelectorCodeSequenceValue: code("Liver") },
      ],
    });
    expect([rows, columns]).toEqual([2, 3]);
    expect(
      columnHeads.map(({ number: at, name, unit }) => [at, name?.meaning, unit?.value]),
    ).toEqual([[2, "X-Ray Tube Current", "mA"]]);
    expect(cells.map(({ row, column, text }) => [row, column, text])).toEqual([
      [1, 2, "100.1"],
      [2, 2, "60.5"],
      [1, 1, "first"],
      [2, 3, "Liver"],
    ]);
  });

  it("is as large as its cells, if it declares less", () => {
    const { rows, columns } = table({
      NumberOfTableRows: 1,
      NumberOfTableColumns: 1,
      CellValuesSequence: [{ TableRowNumber: 3, SelectorUSValue: [1, 2, 3, 4] }],
    });
    expect([rows, columns]).toEqual([3, 4]);
  });
});

describe("containers side by side", () => {
  const mm = code("millimeter", "mm", "UCUM");
  const group = (...items: readonly MadeDataSet[]) => container(code("Lesion", "L"), ...items);
  const containersOf = (...groups: readonly MadeDataSet[]) =>
    reportOf(container(code("Report"), ...groups)).root.children;

  it("of short named values are a table with a column for each concept", () => {
    const table = tableOf(
      containersOf(
        group(number(code("Length", "A"), "3", mm), number(code("Width", "B"), "2", mm)),
        group(number(code("Width", "B"), "4", mm)),
      ),
    );
    expect(table?.columns.map(({ meaning }) => meaning)).toEqual(["Length", "Width"]);
    expect(
      table?.rows.map(({ cells }) =>
        cells.map((items) => items.map(({ value }) => valueText(value))),
      ),
    ).toEqual([
      [["3 mm"], ["2 mm"]],
      [[], ["4 mm"]],
    ]);
  });

  it("that are running texts are none", () => {
    const finding = {
      ...container(code("Finding"), number(code("Diameter"), "3", mm)),
      ContinuityOfContent: "CONTINUOUS",
    };
    expect(
      tableOf(reportOf(container(code("Report"), finding, finding)).root.children),
    ).toBeUndefined();
  });

  it("that hold sections or long text are none", () => {
    const long = {
      ValueType: "TEXT",
      ConceptNameCodeSequence: code("Text"),
      TextValue: "x".repeat(100),
    };
    expect(tableOf(containersOf(group(long), group(long)))).toBeUndefined();
    const nested = group(container(code("Inner")));
    expect(tableOf(containersOf(nested, nested))).toBeUndefined();
  });
});

describe("a radiation dose report", () => {
  it("gives its exposures as a table, with values from any depth of each", () => {
    const event = (dlp: string) =>
      container(
        code("CT Acquisition", "113819"),
        {
          ValueType: "TEXT",
          ConceptNameCodeSequence: code("Protocol", "125203"),
          TextValue: "Chest",
        },
        container(
          code("CT Dose", "113829"),
          number(code("DLP", "113838"), dlp, code("mGy.cm", "mGy.cm", "UCUM")),
        ),
      );
    const table = doseTable(reportOf(container(code("Dose"), event("210"), event("35"))).root);
    expect(table?.columns.map(({ meaning }) => meaning)).toEqual(["Protocol", "DLP"]);
    expect(
      table?.rows.map((row) => row.map((items) => items.map(({ value }) => valueText(value)))),
    ).toEqual([
      [["Chest"], ["210 mGy.cm"]],
      [["Chest"], ["35 mGy.cm"]],
    ]);
  });

  it("keeps both voltages of an exposure with two sources", () => {
    const kvp = (value: string) => number(code("KVP", "113733"), value, code("kV", "kV", "UCUM"));
    const event = container(code("CT Acquisition", "113819"), kvp("80"), kvp("140"));
    const table = doseTable(reportOf(container(code("Dose"), event)).root);
    expect(table?.rows[0]?.[0]?.map(({ value }) => valueText(value))).toEqual(["80 kV", "140 kV"]);
  });
});
