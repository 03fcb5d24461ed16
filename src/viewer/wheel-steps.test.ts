import { describe, expect, it } from "vitest";
import { WheelSteps, wheelZoomFactor } from "./wheel-steps.ts";

const turn = (deltaY: number, timeMs = 0, deltaMode = 0) => ({ deltaY, deltaMode, timeMs });

describe("wheel scrolling", () => {
  it.each([
    ["a notch of 100 pixels", turn(100), 1],
    ["a notch of 120 pixels upwards", turn(-120), -1],
    ["a notch of 3 lines", turn(3, 0, 1), 1],
    ["a fast turn of 4 notches", turn(480), 4],
    ["a page", turn(1, 0, 2), 3],
  ])("scrolls for %s", (_name, input, steps) => {
    expect(new WheelSteps().steps(input)).toBe(steps);
  });

  it("adds up the fine movements of a trackpad", () => {
    const wheel = new WheelSteps();
    const steps = Array.from({ length: 12 }, (_, index) => wheel.steps(turn(6, index * 16)));
    expect(steps.reduce((sum, step) => sum + step, 0)).toBe(3);
  });

  it("begins anew when the direction changes or the hand rests", () => {
    const wheel = new WheelSteps();
    wheel.steps(turn(20, 0));
    expect(wheel.steps(turn(-20, 16))).toBe(0);
    expect(wheel.steps(turn(-20, 1000))).toBe(0);
    expect(wheel.steps(turn(-20, 1016))).toBe(-1);
  });

  it("zooms in upwards, and by the same factor back", () => {
    const factor = wheelZoomFactor({ deltaY: -10, deltaMode: 0 });
    expect(factor).toBeGreaterThan(1);
    expect(factor * wheelZoomFactor({ deltaY: 10, deltaMode: 0 })).toBeCloseTo(1, 12);
  });
});
