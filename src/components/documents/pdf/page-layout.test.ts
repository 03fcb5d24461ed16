import { describe, expect, it } from "vitest";
import { fitScale, outputScale, PageLayout } from "./page-layout.ts";

const A4 = { width: 595, height: 842 };

describe("pages under one another", () => {
  const layout = new PageLayout([A4, { width: 842, height: 595 }, A4], 1);

  it("begin after one another with gaps between and around them", () => {
    expect([0, 1, 2].map((page) => layout.top(page))).toEqual([12, 866, 1473]);
    expect(layout.height).toBe(2327);
  });

  it.each([
    [-50, 0],
    [0, 0],
    [865, 0],
    [866, 1],
    [1472, 1],
    [99_999, 2],
  ])("at %i px have page %i", (y, page) => {
    expect(layout.pageAt(y)).toBe(page);
  });

  it("are in reach when they touch the stretch, and no others", () => {
    expect(layout.pagesWithin(0, 500)).toEqual([0]);
    expect(layout.pagesWithin(800, 900)).toEqual([0, 1]);
    expect(layout.pagesWithin(-500, 5000)).toEqual([0, 1, 2]);
  });

  it("of 500 pages need a handful at a time", () => {
    const long = new PageLayout(
      Array.from({ length: 500 }, () => A4),
      1.3,
    );
    expect(long.pagesWithin(300_000, 302_400).length).toBeLessThan(5);
  });

  it("without any page have none", () => {
    expect(new PageLayout([], 1).pagesWithin(0, 100)).toEqual([]);
  });
});

describe("the scale of a page", () => {
  it("fills a phone, and does not blow a page up on a wide screen", () => {
    expect(fitScale(A4, 390)).toBeCloseTo(366 / 595);
    expect(fitScale(A4, 4000)).toBe(1.6);
  });

  it("keeps canvases within 16 million pixels", () => {
    expect(outputScale(900, 1273, 2)).toBe(2);
    const scale = outputScale(4760, 6736, 3);
    expect(4760 * 6736 * scale ** 2).toBeLessThanOrEqual(16_777_217);
  });

  it("keeps the edges of banners within what browsers draw", () => {
    expect(1_000_000 * outputScale(1_000_000, 10, 2)).toBeLessThanOrEqual(16_384);
  });
});
