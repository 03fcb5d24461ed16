import { describe, expect, it } from "vitest";
import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import { parametric, testProfile, xyz } from "#core/pixels/test-icc-profile.ts";
import { FakeFrameProvider } from "../../viewer/fake/fake-frame-provider.ts";
import { FakeTime } from "../../viewer/fake/fake-time.ts";
import { madePresentationState } from "../../viewer/fake/made-statements.ts";
import { madeInstance, madeStudyOf } from "../../viewer/fake/made-study.ts";
import { ViewportController } from "../../viewer/viewport-controller.ts";
import { viewportAnnotations } from "./viewport-annotations.ts";

const EXTRAS = { isPreview: false, note: "", areGraphicsReady: true };
const COLOUR: MadeDataSet = {
  PhotometricInterpretation: "RGB",
  SamplesPerPixel: 3,
  PlanarConfiguration: 0,
};

/** A viewport that shows the first of these images, 640 x 640 device pixels large. */
async function showing(
  images: readonly MadeDataSet[],
  statements: readonly MadeDataSet[] = [],
): Promise<ViewportController> {
  const frames = new FakeFrameProvider(({ imagePixel }): DecodedFrame => {
    const isColour = imagePixel.samplesPerPixel === 3;
    return {
      rows: 64,
      columns: 64,
      meaning: isColour ? "rgb" : "monochrome",
      samples: new Uint8Array(64 * 64 * imagePixel.samplesPerPixel),
      bitsStored: 8,
      isSigned: false,
      minimum: 0,
      maximum: 200,
      decoder: "made",
      fidelity: "exact",
      deviations: [],
    };
  });
  const viewport = new ViewportController({ frames, delay: new FakeTime().delay });
  viewport.state.setCanvas({ width: 640, height: 640, pixelRatio: 1 });
  const made = images.map((attributes, index) => madeInstance(index + 1, attributes));
  viewport.state.show(madeStudyOf([...made, ...statements.map((one) => buildDataSet(one))]));
  const deadline = Date.now() + 4000;
  frames.open[0]?.answer();
  while (viewport.shown.peek().kind !== "image" && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(() => resolve(undefined), 1));
  return viewport;
}

const said = (viewport: ViewportController) => viewportAnnotations(viewport, EXTRAS);

describe("what the corners say of colours", () => {
  it("is that they have no profile, where nothing says what they are", async () => {
    expect(said(await showing([COLOUR]))?.window).toEqual({
      values: "Colour",
      name: "no colour profile",
    });
  });

  it("is that their profile is broken, and never that they are sRGB, also under a presentation state", async () => {
    const broken = { ...COLOUR, ICCProfile: Uint8Array.of(1, 2, 3, 4) };
    for (const statements of [[], [madePresentationState("1.2.3.4.1")]]) {
      const annotations = said(await showing([broken], statements));
      expect(annotations?.window?.name).toBe("no colour profile");
      const notices = annotations?.corners.bottomRight.map(({ text }) => text);
      expect(notices).toContain("colour profile broken");
    }
  });

  it("is what the profile of their optical path says, as whole slide images have it", async () => {
    const curve = parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.040_45);
    const profile = testProfile({
      rXYZ: xyz(0.436_07, 0.222_49, 0.013_92),
      gXYZ: xyz(0.385_15, 0.716_87, 0.097_08),
      bXYZ: xyz(0.143_07, 0.060_61, 0.7141),
      rTRC: curve,
      gTRC: curve,
      bTRC: curve,
    });
    const nameBy = async (bytes: Uint8Array) => {
      const image = { ...COLOUR, OpticalPathSequence: { ICCProfile: bytes } };
      return said(await showing([image]))?.window?.name;
    };
    expect(await nameBy(profile)).toBe("sRGB");
    expect(await nameBy(Uint8Array.of(1, 2, 3, 4))).toBe("no colour profile");
  });

  it("is sRGB where they say so", async () => {
    expect(said(await showing([{ ...COLOUR, ColorSpace: "SRGB" }]))?.window?.name).toBe("sRGB");
  });
});

describe("what the corners say of what lies over the image", () => {
  it.each<[string, MadeDataSet]>([
    ["overlay not shown", { "60000010": 64, "60000011": 64, "60003000": Uint8Array.of(1, 2) }],
    ["shutter not applied", { ShutterShape: "OVAL" }],
    ["a table is missing", { RedPaletteColorLookupTableDescriptor: [4, 0, 16] }],
    ["colours not applied", { EnhancedPaletteColorLookupTableSequence: [{}] }],
  ])("is %s, where that is announced and cannot be had", async (words, attributes) => {
    const notices = said(await showing([attributes]))?.corners.bottomRight.map(({ text }) => text);
    expect(notices).toContain(words);
  });
});

describe("what the corners say of the view", () => {
  it("is how much larger it is, whether it fits, and how pixels between pixels are made", async () => {
    const viewport = await showing([{}]);
    expect(said(viewport)?.zoom).toMatch(/^Zoom 10× · fit · smooth · /);
    viewport.run("one-to-one");
    expect(said(viewport)?.zoom).toMatch(/^Zoom 1:1 · smooth · /);
    viewport.run("toggle-interpolation");
    expect(said(viewport)?.zoom).toMatch(/^Zoom 1:1 · plain pixels · /);
  });

  it("is not that it fits where a presentation state enlarges a part", async () => {
    const part = {
      DisplayedAreaTopLeftHandCorner: [1, 1],
      DisplayedAreaBottomRightHandCorner: [32, 32],
      PresentationSizeMode: "SCALE TO FIT",
      PresentationPixelAspectRatio: [1, 1],
    };
    const state = madePresentationState("1.2.3.4.1", { DisplayedAreaSelectionSequence: [part] });
    expect(said(await showing([{}], [state]))?.zoom).toMatch(/^Zoom 20× · smooth · /);
  });
});

describe("what the corners say of the window", () => {
  it("has the unit of values that are not Hounsfield units, as exactly as the window is wide", async () => {
    const dose = {
      Modality: "RTDOSE",
      RescaleSlope: undefined,
      RescaleIntercept: undefined,
      WindowCenter: undefined,
      WindowWidth: undefined,
      DoseGridScaling: 2.5e-7,
      DoseUnits: "GY",
    };
    expect(said(await showing([dose]))?.window).toEqual({
      values: "W 0.00005  L 0.000025 Gy",
      name: "automatic",
    });
  });
});
