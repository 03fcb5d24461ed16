import { describe, expect, it } from "vitest";
import { contradictsHeader, lacksEnd } from "./header-contradiction.ts";

const deviation = (code: string) => [{ code, message: "" }];
const depth = deviation("bits-stored-mismatch");

describe("samples and their header", () => {
  it.each([
    ["12 bits in a codestream of 16", { bitsStored: 16, minimum: 0, maximum: 4095 }, 12, 0, false],
    ["more than the 12 bits", { bitsStored: 16, minimum: 0, maximum: 4096 }, 12, 0, true],
    ["signed ones", { bitsStored: 16, minimum: -2048, maximum: 2047 }, 12, 1, false],
    ["below the signed range", { bitsStored: 16, minimum: -2049, maximum: 0 }, 12, 1, true],
    ["8 bits where 12 are promised", { bitsStored: 8, minimum: 0, maximum: 9 }, 12, 0, true],
  ] as const)("agree or not: %s", (_, facts, bitsStored, pixelRepresentation, expected) => {
    const header = { bitsStored, pixelRepresentation };
    expect(contradictsHeader({ ...facts, deviations: depth }, header)).toBe(expected);
  });

  it("contradict each other by sign and colour, whatever the values", () => {
    const facts = { bitsStored: 12, minimum: 0, maximum: 1 };
    const header = { bitsStored: 12, pixelRepresentation: 0 } as const;
    const marked = (code: string) =>
      contradictsHeader({ ...facts, deviations: deviation(code) }, header);
    expect(marked("sign-mismatch")).toBe(true);
    expect(marked("colour-transform-mismatch")).toBe(true);
    expect(marked("trailing-bytes")).toBe(false);
  });
});

it("tells a stream that ended without its end mark from one that is whole", () => {
  expect(lacksEnd({ deviations: deviation("no-end-marker") })).toBe(true);
  expect(lacksEnd({ deviations: deviation("trailing-bytes") })).toBe(false);
});
