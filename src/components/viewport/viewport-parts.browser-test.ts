import axe from "axe-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import type { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import type { KeyObjectMark } from "#core/study/key-objects.ts";
import { FakeFrameProvider } from "../../viewer/fake/fake-frame-provider.ts";
import { madeKeyObjects, madePresentationState } from "../../viewer/fake/made-statements.ts";
import { madeInstance, madeStudyOf } from "../../viewer/fake/made-study.ts";
import { ViewportController } from "../../viewer/viewport-controller.ts";
import { dressPage, inside, painted, text } from "./mounted-viewport.ts";
import type { NegatoViewport } from "./negato-viewport.ts";
import "./negato-viewport.ts";

beforeAll(dressPage);

/** Until code that is loaded on demand is there. */
const ARRIVING = { timeout: 8000 };

afterEach(() => {
  document.body.replaceChildren();
});

interface Mounted {
  readonly element: NegatoViewport;
  readonly viewport: ViewportController;
}

async function mount(
  dataSets: readonly DataSet[],
  marks: ReadonlyMap<string, readonly KeyObjectMark[]> = new Map(),
): Promise<Mounted> {
  const frames = new FakeFrameProvider();
  const viewport = new ViewportController({
    frames,
    marksOf: ({ instance }) => marks.get(instance.sopInstanceUid) ?? [],
  });
  const element = document.createElement("negato-viewport");
  element.setAttribute("style", "width: 640px; height: 512px");
  element.viewport = viewport;
  document.body.append(element);
  const study = madeStudyOf(dataSets);
  viewport.state.show(study);
  await painted();
  for (const request of frames.open) request.answer();
  frames.keepWishes();
  await painted();
  return { element, viewport };
}

const images = (count: number, attributes: MadeDataSet = {}): readonly DataSet[] =>
  Array.from({ length: count }, (_, at) => madeInstance(at + 1, attributes));

/** A presentation state about the first image, with a line and a text in two layers. */
function state(rest: MadeDataSet = {}): DataSet {
  const graphic = (column: number, row: number): MadeDataSet => ({
    GraphicAnnotationUnits: "PIXEL",
    GraphicDimensions: 2,
    NumberOfGraphicPoints: 2,
    GraphicData: [column, row, column + 0.01, row],
    GraphicType: "POLYLINE",
    GraphicFilled: "N",
  });
  const made = madePresentationState("1.2.3.4.1", {
    SoftcopyVOILUTSequence: [
      { WindowCenter: 40, WindowWidth: 400, WindowCenterWidthExplanation: "READER" },
    ],
    GraphicLayerSequence: [
      { GraphicLayer: "LESION", GraphicLayerOrder: 1 },
      { GraphicLayer: "NOTE", GraphicLayerOrder: 2 },
    ],
    GraphicAnnotationSequence: [
      { GraphicLayer: "LESION", GraphicObjectSequence: [graphic(16, 32)] },
      { GraphicLayer: "NOTE", GraphicObjectSequence: [graphic(48, 32)] },
    ],
    ...rest,
  });
  return buildDataSet(made);
}

const labels = (element: Element): readonly string[] =>
  [...(inside(element, "negato-graphics")?.shadowRoot?.querySelectorAll("svg") ?? [])].map(
    (drawing) => drawing.getAttribute("aria-label") ?? "",
  );

/** Where the first line stands in the viewport, CSS pixels. */
function lineAt(element: Element): readonly [number, number] {
  const graphics = inside(element, "negato-graphics")?.shadowRoot;
  const box = graphics?.querySelector("path:not(.halo)")?.getBoundingClientRect() ?? new DOMRect();
  const { left, top } = element.getBoundingClientRect();
  return [Math.round(box.x + box.width / 2 - left), Math.round(box.y + box.height / 2 - top)];
}

const notices = (element: Element): string => text(element, ".badges").replace(/\s+/g, " ");

