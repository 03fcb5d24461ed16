import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as TAGS from "../dicom/tags.generated.ts";
import type { DisplaySet } from "./display-set.ts";
import { displaySetsOf } from "./display-sets.ts";
import { type Study, StudyBuilder } from "./study-tree.ts";
import { type TestValue, testDataSet } from "./test-data-set.ts";

const CT = "1.2.840.10008.5.1.4.1.1.2";
const AXIAL = [1, 0, 0, 0, 1, 0];
const SAGITTAL = [0, 1, 0, 0, 0, -1];

type Attributes = readonly (readonly [number, TestValue])[];

let nextUid = 1;

function studyOf(...instances: readonly Attributes[]): Study {
  const builder = new StudyBuilder();
  for (const attributes of instances) {
    nextUid += 1;
    builder.add(
      testDataSet(
        new Map<number, TestValue>([
          [TAGS.StudyInstanceUID, "1.2"],
          [TAGS.SeriesInstanceUID, "1.2.1"],
          [TAGS.SOPInstanceUID, `1.9.${nextUid}`],
          [TAGS.SOPClassUID, CT],
          [TAGS.Modality, "CT"],
          [TAGS.SeriesDescription, "Thorax"],
          ...attributes,
        ]),
      ),
    );
  }
  const study = builder.study();
  if (study === undefined) throw new Error("no study");
  return study;
}

function setsOf(...instances: readonly Attributes[]): readonly DisplaySet[] {
  return studyOf(...instances).series.flatMap((series) => displaySetsOf(series));
}

const image = (rows = 4): Attributes => [
  [TAGS.Rows, rows],
  [TAGS.Columns, 4],
  [TAGS.BitsAllocated, 16],
  [TAGS.PixelRepresentation, 0],
];

const slice = (z: number, number: number, ...more: Attributes): Attributes => [
  ...image(),
  [TAGS.ImagePositionPatient, [0, 0, z]],
  [TAGS.ImageOrientationPatient, AXIAL],
  [TAGS.InstanceNumber, number],
  ...more,
];

const numbersOf = (set: DisplaySet | undefined): readonly (number | undefined)[] =>
  set?.frames.map(({ instance }) => instance.number) ?? [];

