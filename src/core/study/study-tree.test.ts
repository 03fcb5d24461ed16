import { describe, expect, it } from "vitest";
import type { DataSet } from "../dicom/data-set.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { StudyBuilder } from "./study-tree.ts";
import { type TestValue, testDataSet } from "./test-data-set.ts";

function instance(sopInstanceUid: string, ...more: (readonly [number, TestValue])[]): DataSet {
  return testDataSet(
    new Map<number, TestValue>([
      [TAGS.StudyInstanceUID, "1.2"],
      [TAGS.SeriesInstanceUID, "1.2.1"],
      [TAGS.SOPInstanceUID, sopInstanceUid],
      [TAGS.SOPClassUID, "1.2.840.10008.5.1.4.1.1.2"],
      [TAGS.PatientName, "DEMO^Chest=山田^太郎"],
      [TAGS.PatientID, "ID-1"],
      ...more,
    ]),
  );
}

function built(...dataSets: readonly DataSet[]) {
  const builder = new StudyBuilder();
  for (const dataSet of dataSets) builder.add(dataSet);
  return builder.study();
}

const PIXELS: readonly (readonly [number, TestValue])[] = [
  [TAGS.Rows, 4],
  [TAGS.Columns, 4],
  [TAGS.BitsAllocated, 16],
  [TAGS.PixelRepresentation, 0],
];

describe("a study", () => {
  it("knows which images a presentation state is about", () => {
    const image = testDataSet(new Map([[TAGS.ReferencedSOPInstanceUID, "7"]]));
    const series = testDataSet(new Map([[TAGS.ReferencedImageSequence, [image]]]));
    const state = instance(
      "9",
      [TAGS.SOPClassUID, "1.2.840.10008.5.1.4.1.1.11.1"],
      [TAGS.ReferencedSeriesSequence, [series]],
    );
    const report = instance("8", [TAGS.ReferencedSeriesSequence, [series]]);
    expect(built(instance("7"), state)?.presented).toEqual(new Set(["7"]));
    expect(built(instance("7"), report)?.presented).toEqual(new Set());
  });

  it("does not exist before its first instance", () => {
    expect(new StudyBuilder().study()).toBeUndefined();
  });

  it("holds series by number, whatever the order of arrival, and identity with all name groups", () => {
    const study = built(
      instance("1", [TAGS.SeriesInstanceUID, "1.2.9"], [TAGS.SeriesNumber, 9]),
      instance("2", [TAGS.SeriesInstanceUID, "1.2.3"], [TAGS.SeriesNumber, 3]),
      instance("3", [TAGS.SeriesInstanceUID, "1.2.4"]),
      instance("4", [TAGS.SeriesInstanceUID, "1.2.9"], [TAGS.SeriesNumber, 9]),
    );
    expect(study?.series.map(({ seriesInstanceUid }) => seriesInstanceUid)).toEqual([
      "1.2.3",
      "1.2.9",
      "1.2.4",
    ]);
    expect(study?.series[1]?.instances).toHaveLength(2);
    expect(study?.patient.name).toEqual({
      alphabetic: "DEMO^Chest",
      ideographic: "山田^太郎",
      phonetic: "",
    });
  });

  it("says which attributes of identity differ between its instances", () => {
    const study = built(
      instance("1", [TAGS.AccessionNumber, "A1"]),
      instance("2", [TAGS.PatientID, "ID-2"]),
      instance("3", [TAGS.PatientName, "DEMO^Chest^^=山田^太郎="]),
      instance("4", [TAGS.PatientID, ""]),
    );
    expect(study?.conflicts).toEqual([{ attribute: "PatientID", values: ["ID-1", "ID-2"] }]);
  });

  it("takes no instance of another study and none without UIDs", () => {
    const builder = new StudyBuilder();
    builder.add(instance("1"));
    expect(builder.add(instance("2", [TAGS.StudyInstanceUID, "9.9"]))).toBeUndefined();
    expect(builder.add(instance(""))).toBeUndefined();
    expect(builder.study()?.series[0]?.instances).toHaveLength(1);
  });

  it("replaces an instance that arrives twice", () => {
    const study = built(instance("1"), instance("1", [TAGS.InstanceNumber, 5]));
    expect(study?.series[0]?.instances.map(({ number }) => number)).toEqual([5]);
  });

  it("keeps an instance whose pixels cannot be used, with the reason", () => {
    const study = built(
      instance("1", ...PIXELS),
      instance("2", ...PIXELS, [TAGS.BitsAllocated, 99]),
      instance("3"),
    );
    const images = study?.series[0]?.instances.map(({ image }) => image);
    expect(images?.map(({ kind }) => kind)).toEqual(["image", "unusable", "none"]);
    expect(images?.[1]).toMatchObject({ code: "invalid-value" });
  });

  it("does not make series again that did not change", () => {
    const builder = new StudyBuilder();
    builder.add(instance("1"));
    const before = builder.study();
    builder.add(instance("2", [TAGS.SeriesInstanceUID, "1.2.2"], [TAGS.SeriesNumber, 2]));
    expect(builder.study()?.series).toContain(before?.series[0]);
    expect(before?.series).toHaveLength(1);
  });
});