describe("a presentation state in a viewport", () => {
  it("is applied, named in the corner, and drawn in its layers", async () => {
    const { element } = await mount([...images(2), state()]);
    await expect
      .poll(() => labels(element), ARRIVING)
      .toEqual(["Layer LESION: 1 line", "Layer NOTE: 1 line"]);
    expect(text(element, "[data-key=presentation]")).toBe("Presentation state: REVIEW");
    expect(text(element, "[data-key=window]")).toContain("READER");
  });

  it("goes with the image: turned, mirrored, and not with images that it is not about", async () => {
    const { element, viewport } = await mount([...images(2), state()]);
    await expect.poll(() => labels(element).length, ARRIVING).toBe(2);
    // 64 pixels on 512: 8 per pixel, the image begins 64 from the left, and so do its coordinates (PS3.3 C.10.5.1.2).
    expect(lineAt(element)).toEqual([64 + 128, 256]);
    element.focus();
    await userEvent.keyboard("h");
    await painted();
    expect(lineAt(element)).toEqual([640 - 64 - 128, 256]);
    await userEvent.keyboard("hr");
    await painted();
    // Clockwise: right is what was up, so x = 64 + 512 - 256, y = 128.
    expect(lineAt(element)).toEqual([64 + 512 - 256, 128]);
    viewport.goTo(1);
    await painted();
    expect(labels(element)).toEqual([]);
    expect(text(element, "[data-key=presentation]")).toBe("");
  });

  it("can be hidden by layer, by its graphics, and as a whole, and that is said", async () => {
    const { element, viewport } = await mount([...images(1), state()]);
    await expect.poll(() => labels(element).length, ARRIVING).toBe(2);
    viewport.state.toggleLayer("LESION");
    await painted();
    expect(labels(element)).toEqual(["Layer NOTE: 1 line"]);
    viewport.run("toggle-graphics");
    await painted();
    expect(labels(element)).toEqual([]);
    expect(notices(element)).toContain("graphics hidden");
    viewport.run("toggle-presentation");
    await painted();
    expect(notices(element)).toContain("presentation state not applied");
    expect(text(element, "[data-key=presentation]")).toBe("");
  });

  it("is not applied to another patient's image, which is said", async () => {
    const { element, viewport } = await mount([
      ...images(1),
      state({ PatientID: "somebody else" }),
    ]);
    await expect.poll(() => viewport.presentationStates.value.length, ARRIVING).toBe(1);
    await painted();
    expect(notices(element)).toContain("presentation state not applied");
    expect(labels(element)).toEqual([]);
  });
});

describe("what belongs to an image", () => {
  it("is named where it is hidden by hand", async () => {
    const { element, viewport } = await mount(
      images(1, {
        ShutterShape: "RECTANGULAR",
        ShutterLeftVerticalEdge: 8,
        ShutterRightVerticalEdge: 56,
        ShutterUpperHorizontalEdge: 8,
        ShutterLowerHorizontalEdge: 56,
      }),
    );
    await expect.poll(() => viewport.displayParts.value.shutter, ARRIVING).toBe("shown");
    expect(notices(element)).not.toContain("shutter");
    viewport.run("toggle-shutter");
    await painted();
    expect(notices(element)).toContain("shutter off");
  });
});

describe("key images in a viewport", () => {
  const mark = (rest: Partial<KeyObjectMark> = {}): KeyObjectMark => ({
    sopInstanceUid: "1.2.3.8.1",
    titleCode: "113000",
    title: "Of Interest",
    comment: "Nodule",
    rejection: undefined,
    ...rest,
  });

  it("wear a star with title and comment, on the slider too, and are reached by a key", async () => {
    const { element } = await mount(
      [...images(5), buildDataSet(madeKeyObjects("1.2.3.4.4", "Nodule"))],
      new Map([["1.2.3.4.4", [mark()]]]),
    );
    expect(notices(element)).not.toContain("★");
    element.focus();
    await userEvent.keyboard("k");
    await painted();
    expect(text(element, "[data-key=number]")).toBe("Image 4 of 5");
    expect(notices(element)).toContain("★ Of Interest: Nodule");
    await expect
      .poll(() => inside(element, "[role=slider]")?.getAttribute("aria-valuetext"), ARRIVING)
      .toBe("Image 4 of 5, key image");
  });

  it("say of a rejected image why it was rejected", async () => {
    const { element } = await mount(
      images(1),
      new Map([["1.2.3.4.1", [mark({ rejection: "quality" })]]]),
    );
    expect(text(element, "[data-key=mark]")).toBe("rejected: for quality");
  });
});

describe("the record of exactness in a viewport", () => {
  it("is opened by its mark or a key, takes the focus, and gives it back", async () => {
    const { element } = await mount(images(1));
    element.focus();
    await userEvent.keyboard("e");
    await expect.poll(() => inside(element, "[role=dialog]") !== undefined, ARRIVING).toBe(true);
    await expect
      .poll(() => inside(element, "[role=dialog]")?.matches(":focus-within, :focus"))
      .toBe(true);
    await userEvent.keyboard("{Escape}");
    await expect.poll(() => inside(element, "[role=dialog]")).toBeUndefined();
    expect(element.shadowRoot?.activeElement?.classList.contains("stage")).toBe(true);
    inside(element, "button[data-key=fidelity]")?.click();
    await expect.poll(() => inside(element, "[role=dialog]") !== undefined, ARRIVING).toBe(true);
    const { violations } = await axe.run(element);
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });
});
