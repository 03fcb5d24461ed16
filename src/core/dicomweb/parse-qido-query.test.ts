import { describe, expect, it } from "vitest";
import { DicomError } from "../dicom/dicom-error.ts";
import { parseQidoQuery } from "./parse-qido-query.ts";

function parse(text: string) {
  return parseQidoQuery({ level: "study" }, new URLSearchParams(text));
}

describe("parameters of a search (PS3.18 8.3.4)", () => {
  it("takes keywords, hexadecimal tags and paths into sequences", () => {
    expect(
      parse("PatientID=1&00100010=Doe*&RequestAttributesSequence.ScheduledProcedureStepID=7").keys,
    ).toEqual([
      { path: [0x00100020], value: "1" },
      { path: [0x00100010], value: "Doe*" },
      { path: [0x00400275, 0x00400009], value: "7" },
    ]);
  });

  it("takes fields to include as list, repeated, and all", () => {
    const query = parse(
      "includefield=StudyDescription,00100040&includefield=all&limit=5&offset=10",
    );
    expect(query.includeFields).toEqual([[0x00081030], [0x00100040]]);
    expect(query).toMatchObject({ includeAll: true, limit: 5, offset: 10, fuzzyMatching: false });
  });

  it.each([
    "NoSuchAttribute=1",
    "includefield=NoSuchAttribute",
    "limit=-1",
    "limit=ten",
    "fuzzymatching=yes",
    "PatientID=1&00100020=2",
    "StudyDate=2024-05-01",
    "StudyDate=yesterday",
    "StudyTime=25h",
  ])("refuses %s", (text) => {
    expect(() => parse(text)).toThrow(DicomError);
  });

  it.each(["StudyDate=", "StudyDate=20240501-", "StudyDate=-20240501", "StudyTime=0930-1015"])(
    "accepts %s",
    (text) => {
      expect(parse(text).keys).toHaveLength(1);
    },
  );
});
