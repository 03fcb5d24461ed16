import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildDataSet, type MadeDataSet } from "#core/dicom/data-set-builder.ts";
import { writePart10 } from "#core/dicom/part10-writer.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "#core/dicom/transfer-syntax.ts";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import { parseQidoQuery, type QueryScope } from "#core/dicomweb/parse-qido-query.ts";
import { hasPacs, startDcmqrscp, startOrthancPacs, startWorklist } from "../../scripts/pacs.mjs";
import { hasDcmtk } from "../../scripts/system-parts.mjs";
import type { RemoteAe } from "../dimse/remote-ae.ts";
import { requestAssociation } from "../dimse/request-association.ts";
import { find } from "../dimse/services/find.ts";
import { findContexts } from "../dimse/services/plan-contexts.ts";
import type { QueryModel } from "../dimse/services/query-model.ts";
import { madeInstance } from "../testing/made-archive.ts";
import { searchByFind } from "./search-by-find.ts";
import type { RunFind, SearchAbilities } from "./search-plan.ts";
import { searchWorklist } from "./search-worklist.ts";

const signal = new AbortController().signal;
const ABILITIES: SearchAbilities = {
  model: "study-root",
  relational: false,
  dateTimeMatching: false,
  fuzzyMatching: false,
  timeZone: false,
  hasImageLevel: true,
  takesUidLists: true,
  queryCharacterSet: ["ISO_IR 192"],
  fallbackCharacterSet: ["ISO_IR 100"],
};

/** Names as hospitals of these countries write them, each in the character set that they use. */
const NAMES: readonly (readonly [characterSet: string, name: string, key: string])[] = [
  ["ISO_IR 100", "Müller^Jérôme", "Müller*"],
  ["ISO_IR 101", "Dvořák^Łukasz", "Dvořák*"],
  ["ISO_IR 144", "Люкceмбypг", "Люк*"],
  ["ISO_IR 127", "قباني^لنزار", "قباني*"],
  ["ISO_IR 126", "Διονυσιος", "Διον*"],
  ["ISO_IR 138", "שרון^דבורה", "שרון*"],
  ["ISO_IR 148", "Çavuşoğlu", "Çavu*"],
  ["ISO_IR 13", "ﾔﾏﾀﾞ^ﾀﾛｳ", "ﾔﾏ*"],
  ["ISO_IR 166", "สมชาย", "สม*"],
  ["\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎=やまだ^たろう", "*山田*"],
  ["\\ISO 2022 IR 149", "Hong^Gildong=洪^吉洞=홍^길동", "Hong^Gildong=洪^吉洞=홍^길동"],
  ["\\ISO 2022 IR 58", "Zhang^XiaoDong=张^小东", "Zhang^XiaoDong=张*"],
  ["GB18030", "Wang^XiaoDong=王^小东", "*王^小东"],
  ["ISO_IR 192", "Li^Xiao=李^小東", "*=李*"],
];

const INSTANCES: readonly MadeDataSet[] = NAMES.flatMap(([characterSet, name], index) =>
  [1, 2].map((series) => ({
    SpecificCharacterSet: characterSet,
    PatientName: name,
    PatientID: `P${index}`,
    StudyInstanceUID: `1.2.3.${index}`,
    SeriesInstanceUID: `1.2.3.${index}.${series}`,
    SOPInstanceUID: `1.2.3.${index}.${series}.1`,
    StudyDate: `202401${String(index + 10)}`,
    AccessionNumber: `ACC${index}`,
    Modality: series === 1 ? "CT" : "MR",
    InstanceNumber: 1,
  })),
);

function runOn(
  { aeTitle, port }: { readonly aeTitle: string; readonly port: number },
  model: QueryModel,
): RunFind {
  const remote: RemoteAe = {
    name: "pacs",
    aeTitle,
    host: "127.0.0.1",
    port,
    callingAeTitle: "NEGATO",
    connectTimeoutMs: 5000,
    silenceTimeoutMs: 10_000,
    operationTimeoutMs: 60_000,
    maximumPduLength: 65_536,
  };
  return async function* (request) {
    const association = await requestAssociation(remote, { contexts: findContexts(model) }, signal);
    try {
      yield* find(association, request, signal);
    } finally {
      await association.release();
    }
  };
}

const PACS = [
  ["dcmqrscp", startDcmqrscp],
  ["Orthanc", () => startOrthancPacs({ settings: { DicomDefaultRetrieveMethod: "C-MOVE" } })],
] as const;

