import { describe, expect, it } from "vitest";
import { madeInstance, madeStudyOf } from "./fake/made-study.ts";
import { findTarget } from "./workspace.ts";

describe("the place in a study that a launch names", () => {
  const { displaySet } = madeStudyOf([1, 2, 3].map((number) => madeInstance(number)));
  const first = displaySet.frames[0]?.instance.sopInstanceUid;
  const last = displaySet.frames.at(-1)?.instance.sopInstanceUid ?? "";

  it("is the frame of the instance, wherever it stands in the stack", () => {
    expect(first).not.toBe(last);
    expect(findTarget([displaySet], { sopInstanceUid: last })).toEqual({
      displaySet,
      frameIndex: 2,
    });
  });

  it("is the series, at the frame number that is asked for", () => {
    const target = { seriesInstanceUid: displaySet.seriesInstanceUid, frameNumber: 2 };
    expect(findTarget([displaySet], target)?.frameIndex).toBe(1);
  });

  it("is nowhere when the study does not hold it", () => {
    expect(findTarget([displaySet], { seriesInstanceUid: "9.9" })).toBeUndefined();
    expect(findTarget([displaySet], { sopInstanceUid: "9.9" })).toBeUndefined();
  });
});
