import { describe, expect, it } from "vitest";
import * as TAGS from "../dicom/tags.generated.ts";
import { readRealWorldValues } from "../pixels/real-world-value.ts";
import { frameDataSet } from "./frame-attributes.ts";
import { type TestValue, testDataSet } from "./test-data-set.ts";

const of = (...values: (readonly [number, TestValue])[]) => testDataSet(new Map(values));

describe("the attributes of a frame", () => {
  const dataSet = of(
    [TAGS.Rows, 4],
    [TAGS.WindowCenter, 1],
    [
      TAGS.SharedFunctionalGroupsSequence,
      [
        of(
          [TAGS.PixelMeasuresSequence, [of([TAGS.PixelSpacing, [0.5, 0.5]])]],
          [TAGS.FrameVOILUTSequence, [of([TAGS.WindowCenter, 40], [TAGS.WindowWidth, 400])]],
        ),
      ],
    ],
    [
      TAGS.PerFrameFunctionalGroupsSequence,
      [
        of([TAGS.PlanePositionSequence, [of([TAGS.ImagePositionPatient, [0, 0, 1]])]]),
        of(
          [TAGS.PlanePositionSequence, [of([TAGS.ImagePositionPatient, [0, 0, 2]])]],
          [TAGS.FrameVOILUTSequence, [of([TAGS.WindowCenter, 50])]],
        ),
      ],
    ],
  );

  it("are those of the instance under the shared and its own functional groups", () => {
    const first = frameDataSet({ dataSet }, 0);
    const second = frameDataSet({ dataSet }, 1);
    expect(first.numbers(TAGS.ImagePositionPatient)).toEqual([0, 0, 1]);
    expect(second.numbers(TAGS.ImagePositionPatient)).toEqual([0, 0, 2]);
    expect([first, second].map((frame) => frame.number(TAGS.WindowCenter))).toEqual([40, 50]);
    expect(second.number(TAGS.WindowWidth)).toBe(400);
    expect(second.numbers(TAGS.PixelSpacing)).toEqual([0.5, 0.5]);
    expect(second.number(TAGS.Rows)).toBe(4);
  });

  it("have each real world value mapping of the functional groups once", () => {
    const mapping = of(
      [TAGS.RealWorldValueFirstValueMapped, 0],
      [TAGS.RealWorldValueLastValueMapped, 100],
      [TAGS.RealWorldValueSlope, 0.5],
      [TAGS.RealWorldValueIntercept, 0],
      [TAGS.LUTLabel, "ADC"],
    );
    const shared = of([TAGS.RealWorldValueMappingSequence, [mapping]]);
    const frame = frameDataSet({ dataSet: of([TAGS.SharedFunctionalGroupsSequence, [shared]]) }, 0);
    expect(readRealWorldValues(frame, false)).toMatchObject([{ label: "ADC" }]);
  });

  it("beyond the last group are the shared ones", () => {
    const beyond = frameDataSet({ dataSet }, 7);
    expect(beyond.number(TAGS.WindowCenter)).toBe(40);
    expect(beyond.has(TAGS.ImagePositionPatient)).toBe(false);
  });

  it("without groups are the instance's, not a copy", () => {
    const plain = of([TAGS.Rows, 4]);
    expect(frameDataSet({ dataSet: plain }, 3)).toBe(plain);
  });
});
