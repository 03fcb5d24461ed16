import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DataSet } from "#core/dicom/data-set.ts";
import { dataSetToJson } from "#core/dicom-json/to-json.ts";
import { DimseError } from "../dimse/dimse-error.ts";
import { searchByFind } from "./search-by-find.ts";
import { ask, found, parsed } from "./testing/asked-searches.ts";
import { COUNTED_TAGS, FakePacs, type FakePacsOptions } from "./testing/fake-pacs.ts";
import { MADE_STUDIES } from "./testing/made-studies.ts";

const signal = new AbortController().signal;
const PATIENT_NAME = 0x00100010;

describe("a search becomes C-FINDs", () => {
  const CASES: readonly (readonly [address: string, uids: readonly string[]])[] = [
    ["/studies", ["1.2.1", "1.2.2", "1.2.3", "1.2.4", "1.2.5"]],
    ["/studies?PatientID=P1", ["1.2.1", "1.2.2"]],
    ["/studies?PatientName=DOE*", ["1.2.1", "1.2.2"]],
    ["/studies?00100010=M%C3%BCller*", ["1.2.3"]],
    ["/studies?PatientName=%D0%98%D0%B2%D0%B0%D0%BD%D0%BE%D0%B2*", ["1.2.4"]],
    ["/studies?StudyDate=20240111-20240112", ["1.2.2", "1.2.3", "1.2.4"]],
    ["/studies?StudyDate=20240113-", ["1.2.5"]],
    ["/studies?StudyDate=2024.01.10", ["1.2.1"]],
    ["/studies?StudyTime=0800-0930", ["1.2.1", "1.2.3"]],
    ["/studies?StudyDate=20240110-20240112&StudyTime=1400-1000", ["1.2.2", "1.2.3"]],
    ["/studies?AccessionNumber=A123", ["1.2.3"]],
    ["/studies?StudyInstanceUID=1.2.2,1.2.5,1.2.9", ["1.2.2", "1.2.5"]],
    ["/studies?StudyInstanceUID=1.2.2%5C1.2.5", ["1.2.2", "1.2.5"]],
    ["/studies?ModalitiesInStudy=CR", ["1.2.3", "1.2.4"]],
    ["/studies?ModalitiesInStudy=MR%5CMG", ["1.2.2", "1.2.5"]],
    ["/studies?StudyDescription=CHEST%20ROUTINE", ["1.2.1"]],
    ["/studies?Modality=SR", ["1.2.1"]],
    ["/studies?SOPInstanceUID=1.2.4.2.1", ["1.2.4"]],
    ["/studies?SeriesInstanceUID=1.2.4.2", ["1.2.4"]],
    ["/studies?PatientID=NOBODY", []],
    ["/studies/1.2.1/series", ["1.2.1.1", "1.2.1.2", "1.2.1.3"]],
    ["/studies/1.2.1/series?Modality=SR", ["1.2.1.3"]],
    ["/studies/1.2.1/series?PatientID=P2", []],
    ["/studies/1.2.1/series?RequestAttributesSequence.ScheduledProcedureStepID=SPS2", ["1.2.1.2"]],
    ["/studies/1.2.9/series", []],
    ["/series?Modality=CR", ["1.2.3.1", "1.2.4.2"]],
    ["/series?PatientID=P2", ["1.2.4.1", "1.2.4.2"]],
    ["/series?AccessionNumber=A122", ["1.2.2.1"]],
    ["/studies/1.2.2/instances", ["1.2.2.1.1", "1.2.2.1.2"]],
    ["/studies/1.2.1/instances?InstanceNumber=2", ["1.2.1.1.2", "1.2.1.2.2", "1.2.1.3.2"]],
    ["/studies/1.2.1/series/1.2.1.3/instances", ["1.2.1.3.1", "1.2.1.3.2"]],
    ["/instances?PatientID=P3", ["1.2.5.1.1", "1.2.5.1.2"]],
    ["/instances?SOPInstanceUID=1.2.4.1.2", ["1.2.4.1.2"]],
  ];
  const KINDS: readonly (readonly [kind: string, options: FakePacsOptions])[] = [
    ["a PACS level by level", {}],
    ["a relational PACS", { relational: true, dateTimeMatching: true }],
    ["a PACS without lists of UIDs", { takesUidLists: false }],
    ["a PACS that tells no counts and modalities", { unsupported: COUNTED_TAGS }],
    ["a Patient Root PACS", { patientRootOnly: true }],
    [
      "one that is silent without a Patient ID",
      { patientRootOnly: true, withoutPatientId: "nothing" },
    ],
    [
      "one that refuses without a Patient ID",
      { patientRootOnly: true, withoutPatientId: "refuses" },
    ],
    [
      "a PACS that ignores what it is asked",
      {
        ignored: [
          0x00100020, 0x00080050, 0x00100010, 0x0020000d, 0x00080020, 0x00080061, 0x0020000e,
        ],
      },
    ],
    ["a PACS whose answers are GB18030", { answersIn: ["GB18030"] }],
  ];
  describe.each(KINDS)("for %s", (_, options) => {
    test.each(CASES)("%s", async (address, uids) => {
      const sorted = (await found(options, address, { strictPatientIds: true })).uids.sort();
      expect(sorted).toEqual([...uids].sort());
    });
  });

  test("no more than four C-FINDs run at a time", async () => {
    const { pacs } = await found({}, "/instances");
    expect(pacs.mostOpen).toBe(4);
    expect(pacs.open).toBe(0);
  });
});

