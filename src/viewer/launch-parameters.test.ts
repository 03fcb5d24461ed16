import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLaunch, studyQuery } from "./launch-parameters.ts";

function launch(path: string) {
  return parseLaunch(new URL(path, "https://images.example/"));
}

describe("a launch address", () => {
  it.each([
    ["/", { kind: "study-list" }],
    ["/?utm_source=mail", { kind: "study-list" }],
    ["/?StudyInstanceUIDs=1.2.3", { studyInstanceUids: ["1.2.3"], target: {}, expectation: {} }],
    ["/viewer?StudyInstanceUIDs=1.2,1.3,1.2", { studyInstanceUids: ["1.2", "1.3"] }],
    ["/viewer?StudyInstanceUIDs=1.2&StudyInstanceUIDs=1.3", { studyInstanceUids: ["1.2", "1.3"] }],
    ["/base/viewer?studyinstanceuids=1.2", { studyInstanceUids: ["1.2"] }],
    [
      "/?StudyInstanceUIDs=1.2&SeriesInstanceUID=1.2.1&SOPInstanceUID=1.2.1.9&frame=7",
      { target: { seriesInstanceUid: "1.2.1", sopInstanceUid: "1.2.1.9", frameNumber: 7 } },
    ],
    ["/?StudyInstanceUIDs=1.2&PatientID=P%201", { expectation: { patientId: "P 1" } }],
    ["/?AccessionNumber=26CT0091147", { kind: "accession", accessionNumbers: ["26CT0091147"] }],
    ["/?PatientID=4471-093", { kind: "patient", patientId: "4471-093" }],
    [
      "/IHEInvokeImageDisplay?requestType=STUDY&studyUID=1.2,1.3&viewerType=IHE_BIR",
      { kind: "studies", studyInstanceUids: ["1.2", "1.3"] },
    ],
    [
      "/IHEInvokeImageDisplay?requestType=STUDY&accessionNumber=A1,A2",
      { kind: "accession", accessionNumbers: ["A1", "A2"] },
    ],
    [
      "/IHEInvokeImageDisplay?requestType=PATIENT&patientID=99998410%5E%5E%5E%26www.mlhlife.com%26DNS",
      { kind: "patient", patientId: "99998410" },
    ],
  ])("%s is understood", (path, expected) => {
    expect(launch(path)).toMatchObject(expected);
  });

  it.each([
    ["/?StudyInstanceUIDs=", "nothing-asked"],
    ["/?StudyInstanceUIDs=1.2,../../evil", "bad-study-uid"],
    ["/?StudyInstanceUIDs=*", "bad-study-uid"],
    [`/?StudyInstanceUIDs=${"1".repeat(65)}`, "bad-study-uid"],
    ["/?StudyInstanceUIDs=1.2&SeriesInstanceUID=<b>", "bad-series-uid"],
    ["/?StudyInstanceUIDs=1.2&frame=0", "bad-frame"],
    ["/?PatientID=*", "bad-patient-id"],
    ["/?PatientID=A\\B", "bad-patient-id"],
    ["/?PatientID=A&PatientID=B", "bad-patient-id"],
    ["/?PatientID=A%00", "bad-patient-id"],
    ["/?AccessionNumber=26CT*", "bad-accession-number"],
    ["/?StudyInstanceUIDs=1.2&PatientID=?", "bad-patient-id"],
    ["/IHEInvokeImageDisplay", "bad-request-type"],
    ["/IHEInvokeImageDisplay?requestType=STUDY", "nothing-asked"],
    ["/IHEInvokeImageDisplay?requestType=PATIENT", "nothing-asked"],
    ["/IHEInvokeImageDisplay?requestType=EVERYTHING&studyUID=1.2", "bad-request-type"],
  ])("%s is refused as %s and opens nothing", (path, problem) => {
    expect(launch(path)).toEqual({ kind: "invalid", problem });
  });

  it("never gives a value that could match more than itself, whatever stands in it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("StudyInstanceUIDs", "AccessionNumber", "PatientID", "studyUID"),
        fc.string({ unit: fc.constantFrom(..."*?\\,^%. 1aé\0"), maxLength: 12 }),
        fc.constantFrom("/", "/viewer", "/IHEInvokeImageDisplay?requestType=STUDY"),
        (name, value, path) => {
          const address = new URL(path, "https://images.example/");
          address.searchParams.append(name, value);
          const text = JSON.stringify(parseLaunch(address));
          expect(text).not.toMatch(/[*?]|\\\\/);
        },
      ),
    );
  });

  it("is written without anything about the patient and read back", () => {
    expect(studyQuery([])).toBe("");
    expect(launch(`/${studyQuery(["1.2", "3.4"])}`)).toMatchObject({
      studyInstanceUids: ["1.2", "3.4"],
    });
  });
});
