import { describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import { readDisplayExtras, withDisplayExtras } from "./display-extras.ts";
import { displayPipeline, readDisplayAttributes } from "./display-pipeline.ts";
import { hasDisplayExtras } from "./has-display-extras.ts";
import { readImagePixel } from "./image-pixel-reader.ts";
import { realWorldValue } from "./real-world-value.ts";
import { parametric, testProfile, xyz } from "./test-icc-profile.ts";

const GREY: MadeDataSet = {
  Rows: 2,
  Columns: 2,
  BitsAllocated: 16,
  BitsStored: 12,
  HighBit: 11,
  PixelRepresentation: 0,
  SamplesPerPixel: 1,
  PhotometricInterpretation: "MONOCHROME2",
};
const COLOUR: MadeDataSet = {
  ...GREY,
  SamplesPerPixel: 3,
  PhotometricInterpretation: "RGB",
  BitsAllocated: 8,
  BitsStored: 8,
  HighBit: 7,
};
const OVERLAY: MadeDataSet = {
  "60000010": 2,
  "60000011": 2,
  "60003000": Uint8Array.of(0b0001, 0),
};
const SHUTTER: MadeDataSet = {
  ShutterShape: "RECTANGULAR",
  ShutterLeftVerticalEdge: 1,
  ShutterRightVerticalEdge: 2,
  ShutterUpperHorizontalEdge: 1,
  ShutterLowerHorizontalEdge: 1,
  ShutterPresentationValue: 0x8000,
};

const profile = (gamma: number) =>
  testProfile({
    rXYZ: xyz(0.436_07, 0.222_49, 0.013_92),
    gXYZ: xyz(0.385_15, 0.716_87, 0.097_08),
    bXYZ: xyz(0.143_07, 0.060_61, 0.714_1),
    rTRC: parametric(0, gamma),
    gTRC: parametric(0, gamma),
    bTRC: parametric(0, gamma),
  });

function extrasOf(values: MadeDataSet, frameIndex = 0) {
  const dataSet = buildDataSet(values);
  return readDisplayExtras(dataSet, readImagePixel(dataSet), frameIndex);
}

const codesOf = (values: MadeDataSet) => extrasOf(values).notices.map(({ code }) => code);

const channel = (descriptor: readonly number[], entries: readonly number[]): MadeDataSet => ({
  RedPaletteColorLookupTableDescriptor: descriptor,
  GreenPaletteColorLookupTableDescriptor: descriptor,
  BluePaletteColorLookupTableDescriptor: descriptor,
  RedPaletteColorLookupTableData: Uint16Array.from(entries),
  GreenPaletteColorLookupTableData: Uint16Array.from(entries),
  BluePaletteColorLookupTableData: Uint16Array.from(entries),
});

describe("whether a frame has extras", () => {
  it.each<[string, MadeDataSet, boolean]>([
    ["a plain grey image", GREY, false],
    ["a plain colour image", COLOUR, false],
    ["an overlay plane", { ...GREY, "601E0010": 2 }, true],
    ["a group that is no overlay", { ...GREY, "60200010": 2 }, false],
    ["a shutter", { ...GREY, ...SHUTTER }, true],
    ["a colour profile", { ...COLOUR, ICCProfile: profile(1) }, true],
    ["a supplemental palette", { ...GREY, ...channel([2, 0, 16], [0, 1]) }, true],
    [
      "the palette of a palette image",
      { ...GREY, PhotometricInterpretation: "PALETTE COLOR", ...channel([2, 0, 16], [0, 1]) },
      false,
    ],
    ["real world values", { ...GREY, RealWorldValueMappingSequence: [{}] }, true],
  ])("%s: %#", (_name, values, expected) => {
    expect(hasDisplayExtras(buildDataSet(values))).toBe(expected);
  });
});

describe("the extras of a frame", () => {
  it("join overlays and shutter to one mask, and leave hidden ones out", () => {
    const values = { ...GREY, ...OVERLAY, ...SHUTTER };
    const dataSet = buildDataSet(values);
    const attributes = readDisplayAttributes(dataSet, readImagePixel(dataSet));
    const extras = extrasOf(values);
    const frame = { rows: 2, columns: 2, minimum: 0, maximum: 1 };
    const shown = displayPipeline(withDisplayExtras(attributes, extras, frame), frame);
    expect([...(shown.mask?.entries ?? [])]).toEqual([2, 0, 1, 1]);
    expect([...(shown.mask?.colors.subarray(0, 3) ?? [])]).toEqual([128, 128, 128]);
    const choice = { hiddenOverlays: new Set([0x6000]), isShutterHidden: true };
    expect(withDisplayExtras(attributes, extras, frame, choice)).toEqual(attributes);
  });

  it("colour values from a supplemental palette's first one on", () => {
    const { supplementalPalette } = extrasOf({ ...GREY, ...channel([2, 4000, 16], [0, 0xffff]) });
    expect(supplementalPalette).toEqual({
      firstMapped: 4000,
      colors: Uint8Array.of(0, 0, 0, 255, 255, 255),
    });
  });

  it("colour nothing in frames that are said to be of greys alone", () => {
    const values = { ...GREY, PixelPresentation: "MONOCHROME", ...channel([2, 4000, 16], [0, 9]) };
    expect(extrasOf(values).supplementalPalette).toBeUndefined();
  });

  it("say what the colours are, and what to do about it", () => {
    expect(extrasOf({ ...COLOUR, ICCProfile: profile(1) })).toMatchObject({
      colourTransform: { points: 65 },
      notices: [],
    });
    expect(codesOf({ ...COLOUR, ICCProfile: Uint8Array.of(1, 2) })).toEqual([
      "colour-profile-broken",
    ]);
    expect(codesOf(COLOUR)).toEqual(["no-colour-profile"]);
    expect(codesOf({ ...COLOUR, ColorSpace: "ADOBERGB" })).toEqual(["no-colour-profile"]);
    expect(codesOf({ ...COLOUR, ColorSpace: "SRGB" })).toEqual([]);
    expect(codesOf({ ...GREY, ICCProfile: profile(1) })).toEqual([]);
  });

  it("find the profile of an optical path", () => {
    const extras = extrasOf({ ...COLOUR, OpticalPathSequence: [{ ICCProfile: profile(1) }] });
    expect(extras.colourTransform?.points).toBe(65);
  });

  it("say what is announced and cannot be shown", () => {
    expect(codesOf({ ...GREY, "60000010": 2, "60000011": 2 })).toEqual(["overlay-missing"]);
    expect(codesOf({ ...GREY, ShutterShape: "OVAL" })).toEqual(["shutter-unreadable"]);
    expect(codesOf({ ...GREY, ShutterShape: "BITMAP", ShutterOverlayGroup: 0x6000 })).toEqual([
      "shutter-unreadable",
    ]);
    expect(codesOf({ ...GREY, ...channel([2, 0, 16], []) })).toContain("table-missing");
    expect(codesOf({ ...GREY, EnhancedPaletteColorLookupTableSequence: [{}] })).toEqual([
      "enhanced-palette",
    ]);
  });
});

describe("real world values", () => {
  const unit = [{ CodeValue: "mm2/s", CodingSchemeDesignator: "UCUM", CodeMeaning: "square" }];
  const mapping: MadeDataSet = {
    RealWorldValueFirstValueMapped: 0,
    RealWorldValueLastValueMapped: 100,
    RealWorldValueSlope: 0.5,
    RealWorldValueIntercept: -1,
    LUTLabel: "ADC",
    MeasurementUnitsCodeSequence: unit,
  };

  it("are slope and intercept inside of their range", () => {
    const [found] = extrasOf({ ...GREY, RealWorldValueMappingSequence: [mapping] }).realWorldValues;
    if (found === undefined) throw new Error("There is no mapping");
    expect([found.label, found.unit]).toEqual(["ADC", "mm2/s"]);
    expect([0, 10, 100, 101].map((stored) => realWorldValue(found, stored))).toEqual([
      -1,
      4,
      49,
      undefined,
    ]);
  });

  it("are entries of a table, in doubles where the range needs it", () => {
    const table = {
      DoubleFloatRealWorldValueFirstValueMapped: 70_000,
      DoubleFloatRealWorldValueLastValueMapped: 70_001,
      RealWorldValueLUTData: [1.5, 2.5],
    };
    const [found] = extrasOf({ ...GREY, RealWorldValueMappingSequence: [table] }).realWorldValues;
    expect(found && realWorldValue(found, 70_001)).toBe(2.5);
  });

  it("stand in for a modality LUT only where nothing else gives values a meaning", () => {
    const values = { ...GREY, RealWorldValueMappingSequence: [mapping] };
    expect(extrasOf(values)).toMatchObject({
      modality: { kind: "rescale", slope: 0.5, intercept: -1 },
      unit: "mm2/s",
    });
    for (const given of [
      { RescaleSlope: "1" },
      { WindowCenter: "5" },
      { RealWorldValueMappingSequence: [mapping, mapping] },
    ])
      expect(extrasOf({ ...values, ...given }).modality).toBeUndefined();
  });

  it("lend their unit to values that both they and the modality LUT leave as they are", () => {
    const same = { ...mapping, RealWorldValueSlope: 1, RealWorldValueIntercept: 0 };
    const identity = { RescaleSlope: "1", RescaleIntercept: "0", RescaleType: "US" };
    const values = { ...GREY, ...identity, RealWorldValueMappingSequence: [same] };
    expect(extrasOf(values)).toMatchObject({ unit: "mm2/s" });
    expect(extrasOf(values).modality).toBeUndefined();
    expect(extrasOf({ ...values, RescaleType: "HU" }).unit).toBeUndefined();
    expect(extrasOf({ ...values, RescaleSlope: "2" }).unit).toBeUndefined();
  });

  it("that say nothing, or turn their range round, are left out", () => {
    for (const broken of [
      { ...mapping, RealWorldValueSlope: undefined },
      { ...mapping, RealWorldValueFirstValueMapped: 101 },
    ])
      expect(
        extrasOf({ ...GREY, RealWorldValueMappingSequence: [broken] }).realWorldValues,
      ).toEqual([]);
  });
});
