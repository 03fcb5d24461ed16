import { describe, expect, it } from "vitest";
import { parsePersonName } from "#core/dicom/person-name.ts";
import { identityDifferences } from "./identity-comparison.ts";

const patient = {
  name: parsePersonName("DÉMO^Chest^Maria"),
  id: "4471",
  birthDate: "19680312",
  sex: "F",
};
const document = { names: ["Demo, Maria"], ids: ["9", "4471"], birthDate: "19680312", sex: "F" };

const differing = (changes: Partial<typeof document>) =>
  identityDifferences(patient, { ...document, ...changes }).map(({ attribute }) => attribute);

describe("the patient of a document and of the object around it", () => {
  it("agree in spite of accents, case and the order of names", () => {
    expect(differing({})).toEqual([]);
    expect(differing({ names: ["maria chest DEMO"] })).toEqual([]);
  });

  it.each([
    [{ names: ["Demo, Peter"] }, ["name"]],
    [{ names: ["Other, Maria"] }, ["name"]],
    [{ birthDate: "19680313120000" }, ["birth-date"]],
    [{ sex: "M" }, ["sex"]],
    [{ ids: ["4472"] }, ["id"]],
  ])("differ: %o", (changes, attributes) => {
    expect(differing(changes)).toEqual(attributes);
  });

  it("do not contradict what the other leaves out", () => {
    expect(identityDifferences({}, document)).toEqual([]);
    const silent = { names: [], ids: [], birthDate: undefined, sex: "UN" };
    expect(identityDifferences(patient, silent)).toEqual([]);
  });

  it("agree when an ideographic name does", () => {
    const yamada = { name: parsePersonName("Yamada^Tarou=山田^太郎") };
    const found = { names: ["山田, 太郎"], ids: [], birthDate: undefined, sex: undefined };
    expect(identityDifferences(yamada, found)).toEqual([]);
  });
});
