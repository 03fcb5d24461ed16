import { describe, expect, it } from "vitest";
import { identityConflicts } from "./identity-check.ts";

const maria = {
  name: { alphabetic: "DEMO^Chest^Maria", ideographic: "", phonetic: "" },
  id: "4471",
  birthDate: "19680312",
};

describe("studies that are open side by side", () => {
  it("agree when they name one patient, or say nothing", () => {
    expect(identityConflicts([maria, { ...maria, id: " 4471" }, {}])).toEqual([]);
  });

  it("conflict in each attribute that differs", () => {
    const other = { ...maria, id: "4472", birthDate: "19700101" };
    expect(identityConflicts([maria, other])).toEqual([
      { attribute: "PatientID", values: ["4471", "4472"] },
      { attribute: "PatientBirthDate", values: ["19680312", "19700101"] },
    ]);
  });

  it("conflict when the names differ under one ID", () => {
    const name = { alphabetic: "DEMO^Heart", ideographic: "", phonetic: "" };
    expect(
      identityConflicts([maria, { ...maria, name }]).map(({ attribute }) => attribute),
    ).toEqual(["PatientName"]);
  });
});