describe("identifiers (PS3.4 C.4.1.1.3)", () => {
  const shown = (identifier: DataSet | undefined) =>
    Object.fromEntries(
      Object.entries(dataSetToJson(identifier ?? expect.fail("nothing was asked"))).map(
        ([tag, { Value }]) => [tag, Value],
      ),
    );

  test("have level, character set, availability, time zone and what results of the level need", async () => {
    const { pacs } = await found({}, "/studies?includefield=StudyComments&StudyID=S1.2.1");
    expect(pacs.asked).toHaveLength(1);
    const asked = shown(pacs.asked[0]);
    expect(asked["00080052"]).toEqual(["STUDY"]);
    expect(asked["00200010"]).toEqual(["S1.2.1"]);
    expect(Object.keys(asked)).toEqual(
      "00080005 00080020 00080030 00080050 00080052 00080056 00080061 00080090 00080201 00081030 00100010 00100020 00100021 00100030 00100040 0020000D 00200010 00201206 00201208 00324000".split(
        " ",
      ),
    );
  });

  test("declare a character set when the text needs one, and only then", async () => {
    const latin = await found({}, "/studies?PatientName=M%C3%BCller*");
    expect(latin.pacs.asked[0]?.string(0x00080005)).toBe("ISO_IR 192");
    expect(latin.pacs.asked[0]?.string(PATIENT_NAME)).toBe("Müller*");
    const ascii = await found({}, "/studies?PatientName=DOE*");
    expect(ascii.pacs.asked[0]?.has(0x00080005)).toBe(true);
    expect(ascii.pacs.asked[0]?.string(0x00080005)).toBeUndefined();
  });

  test.each([
    [["ISO_IR 100"], "Müller", "Müller"],
    [["ISO_IR 144"], "Иванов", "Иванов"],
    [["ISO 2022 IR 87"], "=山田*", "=山田*"],
    [["", "ISO 2022 IR 149"], "洪^吉洞", "洪^吉洞"],
    [["GB18030"], "王*", "王*"],
    // What the set does not have is left to a wildcard, and to the check.
    [["ISO_IR 6"], "Müller", "M*ller"],
    [["ISO_IR 144"], "Ивaнов=山田", "Ивaнов=*"],
  ])("in %j, %s is asked for as %s", async (queryCharacterSet, name, asked) => {
    const { pacs } = await found({}, `/studies?PatientName=${encodeURIComponent(name)}`, {
      queryCharacterSet,
    });
    expect(pacs.asked[0]?.string(PATIENT_NAME)).toBe(asked);
  });

  test("an inner key keeps its sequence, a whole one is asked for with what matters of it", async () => {
    const { pacs } = await found(
      {},
      "/studies/1.2.1/series?00400275.00401001=RP1.2.1&includefield=00400275.00400009",
    );
    const [item] = pacs.asked[0]?.items(0x00400275) ?? [];
    expect(item?.string(0x00401001)).toBe("RP1.2.1");
    expect(item?.has(0x00400009)).toBe(true);
  });

  test("all asks for every key that is known of the level", async () => {
    const { pacs } = await found({}, "/studies?includefield=all");
    for (const tag of [0x00081032, 0x00101010, 0x00104000, 0x00080062])
      expect(pacs.asked[0]?.has(tag)).toBe(true);
  });

  test("UIDs go in lists, in pieces where they are many, one by one where lists are not taken", async () => {
    const many = Array.from({ length: 250 }, (_, index) => `1.3.${index}`).join(",");
    expect((await found({}, `/studies?StudyInstanceUID=${many}`)).pacs.asked).toHaveLength(3);
    const single = await found({ takesUidLists: false }, "/studies?StudyInstanceUID=1.2.1,1.2.2");
    expect(single.pacs.asked.map((asked) => asked.strings(0x0020000d))).toEqual([
      ["1.2.1"],
      ["1.2.2"],
    ]);
  });

  test("times of a range of dates are asked for only where both are one range", async () => {
    const address = "/studies?StudyDate=20240110-20240112&StudyTime=1400-1000";
    const apart = await found({}, address);
    expect(apart.pacs.asked[0]?.string(0x00080030)).toBeUndefined();
    const joint = await found({ dateTimeMatching: true }, address);
    expect(joint.pacs.asked[0]?.string(0x00080030)).toBe("1400-1000");
  });

  test("below a patient the Patient Root model is told the patient", async () => {
    const { pacs } = await found({ patientRootOnly: true }, "/studies/1.2.4/series");
    expect(pacs.asked.at(-1)?.string(0x00100020)).toBe("P2");
    expect(pacs.asked.at(-1)?.string(0x0020000d)).toBe("1.2.4");
  });

  test("a time zone is sent where it is agreed upon, and warned of where not", async () => {
    const address = "/studies?TimezoneOffsetFromUTC=%2B0100";
    const agreed = await found({}, address, { timeZone: true });
    expect(agreed.pacs.asked[0]?.string(0x00080201)).toBe("+0100");
    expect(agreed.warnings).toEqual([]);
    const plain = await found({}, "/studies", { timeZone: true });
    expect(plain.pacs.asked[0]?.has(0x00080201)).toBe(false);
    const { warnings, pacs } = await found({}, address);
    expect(warnings).toEqual(["The PACS does not adjust dates and times to a time zone"]);
    expect(pacs.asked[0]?.string(0x00080201)).toBeUndefined();
  });
});

