import { describe, expect, it } from "vitest";
import { parseByteRange } from "./byte-range.ts";

describe("the Range header (RFC 9110 14.2)", () => {
  it.each([
    [undefined, undefined],
    ["bytes=0-9", { first: 0, last: 9 }],
    ["bytes=90-", { first: 90, last: 99 }],
    ["bytes=-10", { first: 90, last: 99 }],
    ["bytes=-1000", { first: 0, last: 99 }],
    ["bytes=95-1000", { first: 95, last: 99 }],
    ["bytes=100-", "unsatisfiable"],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=9-5", undefined],
    ["bytes=0-1,5-6", undefined],
    ["bytes=-", undefined],
    ["items=0-1", undefined],
  ])("%s of 100 bytes", (header, range) => {
    expect(parseByteRange(header, 100)).toEqual(range);
  });
});