describe("display sets", () => {
  it("stack slices by position, from the end where numbers start", () => {
    const [set] = setsOf(slice(10, 3), slice(30, 1), slice(20, 2));
    expect(numbersOf(set)).toEqual([1, 2, 3]);
    expect(set).toMatchObject({ kind: "stack", name: "Thorax", spacingMm: 10, warnings: [] });
    expect(numbersOf(setsOf(slice(10, 7), slice(30, 3), slice(20, 9))[0])).toEqual([3, 9, 7]);
  });

  it("drop no slice that shares its place with others (b-values, phases, echoes)", () => {
    const b = (value: number): readonly [number, TestValue] => [TAGS.DiffusionBValue, value];
    const [set, ...others] = setsOf(
      slice(0, 1, b(1000)),
      slice(0, 2, b(0)),
      slice(5, 3, b(1000)),
      slice(5, 4, b(0)),
    );
    expect(others).toEqual([]);
    expect(numbersOf(set)).toEqual([2, 1, 4, 3]);
  });

  it("warn of missing slices and irregular spacing", () => {
    const [missing] = setsOf(slice(0, 1), slice(5, 2), slice(10, 3), slice(20, 4));
    expect(missing?.warnings.map(({ code }) => code)).toEqual(["missing-slices"]);
    const [irregular] = setsOf(slice(0, 1), slice(5, 2), slice(10, 3), slice(12, 4));
    expect(irregular?.warnings.map(({ code }) => code)).toEqual(["irregular-spacing"]);
  });

  it("set a localizer apart from the slices", () => {
    const localizer = slice(0, 0, [TAGS.ImageOrientationPatient, SAGITTAL]);
    const sets = setsOf(localizer, slice(0, 1), slice(5, 2), slice(10, 3));
    expect(sets.map(({ name, frames }) => [name, frames.length])).toEqual([
      ["Thorax · sagittal", 1],
      ["Thorax · axial", 3],
    ]);
  });

  it("never mix slices of two frames of reference, whose positions mean nothing to each other", () => {
    const at = (uid: string, z: number, number: number): Attributes =>
      slice(z, number, [TAGS.FrameOfReferenceUID, uid]);
    const sets = setsOf(at("1.1", 0, 1), at("1.1", 10, 2), at("1.2", 5, 3), at("1.2", 15, 4));
    expect(sets.map(({ name, frames }) => [name, frames.length])).toEqual([
      ["Thorax · axial", 2],
      ["Thorax · axial (2)", 2],
    ]);
    expect(sets.map(numbersOf)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("never stack the slices of two patients, though they came as one series", () => {
    const of = (id: string, z: number, number: number): Attributes =>
      slice(z, number, [TAGS.PatientID, id]);
    const sets = setsOf(of("A", 0, 1), of("B", 5, 2));
    expect(sets.map(({ name }) => name)).toEqual([
      "Thorax · patient ID A",
      "Thorax · patient ID B",
    ]);
    expect(new Set(sets.map(({ id }) => id)).size).toBe(2);
  });

  it("keep a series together that turns with every image", () => {
    const turned = (angle: number, number: number): Attributes =>
      slice(0, number, [
        TAGS.ImageOrientationPatient,
        [Math.cos(angle), Math.sin(angle), 0, 0, 0, -1],
      ]);
    const sets = setsOf(turned(0, 1), turned(0.5, 2), turned(1, 3));
    expect(sets.map(numbersOf)).toEqual([[1, 2, 3]]);
  });

  it("keep images without orientation together whatever their size", () => {
    const still = (rows: number, number: number): Attributes => [
      ...image(rows),
      [TAGS.Modality, "US"],
      [TAGS.InstanceNumber, number],
    ];
    expect(setsOf(still(4, 2), still(8, 1)).map(numbersOf)).toEqual([[1, 2]]);
  });

  it("give each multi-frame instance a set of its own, with its speed", () => {
    const clip: Attributes = [...image(), [TAGS.NumberOfFrames, 3], [TAGS.Modality, "US"]];
    const [still, film] = setsOf([...clip, [TAGS.FrameTime, 40]], image());
    expect([still?.kind, film?.kind]).toEqual(["stack", "multi-frame"]);
    expect(film).toMatchObject({ isCine: true, frameTimesMs: [40, 40, 40] });
    expect(film?.frames.map(({ frameIndex }) => frameIndex)).toEqual([0, 1, 2]);
  });

  it.each([
    [
      "Recommended Display Frame Rate",
      [
        [TAGS.RecommendedDisplayFrameRate, 10],
        [TAGS.FrameTime, 40],
      ],
      [100, 100, 100],
    ],
    [
      "Frame Time Vector",
      [
        [TAGS.FrameTimeVector, [0, 30, 50]],
        [TAGS.FrameTime, 40],
      ],
      [30, 50, 50],
    ],
    [
      "Cine Rate",
      [
        [TAGS.CineRate, 20],
        [TAGS.FrameTime, 0],
      ],
      [50, 50, 50],
    ],
    ["nothing", [], undefined],
  ] as const)("take the speed from %s", (_, attributes, times) => {
    const [set] = setsOf([...image(), [TAGS.NumberOfFrames, 3], ...attributes]);
    expect(set?.frameTimesMs).toEqual(times);
  });

  it("play enhanced angiography as a film, if it says how fast", () => {
    const groups: Attributes = [
      ...image(),
      [TAGS.NumberOfFrames, 2],
      [TAGS.Modality, "XA"],
      [TAGS.PerFrameFunctionalGroupsSequence, [testDataSet(new Map()), testDataSet(new Map())]],
    ];
    const [volume, film] = setsOf(groups, [...groups, [TAGS.RecommendedDisplayFrameRate, 15]]);
    expect([volume?.isCine, film?.isCine]).toEqual([false, true]);
  });

  it("name what shows no image, and why", () => {
    const sets = setsOf(
      [
        [TAGS.SOPClassUID, "1.2.840.10008.5.1.4.1.1.104.1"],
        [TAGS.DocumentTitle, "Discharge"],
      ],
      [[TAGS.SOPClassUID, "1.2.840.10008.5.1.4.1.1.88.33"]],
      [[TAGS.SOPClassUID, "1.2.840.10008.5.1.4.1.1.11.1"]],
      [[TAGS.SOPClassUID, "9.9.9"]],
      [...image(), [TAGS.BitsAllocated, 99]],
    );
    expect(sets.map(({ kind }) => kind)).toEqual([
      "document",
      "report",
      "presentation-state",
      "unsupported",
      "unsupported",
    ]);
    expect(sets.every(({ name, reason }) => name !== "" && reason !== undefined)).toBe(true);
    expect(sets[0]?.name).toBe("Discharge");
    expect(sets[4]?.reason).toMatch(/bits allocated/i);
  });

  it("hold every instance of a series exactly once, and have ids of their own", () => {
    const anyInstance = fc.oneof(
      fc
        .record({ z: fc.integer({ min: 0, max: 9 }), number: fc.integer() })
        .map(({ z, number }) => slice(z, number)),
      fc
        .integer({ min: 1, max: 3 })
        .map((z) => slice(z, z, [TAGS.ImageOrientationPatient, SAGITTAL])),
      fc.integer({ min: 0, max: 3 }).map((n) => [...image(), [TAGS.NumberOfFrames, n] as const]),
      fc.constant(image()),
      fc.constantFrom<Attributes>(
        [[TAGS.SOPClassUID, "1.2.840.10008.5.1.4.1.1.88.33"]],
        [[TAGS.SOPClassUID, "9.9.9"]],
        [[TAGS.Rows, 0]],
      ),
    );
    fc.assert(
      fc.property(fc.array(anyInstance, { minLength: 1, maxLength: 30 }), (instances) => {
        const study = studyOf(...instances);
        const sets = study.series.flatMap((series) => displaySetsOf(series));
        const held = sets.flatMap((set) =>
          set.instances.map(({ sopInstanceUid }) => sopInstanceUid),
        );
        const given = study.series.flatMap((series) =>
          series.instances.map(({ sopInstanceUid }) => sopInstanceUid),
        );
        expect([...held].sort()).toEqual([...given].sort());
        expect(new Set(sets.map(({ id }) => id)).size).toBe(sets.length);
        const shown = sets.reduce((sum, { frames }) => sum + frames.length, 0);
        const offered = study.series
          .flatMap(({ instances: all }) => all)
          .reduce((sum, { numberOfFrames }) => sum + numberOfFrames, 0);
        expect(shown).toBe(offered);
      }),
      { numRuns: 60 },
    );
  });
});
