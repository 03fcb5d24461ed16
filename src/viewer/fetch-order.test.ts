import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fetchOrder } from "./fetch-order.ts";

describe("the order of fetching ahead", () => {
  it("goes ahead in the direction of travel, and looks back now and then", () => {
    expect(fetchOrder(10, 4, 1)).toEqual([5, 6, 7, 3, 8, 9, 2, 1, 0]);
    expect(fetchOrder(10, 4, -1)).toEqual([3, 2, 1, 5, 0, 6, 7, 8, 9]);
  });

  it("holds every other frame once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(299), fc.boolean(), (count, at, up) => {
        const index = at % count;
        const order = fetchOrder(count, index, up ? 1 : -1);
        const all = Array.from({ length: count }, (_, other) => other);
        expect([...order].sort((a, b) => a - b)).toEqual(all.filter((other) => other !== index));
      }),
    );
  });
});
