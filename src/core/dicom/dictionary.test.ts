import { describe, expect, test } from "vitest";
import { DICTIONARY_EDITION } from "./dictionary.generated.ts";
import { entryOf, keywordOf, nameOf, tagOfKeyword, vrOf } from "./dictionary.ts";
import { sopClassName, storageKindOf } from "./sop-class-names.ts";
import { PatientName } from "./tags.generated.ts";
import { CTImageStorage } from "./uids.generated.ts";

describe("the dictionary", () => {
  // PS3.6 table 6-1 and 7-1, PS3.7 table E.1-1.
  test.each([
    [0x00100010, "PN", "PatientName", "Patient's Name"],
    [0x00080050, "SH", "AccessionNumber", "Accession Number"],
    [0x00020010, "UI", "TransferSyntaxUID", "Transfer Syntax UID"],
    [0x00000120, "US", "MessageIDBeingRespondedTo", "Message ID Being Responded To"],
    [0x00041430, "CS", "DirectoryRecordType", "Directory Record Type"],
    [0x60023000, "OW", "OverlayData", "Overlay Data"],
    [0x50040005, "US", "CurveDimensions", "Curve Dimensions"],
    [0x00203106, "CS", "SourceImageIDs", "Source Image IDs"],
    [0x7fe00001, "OV", "ExtendedOffsetTable", "Extended Offset Table"],
  ])("%# tag, VR, keyword and name", (tag, vr, keyword, name) => {
    expect([vrOf(tag), keywordOf(tag), nameOf(tag)]).toEqual([vr, keyword, name]);
  });

  test("VRs with a choice, multiplicity, and what is in no table", () => {
    expect(entryOf(0x00280106)).toMatchObject({ vr: "US", otherVr: "SS" });
    expect(entryOf(0x7fe00010)).toMatchObject({ vr: "OW", otherVr: "OB" });
    expect(entryOf(0x00280030)?.vm).toBe("2");
    expect(entryOf(0x00100011)).toBeUndefined();
    expect(vrOf(0x00080000)).toBe("UL");
    expect(vrOf(0x00090010)).toBe("LO");
    expect(vrOf(0x00091001)).toBeUndefined();
    expect(vrOf(0x00431001, "GEMS_PARM_01")).toBe("SS");
  });

  test("keywords lead to tags, also as constants; the edition is stated", () => {
    expect(tagOfKeyword("PatientName")).toBe(PatientName);
    expect(tagOfKeyword("PatientsName")).toBeUndefined();
    expect(DICTIONARY_EDITION).toMatch(/^20\d\d[a-e]$/);
  });
});

describe("SOP classes", () => {
  test.each([
    [CTImageStorage, "CT", "image"],
    ["1.2.840.10008.5.1.4.1.1.104.1", "PDF Document", "document"],
    ["1.2.840.10008.5.1.4.1.1.88.33", "Comprehensive Report", "report"],
    ["1.2.840.10008.5.1.4.1.1.11.1", "Grayscale Presentation State", "presentation-state"],
    ["1.2.840.10008.5.1.4.1.1.66.4", "Segmentation", "segmentation"],
    ["1.2.840.10008.1.1", undefined, "other"],
  ])("%s is %s, of kind %s", (uid, name, kind) => {
    expect([sopClassName(uid), storageKindOf(uid)]).toEqual([name, kind]);
  });
});
