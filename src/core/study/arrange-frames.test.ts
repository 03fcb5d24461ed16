import { describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import type { DisplaySet } from "./display-set.ts";
import { displaySetsOfStudy } from "./display-sets.ts";
import { STUDY_DETAILS } from "./study-details.ts";
import { StudyBuilder } from "./study-tree.ts";

const AXIAL = [1, 0, 0, 0, 1, 0];
const MATRIX = {
  Rows: 4,
  Columns: 4,
  SamplesPerPixel: 1,
  PhotometricInterpretation: "MONOCHROME2",
  BitsAllocated: 16,
  BitsStored: 12,
  HighBit: 11,
  PixelRepresentation: 0,
};

function setsOf(...instances: readonly MadeDataSet[]): readonly DisplaySet[] {
  const builder = new StudyBuilder();
  for (const [index, values] of instances.entries())
    builder.add(
      buildDataSet({
        StudyInstanceUID: "1.2",
        SeriesInstanceUID: "1.2.1",
        SOPInstanceUID: `1.2.1.${index + 1}`,
        SOPClassUID: "1.2.840.10008.5.1.4.1.1.4",
        Modality: "MR",
        SeriesDescription: "S",
        InstanceNumber: index + 1,
        ...MATRIX,
        ...values,
      }),
    );
  const study = builder.study();
  return study === undefined ? [] : displaySetsOfStudy(study, STUDY_DETAILS);
}

const at = (z: number): MadeDataSet => ({
  ImagePositionPatient: [0, 0, z],
  ImageOrientationPatient: AXIAL,
});
const numbers = (set: DisplaySet): unknown => set.frames.map(({ instance }) => instance.number);
const indexes = (set: DisplaySet): unknown => set.frames.map(({ frameIndex }) => frameIndex);
const labels = (set: DisplaySet | undefined): unknown => set?.frames.map(({ label }) => label);
const named = (sets: readonly DisplaySet[], order: typeof numbers): unknown =>
  Object.fromEntries(sets.map((set) => [set.name, order(set)]));

describe("single-frame instances at one place", () => {
  it("are sets of their own for each b-value, and name it", () => {
    const sets = setsOf(
      { ...at(0), DiffusionBValue: 1000 },
      { ...at(0), DiffusionBValue: 0 },
      { ...at(5), DiffusionBValue: 1000 },
      { ...at(5), DiffusionBValue: 0 },
    );
    expect(named(sets, numbers)).toEqual({ "S · b 0": [2, 4], "S · b 1000": [1, 3] });
    expect(sets.map(({ sharesPlaces, spacingMm }) => [sharesPlaces, spacingMm])).toEqual([
      [false, 5],
      [false, 5],
    ]);
    expect(labels(sets[1])).toEqual(["b 1000", "b 1000"]);
  });

  it.each([
    ["Siemens", { "00190010": "SIEMENS MR HEADER", "0019100C": "1000" }],
    ["GE", { "00430010": "GEMS_PARM_01", "00431039": ["1000001000", "0"] }],
    ["Philips", { "20010011": "Philips Imaging DD 001", "20011103": 1000 }],
  ])("have the b-value where %s puts it, too", (_, values) => {
    const sets = setsOf(
      { ...at(0), DiffusionBValue: 0 },
      { ...at(0), ...values },
      { ...at(5), DiffusionBValue: 0 },
      { ...at(5), ...values },
    );
    expect(sets.map(({ name }) => name)).toEqual(["S · b 0", "S · b 1000"]);
  });

  it("keep directions of one b-value together, one after the other, and say nothing that is not there", () => {
    const sets = setsOf(
      ...[0, 5].flatMap((z) => [
        { ...at(z), DiffusionBValue: 0 },
        { ...at(z), DiffusionBValue: 800 },
        { ...at(z), DiffusionBValue: 800 },
      ]),
    );
    expect(named(sets, numbers)).toEqual({ "S · b 0": [1, 4], "S · b 800": [2, 3, 5, 6] });
    expect(sets[1]?.sharesPlaces).toBe(true);
  });

  it("follow one another place by place as a heart beats, with their phase", () => {
    const [set, ...others] = setsOf(
      ...[0, 8].flatMap((z) => [0, 40, 80].map((time) => ({ ...at(z), TriggerTime: time }))),
    );
    expect(others).toEqual([]);
    expect(set && numbers(set)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(labels(set)).toEqual([0, 40, 80, 0, 40, 80].map((time) => `trigger ${time} ms`));
  });

  it("are sets of their own for a few times, and follow one another for many", () => {
    const times = (count: number): readonly DisplaySet[] =>
      setsOf(
        ...[0, 8].flatMap((z) =>
          Array.from({ length: count }, (_, index) => ({
            ...at(z),
            TemporalPositionIdentifier: index + 1,
          })),
        ),
      );
    expect(times(3).map(({ name }) => name)).toEqual([
      "S · time 1/3",
      "S · time 2/3",
      "S · time 3/3",
    ]);
    const [many, ...others] = times(9);
    expect([many?.frames.length, others.length]).toEqual([18, 0]);
    expect(many?.frames[1]?.label).toBe("time 2/9");
  });

  it("do not take the times at which single slices were taken for times of the whole", () => {
    const [set, ...others] = setsOf(
      ...[0, 5, 10, 10].map((z, index) => ({ ...at(z), AcquisitionTime: `10000${index}` })),
    );
    expect([set?.frames.length, others.length]).toEqual([4, 0]);
    expect(labels(set)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("that the dividing attribute says nothing of stand last", () => {
    const sets = setsOf(
      ...[0, 5].flatMap((z) => [
        { ...at(z), DiffusionBValue: 0 },
        { ...at(z), DiffusionBValue: 500 },
        { ...at(z), SeriesDescription: "S" },
      ]),
    );
    expect(sets.map(({ name }) => name)).toEqual(["S · b 0", "S · b 500", "S · others"]);
  });

  it("leave a stack whole in which no place is shared", () => {
    const sets = setsOf(
      { ...at(0), EchoTime: 10 },
      { ...at(5), EchoTime: 20 },
      { ...at(10), EchoTime: 10 },
      { ...at(15), EchoTime: 20 },
    );
    expect(sets.map(({ name, frames }) => [name, frames.length])).toEqual([["S", 4]]);
  });

  it("keep the id of the set that was there before it was divided", () => {
    const first = { ...at(0), DiffusionBValue: 0 };
    const whole = setsOf(first, { ...at(5), DiffusionBValue: 0 });
    const parted = setsOf(
      first,
      { ...at(5), DiffusionBValue: 0 },
      { ...at(0), DiffusionBValue: 1000 },
      { ...at(5), DiffusionBValue: 1000 },
    );
    expect(parted[0]?.id).toBe(whole[0]?.id);
    expect(parted[1]?.id).not.toBe(parted[0]?.id);
  });
});

/** A multi-frame instance with functional groups, from the groups of its frames. */
function enhanced(frames: readonly MadeDataSet[], values: MadeDataSet = {}): MadeDataSet {
  return {
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.4.1",
    NumberOfFrames: frames.length,
    SharedFunctionalGroupsSequence: [
      { PlaneOrientationSequence: [{ ImageOrientationPatient: AXIAL }] },
    ],
    PerFrameFunctionalGroupsSequence: frames,
    ...values,
  };
}

const placed = (z: number, content: MadeDataSet = {}, more: MadeDataSet = {}): MadeDataSet => ({
  PlanePositionSequence: [{ ImagePositionPatient: [0, 0, z] }],
  FrameContentSequence: [content],
  ...more,
});

describe("frames with functional groups", () => {
  it("are in the order of the dimension organisation, whatever the order of storing", () => {
    const [set] = setsOf(
      enhanced([
        placed(20, { DimensionIndexValues: [1, 3] }),
        placed(0, { DimensionIndexValues: [1, 1] }),
        placed(10, { DimensionIndexValues: [1, 2] }),
      ]),
    );
    expect(set && indexes(set)).toEqual([1, 2, 0]);
    expect(set).toMatchObject({ kind: "multi-frame", spacingMm: 10, warnings: [] });
  });

  it("are in the order of the geometry where they have no dimensions", () => {
    const [set] = setsOf(enhanced([placed(0), placed(20), placed(10)]));
    expect(set && indexes(set)).toEqual([0, 2, 1]);
  });

  it("are divided by stack and b-value, and no frame is lost", () => {
    const diffusion = (b: number): MadeDataSet => ({
      MRDiffusionSequence: [{ DiffusionBValue: b }],
    });
    const sets = setsOf(
      enhanced([
        placed(0, { StackID: "1" }),
        placed(5, { StackID: "1" }),
        placed(0, { StackID: "2" }, diffusion(0)),
        placed(0, { StackID: "2" }, diffusion(1000)),
        placed(5, { StackID: "2" }, diffusion(0)),
        placed(5, { StackID: "2" }, diffusion(1000)),
      ]),
    );
    expect(named(sets, indexes)).toEqual({
      "S · stack 1": [0, 1],
      "S · stack 2 · b 0": [2, 4],
      "S · stack 2 · b 1000": [3, 5],
    });
  });

  it("warn of missing slices, irregular spacing and a tilted gantry, as stacks do", () => {
    const codes = (...places: readonly number[]): unknown =>
      setsOf(enhanced(places.map((z) => placed(z))))[0]?.warnings.map(({ code }) => code);
    expect(codes(0, 5, 10, 20)).toEqual(["missing-slices"]);
    expect(codes(0, 5, 10, 12)).toEqual(["irregular-spacing"]);
    const tilted = [0, 1, 2].map((step) => ({
      PlanePositionSequence: [{ ImagePositionPatient: [0, step * 2, step * 5] }],
    }));
    expect(setsOf(enhanced(tilted))[0]?.warnings.map(({ code }) => code)).toEqual(["gantry-tilt"]);
  });

  it("of segments are sets with their names; gaps between them are no missing slices", () => {
    const segment = (z: number, number: number): MadeDataSet =>
      placed(z, {}, { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: number }] });
    const sets = setsOf(
      enhanced([segment(0, 1), segment(5, 1), segment(20, 1), segment(5, 2)], {
        SegmentSequence: [
          { SegmentNumber: 1, SegmentLabel: "Liver" },
          { SegmentNumber: 2, SegmentLabel: "Spleen" },
        ],
      }),
    );
    expect(named(sets, indexes)).toEqual({ "S · Liver": [0, 1, 2], "S · Spleen": [3] });
    expect(sets.flatMap(({ warnings }) => warnings)).toEqual([]);
  });
});

describe("frames of nuclear medicine", () => {
  it("are divided by energy window and detector, with the names that they give themselves", () => {
    const sets = setsOf({
      Modality: "NM",
      NumberOfFrames: 4,
      EnergyWindowVector: [1, 1, 2, 2],
      DetectorVector: [1, 2, 1, 2],
      EnergyWindowInformationSequence: [{ EnergyWindowName: "Tc" }, { EnergyWindowName: "I" }],
    });
    expect(named(sets, indexes)).toEqual({
      "S · energy window 1 Tc · detector 1": [0],
      "S · energy window 1 Tc · detector 2": [1],
      "S · energy window 2 I · detector 1": [2],
      "S · energy window 2 I · detector 2": [3],
    });
  });

  it("stay in their order as a film of phases and time slots, and say which is which", () => {
    const [set, ...others] = setsOf({
      Modality: "NM",
      NumberOfFrames: 4,
      FrameTime: 50,
      RRIntervalVector: [1, 1, 1, 1],
      TimeSlotVector: [1, 2, 3, 4],
    });
    expect(others).toEqual([]);
    expect(set).toMatchObject({ isCine: true, frameTimesMs: [50, 50, 50, 50] });
    expect(labels(set)).toEqual([1, 2, 3, 4].map((slot) => `time slot ${slot}/4`));
  });
});

describe("a slide", () => {
  it("names its tiles by their place, its levels by the size of the whole, and opens with the smallest", () => {
    const level = (columns: number, flavor: string, frames: number): MadeDataSet => ({
      Modality: "SM",
      ImageType: ["DERIVED", "PRIMARY", flavor, "NONE"],
      NumberOfFrames: frames,
      TotalPixelMatrixColumns: columns,
      TotalPixelMatrixRows: 8,
    });
    const [thumbnail, slide] = setsOf(level(8, "VOLUME", 4), level(4, "THUMBNAIL", 1));
    expect([thumbnail?.name, slide?.name]).toEqual(["S · thumbnail 4 × 8", "S · slide 8 × 8"]);
    expect(labels(slide)).toEqual([
      "tile at column 1, row 1",
      "tile at column 5, row 1",
      "tile at column 1, row 5",
      "tile at column 5, row 5",
    ]);
  });
});
