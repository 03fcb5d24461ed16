import { describe, expect, it } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import type { DisplaySet } from "#core/study/display-set.ts";
import { type Instance, readInstance } from "#core/study/instance.ts";
import { findInstance } from "./find-instance.ts";

function madeInstance(sopInstanceUid: string): Instance {
  const instance = readInstance(
    buildDataSet({
      StudyInstanceUID: "1",
      SeriesInstanceUID: "1.1",
      SOPInstanceUID: sopInstanceUid,
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.11",
    }),
  );
  if (instance === undefined) throw new Error("no instance");
  return instance;
}

function displaySet(id: string, instance: Instance, frameIndices: readonly number[]): DisplaySet {
  return {
    id,
    kind: frameIndices.length > 0 ? "multi-frame" : "report",
    studyInstanceUid: "1",
    seriesInstanceUid: "1.1",
    seriesNumber: 1,
    modality: undefined,
    name: id,
    reason: undefined,
    instances: [instance],
    frames: frameIndices.map((frameIndex) => ({ instance, frameIndex })),
    warnings: [],
    isCine: false,
    frameTimesMs: undefined,
    spacingMm: undefined,
  };
}

describe("a reference to an object", () => {
  const film = madeInstance("1.1.1");
  const sets = [
    displaySet("first phase", film, [0, 2]),
    displaySet("second phase", film, [1, 3]),
    displaySet("report", madeInstance("1.1.2"), []),
  ];
  const found = (sopInstanceUid: string, frameNumber?: number) => {
    const place = findInstance(sets, sopInstanceUid, frameNumber);
    return place && [place.displaySet.id, place.frameIndex];
  };

  it("leads to the display set that holds the frame that is meant", () => {
    expect(found("1.1.1")).toEqual(["first phase", 0]);
    expect(found("1.1.1", 3)).toEqual(["first phase", 1]);
    expect(found("1.1.1", 4)).toEqual(["second phase", 1]);
    expect(found("1.1.2")).toEqual(["report", undefined]);
  });

  it("leads nowhere when the object is not open, or has no such frame", () => {
    expect(found("9")).toBeUndefined();
    expect(found("1.1.1", 5)).toBeUndefined();
  });
});