describe("what no PACS can be asked", () => {
  test.each([
    ["/studies?PatientID=A%5CB", "backslash"],
    ["/studies?PatientName=A%1BB", "control characters"],
    ["/studies?StudyInstanceUID=1.2.*", "UID"],
    ["/studies?StudyInstanceUID=abc", "UID"],
    ["/instances?InstanceNumber=1*", "wildcards"],
    ["/instances?Rows=many", "number"],
    ["/series?RequestAttributesSequence=X", "sequence"],
    ["/studies?PatientName=%E5%B1%B1", "character set"],
    ["/studies?offset=10000", "narrow"],
  ])("%s", async (address, word) => {
    const asked = found({}, address, { queryCharacterSet: ["ISO_IR 100"] });
    await expect(asked).rejects.toMatchObject({
      name: "SourceError",
      code: "bad-request",
      message: expect.stringContaining(word),
    });
  });

  test("instances of a PACS without the IMAGE level", async () => {
    const asked = found({}, "/studies/1.2.1/instances", { hasImageLevel: false });
    await expect(asked).rejects.toMatchObject({ code: "not-implemented" });
  });

  test("a walk through more studies than is sensible", async () => {
    const many = Array.from({ length: 501 }, (_, index) => ({
      ...MADE_STUDIES[0],
      StudyInstanceUID: `1.9.${index}`,
      SeriesInstanceUID: `1.9.${index}.1`,
      SOPInstanceUID: `1.9.${index}.1.1`,
    }));
    const pacs = new FakePacs(many);
    await expect(ask(pacs, "/series")).rejects.toMatchObject({
      code: "bad-request",
      message: expect.stringContaining("narrow"),
    });
    expect((await ask(pacs, "/series?limit=10")).matches).toHaveLength(10);
  });
});

