import { describe, expect, it } from "vitest";
import { DataSet } from "#core/dicom/data-set.ts";
import { madeInstance } from "./fake/made-study.ts";
import {
  BONE,
  label,
  NOTHING,
  opened,
  RECTANGLE,
  state,
  until,
} from "./fake/presented-viewport.ts";

describe("graphics, overlays and shutters", () => {
  const graphics = {
    GraphicLayerSequence: [{ GraphicLayer: "MARKS", GraphicLayerOrder: 1 }],
    GraphicAnnotationSequence: [
      {
        GraphicLayer: "MARKS",
        GraphicObjectSequence: [{ GraphicData: [1, 2], GraphicType: "POINT" }],
      },
    ],
  };

  it("of a state are data in image space, and can be hidden", async () => {
    const { viewport } = await opened([madeInstance(1), state(graphics)]);
    expect(viewport.graphics.peek()).toMatchObject([
      { name: "MARKS", graphics: [{ kind: "point", point: { x: 1, y: 2 } }] },
    ]);
    expect(viewport.displayParts.peek().graphics).toBe("shown");
    viewport.run("toggle-graphics");
    expect(viewport.graphics.peek()).toEqual([]);
    expect(viewport.displayParts.peek().graphics).toBe("hidden");
  });

  it("of an image are there from its first picture, and can be hidden", async () => {
    const { viewport } = await opened([madeInstance(1, RECTANGLE)], NOTHING, false);
    const masks: boolean[] = [];
    viewport.pipeline.subscribe((pipeline) => {
      if (pipeline !== undefined) masks.push(pipeline.mask !== undefined);
    });
    await until(() => viewport.shown.peek().kind === "image");
    expect(masks).toEqual([true]);
    viewport.run("toggle-shutter");
    expect(viewport.pipeline.peek()?.mask).toBeUndefined();
    expect(viewport.displayParts.peek()).toMatchObject({ shutter: "hidden", overlays: "none" });
  });

  it("leave said what is wrong with the colours of an image, also under a state for greys", async () => {
    const colours = {
      PhotometricInterpretation: "RGB",
      SamplesPerPixel: 3,
      PlanarConfiguration: 0,
      ColorSpace: "ADOBERGB",
    };
    const { viewport } = await opened([madeInstance(1, colours), state({})]);
    expect(label(viewport)).toBe("TEST");
    expect(viewport.presented.notices.peek()).toMatchObject([{ code: "no-colour-profile" }]);
  });

  it("of one frame are not those of the next", async () => {
    const frameShutter = (left: number) => ({
      FrameDisplayShutterSequence: [{ ...RECTANGLE, ShutterLeftVerticalEdge: left }],
    });
    const film = madeInstance(1, {
      NumberOfFrames: 2,
      PerFrameFunctionalGroupsSequence: [frameShutter(2), frameShutter(4)],
    });
    const { viewport } = await opened([film]);
    const covered = () => viewport.pipeline.peek()?.mask?.entries.slice(0, 4).join("");
    expect(covered()).toBe("1000");
    viewport.state.goTo(1);
    await until(() => viewport.shown.peek().kind === "image" && !viewport.isWaiting.peek());
    expect(covered()).toBe("1110");
  });

  it("of an image give way to those of its state", async () => {
    const { viewport } = await opened([madeInstance(1, RECTANGLE), state(BONE)]);
    expect(viewport.pipeline.peek()?.mask).toBeUndefined();
    viewport.state.choosePresentation({ kind: "none" });
    expect(viewport.pipeline.peek()?.mask?.entries[0]).toBe(1);
  });

  it("that cannot be fetched keep the image away, as it would look whole", async () => {
    const overlay = madeInstance(1, { "60000010": 64, "60000011": 64, "60000050": [1, 1] });
    const value = { kind: "uri", uri: "/bulk/1" } as const;
    const data = { tag: 0x60003000, vr: "OW", value } as const;
    const { viewport } = await opened([new DataSet([...overlay.elements.values(), data])]);
    expect(viewport.shown.peek()).toMatchObject({ kind: "failure" });
  });

  it("leave a plain image alone: nothing is loaded for it", async () => {
    const { viewport } = await opened([madeInstance(1)]);
    expect(viewport.presented.image.peek()).toBeUndefined();
    expect(viewport.displayParts.peek()).toEqual({
      overlays: "none",
      shutter: "none",
      graphics: "none",
    });
  });
});
