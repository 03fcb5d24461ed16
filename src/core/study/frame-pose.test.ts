import { describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import * as TAGS from "../dicom/tags.generated.ts";
import { frameDataSet } from "./frame-attributes.ts";
import { framePose } from "./frame-pose.ts";

const AXIAL = [1, 0, 0, 0, 1, 0];
/** Columns run to the front: the normal points to the feet. */
const AXIAL_FROM_BELOW = [1, 0, 0, 0, -1, 0];

describe("the pose of a dose plane (PS3.3 C.8.8.3.2)", () => {
  const dose = (offsets: readonly number[], orientation: readonly number[], z = 100) =>
    buildDataSet({
      ImagePositionPatient: [1, 2, z],
      ImageOrientationPatient: orientation,
      GridFrameOffsetVector: offsets,
      DoseGridScaling: "0.002",
      DoseUnits: "GY",
    });
  const places = (...of: Parameters<typeof dose>): unknown =>
    of[0].map((_, index) => framePose(dose(...of), index).position);

  it.each([
    ["ways along the normal from the first plane", [0, 3, 6], AXIAL, [100, 103, 106]],
    ["the same towards the feet", [0, 3, 6], AXIAL_FROM_BELOW, [100, 97, 94]],
    ["ways to the other side", [0, -3, -6], AXIAL, [100, 97, 94]],
    ["z coordinates, where they begin with that of the first plane", [100, 103], AXIAL, [100, 103]],
    ["z coordinates whatever the normal", [100, 97], AXIAL_FROM_BELOW, [100, 97]],
  ])("takes its offset as %s", (_, offsets, orientation, expected) => {
    expect(places(offsets, orientation)).toEqual(expected.map((z) => [1, 2, z]));
  });

  it("is not known beyond the vector", () => {
    expect(framePose(dose([0, 3], AXIAL), 2).position).toEqual([]);
  });

  it("comes with the dose in Gy as the modality LUT", () => {
    const frame = frameDataSet({ dataSet: dose([0, 3], AXIAL) }, 1);
    expect(frame.numbers(TAGS.ImagePositionPatient)).toEqual([1, 2, 103]);
    expect([frame.number(TAGS.RescaleSlope), frame.string(TAGS.RescaleType)]).toEqual([
      0.002,
      "GY",
    ]);
  });
});

describe("the pose of a reconstructed slice of nuclear medicine (PS3.3 C.8.4.15)", () => {
  const tomo = (more: MadeDataSet) =>
    buildDataSet({
      ImageType: ["ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION"],
      SliceVector: [1, 2, 3],
      DetectorInformationSequence: [
        { ImagePositionPatient: [0, 0, 50], ImageOrientationPatient: AXIAL },
      ],
      ...more,
    });

  it("is a multiple of the spacing away from the first slice, to the side that its sign says", () => {
    const z = (spacing: number): unknown =>
      [0, 1, 2].map((at) => framePose(tomo({ SpacingBetweenSlices: spacing }), at).position[2]);
    expect(z(4)).toEqual([50, 54, 58]);
    expect(z(-4)).toEqual([50, 46, 42]);
  });

  it("is known of the first slice alone without a spacing, and of no slice of a projection", () => {
    expect(framePose(tomo({}), 0).position).toEqual([0, 0, 50]);
    expect(framePose(tomo({}), 1).position).toEqual([]);
    const planar = tomo({ ImageType: ["ORIGINAL", "PRIMARY", "TOMO", "EMISSION"] });
    expect(framePose(planar, 0).position).toEqual([]);
  });
});

describe("the attributes of a frame", () => {
  it.each([
    ["BINARY", {}, [0.5, 1]],
    ["FRACTIONAL", { MaximumFractionalValue: 250 }, [125, 250]],
    ["LABELMAP", {}, [3.5, 7]],
  ])("of a %s segmentation have one window for all its values", (type, values, expected) => {
    const dataSet = buildDataSet({
      SegmentationType: type,
      SegmentSequence: [{ SegmentNumber: 2 }, { SegmentNumber: 7 }],
      ...values,
    });
    const frame = frameDataSet({ dataSet }, 0);
    expect([frame.number(TAGS.WindowCenter), frame.number(TAGS.WindowWidth)]).toEqual(expected);
    expect(frame.string(TAGS.VOILUTFunction)).toBe("LINEAR_EXACT");
  });

  it("keep macros of several items as sequences beside what their first item says", () => {
    const dataSet = buildDataSet({
      SharedFunctionalGroupsSequence: [
        { RealWorldValueMappingSequence: [{ LUTLabel: "ADC" }, { LUTLabel: "FA" }] },
      ],
    });
    const maps = frameDataSet({ dataSet }, 0).items(TAGS.RealWorldValueMappingSequence);
    expect(maps.map((item) => item.string(TAGS.LUTLabel))).toEqual(["ADC", "FA"]);
  });
});
