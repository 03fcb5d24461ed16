import { describe, expect, test } from "vitest";
import type { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import { parseQidoQuery } from "#core/dicomweb/parse-qido-query.ts";
import type { FindRequest } from "../dimse/services/find.ts";
import { searchWorklist } from "./search-worklist.ts";

const signal = new AbortController().signal;
const ABILITIES = {
  fuzzyMatching: false,
  queryCharacterSet: ["ISO_IR 192"],
  fallbackCharacterSet: [],
};

function entry(
  id: string,
  date: string,
  time: string,
  others: MadeDataSet = {},
  step: MadeDataSet = {},
) {
  return buildDataSet({
    SpecificCharacterSet: "ISO_IR 192",
    PatientName: "Müller^Eva",
    PatientID: `P${id}`,
    PatientBirthDate: "19500101",
    StudyInstanceUID: `1.2.${id}`,
    AccessionNumber: `A${id}`,
    RequestedProcedureID: `RP${id}`,
    RequestedProcedureDescription: "CT thorax",
    RequestedProcedurePriority: "STAT",
    ScheduledProcedureStepSequence: [
      {
        Modality: "CT",
        ScheduledStationAETitle: "CT1",
        ScheduledStationName: "Room 1",
        ScheduledProcedureStepStartDate: date,
        ScheduledProcedureStepStartTime: time,
        ScheduledProcedureStepID: `S${id}`,
        ScheduledProcedureStepDescription: "Thorax with contrast",
        ScheduledPerformingPhysicianName: "HOUSE^GREGORY",
        ...step,
      },
    ],
    ...others,
  });
}

const ENTRIES = [
  entry("2", "20240110", "093000"),
  entry("1", "20240110", "0800"),
  entry("3", "20240111", "070000", { PatientName: "DOE^JOHN" }, { Modality: "MR" }),
  entry("4", "20240110", "110000", {}, { ScheduledProcedureStepStatus: "STARTED" }),
  entry("5", "20240110", "120000", {}, { ScheduledProcedureStepStatus: "ARRIVED" }),
];

/** A worklist that gives everything, whatever it is asked. */
function worklist(entries: readonly DataSet[] = ENTRIES) {
  const asked: FindRequest[] = [];
  return {
    asked,
    run: async function* (request: FindRequest) {
      asked.push(request);
      for (const dataSet of entries) yield { dataSet, isOptionalKeyUnsupported: false };
    },
  };
}

async function search(text: string, entries?: readonly DataSet[]) {
  const { asked, run } = worklist(entries);
  const query = parseQidoQuery({ level: "study" }, new URLSearchParams(text));
  const page = await searchWorklist(query, ABILITIES, run, signal);
  return { ...page, asked, ids: page.matches.map((match) => match.string(0x00400009)) };
}

describe("a worklist as UPS Instances", () => {
  test("has what has not begun, in order of its start", async () => {
    expect((await search("")).ids).toEqual(["S1", "S2", "S5", "S3"]);
  });

  test("says of each step what UPS and the worklist call it", async () => {
    const { matches } = await search("PatientID=P1");
    const json = dataSetToJson(matches[0] ?? expect.fail("no match"));
    expect(json["00080016"]?.Value).toEqual(["1.2.840.10008.5.1.4.34.6.1"]);
    expect(json["00080018"]?.Value?.[0]).toMatch(/^2\.25\.\d{20,39}$/);
    expect(json["00741000"]?.Value).toEqual(["SCHEDULED"]);
    expect(json["00741200"]?.Value).toEqual(["HIGH"]);
    expect(json["00741204"]?.Value).toEqual(["Thorax with contrast"]);
    expect(json["00404005"]?.Value).toEqual(["202401100800"]);
    expect(json["00100010"]?.Value).toEqual([{ Alphabetic: "Müller^Eva" }]);
    expect(json["0020000D"]?.Value).toEqual(["1.2.1"]);
    expect(json["00080060"]?.Value).toEqual(["CT"]);
    expect(json["00404025"]?.Value).toEqual([
      {
        "00080100": { vr: "SH", Value: ["CT1"] },
        "00080102": { vr: "SH", Value: ["99LOCAL"] },
        "00080104": { vr: "LO", Value: ["Room 1"] },
      },
    ]);
    expect(json["0040A370"]?.Value).toMatchObject([
      { "00080050": { Value: ["A1"] }, "00401001": { Value: ["RP1"] } },
    ]);
  });

  test("gives a step the same UID each time, and each its own", async () => {
    const uids = async () => (await search("")).matches.map((match) => match.string(0x00080018));
    const first = await uids();
    expect(await uids()).toEqual(first);
    expect(new Set(first).size).toBe(4);
  });

  test.each([
    ["PatientName=muller*", ["S1", "S2", "S5"]],
    ["PatientName=SMITH", []],
    ["PatientID=P3", ["S3"]],
    ["AccessionNumber=A2", ["S2"]],
    ["0040A370.00080050=A2", ["S2"]],
    ["StudyInstanceUID=1.2.1,1.2.3", ["S1", "S3"]],
    ["Modality=MR", ["S3"]],
    ["ScheduledStationAETitle=CT2", []],
    ["00404026.00080100=MR", ["S3"]],
    ["00404005=20240111", ["S3"]],
    ["00404005=20240110000000-20240110235959", ["S1", "S2", "S5"]],
    ["00404005=202401100900-202401101200", ["S2", "S5"]],
    ["00404005=20240110-20240111", ["S1", "S2", "S5", "S3"]],
    ["00404005=20240111-", ["S3"]],
    ["ProcedureStepState=SCHEDULED", ["S1", "S2", "S5", "S3"]],
    ["ProcedureStepState=COMPLETED", []],
    ["ProcedureStepLabel=*contrast*&limit=1&offset=1", ["S2"]],
  ])("is searched by UPS attributes, and checked: %s", async (text, ids) => {
    expect((await search(text)).ids).toEqual(ids);
  });

  test("is asked for days, modality and station of the step (PS3.4 table K.6-1)", async () => {
    const { asked } = await search(
      "00404005=20240110080000-20240111&Modality=CT&ScheduledStationAETitle=CT1&AccessionNumber=A1",
    );
    const identifier = asked[0]?.identifier;
    const [step] = identifier?.items(0x00400100) ?? [];
    expect(asked[0]?.model).toBe("worklist");
    expect(identifier?.has(0x00080052)).toBe(false);
    expect(identifier?.string(0x00080050)).toBe("A1");
    expect(step?.string(0x00400002)).toBe("20240110-20240111");
    expect(step?.strings(0x00400003)).toEqual([]);
    expect(step?.string(0x00080060)).toBe("CT");
    expect(step?.string(0x00400001)).toBe("CT1");
  });

  test("is not searched by what it does not have, nor by half a date", async () => {
    const refused = { code: "bad-request" };
    await expect(search("Rows=5")).rejects.toMatchObject(refused);
    await expect(search("00404005=2024")).rejects.toMatchObject(refused);
  });

  test("has no page beyond its end, and says when there is one more", async () => {
    expect((await search("limit=3")).hasMore).toBe(true);
    expect((await search("limit=4")).hasMore).toBe(false);
    expect((await search("", [])).matches).toEqual([]);
  });
});
