import { describe, expect, it } from "vitest";
import * as TAGS from "../dicom/tags.generated.ts";
import { type CornerLine, cornerTexts } from "./corner-texts.ts";
import { displayAge, displayDate, displayTime } from "./display-date.ts";
import type { FrameReference } from "./display-set.ts";
import { displaySetsOf } from "./display-sets.ts";
import { StudyBuilder } from "./study-tree.ts";
import { type TestValue, testDataSet } from "./test-data-set.ts";

function shown(...attributes: (readonly [number, TestValue])[]) {
  const builder = new StudyBuilder();
  builder.add(
    testDataSet(
      new Map<number, TestValue>([
        [TAGS.StudyInstanceUID, "1.2"],
        [TAGS.SeriesInstanceUID, "1.2.1"],
        [TAGS.SOPInstanceUID, "1.2.1.1"],
        [TAGS.Rows, 4],
        [TAGS.Columns, 4],
        [TAGS.BitsAllocated, 8],
        [TAGS.PixelRepresentation, 0],
        ...attributes,
      ]),
    ),
  );
  const study = builder.study();
  const displaySet = study?.series.flatMap((series) => displaySetsOf(series))[0];
  const reference = displaySet?.frames[0];
  if (study === undefined || displaySet === undefined || reference === undefined)
    throw new Error("no frame");
  return { study, displaySet, reference };
}

function textsOf(...attributes: (readonly [number, TestValue])[]) {
  const { study, displaySet, reference } = shown(...attributes);
  const texts = cornerTexts(study, displaySet, reference);
  const plain = (lines: readonly CornerLine[]) => lines.map(({ text }) => text);
  return {
    topLeft: plain(texts.topLeft),
    topRight: plain(texts.topRight),
    bottomLeft: plain(texts.bottomLeft),
    bottomRight: plain(texts.bottomRight),
  };
}

