import { describe, expect, it } from "vitest";
import { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import * as TAGS from "#core/dicom/tags.generated.ts";
import { madeInstance } from "./fake/made-study.ts";
import {
  about,
  BONE,
  centre,
  label,
  NOTHING,
  opened,
  state,
  until,
} from "./fake/presented-viewport.ts";

describe("a presentation state", () => {
  it("is on from the first picture of an image that it is about", async () => {
    const seen: (number | undefined)[] = [];
    const { viewport } = await opened([madeInstance(1), state(BONE)], NOTHING, false);
    viewport.pipeline.subscribe(() => seen.push(centre(viewport)));
    await until(() => viewport.shown.peek().kind === "image");
    expect(seen.filter((one) => one !== undefined)).toEqual([40]);
    expect(label(viewport)).toBe("TEST");
  });

  it("is the newest one by default, can be another, and can be switched off", async () => {
    const { viewport } = await opened([
      madeInstance(1),
      state({
        ...BONE,
        SOPInstanceUID: "1.2.5.1",
        ContentLabel: "NEW",
        PresentationCreationDate: "20260104",
      }),
      state({
        SOPInstanceUID: "1.2.5.2",
        ContentLabel: "OLD",
        PresentationCreationDate: "20250104",
      }),
    ]);
    const labels = viewport.presentationStates.peek().map(({ title }) => title.label);
    expect(labels).toEqual(["NEW", "OLD"]);
    expect(label(viewport)).toBe("NEW");
    viewport.state.choosePresentation({ kind: "state", sopInstanceUid: "1.2.5.2" });
    expect(label(viewport)).toBe("OLD");
    viewport.run("toggle-presentation");
    expect(label(viewport)).toBeUndefined();
    expect(centre(viewport)).toBe(128);
    viewport.run("toggle-presentation");
    expect(label(viewport)).toBe("NEW");
  });

  it("that was chosen takes nothing from images that have their own", async () => {
    const of = (image: number, ContentLabel: string) =>
      state({
        ...about({ ReferencedSOPInstanceUID: `1.2.3.4.${image}` }),
        SOPInstanceUID: `1.2.5.${image}`,
        ContentLabel,
      });
    const states = [of(1, "FIRST"), of(2, "SECOND")];
    const { frames, viewport } = await opened([madeInstance(1), madeInstance(2), ...states]);
    viewport.state.choosePresentation({ kind: "state", sopInstanceUid: "1.2.5.1" });
    expect(label(viewport)).toBe("FIRST");
    viewport.state.goTo(1);
    for (const request of frames.open) request.answer();
    await until(() => viewport.shown.peek().kind === "image" && !viewport.isWaiting.peek());
    expect(label(viewport)).toBe("SECOND");
  });

  it("that arrives after its image changes it then, and says so", async () => {
    const { viewport, show } = await opened([madeInstance(1)]);
    expect(centre(viewport)).toBe(128);
    show([madeInstance(1), state(BONE)]);
    await until(() => viewport.presentation.peek() !== undefined);
    expect(centre(viewport)).toBe(40);
  });

  it("gives way to a window that a person chose, also when it arrives later", async () => {
    const { viewport, show } = await opened([madeInstance(1)]);
    viewport.run("window-preset-2");
    show([madeInstance(1), state(BONE)]);
    await until(() => viewport.presentation.peek() !== undefined);
    expect(centre(viewport)).toBe(-600);
  });

  it("offers its windows by their names, before those of the image", async () => {
    const windows = {
      RescaleSlope: 1,
      RescaleIntercept: 0,
      SoftcopyVOILUTSequence: [
        {
          WindowCenter: [40, 60],
          WindowWidth: [20, 30],
          WindowCenterWidthExplanation: ["", "BONE"],
        },
      ],
    };
    const { viewport } = await opened([madeInstance(1, { Modality: "MR" }), state(windows)]);
    const names = viewport.windowOptions
      .peek()
      .map(({ choice, voi }) => [choice.kind, voi.explanation]);
    expect(names.slice(0, 3)).toEqual([
      ["presented", "TEST"],
      ["presented", "BONE"],
      ["offered", ""],
    ]);
    viewport.run("window-preset-2");
    expect(centre(viewport)).toBe(60);
  });

  it("holds for the frames that it names; the others are shown as they are", async () => {
    const image = { ReferencedSOPInstanceUID: "1.2.3.4.1", ReferencedFrameNumber: [2] };
    const film = madeInstance(1, { NumberOfFrames: 3, SOPClassUID: "1.2.840.10008.5.1.4.1.1.3.1" });
    const { viewport } = await opened([film, state({ ...BONE, ...about(image) })]);
    expect([label(viewport), centre(viewport)]).toEqual([undefined, 128]);
    viewport.goTo(1);
    expect([label(viewport), centre(viewport)]).toEqual(["TEST", 40]);
    viewport.goTo(2);
    expect(label(viewport)).toBeUndefined();
  });

  it("places the image until somebody moves it, and again after a reset", async () => {
    const placed = {
      ImageRotation: 90,
      DisplayedAreaSelectionSequence: [
        {
          DisplayedAreaTopLeftHandCorner: [1, 1],
          DisplayedAreaBottomRightHandCorner: [32, 32],
          PresentationSizeMode: "SCALE TO FIT",
        },
      ],
    };
    const { viewport } = await opened([madeInstance(1), state(placed)]);
    expect(viewport.view.peek()).toMatchObject({ zoom: 20, quarterTurns: 1 });
    viewport.state.setCanvas({ width: 320, height: 320, pixelRatio: 1 });
    expect(viewport.view.peek()).toMatchObject({ zoom: 10, quarterTurns: 1 });
    viewport.run("rotate-right");
    expect(viewport.view.peek()).toMatchObject({ zoom: 10, quarterTurns: 2 });
    viewport.run("reset");
    expect(viewport.view.peek()).toMatchObject({ zoom: 10, quarterTurns: 1 });
  });

  it("keeps its turn and flip where a person enlarged another image, and lends them to none", async () => {
    const turned = state({
      ...about({ ReferencedSOPInstanceUID: "1.2.3.4.2" }),
      ImageRotation: 90,
    });
    const { frames, viewport } = await opened([madeInstance(1), madeInstance(2), turned]);
    viewport.run("zoom-in");
    const zoom = viewport.view.peek()?.zoom;
    expect(viewport.view.peek()).toMatchObject({ quarterTurns: 0 });
    viewport.state.goTo(1);
    frames.open.at(-1)?.answer();
    await until(() => viewport.presentation.peek() !== undefined);
    expect(viewport.view.peek()).toMatchObject({ quarterTurns: 1, zoom });
    viewport.run("rotate-right");
    expect(viewport.view.peek()).toMatchObject({ quarterTurns: 2 });
    viewport.state.goTo(0);
    expect(viewport.view.peek()).toMatchObject({ quarterTurns: 1, zoom });
  });

  it("says that its true size is assumed", async () => {
    const size = {
      DisplayedAreaSelectionSequence: [
        {
          DisplayedAreaTopLeftHandCorner: [1, 1],
          DisplayedAreaBottomRightHandCorner: [64, 64],
          PresentationSizeMode: "TRUE SIZE",
          PresentationPixelSpacing: [0.5, 0.5],
        },
      ],
    };
    const { viewport } = await opened([madeInstance(1), state(size)]);
    expect(viewport.presentation.peek()?.size).toBe("true-size-assumed-96-dpi");
    expect(viewport.view.peek()?.zoom).toBeCloseTo((0.5 * 96) / 25.4, 9);
  });

  it("takes the place of polarity, be it MONOCHROME1", async () => {
    const inverted = madeInstance(1, { PhotometricInterpretation: "MONOCHROME1" });
    const { viewport } = await opened([inverted, state(BONE)]);
    expect(viewport.pipeline.peek()?.inverted).toBe(false);
    viewport.run("invert");
    expect(viewport.pipeline.peek()?.inverted).toBe(true);
    viewport.state.choosePresentation({ kind: "none" });
    expect(viewport.pipeline.peek()?.inverted).toBe(true);
  });

  it("that cannot be applied is listed with its reason, and another one is applied", async () => {
    const { viewport } = await opened([
      madeInstance(1),
      state({ ...BONE, ContentLabel: "OLD" }),
      state({
        SOPClassUID: "1.2.840.10008.5.1.4.1.1.11.4",
        SOPInstanceUID: "1.2.5.2",
        ReferencedSeriesSequence: undefined,
        BlendingSequence: [about({ ReferencedSOPInstanceUID: "1.2.3.4.1" })],
        ContentLabel: "BLEND",
        PresentationCreationDate: "20260104",
      }),
    ]);
    const options = viewport.presentationStates.peek();
    expect(options.map(({ title, obstacle }) => [title.label, obstacle])).toEqual([
      ["BLEND", "unsupported-class"],
      ["OLD", undefined],
    ]);
    expect(label(viewport)).toBe("OLD");
  });

  it("that left a table elsewhere is applied when that has come, and not without it", async () => {
    const table = buildDataSet({ LUTDescriptor: [2, 0, 8] });
    const uri = { tag: TAGS.LUTData, vr: "OW", value: { kind: "uri", uri: "/bulk/lut" } } as const;
    const item = new DataSet([...table.elements.values(), uri]);
    const sequence = (tag: number, ...items: readonly DataSet[]) =>
      ({ tag, vr: "SQ", value: { kind: "items", items } }) as const;
    const vois = sequence(
      TAGS.SoftcopyVOILUTSequence,
      new DataSet([sequence(TAGS.VOILUTSequence, item)]),
    );
    const without = state({ ...BONE, SoftcopyVOILUTSequence: undefined });
    const whole = new DataSet([...without.elements.values(), vois]);
    const source = { retrieveBulkData: async () => Uint8Array.from([0, 0, 255, 0]) };
    const { viewport } = await opened([madeInstance(1), whole], source);
    expect(viewport.pipeline.peek()?.voi).toMatchObject({ kind: "lut", explanation: "TEST" });
    const lacking = await opened([madeInstance(1), whole]);
    expect(lacking.viewport.presentationStates.peek()).toMatchObject([{ obstacle: "incomplete" }]);
    expect(centre(lacking.viewport)).toBe(128);
  });

  it("that could not be loaded is missed on its own image only", async () => {
    const source = { retrieveBulkData: async () => Uint8Array.from([0]) };
    const { outfits, viewport, show } = await opened([madeInstance(1), madeInstance(2)], source);
    outfits.prepare = () => ({ ok: false, failure: { code: "network", message: "", advice: "" } });
    show([
      madeInstance(1),
      madeInstance(2),
      state(about({ ReferencedSOPInstanceUID: "1.2.3.4.1" })),
    ]);
    await until(() => viewport.presented.failure.peek() !== undefined);
    viewport.state.goTo(1);
    expect(viewport.presented.failure.peek()).toBeUndefined();
  });

  it("of another patient is not applied", async () => {
    const { viewport } = await opened([madeInstance(1), state({ ...BONE, PatientID: "9" })]);
    expect(viewport.presentationStates.peek()).toMatchObject([{ obstacle: "other-patient" }]);
    expect(viewport.presentation.peek()).toBeUndefined();
  });
});