describe.skipIf(!hasPacs).each(PACS)("searches of %s", (_, start) => {
  let pacs: Awaited<ReturnType<typeof startDcmqrscp>>;
  let run: RunFind;

  beforeAll(async () => {
    pacs = await start();
    await pacs.load(INSTANCES.map((values) => madeInstance(values)));
    run = runOn(pacs, "study-root");
  }, 60_000);
  afterAll(async () => {
    await pacs?.stop();
  });

  async function search(scope: QueryScope, text: string, abilities: Partial<SearchAbilities> = {}) {
    const query = parseQidoQuery(scope, new URLSearchParams(text));
    return await searchByFind(query, { ...ABILITIES, ...abilities }, run, signal);
  }

  test("give names in UTF-8, whatever they are stored in", async () => {
    const { matches } = await search({ level: "study" }, "");
    const names = matches.map((match) => [match.string(0x00100020), match.string(0x00100010)]);
    const expected = NAMES.map(([, name], index) => [`P${index}`, name]);
    expect(Object.fromEntries(names)).toEqual(Object.fromEntries(expected));
    expect(dataSetToJson(matches[0] ?? expect.fail("no match"))["00080005"]?.Value).toEqual([
      "ISO_IR 192",
    ]);
  });

  test.each([
    ["PatientID=P3", ["1.2.3.3"]],
    ["AccessionNumber=ACC5", ["1.2.3.5"]],
    ["StudyDate=20240112-20240113", ["1.2.3.2", "1.2.3.3"]],
    ["StudyInstanceUID=1.2.3.1,1.2.3.2", ["1.2.3.1", "1.2.3.2"]],
    ["PatientName=Yamada*", ["1.2.3.9"]],
    ["PatientID=NONE", []],
  ])("by %s", async (text, uids) => {
    const { matches } = await search({ level: "study" }, text);
    expect(matches.map((match) => match.string(0x0020000d)).sort()).toEqual(uids);
  });

  test.each(NAMES)("find by a name in the character set %s", async (characterSet, name, key) => {
    // One compares text, the other bytes.
    const stored = characterSet.split("\\");
    const queryCharacterSet = pacs.aeTitle === "ORTHANC" ? ["ISO_IR 192"] : stored;
    const { matches } = await search(
      { level: "study" },
      new URLSearchParams({ PatientName: key }).toString(),
      { queryCharacterSet },
    );
    expect(matches.map((match) => match.string(0x00100010))).toEqual([name]);
  });

  test("have counts and modalities, told or counted", async () => {
    const { matches } = await search({ level: "study" }, "PatientID=P1&includefield=00201208");
    expect(matches[0]?.strings(0x00080061).toSorted()).toEqual(["CT", "MR"]);
    expect(matches[0]?.number(0x00201206)).toBe(2);
    expect(matches[0]?.number(0x00201208)).toBe(2);
  });

  test("reach series and instances with and without a study", async () => {
    const named = await search({ level: "series", studyInstanceUid: "1.2.3.1" }, "Modality=MR");
    expect(named.matches.map((match) => match.string(0x0020000e))).toEqual(["1.2.3.1.2"]);
    const all = await search({ level: "instance" }, "PatientID=P2");
    expect(all.matches.map((match) => match.string(0x00080018)).sort()).toEqual([
      "1.2.3.2.1.1",
      "1.2.3.2.2.1",
    ]);
    expect(all.matches[0]?.string(0x00100010)).toBe("Люкceмбypг");
  });

  test("leave when the page is full", async () => {
    const page = await search({ level: "study" }, "limit=3&offset=2");
    expect(page.matches).toHaveLength(3);
    expect(page.hasMore).toBe(true);
  });
});

describe.skipIf(!hasDcmtk())("searches of wlmscpfs", () => {
  let worklist: Awaited<ReturnType<typeof startWorklist>>;
  let run: RunFind;

  beforeAll(async () => {
    worklist = await startWorklist({ items: [1, 2, 3].map(worklistItem) });
    run = runOn(worklist, "worklist");
  }, 60_000);
  afterAll(async () => {
    await worklist?.stop();
  });

  test.each([
    ["", ["S1", "S2", "S3"]],
    ["Modality=MR", ["S2"]],
    ["00404005=20240111", ["S1"]],
    ["00404005=20240111000000-20240112235959", ["S1", "S2"]],
    ["AccessionNumber=A3", ["S3"]],
    ["PatientID=P9", []],
  ])("by %s", async (text, ids) => {
    const query = parseQidoQuery({ level: "study" }, new URLSearchParams(text));
    const { matches } = await searchWorklist(query, ABILITIES, run, signal);
    expect(matches.map((match) => match.string(0x00400009))).toEqual(ids);
    for (const match of matches) expect(match.string(0x00100010)).toBe("Müller^Eva");
  });
});

function worklistItem(number: number): Uint8Array {
  const dataSet = buildDataSet({
    SpecificCharacterSet: "ISO_IR 100",
    SOPClassUID: "1.2.840.10008.5.1.4.31",
    SOPInstanceUID: `1.2.9.${number}`,
    AccessionNumber: `A${number}`,
    ReferringPhysicianName: null,
    PatientName: "Müller^Eva",
    PatientID: `P${number}`,
    PatientBirthDate: "19500101",
    PatientSex: "F",
    StudyInstanceUID: `1.2.${number}`,
    RequestingPhysician: null,
    RequestedProcedureDescription: "CT thorax",
    RequestedProcedureID: `RP${number}`,
    RequestedProcedurePriority: "ROUTINE",
    ScheduledProcedureStepSequence: [
      {
        Modality: number === 2 ? "MR" : "CT",
        ScheduledStationAETitle: "STATION1",
        ScheduledProcedureStepStartDate: `2024011${number}`,
        ScheduledProcedureStepStartTime: "083000",
        ScheduledPerformingPhysicianName: null,
        ScheduledProcedureStepDescription: "Thorax",
        ScheduledProcedureStepID: `S${number}`,
        ScheduledStationName: "ROOM1",
        ScheduledProcedureStepLocation: null,
      },
    ],
  });
  return writePart10({ dataSet, transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN });
}
