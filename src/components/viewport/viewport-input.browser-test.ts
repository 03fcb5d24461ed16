import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import {
  drag,
  dressPage,
  inside,
  letters,
  mountCached,
  number,
  painted,
  text,
  touch,
} from "./mounted-viewport.ts";
import { WindowChangedEvent } from "./viewport-events.ts";

beforeAll(dressPage);

afterEach(() => {
  document.body.replaceChildren();
});

describe("keys, pointers and fingers on a viewport", () => {
  it("turns and flips the letters with the image", async () => {
    const { element } = await mountCached(2);
    expect(letters(element)).toBe("R A L P");
    element.focus();
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

  it("plays a film and stops when it is taken away", async () => {
    const { element, viewport } = await mountCached(20);
    viewport.run("cine-toggle");
    await painted();
    expect(inside(element, "negato-cine-controls")).toBeDefined();
    await expect.poll(() => viewport.state.frameIndex.peek()).toBeGreaterThan(1);
    element.remove();
    expect(viewport.cine.isPlaying.peek()).toBe(false);
  });
});
