import { describe, expect, it } from "vitest";
import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { FakeFrameProvider } from "./fake/fake-frame-provider.ts";
import { FakeTime } from "./fake/fake-time.ts";
import { madeInstance, madeStudy, madeStudyOf } from "./fake/made-study.ts";
import { ViewportController } from "./viewport-controller.ts";

function opened(count: number, attributes: MadeDataSet = {}) {
  const frames = new FakeFrameProvider();
  const time = new FakeTime();
  const viewport = new ViewportController({ frames, time, delay: time.delay });
  viewport.state.setCanvas({ width: 640, height: 640, pixelRatio: 1 });
  const made = madeStudy(count, attributes);
  viewport.state.show(made);
  const first = frames.open[0]?.request;
  if (first !== undefined) frames.keep(first);
  frames.keepWishes();
  viewport.state.goTo(1);
  viewport.state.goTo(0);
  return { frames, time, viewport };
}

const number = ({ state }: ViewportController): number => state.frameIndex.peek() + 1;

describe("commands", () => {
  it("go through the stack and stop at its ends", () => {
    const { viewport } = opened(25);
    viewport.run("scroll-previous");
    expect(number(viewport)).toBe(1);
    viewport.run("scroll-forward-10");
    viewport.run("scroll-next");
    expect(number(viewport)).toBe(12);
    expect(viewport.state.direction.peek()).toBe(1);
    viewport.run("scroll-last");
    viewport.run("scroll-forward-10");
    expect(number(viewport)).toBe(25);
    viewport.run("scroll-first");
    expect(viewport.state.direction.peek()).toBe(-1);
  });

  it("choose the presets of the number keys", () => {
    const { viewport } = opened(2);
    viewport.run("window-preset-2");
    expect(viewport.pipeline.peek()?.voi).toMatchObject({ windowCenter: -600, windowWidth: 1500 });
    viewport.run("window-default");
    expect(viewport.pipeline.peek()?.voi).toMatchObject({ windowCenter: 128, windowWidth: 256 });
  });

  it("invert, also what is inverted by its header", () => {
    const { viewport } = opened(2, { PhotometricInterpretation: "MONOCHROME1" });
    expect(viewport.pipeline.peek()?.inverted).toBe(true);
    viewport.run("invert");
    expect(viewport.pipeline.peek()?.inverted).toBe(false);
    viewport.run("reset");
    expect(viewport.pipeline.peek()?.inverted).toBe(true);
  });

  it("fit, enlarge and show one device pixel per image pixel", () => {
    const { viewport } = opened(2);
    expect(viewport.view.peek()?.zoom).toBe(10);
    viewport.run("one-to-one");
    expect(viewport.view.peek()?.zoom).toBe(1);
    viewport.run("zoom-in");
    expect(viewport.view.peek()?.zoom).toBe(1.25);
    viewport.run("fit");
    viewport.state.setCanvas({ width: 320, height: 320, pixelRatio: 1 });
    expect(viewport.view.peek()?.zoom).toBe(5);
  });

  it("let the keyboard do what a drag with the active tool does", () => {
    const { viewport } = opened(2);
    viewport.run("nudge-right");
    expect(viewport.state.windowChoice.peek()).toMatchObject({ kind: "manual" });
    viewport.run("tool-pan");
    viewport.run("nudge-right");
    expect(viewport.state.pose.peek().panX).toBe(40);
  });

  it("reset the view and the window, not the place in the stack", () => {
    const { viewport } = opened(5);
    for (const command of ["scroll-next", "rotate-right", "invert", "window-preset-1"] as const)
      viewport.run(command);
    viewport.run("reset");
    expect(number(viewport)).toBe(2);
    expect(viewport.state.pose.peek()).toMatchObject({ zoom: "fit", quarterTurns: 0 });
    expect(viewport.state.isInverted.peek()).toBe(false);
    expect(viewport.state.windowChoice.peek()).toEqual({ kind: "default" });
  });
});

describe("a viewport", () => {
  it("shows pixels in their true shape", () => {
    const { viewport } = opened(2, { PixelSpacing: [1.4, 0.7] });
    expect(viewport.view.peek()).toMatchObject({ pixelAspect: 2, zoom: 5 });
  });

  it("drags the window from what it was when the drag began", () => {
    const { viewport } = opened(2);
    const drag = { kind: "drag", tool: "window", dx: 25, dy: 0, startX: 0, startY: 0 } as const;
    viewport.handleGestures([{ kind: "drag-start", tool: "window" }, drag, drag]);
    // 50 of 200 pixels are a quarter of the window, also over an empty slice, whose data have no range.
    expect(viewport.pipeline.peek()?.voi).toMatchObject({ windowWidth: 320 });
  });

  it("follows its image when more of the stack arrives", () => {
    const frames = new FakeFrameProvider();
    const viewport = new ViewportController({ frames, delay: new FakeTime().delay });
    const late = madeStudyOf([madeInstance(5), madeInstance(6)]);
    viewport.state.show(late, 1);
    const all = madeStudyOf([1, 2, 3, 4, 5, 6].map((place) => madeInstance(place)));
    viewport.state.show({ ...all, displaySet: { ...all.displaySet, id: late.displaySet.id } });
    expect(number(viewport)).toBe(6);
  });

  it("plays, goes on from where a person scrolls to, and is quiet when disposed", () => {
    const { time, frames, viewport } = opened(100);
    viewport.run("cine-toggle");
    time.pass(1000);
    expect(number(viewport)).toBe(16);
    viewport.goTo(50);
    time.pass(1000);
    expect(number(viewport)).toBe(66);
    viewport.dispose();
    expect(time.waiting).toBe(0);
    expect(frames.wishes).toEqual([]);
  });
});
