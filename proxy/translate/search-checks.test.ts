import { describe, expect, test, vi } from "vitest";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import { withElements } from "./plain-data-set.ts";
import { searchByFind } from "./search-by-find.ts";
import { ask, found, parsed } from "./testing/asked-searches.ts";
import { COUNTED_TAGS, FakePacs } from "./testing/fake-pacs.ts";
import { MADE_STUDIES } from "./testing/made-studies.ts";

const signal = new AbortController().signal;
const PATIENT_NAME = 0x00100010;

describe("matches are checked", () => {
  const everything = {
    ignored: [0x00100010, 0x00100020, 0x00100030, 0x00080050, 0x00081030, 0x00080061, 0x0020000d],
  };

  test.each([
    ["PatientID=P1", ["1.2.1", "1.2.2"]],
    ["PatientID=p1", ["1.2.3"]],
    ["PatientID=%3F1", ["1.2.1", "1.2.2", "1.2.3"]],
    ["PatientBirthDate=19500101", []],
    ["StudyInstanceUID=1.2.3", ["1.2.3"]],
    ["AccessionNumber=A12*", ["1.2.1", "1.2.2", "1.2.3", "1.2.4", "1.2.5"]],
    ["AccessionNumber=A122", ["1.2.2"]],
    ["PatientName=muller*", ["1.2.3"]],
    ["PatientName=doe", ["1.2.1", "1.2.2"]],
    ["PatientName=%E5%B1%B1%E7%94%B0*", ["1.2.5"]],
    ["PatientName=SMITH", []],
    ["StudyDescription=brain", ["1.2.2"]],
    ["ModalitiesInStudy=US", ["1.2.4"]],
  ])("a PACS that ignores keys: %s", async (search, uids) => {
    const strict = { strictPatientIds: true };
    expect((await found(everything, `/studies?${search}`, strict)).uids).toEqual(uids);
  });

  test("another Patient ID may be one of the same patient, and is given with a warning", async () => {
    const { uids, warnings } = await found(
      { ignored: [0x00100020] },
      "/studies?PatientID=P1&StudyDate=20240110-20240112",
    );
    expect(uids).toEqual(["1.2.1", "1.2.2", "1.2.3", "1.2.4"]);
    expect(warnings[0]).toContain("another PatientID");
    expect((await found({}, "/studies?PatientID=P1")).warnings).toEqual([]);
  });

  test("a PACS without an end of what was not asked for is given up", async () => {
    const pacs = new FakePacs(MADE_STUDIES.slice(0, 1), { ignored: [0x00080050] });
    const endless = async function* (request: Parameters<typeof pacs.run>[0]) {
      for (;;) yield* pacs.run(request);
    };
    const query = parsed("/studies?AccessionNumber=NONE&limit=5");
    const now = vi.spyOn(performance, "now");
    for (let time = 0; time < 4; time++) now.mockReturnValueOnce(time * 6000);
    await expect(searchByFind(query, pacs.abilities(), endless, signal)).rejects.toMatchObject({
      code: "upstream-failure",
    });
    now.mockRestore();
  });

  test("a study that the PACS has under two patients is given once, with a warning", async () => {
    const pacs = new FakePacs(MADE_STUDIES.slice(0, 1));
    const twice = async function* (request: Parameters<typeof pacs.run>[0]) {
      for await (const match of pacs.run(request)) {
        yield match;
        const strings = ["SOMEBODY ELSE"];
        const id = { tag: 0x00100020, vr: "LO", value: { kind: "strings", strings } } as const;
        yield { ...match, dataSet: withElements(match.dataSet, [id]) };
      }
    };
    const query = parsed("/studies?limit=5");
    const { matches, warnings } = await searchByFind(query, pacs.abilities(), twice, signal);
    expect(matches).toHaveLength(1);
    expect(warnings.join()).toContain("several patients");
  });

  test("matches of which none says what it is are no empty list", async () => {
    const pacs = new FakePacs(MADE_STUDIES, { unsupported: [0x0020000d] });
    const query = parsed("/studies?limit=5");
    const run = searchByFind(query, pacs.abilities(), pacs.run, signal);
    await expect(run).rejects.toMatchObject({ code: "protocol-violation" });
  });

  test("a list that trickles is answered with what there is of it, and says that there is more", async () => {
    const pacs = new FakePacs(MADE_STUDIES);
    let isLeft = false;
    const slow = async function* (request: Parameters<typeof pacs.run>[0]) {
      try {
        for await (const match of pacs.run(request)) {
          yield match;
          await new Promise((resolve) => setTimeout(resolve, 900));
        }
      } finally {
        isLeft = true;
      }
    };
    const abilities = { ...pacs.abilities(), patienceMs: 10 };
    const page = await searchByFind(parsed("/studies"), abilities, slow, signal);
    expect(page.matches).toHaveLength(3);
    expect(page.hasMore).toBe(true);
    await vi.waitFor(() => expect(isLeft).toBe(true), 2000);
  });

  test("a PACS that matches names in its own way keeps its matches", async () => {
    const reversed = await found(
      { matchesNames: (name) => name.startsWith("DOE") },
      "/studies?PatientName=john%20doe",
    );
    expect(reversed.uids).toEqual(["1.2.1", "1.2.2"]);
  });

  test("an unsupported key that nobody can confirm gives no match, and says so", async () => {
    const { uids, warnings } = await found(
      { unsupported: [0x00081030] },
      "/studies?StudyDescription=Brain",
    );
    expect(uids).toEqual([]);
    expect(warnings[0]).toContain("StudyDescription");
  });

  test("an identifier that is not told gives no match, whatever the status says", async () => {
    const { uids, warnings } = await found({ unsupported: [0x00100020] }, "/studies?PatientID=P1");
    expect(uids).toEqual([]);
    expect(warnings[0]).toContain("PatientID");
  });

  test("another study's series are not given, even when the PACS gives them", async () => {
    const { uids } = await found({ ignored: [0x0020000d] }, "/studies/1.2.3/series");
    expect(uids).toEqual(["1.2.3.1"]);
  });

  test("fuzzy matching is left to the PACS where agreed upon, and warned of where not", async () => {
    const address = "/studies?PatientName=MUELLER&fuzzymatching=true";
    const phonetic = { matchesNames: (name: string) => name.startsWith("Müller") };
    const agreed = await found(phonetic, address, { fuzzyMatching: true });
    expect(agreed.uids).toEqual(["1.2.3"]);
    expect(agreed.warnings).toEqual([]);
    const literal = await found(phonetic, address);
    expect(literal.uids).toEqual([]);
    expect(literal.warnings[0]).toMatch(/^The fuzzymatching parameter is not supported/);
  });
});

