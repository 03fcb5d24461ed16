import { describe, expect, it } from "vitest";
import { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { readReport } from "./report-tree.ts";

const code = (meaning: string) => [
  { CodeValue: "1", CodingSchemeDesignator: "DCM", CodeMeaning: meaning },
];

describe("a structured report", () => {
  it("is read as a tree of names and values, with the unit of what was measured", () => {
    const report = buildDataSet({
      CompletionFlag: "COMPLETE",
      VerificationFlag: "UNVERIFIED",
      ConceptNameCodeSequence: code("Report"),
      ValueType: "CONTAINER",
      ContentSequence: [
        {
          ValueType: "NUM",
          ConceptNameCodeSequence: code("Diameter"),
          MeasuredValueSequence: [
            {
              NumericValue: "9",
              MeasurementUnitsCodeSequence: [
                { CodeValue: "mm", CodingSchemeDesignator: "UCUM", CodeMeaning: "millimeter" },
              ],
            },
          ],
        },
        { ValueType: "TEXT", ConceptNameCodeSequence: code("Finding"), TextValue: "Nodule" },
        { ValueType: "DATE", ConceptNameCodeSequence: code("Seen on"), Date: "20261114" },
        {
          ValueType: "IMAGE",
          ReferencedSOPSequence: [{ ReferencedSOPInstanceUID: "1.2.3", ReferencedFrameNumber: 4 }],
        },
      ],
    });
    const { item, status } = readReport(report);
    expect(status).toEqual({ completion: "COMPLETE", verification: "UNVERIFIED" });
    expect(item.children.map(({ name, value }) => [name, value])).toEqual([
      ["Diameter", "9 mm"],
      ["Finding", "Nodule"],
      ["Seen on", "14 Nov 2026"],
      ["", "1.2.3, 4"],
    ]);
    expect(item.children.map(({ isReference }) => isReference)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it("without any content gives an item without children", () => {
    expect(readReport(new DataSet([])).item).toMatchObject({ name: "", value: "", children: [] });
  });
});
