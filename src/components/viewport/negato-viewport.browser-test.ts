import axe from "axe-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { FakeFrameProvider } from "../../viewer/fake/fake-frame-provider.ts";
import { madeStudy } from "../../viewer/fake/made-study.ts";
import { ViewportController } from "../../viewer/viewport-controller.ts";
import { designTokens } from "../design-tokens.ts";
import type { NegatoViewport } from "./negato-viewport.ts";
import "./negato-viewport.ts";
import { ImageFailedEvent, ImageShownEvent, WindowChangedEvent } from "./viewport-events.ts";

interface Mounted {
  readonly element: NegatoViewport;
  readonly viewport: ViewportController;
  readonly frames: FakeFrameProvider;
}

beforeAll(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(designTokens.cssText.replaceAll(":host", "html"));
  document.adoptedStyleSheets = [sheet];
});

afterEach(() => {
  document.body.replaceChildren();
});

async function mount(
  count: number,
  attributes: MadeDataSet = {},
  size = "width: 640px; height: 480px",
): Promise<Mounted> {
  const frames = new FakeFrameProvider();
  const viewport = new ViewportController({ frames });
  const element = document.createElement("negato-viewport");
  element.setAttribute("style", size);
  element.viewport = viewport;
  document.body.append(element);
  viewport.state.show(madeStudy(count, attributes));
  await painted();
  return { element, viewport, frames };
}

/** Mounts with all frames in memory. */
async function mountCached(...args: Parameters<typeof mount>): Promise<Mounted> {
  const mounted = await mount(...args);
  mounted.frames.open[0]?.answer();
  mounted.frames.keepWishes();
  await painted();
  return mounted;
}

/** Three animation frames: what changed has been drawn. */
async function painted(): Promise<void> {
  for (let count = 0; count < 3; count += 1)
    await new Promise((resolve) => requestAnimationFrame(resolve));
}

function inside(element: Element, selector: string): HTMLElement | undefined {
  const roots: (ShadowRoot | null | undefined)[] = [element.shadowRoot];
  for (const child of element.shadowRoot?.querySelectorAll("*") ?? []) roots.push(child.shadowRoot);
  for (const root of roots) {
    const found = root?.querySelector(selector);
    if (found instanceof HTMLElement) return found;
  }
  return undefined;
}

const text = (element: Element, selector: string): string =>
  inside(element, selector)?.textContent?.trim() ?? "";

/** Grey level in the middle of the canvas: the number of the made frame that stands there. */
function level(element: Element): number | undefined {
  const canvas = inside(element, "canvas");
  if (!(canvas instanceof HTMLCanvasElement)) return undefined;
  const copy = document.createElement("canvas");
  copy.width = copy.height = 1;
  const context = copy.getContext("2d");
  const { width, height } = canvas;
  context?.drawImage(canvas, width / 2, height / 2, 1, 1, 0, 0, 1, 1);
  return context?.getImageData(0, 0, 1, 1).data[0];
}

const number = (element: Element): string => text(element, "[data-key=number]");

const letters = (element: Element): string =>
  ["left", "top", "right", "bottom"].map((edge) => text(element, `[data-edge=${edge}]`)).join(" ");

function focusStage(element: NegatoViewport): void {
  element.focus();
}