describe("paging", () => {
  test("leaves the C-FIND as soon as the page is known", async () => {
    const { uids, hasMore, pacs } = await found({}, "/studies?limit=2&offset=1");
    expect(uids).toEqual(["1.2.2", "1.2.3"]);
    expect(hasMore).toBe(true);
    await new Promise(setImmediate);
    expect(pacs.cancelled).toBe(1);
    expect((await found({}, "/studies?limit=5")).hasMore).toBe(false);
    expect((await found({}, "/studies?offset=7")).uids).toEqual([]);
  });

  test.each([
    "/studies?limit=2",
    "/studies?ModalitiesInStudy=C%3F&limit=1",
    "/studies?Modality=CR&limit=1",
    "/series?limit=2",
    "/instances?limit=3",
  ])("leaves nothing open behind: %s", async (address) => {
    for (const options of [{}, { relational: true }, { unsupported: COUNTED_TAGS }]) {
      const { pacs } = await found(options, address);
      await expect.poll(() => pacs.open).toBe(0);
    }
  });

  test("the pages of any search are the whole of it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("/studies", "/series", "/instances", "/studies/1.2.1/instances"),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        async (path, limit, relational) => {
          const whole = await found({ relational }, path);
          const pages: (string | undefined)[] = [];
          for (let offset = 0, hasMore = true; hasMore; offset += limit) {
            const page = await found({ relational }, `${path}?limit=${limit}&offset=${offset}`);
            pages.push(...page.uids);
            ({ hasMore } = page);
          }
          expect(pages).toEqual(whole.uids);
        },
      ),
      { numRuns: 12, seed: 5 },
    );
  });
});

test("any text that is searched for arrives as it was given, or as a wildcard, or is refused", async () => {
  const sets = [["ISO_IR 192"], ["ISO_IR 100"], ["", "ISO 2022 IR 87"], ["ISO_IR 144"], ["GBK"]];
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.string({ unit: fc.constantFrom(..."Aé山Л*?^=\\-") }),
      ),
      fc.constantFrom(...sets),
      async (text, queryCharacterSet) => {
        const pacs = new FakePacs(MADE_STUDIES.slice(0, 1));
        const query = { ...parsed("/studies"), keys: [{ path: [PATIENT_NAME], value: text }] };
        try {
          await searchByFind(query, pacs.abilities({ queryCharacterSet }), pacs.run, signal);
        } catch (error) {
          expect(error).toMatchObject({ name: "SourceError", code: "bad-request" });
          return;
        }
        const asked = pacs.asked[0]?.strings(PATIENT_NAME).join("\\") ?? "";
        const pattern = asked.replace(/[\\^$+?.()|[\]{}/]/g, "\\$&").replaceAll("*", "[^]*");
        expect(text.replace(/^[\s\p{Cc}]+|[\s\p{Cc}]+$/gu, "")).toMatch(
          new RegExp(`^${pattern}$`, "u"),
        );
      },
    ),
    { numRuns: 60, seed: 7 },
  );
});

describe("failures", () => {
  test("are thrown, whenever they come", async () => {
    const failure = new DimseError("failed-status", "C-FIND failed", { status: 0xc001 });
    const pacs = new FakePacs(MADE_STUDIES);
    const after = (count: number) =>
      async function* (request: Parameters<typeof pacs.run>[0]) {
        let given = 0;
        for await (const match of pacs.run(request)) {
          if (given++ === count) throw failure;
          yield match;
        }
      };
    for (const address of [
      "/studies",
      "/series",
      "/instances?PatientID=P1",
      "/studies?Modality=CT",
    ]) {
      const asked = searchByFind(parsed(address), pacs.abilities(), after(1), signal);
      await expect(asked).rejects.toBe(failure);
    }
    expect(pacs.open).toBe(0);
  });

  test("an abort ends the search at once", async () => {
    const pacs = new FakePacs(MADE_STUDIES);
    const abort = new AbortController();
    const asked = searchByFind(parsed("/instances"), pacs.abilities(), pacs.run, abort.signal);
    setImmediate(() => abort.abort());
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    expect(pacs.open).toBe(0);
  });
});
