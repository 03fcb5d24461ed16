import fc from "fast-check";
import { expect, test } from "vitest";
import { prefetchOrder } from "./prefetch-order.ts";

test("standing, the neighbours come first on both sides", () => {
  expect(prefetchOrder({ frameCount: 6, frameIndex: 2, direction: 0 })).toEqual([3, 1, 4, 0, 5]);
});

test("moving, four frames ahead come before each one behind", () => {
  expect(prefetchOrder({ frameCount: 12, frameIndex: 4, direction: 1 })).toEqual([
    5, 6, 7, 8, 3, 9, 10, 11, 2, 1, 0,
  ]);
  expect(prefetchOrder({ frameCount: 8, frameIndex: 6, direction: -1 })).toEqual([
    5, 4, 3, 2, 7, 1, 0,
  ]);
});

test("every other frame is wanted exactly once, wherever one stands", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }).chain((frameCount) =>
        fc.record({
          frameCount: fc.constant(frameCount),
          frameIndex: fc.integer({ min: 0, max: frameCount - 1 }),
          direction: fc.constantFrom(-1 as const, 0 as const, 1 as const),
        }),
      ),
      (view) => {
        const expected = Array.from({ length: view.frameCount }, (_, index) => index).filter(
          (index) => index !== view.frameIndex,
        );
        expect(prefetchOrder(view).toSorted((a, b) => a - b)).toEqual(expected);
      },
    ),
  );
});