describe("<negato-viewport>", () => {
  it("shows the image of each place under its own number", async () => {
    const { element } = await mountCached(30);
    expect([level(element), number(element)]).toEqual([1, "Image 1 of 30"]);
    focusStage(element);
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{PageDown}");
    await painted();
    expect([level(element), number(element)]).toEqual([13, "Image 13 of 30"]);
    await userEvent.keyboard("{End}");
    await painted();
    expect([level(element), number(element)]).toEqual([30, "Image 30 of 30"]);
  });

  it("keeps image and number together while another image loads, and discards late answers", async () => {
    const { element, frames, viewport } = await mount(10);
    frames.open[0]?.answer();
    await painted();
    viewport.goTo(4);
    viewport.goTo(7);
    await painted();
    expect([level(element), number(element)]).toEqual([1, "Image 1 of 10"]);
    frames.open[2]?.answer();
    await painted();
    frames.open[1]?.answer();
    await painted();
    expect([level(element), number(element)]).toEqual([8, "Image 8 of 10"]);
  });

  it("says after a moment which image is loading", async () => {
    const { element } = await mount(10);
    expect(text(element, ".mark")).toBe("");
    await expect.poll(() => text(element, ".mark")).toBe("Loading image 1");
  });

  it("puts a failure in words in the place of the image, and tries again", async () => {
    const { element, frames, viewport } = await mountCached(3);
    const failed: ImageFailedEvent[] = [];
    element.addEventListener(ImageFailedEvent.type, (event) => {
      if (event instanceof ImageFailedEvent) failed.push(event);
    });
    const other = madeStudy(2, { SeriesInstanceUID: "1.2.3.5", Rows: 32 });
    const set = { ...other.displaySet, frames: other.displaySet.frames.slice(1) };
    frames.open.length = 0;
    frames.forget();
    viewport.state.show({ ...other, displaySet: set });
    frames.open[0]?.fail("network", "The archive does not answer.");
    await painted();
    expect(level(element)).toBe(0);
    const tile = inside(element, "negato-failure-tile");
    expect(tile?.shadowRoot?.textContent).toContain("Image 1 cannot be shown");
    expect(tile?.shadowRoot?.textContent).toContain("The archive does not answer.");
    expect(text(element, "[data-key=name]")).toBe("DEMO, Chest");
    expect(failed.map(({ code }) => code)).toEqual(["network"]);
    tile?.shadowRoot?.querySelector("button")?.click();
    frames.open[1]?.answer();
    await painted();
    expect(level(element)).toBe(2);
    expect(inside(element, "negato-failure-tile")).toBeUndefined();
  });

  it("turns and flips the letters with the image", async () => {
    const { element } = await mountCached(2);
    expect(letters(element)).toBe("R A L P");
    focusStage(element);
    await userEvent.keyboard("r");
    await painted();
    expect(letters(element)).toBe("P R A L");
    await userEvent.keyboard("h");
    await painted();
    expect(letters(element)).toBe("A R P L");
    await userEvent.keyboard("x");
    await painted();
    expect(letters(element)).toBe("R A L P");
  });

  it("has no letters and no scale where nobody knows them, and says so", async () => {
    const { element } = await mountCached(2, {
      ImageOrientationPatient: null,
      PixelSpacing: null,
    });
    expect(letters(element).trim()).toBe("");
    expect(text(element, "[data-key=orientation]")).toBe("orientation unknown");
    expect(inside(element, ".scale")).toBeUndefined();
    expect(text(element, "[data-key=zoom]")).toContain("no pixel size");
  });

  it("says of every size that it is measured at the detector, where it is", async () => {
    const { element } = await mountCached(1, {
      Modality: "DX",
      PixelSpacing: null,
      ImagerPixelSpacing: [0.2, 0.2],
    });
    expect(text(element, "[data-key=zoom]")).toContain("0.2 mm/px (detector)");
    expect(text(element, ".scale")).toContain("detector");
  });

  it("says who, what, how it is windowed, and that it was compressed with loss", async () => {
    const { element } = await mountCached(
      2,
      { LossyImageCompression: "01", LossyImageCompressionRatio: [12] },
      "width: 1000px; height: 800px",
    );
    expect(text(element, "[part=top-left]").replace(/\s+/g, " ")).toBe(
      "DEMO, Chest4471-09312 Mar 1968 · F",
    );
    expect(text(element, "[data-key=study-date]")).toBe("14 Nov 2026 09:41");
    expect(text(element, "[data-key=window]")).toMatch(/^W 256\s+L 128$/);
    expect(text(element, "[data-key=mark]")).toMatch(/^LOSSY 12:1/);
    expect(text(element, "[data-key=fidelity]")).toBe("RLE");
    expect(text(element, ".scale")).toMatch(/^\d+ (cm|mm)$/);
  });

  it("drags the window with the mouse, shows its values and tells them", async () => {
    const { element } = await mountCached(2);
    const told: number[] = [];
    element.addEventListener(WindowChangedEvent.type, (event) => {
      if (event instanceof WindowChangedEvent) told.push(event.windowWidth);
    });
    drag(element, "mouse", 0, [
      [300, 200],
      [300, 260],
      [300, 300],
    ]);
    await painted();
    expect(text(element, "[data-key=window]")).not.toMatch(/L 128/);
    expect(told.length).toBeGreaterThan(0);
  });

  it("enlarges and moves by two fingers, and fits again by two taps", async () => {
    const { element, viewport } = await mountCached(2);
    const before = viewport.view.peek()?.zoom ?? 0;
    touch(element, "pointerdown", 1, 250, 240);
    touch(element, "pointerdown", 2, 350, 240);
    touch(element, "pointermove", 1, 200, 240);
    touch(element, "pointermove", 2, 400, 240);
    touch(element, "pointerup", 1, 200, 240);
    touch(element, "pointerup", 2, 400, 240);
    expect(viewport.view.peek()?.zoom).toBeCloseTo(before * 2, 5);
    for (const x of [300, 302]) {
      touch(element, "pointerdown", 3, x, 240);
      touch(element, "pointerup", 3, x, 240);
    }
    expect(viewport.state.pose.peek().zoom).toBe("fit");
  });

  it("scrolls by the wheel, and by one finger where nobody chose a tool", async () => {
    const { element, viewport } = await mountCached(30);
    const stage = inside(element, ".stage");
    stage?.dispatchEvent(new WheelEvent("wheel", { deltaY: 120, cancelable: true }));
    expect(viewport.state.frameIndex.peek()).toBe(1);
    touch(element, "pointerdown", 1, 300, 200);
    touch(element, "pointermove", 1, 300, 300);
    touch(element, "pointerup", 1, 300, 300);
    expect(viewport.state.frameIndex.peek()).toBeGreaterThan(4);
  });

  it("has a slider that goes by keyboard and says where it is", async () => {
    const { element } = await mountCached(30);
    const slider = inside(element, "[role=slider]");
    slider?.focus();
    await userEvent.keyboard("{PageDown}{ArrowDown}");
    await painted();
    expect(slider?.getAttribute("aria-valuenow")).toBe("12");
    expect(slider?.getAttribute("aria-valuetext")).toBe("Image 12 of 30");
    expect(number(element)).toBe("Image 12 of 30");
  });

  it.each([
    "width: 1440px; height: 900px",
    "width: 390px; height: 690px",
    "width: 340px; height: 280px",
    "width: 200px; height: 200px",
  ])("never lets texts overlap or the identity be cut: %s", async (size) => {
    const { element } = await mountCached(
      120,
      {
        PatientName: "Wolfeschlegelsteinhausen-Featherstonehaugh^Maximiliane=山田^太郎",
        PatientID: "0123456789-ABCDEFGH",
        LossyImageCompression: "01",
        LossyImageCompressionRatio: [12.5],
        LossyImageCompressionMethod: "ISO_15444_1",
        StudyDescription: "CT thorax and abdomen with intravenous contrast, venous phase",
      },
      size,
    );
    expect(overlaps(element)).toEqual([]);
    const host = element.getBoundingClientRect();
    for (const key of ["name", "patient-id", "birth-date", "study-date", "number", "mark"]) {
      const line = inside(element, `[data-key="${key}"]`);
      const box = line?.getBoundingClientRect();
      expect(box?.height, key).toBeGreaterThan(8);
      expect(box?.bottom, key).toBeLessThanOrEqual(host.bottom);
      if (key !== "mark")
        expect(line?.scrollWidth, key).toBeLessThanOrEqual(line?.clientWidth ?? 0);
    }
  });

  it("fits the canvas to the size of the element in device pixels", async () => {
    const { element, viewport } = await mountCached(2);
    element.style.inlineSize = "300px";
    await painted();
    await painted();
    expect(viewport.state.canvas.peek().width).toBe(Math.round(300 * window.devicePixelRatio));
    const canvas = inside(element, "canvas");
    expect(canvas instanceof HTMLCanvasElement && canvas.width).toBe(
      viewport.state.canvas.peek().width,
    );
  });

  it("plays a film and stops when it is taken away", async () => {
    const { element, viewport } = await mountCached(20);
    viewport.run("cine-toggle");
    await painted();
    expect(inside(element, "negato-cine-controls")).toBeDefined();
    await expect.poll(() => viewport.state.frameIndex.peek()).toBeGreaterThan(1);
    element.remove();
    expect(viewport.cine.isPlaying.peek()).toBe(false);
  });

  it("leaves nothing running when taken away, and goes on when put back", async () => {
    const { element, viewport, frames } = await mountCached(5);
    const told: string[] = [];
    element.addEventListener(ImageShownEvent.type, () => told.push("shown"));
    element.remove();
    expect(frames.listenerCount).toBe(0);
    viewport.goTo(3);
    await painted();
    expect(told).toEqual([]);
    document.body.append(element);
    await painted();
    expect([level(element), number(element)]).toEqual([4, "Image 4 of 5"]);
    expect(frames.listenerCount).toBe(1);
  });

  it("says to those who listen what it shows", async () => {
    const { element } = await mountCached(5);
    const stage = inside(element, ".stage");
    expect(stage?.getAttribute("aria-label")).toContain("DEMO, Chest");
    expect(stage?.getAttribute("aria-label")).toContain("Image 1 of 5");
    await expect.poll(() => text(element, "[role=status]")).toBe("Image 1 of 5");
  });

  it("has no accessibility violations, with and without an image", async () => {
    const { element } = await mountCached(5);
    const empty = document.createElement("negato-viewport");
    empty.setAttribute("style", "width: 300px; height: 200px");
    document.body.append(empty);
    await painted();
    for (const context of [element, empty]) {
      const { violations } = await axe.run(context);
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
  });
});

function touch(element: Element, type: string, pointerId: number, x: number, y: number): void {
  point(element, type, { pointerId, pointerType: "touch", button: 0, x, y });
}

function drag(
  element: Element,
  pointerType: string,
  button: number,
  path: readonly (readonly [number, number])[],
): void {
  path.forEach(([x, y], index) => {
    const type = index === 0 ? "pointerdown" : "pointermove";
    point(element, type, { pointerId: 1, pointerType, button, x, y });
  });
  const [x, y] = path.at(-1) ?? [0, 0];
  point(element, "pointerup", { pointerId: 1, pointerType, button, x, y });
}

function point(
  element: Element,
  type: string,
  at: { pointerId: number; pointerType: string; button: number; x: number; y: number },
): void {
  const { left, top } = element.getBoundingClientRect();
  const { x, y, ...init } = at;
  inside(element, ".stage")?.dispatchEvent(
    new PointerEvent(type, { ...init, clientX: left + x, clientY: top + y, bubbles: true }),
  );
}

/** Pairs of texts whose boxes have an area in common. */
function overlaps(element: Element): readonly string[] {
  const sheet = inside(element, "negato-annotations")?.shadowRoot;
  const texts = [...(sheet?.querySelectorAll("[data-key], [data-edge]") ?? [])]
    .map((line) => ({
      name: line.getAttribute("data-key") ?? `edge ${line.getAttribute("data-edge")}`,
      box: line.getBoundingClientRect(),
    }))
    .filter(({ box }) => box.width > 0 && box.height > 0);
  return texts.flatMap((a, index) =>
    texts
      .slice(index + 1)
      .filter((b) => isOverlapping(a.box, b.box))
      .map((b) => `${a.name} / ${b.name}`),
  );
}

function isOverlapping(a: DOMRect, b: DOMRect): boolean {
  // Lines have 3 px of room for their halo on both sides, and stand close under one another.
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return across > 6 && down > 1;
}
