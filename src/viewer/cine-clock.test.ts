import { describe, expect, it } from "vitest";
import { CineClock, DEFAULT_FRAMES_PER_SECOND } from "./cine-clock.ts";

describe("the clock of a film", () => {
  it("takes the speed of Frame Time", () => {
    const clock = new CineClock(4, [40]);
    expect(clock.framesPerSecond).toBe(25);
    expect([0, 39, 40, 81, 159, 160, 1000].map((ms) => clock.frameAt(0, ms))).toEqual([
      0, 0, 1, 2, 3, 0, 1,
    ]);
  });

  it("gives every frame its own time, as Frame Time Vector says", () => {
    const clock = new CineClock(3, [100, 10, 50]);
    expect([0, 99, 100, 109, 110, 159, 160].map((ms) => clock.frameAt(0, ms))).toEqual([
      0, 0, 1, 1, 2, 2, 0,
    ]);
  });

  it("counts from the frame that it began with", () => {
    expect(new CineClock(5, [20]).frameAt(3, 45)).toBe(0);
  });

  it.each([[undefined], [[]], [[0]], [[Number.NaN]], [[1e9]], [[40, 40]]])(
    "runs at the usual speed when the object says %j",
    (times) => {
      expect(new CineClock(3, times).framesPerSecond).toBeCloseTo(DEFAULT_FRAMES_PER_SECOND, 9);
    },
  );
});