describe("corner texts", () => {
  it("say who, when, what and where", () => {
    expect(
      textsOf(
        [TAGS.PatientName, "DEMO^Chest^Maria"],
        [TAGS.PatientID, "4711"],
        [TAGS.IssuerOfPatientID, "HOSP"],
        [TAGS.PatientBirthDate, "19600229"],
        [TAGS.PatientSex, "F"],
        [TAGS.PatientAge, "066Y"],
        [TAGS.StudyDate, "20261114"],
        [TAGS.StudyTime, "091559.1"],
        [TAGS.StudyDescription, "CT chest"],
        [TAGS.AccessionNumber, "A-9"],
        [TAGS.Modality, "CT"],
        [TAGS.SeriesNumber, 3],
        [TAGS.SeriesDescription, "Lung 1.0"],
        [TAGS.KVP, 120],
        [TAGS.SliceLocation, -12.3456],
        [TAGS.SliceThickness, 1.25],
        [TAGS.ImageOrientationPatient, [1, 0, 0, 0, 1, 0]],
        [TAGS.ImageLaterality, "L"],
        [TAGS.LossyImageCompression, "01"],
        [TAGS.LossyImageCompressionRatio, 9.96],
        [TAGS.LossyImageCompressionMethod, "ISO_15444_1"],
        [TAGS.BurnedInAnnotation, "YES"],
      ),
    ).toEqual({
      topLeft: ["DEMO, Chest Maria", "4711 (HOSP)", "29 Feb 1960 · F · 66 y"],
      topRight: ["CT chest", "14 Nov 2026 09:15", "Acc A-9", "CT · Series 3 · Lung 1.0", "120 kV"],
      bottomLeft: ["Laterality L (Image Laterality)", "Loc -12.35 mm · Thick 1.25 mm"],
      bottomRight: ["LOSSY 10:1 (JPEG 2000)", "burned-in annotation"],
    });
  });

  it("do not name the side of what is not one of a pair", () => {
    const laterality = (...elements: Parameters<typeof textsOf>) =>
      textsOf(...elements).bottomLeft.filter((text) => text.startsWith("Laterality"));
    expect(laterality([TAGS.ImageLaterality, "U"])).toEqual([]);
    expect(laterality([TAGS.ImageLaterality, "U"], [TAGS.Laterality, "R"])).toEqual([]);
    expect(laterality([TAGS.ImageLaterality, "B"])).toEqual(["Laterality B (Image Laterality)"]);
  });

  it("miss no direction where images have none", () => {
    expect(textsOf([TAGS.Modality, "US"]).bottomLeft).toEqual([]);
    expect(textsOf([TAGS.Modality, "CR"]).bottomLeft).toEqual(["orientation unknown"]);
  });

  it("name the species of an animal, not that of people", () => {
    expect(textsOf([TAGS.PatientSpeciesDescription, "Canine species"]).bottomRight).toEqual([
      "Canine species",
    ]);
    expect(textsOf([TAGS.PatientSpeciesDescription, "Homo sapiens"]).bottomRight).toEqual([]);
  });

  it("say that identifiers were made up, and of no other change of attributes", () => {
    const changedBy = (system: string) =>
      textsOf([
        TAGS.OriginalAttributesSequence,
        [testDataSet(new Map([[TAGS.ModifyingSystem, system]]))],
      ]).bottomRight;
    expect(changedBy("NEGATO")).toEqual(["identifiers made up"]);
    expect(changedBy("PACS")).toEqual([]);
  });

  it("leave out a technique of 0, which is none, but for a b-value", () => {
    const { topRight } = textsOf([TAGS.KVP, 0], [TAGS.Exposure, 0], [TAGS.DiffusionBValue, 0]);
    expect(topRight.at(-1)).toBe("b 0");
  });

  it("say what is for processing only, what wants a mask subtracted, and which plane of two it is", () => {
    const { topRight, bottomRight } = textsOf(
      [TAGS.PresentationIntentType, "FOR PROCESSING"],
      [TAGS.MaskSubtractionSequence, [testDataSet(new Map([[TAGS.MaskOperation, "AVG_SUB"]]))]],
      [TAGS.ImageType, ["ORIGINAL", "PRIMARY", "BIPLANE B"]],
    );
    expect(bottomRight).toEqual([
      "for processing: not meant for viewing",
      "mask subtraction not applied",
    ]);
    expect(topRight.at(-1)).toBe("BIPLANE B");
  });

  it("say what an image is not fit for: research, service, quality control, derived pixels", () => {
    const noticesOf = (...more: Parameters<typeof textsOf>) => textsOf(...more).bottomRight;
    expect(noticesOf([TAGS.ContentQualification, "RESEARCH"])).toEqual(["RESEARCH"]);
    expect(noticesOf([TAGS.ContentQualification, "SERVICE"])).toEqual(["SERVICE"]);
    expect(noticesOf([TAGS.ContentQualification, "PRODUCT"])).toEqual([]);
    expect(noticesOf([TAGS.QualityControlImage, "BOTH"])).toEqual(["quality control image"]);
    expect(noticesOf([TAGS.ImageType, ["DERIVED", "SECONDARY"]])).toEqual(["derived image"]);
    expect(noticesOf([TAGS.BurnedInAnnotation, "YES"])).toEqual(["burned-in annotation"]);
  });

  it("say which frame of its object an image is, but not what the name of its set says already", () => {
    const { study, displaySet, reference } = shown();
    const labelled = { ...reference, label: "b 1000 · cardiac phase 30 %" };
    const named = { ...displaySet, name: "DWI · b 1000", frames: [labelled] };
    const said = (frame: FrameReference) =>
      cornerTexts(study, named, frame)
        .bottomLeft.filter(({ key }) => key === "frame")
        .map(({ text }) => text);
    expect(said(labelled)).toEqual(["cardiac phase 30 %"]);
    expect(said(reference)).toEqual(["cardiac phase 30 %"]);
  });

  it("say plainly what is missing", () => {
    expect(textsOf()).toEqual({
      topLeft: ["no name", "no patient ID", "no birth date · sex not given"],
      topRight: ["no study date", "Series"],
      bottomLeft: ["orientation unknown"],
      bottomRight: [],
    });
  });
});

describe("dates, times and ages", () => {
  it.each([
    [displayDate, "20260101", "1 Jan 2026"],
    [displayDate, "1993.08.22", "22 Aug 1993"],
    [displayDate, "20261399", "20261399"],
    [displayDate, "unknown", "unknown"],
    [displayTime, "235959.999999", "23:59"],
    [displayTime, "0905", "09:05"],
    [displayTime, "99", "99"],
    [displayAge, "006M", "6 mo"],
    [displayAge, "42", "42"],
  ])("cannot be misread: %o of %s", (display, value, text) => {
    expect(display(value)).toBe(text);
  });
});
