import { describe, expect, it } from "vitest";
import { DataSet } from "../dicom/data-set.ts";
import { buildDataSet } from "../dicom/data-set-builder.ts";
import { namedSopClassUids } from "../dicom/sop-class-names.ts";
import { displaySetsOfStudy } from "./display-sets.ts";
import { type MadeObject, madeObject } from "./made-object.ts";
import { STUDY_DETAILS } from "./study-details.ts";
import { StudyBuilder } from "./study-tree.ts";

const objects = namedSopClassUids().map(madeObject);
const images = objects.filter(({ frames }) => frames > 0);
const others = objects.filter(({ frames }) => frames === 0);

function setsOf(...made: readonly Pick<MadeObject, "dataSet">[]) {
  const builder = new StudyBuilder();
  for (const { dataSet } of made) builder.add(dataSet);
  const study = builder.study();
  return study === undefined ? [] : displaySetsOfStudy(study, STUDY_DETAILS);
}

describe("every storage class", () => {
  it("is made once, with a series of its own", () => {
    const series = new Set(objects.map(({ dataSet }) => dataSet.string(0x0020000e)));
    expect(series.size).toBe(objects.length);
    expect(images.length).toBeGreaterThan(75);
    expect(others.length).toBeGreaterThan(100);
  });

  it.each(images)("$name shows its $frames frames", (made) => {
    const sets = setsOf(made);
    const shown = sets.flatMap(({ frames }) => frames.map(({ frameIndex }) => frameIndex));
    expect(shown.toSorted()).toEqual(Array.from({ length: made.frames }, (_, index) => index));
    expect(sets.every(({ name, reason }) => name !== "" && reason === undefined)).toBe(true);
  });

  it.each(others)("$name is listed with its name and a reason", (made) => {
    const [set, ...more] = setsOf(made);
    expect(more).toEqual([]);
    expect(set?.frames).toEqual([]);
    expect(set?.reason?.startsWith(`${made.name}: `)).toBe(true);
    expect(set?.instances).toHaveLength(1);
  });

  it.each(images)("$name without pixels is listed with its name and a reason", (made) => {
    const { dataSet } = made;
    const bare = ["00080016", "00080018", "0020000D", "0020000E"].map((tag) => [
      tag,
      dataSet.string(Number.parseInt(tag, 16)),
    ]);
    const [set] = setsOf({ dataSet: buildDataSet(Object.fromEntries(bare)) });
    expect(set?.kind).toBe("unsupported");
    expect(set?.reason).toMatch(/: .+ (no pixels|no image of its own)$/);
    expect(set?.reason?.startsWith(made.name)).toBe(true);
  });

  it("of nobody here shows, if it has a pixel matrix, and is named as unknown, if not", () => {
    const matrix = madeObject("1.2.840.10008.5.1.4.1.1.7").dataSet;
    const unknown = buildDataSet({
      SOPClassUID: "1.3.6.1.4.1.99999.1",
      SOPInstanceUID: "1.2.3.4",
      StudyInstanceUID: matrix.string(0x0020000d),
      SeriesInstanceUID: "1.2.3.5",
    });
    expect(setsOf({ dataSet: unknown })[0]?.reason).toMatch(/^Object of an unknown kind: /);
    const dataSet = new DataSet(new Map([...matrix.elements, ...unknown.elements]).values());
    expect(setsOf({ dataSet })[0]?.frames).toHaveLength(1);
  });
});
