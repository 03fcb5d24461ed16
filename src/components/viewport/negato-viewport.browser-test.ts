import axe from "axe-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { madeStudy } from "../../viewer/fake/made-study.ts";
import {
  dressPage,
  inside,
  letters,
  level,
  mount,
  mountCached,
  number,
  painted,
  text,
} from "./mounted-viewport.ts";
import { ImageFailedEvent, ImageShownEvent } from "./viewport-events.ts";

beforeAll(dressPage);

afterEach(() => {
  document.body.replaceChildren();
});

describe("<negato-viewport>", () => {
  it("shows the image of each place under its own number", async () => {
    const { element } = await mountCached(30);
    expect([level(element), number(element)]).toEqual([1, "Image 1 of 30"]);
    element.focus();
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
