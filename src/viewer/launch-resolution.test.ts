import { describe, expect, it } from "vitest";
import { DataSet } from "#core/dicom/data-set.ts";
import { parseLaunch } from "./launch-parameters.ts";
import { resolveLaunch } from "./launch-resolution.ts";
import type { StudyListSource } from "./study-list-state.ts";

function study(uid: string, patientId: string, accessionNumber: string): DataSet {
  const text = (tag: number, vr: "UI" | "LO" | "SH", value: string) =>
    ({ tag, vr, value: { kind: "strings", strings: [value] } }) as const;
  return new DataSet([
    text(0x0020000d, "UI", uid),
    text(0x00100020, "LO", patientId),
    text(0x00080050, "SH", accessionNumber),
  ]);
}

/** An archive that ignores every key and always answers with all that it has. */
const careless: StudyListSource = {
  searchForStudies: async () => ({
    studies: [
      study("1.1", "ANNA", "A1"),
      study("1.2", "ANNA", "A2"),
      study("1.3", "BERTA", "B1"),
      study("1.4", "BERTA", "A2"),
    ],
    hasMore: false,
  }),
};

function resolve(path: string, source: StudyListSource = careless) {
  const launch = parseLaunch(new URL(path, "https://images.example/"));
  return resolveLaunch(launch, source, new AbortController().signal);
}

describe("a launch", () => {
  it.each([
    ["/", { kind: "list" }],
    ["/?StudyInstanceUIDs=9.9", { kind: "open", studyInstanceUid: "9.9" }],
    ["/?AccessionNumber=B1", { kind: "open", studyInstanceUid: "1.3" }],
    ["/?AccessionNumber=A2&PatientID=ANNA", { reason: { kind: "mismatch" } }],
    ["/?AccessionNumber=X", { reason: { kind: "nothing-found", what: "accession" } }],
    ["/?PatientID=CARLA", { reason: { kind: "nothing-found", what: "patient" } }],
    ["/?StudyInstanceUIDs=1.1&PatientID=ANNA", { kind: "open", studyInstanceUid: "1.1" }],
    ["/?StudyInstanceUIDs=1.1&PatientID=BERTA", { reason: { attribute: "patient-id" } }],
    ["/?StudyInstanceUIDs=1.1&AccessionNumber=A2", { reason: { attribute: "accession-number" } }],
    ["/?StudyInstanceUIDs=9.9&PatientID=ANNA", { reason: { kind: "nothing-found" } }],
    ["/?PatientID=*", { reason: { kind: "invalid", problem: "bad-patient-id" } }],
  ])("of %s ends as it should, whatever else the archive answers", async (path, expected) => {
    expect(await resolve(path)).toMatchObject(expected);
  });

  it("offers the patient's own studies and nobody else's", async () => {
    const outcome = await resolve("/?PatientID=ANNA");
    expect(outcome).toMatchObject({
      kind: "choose",
      entries: [{ studyInstanceUid: "1.1" }, { studyInstanceUid: "1.2" }],
    });
  });

  it("says that the archive did not answer, and opens nothing", async () => {
    const outcome = await resolve("/?PatientID=ANNA", {
      searchForStudies: () => Promise.reject(Object.assign(new Error("Away"), { code: "network" })),
    });
    expect(outcome).toMatchObject({ reason: { kind: "failed", failure: { code: "network" } } });
  });
});
