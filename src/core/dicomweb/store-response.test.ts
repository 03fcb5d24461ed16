import { describe, expect, it } from "vitest";
import { storeResponse, storeStatus } from "./store-response.ts";

const stored = {
  sopClassUid: "1.2",
  sopInstanceUid: "1.3",
  kind: "stored",
  status: 0,
  retrieveUrl: "/i",
} as const;
const failed = {
  ...stored,
  sopInstanceUid: "1.4",
  kind: "failed",
  status: 0x0110,
  retrieveUrl: undefined,
} as const;
const warned = { ...stored, kind: "warning", status: 0xb000 } as const;
const unnamed = { ...failed, sopInstanceUid: undefined } as const;

describe("the answer to a store request (PS3.18 10.5.3)", () => {
  it.each([
    [[stored], 200],
    [[stored, warned], 202],
    [[stored, failed], 202],
    [[failed, unnamed], 409],
  ] as const)("has a status by what became of the objects", (objects, status) => {
    expect(storeStatus(objects)).toBe(status);
  });

  it("names each object in the sequence that it belongs to", () => {
    const response = storeResponse([stored, failed, warned, unnamed], "/study");
    expect(response.string(0x00081190)).toBe("/study");
    expect(response.items(0x00081199).map((item) => item.number(0x00081196))).toEqual([
      undefined,
      0xb000,
    ]);
    expect(response.items(0x00081198).map((item) => item.string(0x00081155))).toEqual(["1.4"]);
    expect(response.items(0x0008119a).map((item) => item.number(0x00081197))).toEqual([0x0110]);
  });
});
