import { describe, expect, it } from "vitest";
import { buildDataSet, type MadeDataSet } from "../dicom/data-set-builder.ts";
import { composeMask } from "../pixels/compose-mask.ts";
import { readOverlayPlanes } from "../pixels/overlay-planes.ts";
import { madeState } from "./made-state.ts";
import { presentedMask } from "./presentation-mask.ts";

/** A plane of 4 by 4 with its first pixel set. */
const plane = (group: string, bits: readonly number[] = [1, 0]): MadeDataSet => ({
  [`${group}0010`]: 4,
  [`${group}0011`]: 4,
  [`${group}0050`]: [1, 1],
  [`${group}0100`]: 1,
  [`${group}0102`]: 0,
  [`${group}3000`]: Uint8Array.from(bits),
});

const LAYERS = {
  GraphicLayerSequence: [
    {
      GraphicLayer: "MARKS",
      GraphicLayerOrder: 1,
      GraphicLayerRecommendedDisplayGrayscaleValue: 0xffff,
    },
  ],
};

function masked(state: MadeDataSet, image: MadeDataSet = {}) {
  const planes = readOverlayPlanes(buildDataSet(image), 0);
  const { parts, limits } = presentedMask(madeState(state), planes, 0);
  const mask = composeMask({ rows: 4, columns: 4, pixelAspect: 1 }, parts);
  return { entries: mask && [...mask.entries], colors: mask && [...mask.colors], limits };
}

const ONLY = (...places: readonly number[]) =>
  Array.from({ length: 16 }, (_, at) => (places.includes(at) ? 1 : 0));

describe("overlay planes under a presentation state", () => {
  it("of the image are shown when the state activates them, in the colour of the layer", () => {
    const state = { ...LAYERS, "60001001": "MARKS" };
    expect(masked(state, plane("6000"))).toEqual({
      entries: ONLY(0),
      colors: [255, 255, 255],
      limits: [],
    });
  });

  it("of the image are not shown when it does not, and that is said", () => {
    expect(masked(LAYERS, plane("6000"))).toMatchObject({
      entries: undefined,
      limits: ["overlay-not-activated"],
    });
  });

  it("of the state take the place of those of the image with the same group", () => {
    const state = { ...LAYERS, ...plane("6002", [2, 0]), "60021001": "MARKS" };
    expect(masked(state, plane("6002")).entries).toEqual(ONLY(1));
  });

  it("that are a bitmap shutter cover the image in its shutter's grey and are no overlay", () => {
    const state = {
      ...LAYERS,
      ...plane("6000", [0x0f, 0]),
      ShutterShape: "BITMAP",
      ShutterOverlayGroup: 0x6000,
      ShutterPresentationValue: 0x8080,
    };
    expect(masked(state)).toEqual({
      entries: ONLY(0, 1, 2, 3),
      colors: [128, 128, 128],
      limits: [],
    });
  });

  it("that are announced and not there are said", () => {
    const { "60003000": _, ...missing } = plane("6000");
    expect(masked({ ...LAYERS, ...missing, "60001001": "MARKS" }).limits).toEqual([
      "overlay-missing",
    ]);
    expect(masked({ ShutterShape: "BITMAP", ShutterOverlayGroup: 0x6000 }).limits).toEqual([
      "overlay-missing",
    ]);
  });
});

describe("the shutter under a presentation state", () => {
  it("is the state's", () => {
    const state = {
      ShutterShape: "RECTANGULAR",
      ShutterLeftVerticalEdge: 2,
      ShutterRightVerticalEdge: 4,
      ShutterUpperHorizontalEdge: 1,
      ShutterLowerHorizontalEdge: 4,
      ShutterPresentationValue: 0,
    };
    expect(masked(state).entries).toEqual(ONLY(0, 4, 8, 12));
  });
});
