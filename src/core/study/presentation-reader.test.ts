import { describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import { readInstance } from "./instance.ts";
import { madeState, madeStateAttributes } from "./made-state.ts";
import { readPresentationState } from "./presentation-reader.ts";
import { isReferenced, partsFor } from "./presentation-references.ts";
import { newestFirst } from "./presentation-title.ts";

function read(attributes: MadeDataSet) {
  const instance = readInstance(buildDataSet(madeStateAttributes(attributes)));
  if (instance === undefined) throw new Error("no instance");
  return readPresentationState(instance);
}

const classUid = (suffix: string): string => `1.2.840.10008.5.1.4.1.1.11.${suffix}`;

describe("a presentation state", () => {
  it("of a class that is not applied says so; those that are have a kind", () => {
    const kinds = (suffix: string, more: MadeDataSet = {}) => {
      const state = read({ SOPClassUID: classUid(suffix), ...more });
      return state.ok ? state.state.kind : state.reason;
    };
    expect(["1", "2", "5", "12"].map((suffix) => kinds(suffix))).toEqual([
      "grayscale",
      "color",
      "grayscale",
      "grayscale",
    ]);
    expect(["4", "6", "8", "9", "11"].map((suffix) => kinds(suffix))).toEqual(
      Array.from({ length: 5 }, () => "unsupported-class"),
    );
    // A pseudo-colour state without its palette would be shown in greys as if they were meant.
    expect(kinds("3")).toBe("unreadable");
  });

  it("whose presentation LUT cannot be read is not applied", () => {
    expect(read({ PresentationLUTSequence: [{ LUTExplanation: "lost" }] })).toEqual({
      ok: false,
      reason: "unreadable",
    });
  });

  it("turns by quarters, whichever way they are counted", () => {
    const turns = (degrees: number) => madeState({ ImageRotation: degrees }).transformation;
    expect(turns(270)).toEqual({ quarterTurns: 3, isFlipped: false });
    expect(turns(450).quarterTurns).toBe(1);
    expect(madeState({ ImageHorizontalFlip: "Y" }).transformation.isFlipped).toBe(true);
  });

  it("has sizes of the displayed area, and fits it where what they depend on is missing", () => {
    const size = (area: MadeDataSet) =>
      madeState({
        DisplayedAreaSelectionSequence: [
          {
            DisplayedAreaTopLeftHandCorner: [1, 1],
            DisplayedAreaBottomRightHandCorner: [4, 4],
            ...area,
          },
        ],
      }).displayedAreas[0]?.value;
    const spacing = { PresentationPixelSpacing: [0.4, 0.2] };
    expect(size({ PresentationSizeMode: "TRUE SIZE", ...spacing })).toMatchObject({
      size: { mode: "TRUE SIZE", rowSpacingMm: 0.4, columnSpacingMm: 0.2 },
      pixelAspect: 2,
    });
    const magnified = { PresentationPixelMagnificationRatio: 2.5 };
    expect(size({ PresentationSizeMode: "MAGNIFY", ...magnified })?.size).toEqual({
      mode: "MAGNIFY",
      ratio: 2.5,
    });
    expect(size({ PresentationSizeMode: "TRUE SIZE" })?.size).toEqual({ mode: "SCALE TO FIT" });
    expect(size({ PresentationSizeMode: "MAGNIFY" })?.size).toEqual({ mode: "SCALE TO FIT" });
    expect(size({ PresentationPixelAspectRatio: [3, 2] })?.pixelAspect).toBe(1.5);
    for (const senseless of [
      { PresentationSizeMode: "MAGNIFY", PresentationPixelMagnificationRatio: 1e30 },
      { PresentationSizeMode: "MAGNIFY", PresentationPixelMagnificationRatio: 1e-30 },
      { PresentationSizeMode: "TRUE SIZE", PresentationPixelSpacing: ["1e300", "1e-300"] },
    ])
      expect(size(senseless)).toMatchObject({
        size: { mode: "SCALE TO FIT" },
        pixelAspect: undefined,
      });
  });

  it("has layers in their order, with colours, else greys", () => {
    const { layers } = madeState({
      GraphicLayerSequence: [
        { GraphicLayer: "TOP", GraphicLayerOrder: 2 },
        {
          GraphicLayer: "BOTTOM",
          GraphicLayerOrder: 1,
          GraphicLayerRecommendedDisplayGrayscaleValue: 0x8080,
          GraphicLayerRecommendedDisplayCIELabValue: [0xffff, 0x8080, 0x8080],
        },
        {
          GraphicLayer: "GREY",
          GraphicLayerOrder: 3,
          GraphicLayerRecommendedDisplayGrayscaleValue: 0x8080,
        },
      ],
    });
    expect(layers.map(({ name, color }) => [name, color])).toEqual([
      ["BOTTOM", [255, 255, 255]],
      ["TOP", undefined],
      ["GREY", [128, 128, 128]],
    ]);
  });

  it("declares that masks are not subtracted", () => {
    expect(madeState({ MaskSubtractionSequence: [{ MaskOperation: "AVG_SUB" }] }).limits).toEqual([
      "mask-subtraction",
    ]);
  });
});

describe("references", () => {
  const image = (uid: string, frames?: readonly number[]) => ({
    ReferencedSOPInstanceUID: uid,
    ...(frames === undefined ? {} : { ReferencedFrameNumber: frames }),
  });

  it("are to all frames of an instance, or to those that are named", () => {
    const { references } = madeState({
      ReferencedSeriesSequence: [
        { ReferencedImageSequence: [image("1.1"), image("1.2", [2, 3])] },
        { ReferencedImageSequence: [image("2.1", [1])] },
      ],
    });
    expect(isReferenced(references, "1.1", 77)).toBe(true);
    expect([1, 2, 3, 4].map((frame) => isReferenced(references, "1.2", frame))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isReferenced(references, "2.1", 1)).toBe(true);
    expect(isReferenced(references, "3.1", 1)).toBe(false);
  });

  it("of a part say for which frames it holds; a part without any holds for all", () => {
    const { vois } = madeState({
      SoftcopyVOILUTSequence: [
        { ReferencedImageSequence: [image("1.2", [2])], WindowCenter: 20, WindowWidth: 2 },
        { WindowCenter: 10, WindowWidth: 1 },
      ],
    });
    const centers = (uid: string, frame: number) =>
      partsFor(vois, uid, frame).map((item) => item.number(0x00281050));
    expect(centers("1.2", 2)).toEqual([20, 10]);
    expect(centers("1.2", 1)).toEqual([10]);
  });
});

describe("several states", () => {
  it("are in the order of their creation, the newest first, then by instance number", () => {
    const title = (date: string, time: string, instanceNumber: number) => ({
      ...madeState().title,
      date,
      time,
      instanceNumber,
    });
    const [old, late, latest] = [
      title("20260103", "235959", 9),
      title("20260104", "101500", 1),
      title("20260104", "101500", 2),
    ];
    expect([old, late, latest].toSorted(newestFirst)).toEqual([latest, late, old]);
  });
});
