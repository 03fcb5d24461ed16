import { describe, expect, it } from "vitest";
import { wantedRepresentations } from "./wanted-representation.ts";

describe("what a client takes (PS3.18 8.7.5)", () => {
  it("is anything without an Accept header", () => {
    expect(wantedRepresentations(undefined)).toEqual([
      { form: "any", essence: "*/*", transferSyntaxUid: undefined },
    ]);
  });

  it.each([
    'multipart/related; type="application/dicom"; transfer-syntax=*',
    "multipart/related;type=application/dicom;transfer-syntax=*",
    'multipart/related; type="application/dicom; transfer-syntax=*"',
  ])("understands %s", (accept) => {
    expect(wantedRepresentations(accept)).toEqual([
      { form: "multipart", essence: "application/dicom", transferSyntaxUid: "*" },
    ]);
  });

  it("goes by quality, and leaves out what is refused", () => {
    const wanted = wantedRepresentations("image/png;q=0.5, image/jpeg, image/gif;q=0");
    expect(wanted.map(({ essence }) => essence)).toEqual(["image/jpeg", "image/png"]);
  });
});
