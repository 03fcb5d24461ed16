import { expect, test } from "vitest";
import { TRANSFER_SYNTAXES, transferSyntaxOf } from "#core/dicom/transfer-syntax.ts";
import { undecodableReason } from "#core/dicom/undecodable-syntax.ts";
import { CODEC_TABLE } from "./codec-table.ts";

test("what is said to be undecodable before a try is what no codec takes, videos aside, which are played", () => {
  const played = TRANSFER_SYNTAXES.filter(({ frameEncoding }) => frameEncoding === "video");
  for (const syntax of TRANSFER_SYNTAXES.filter((one) => !played.includes(one))) {
    const isRefused = undecodableReason(syntax.uid) !== undefined;
    if (isRefused) expect(CODEC_TABLE[syntax.frameEncoding].kind, syntax.name).toBe("not-yet");
    if (syntax.frameEncoding === "reference") expect(isRefused, syntax.name).toBe(true);
  }
});

test("retired processes of JPEG are refused, and none that the table of syntaxes knows is among them", () => {
  const retired = ["52", "54", "56", "58", "59", "60", "61", "62", "63", "64", "65", "66"];
  for (const process of retired) {
    const uid = `1.2.840.10008.1.2.4.${process}`;
    expect([undecodableReason(uid), transferSyntaxOf(uid)]).toEqual([
      expect.any(String),
      undefined,
    ]);
  }
});