describe("results", () => {
  test("have counts and modalities from the levels below where the PACS tells none", async () => {
    const { matches } = await found(
      { unsupported: COUNTED_TAGS },
      "/studies?StudyInstanceUID=1.2.1",
    );
    expect(matches[0]?.strings(0x00080061)).toEqual(["CT", "SR"]);
    expect(matches[0]?.number(0x00201206)).toBe(3);
    expect(matches[0]?.number(0x00201208)).toBe(6);
    const series = await found({ unsupported: COUNTED_TAGS }, "/studies/1.2.1/series");
    expect(series.matches[0]?.number(0x00201209)).toBe(2);
  });

  test("have what their level has, empty where there is nothing, and the levels that the path leaves open", async () => {
    const { matches } = await found({}, "/series?PatientID=P2");
    const json = dataSetToJson(matches[0] ?? expect.fail("no match"));
    expect(json["00100010"]?.Value).toEqual([{ Alphabetic: "Иванов^Пётр" }]);
    expect(json["00080060"]?.Value).toEqual(["US"]);
    expect(json["00080005"]?.Value).toEqual(["ISO_IR 192"]);
    expect(json["00080201"]).toEqual({ vr: "SH" });
    expect(json["00080052"]).toBeUndefined();
    const below = await found({}, "/studies/1.2.4/series?includefield=PatientName");
    expect(below.matches[0]?.string(PATIENT_NAME)).toBe("Иванов^Пётр=");
    expect(below.matches[0]?.has(0x00081030)).toBe(false);
  });

  test.each([
    [["ISO_IR 144"], "1.2.4", { Alphabetic: "Иванов^Пётр" }],
    [
      ["", "ISO 2022 IR 87"],
      "1.2.5",
      { Alphabetic: "Yamada^Tarou", Ideographic: "山田^太郎", Phonetic: "やまだ^たろう" },
    ],
    [["ISO_IR 100"], "1.2.3", { Alphabetic: "Müller^Eva" }],
  ])("are UTF-8 from %j, declared or not", async (characterSet, uid, name) => {
    const study = MADE_STUDIES.filter(({ StudyInstanceUID }) => StudyInstanceUID === uid);
    for (const isSilentOfCharacterSet of [false, true]) {
      const pacs = new FakePacs(study, { answersIn: characterSet, isSilentOfCharacterSet });
      const { matches } = await ask(pacs, "/studies", { fallbackCharacterSet: characterSet });
      expect(dataSetToJson(matches[0] ?? expect.fail("no match"))["00100010"]?.Value).toEqual([
        name,
      ]);
    }
  });
});
