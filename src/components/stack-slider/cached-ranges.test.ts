import { describe, expect, it } from "vitest";
import { cachedRanges, marksBackground, rangesBackground } from "./cached-ranges.ts";

describe("cached ranges", () => {
  it("are the runs of cached frames", () => {
    expect(cachedRanges([true, true, false, true, false, false, true])).toEqual([
      { first: 0, last: 1 },
      { first: 3, last: 3 },
      { first: 6, last: 6 },
    ]);
    expect(cachedRanges([])).toEqual([]);
  });

  it("are painted where they are on the track", () => {
    const background = rangesBackground([{ first: 5, last: 9 }], 20, "red");
    expect(background).toBe(
      "linear-gradient(to bottom, transparent 0% 25%, red 25% 50%, transparent 50%)",
    );
    expect(rangesBackground([], 20, "red")).toBe("none");
  });

  it("stay few enough to paint in a stack of thousands", () => {
    const every = Array.from({ length: 3000 }, (_, index) => index % 2 === 0);
    const background = rangesBackground(cachedRanges(every), every.length, "red");
    expect(background.split("red").length).toBeLessThan(1600);
  });
});

describe("marks of images", () => {
  it("stand where the thumb stands for them", () => {
    // The third of five is in the middle.
    expect(marksBackground([2], 5, "gold")).toBe(
      "linear-gradient(to bottom, transparent calc(50% - 2px), gold calc(50% - 2px) calc(50% + 2px), transparent calc(50% + 2px))",
    );
    expect(marksBackground([], 5, "gold")).toBe("none");
    expect(marksBackground([0], 1, "gold")).toContain("calc(0% - 2px)");
  });

  it("stay few in a stack of thousands", () => {
    const every = Array.from({ length: 3000 }, (_, index) => index);
    expect(marksBackground(every, 3000, "gold").split("gold").length).toBeLessThan(210);
  });
});
