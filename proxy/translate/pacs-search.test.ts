import { describe, expect, test } from "vitest";
import type { MadeDataSet } from "#core/dicom/data-set-builder.ts";
import type { QidoQuery } from "#core/dicomweb/qido-query.ts";
import { PacsSearch } from "./pacs-search.ts";
import { FakePacs, type FakePacsOptions } from "./testing/fake-pacs.ts";
import { MADE_STUDIES } from "./testing/made-studies.ts";

const signal = new AbortController().signal;
const QUERY: QidoQuery = {
  level: "study",
  keys: [],
  includeFields: [],
  includeAll: false,
  fuzzyMatching: false,
  offset: 0,
};

const MANY = Array.from({ length: 60 }, (_, index) => ({
  ...MADE_STUDIES[0],
  StudyInstanceUID: `1.9.${index}`,
}));

function setUp(
  options: FakePacsOptions = {},
  instances: readonly MadeDataSet[] = MANY,
  mostKept = 1000,
) {
  const pacs = new FakePacs(instances, options);
  const clock = { now: 1000 };
  const search = new PacsSearch({ keepMs: 500, mostKept, now: () => clock.now });
  const page = async (offset: number, limit: number, user = "a") => {
    const query = { ...QUERY, offset, limit };
    const { matches, hasMore } = await search.search(
      query,
      user,
      pacs.abilities(),
      pacs.run,
      signal,
    );
    return { uids: matches.map((match) => match.string(0x0020000d)), hasMore };
  };
  return { pacs, clock, search, page };
}

describe("the pages of a search", () => {
  test("come from one C-FIND while they are asked for soon after one another", async () => {
    const { pacs, page } = setUp();
    const first = await page(0, 10);
    const second = await page(10, 10);
    expect(pacs.asked).toHaveLength(1);
    expect([...first.uids, ...second.uids]).toEqual(
      Array.from({ length: 20 }, (_, index) => `1.9.${index}`),
    );
    expect(second.hasMore).toBe(true);
  });

  test("join without gap or repetition where another C-FIND is needed, even in another order", async () => {
    const { pacs, page } = setUp();
    const uids: unknown[] = [];
    for (let offset = 0, hasMore = true; hasMore; offset += 10) {
      if (offset === 40) pacs.turnAround();
      const next = await page(offset, 10);
      uids.push(...next.uids);
      ({ hasMore } = next);
    }
    expect(new Set(uids).size).toBe(60);
    expect(uids).toHaveLength(60);
    expect(pacs.asked.length).toBeLessThan(4);
  });

  test("begin anew with the first page, after a while, for another user, and when told to", async () => {
    const { pacs, clock, search, page } = setUp();
    await page(0, 10);
    await page(0, 10);
    expect(pacs.asked).toHaveLength(2);
    await page(10, 10, "b");
    expect(pacs.asked).toHaveLength(3);
    clock.now += 501;
    await page(10, 10);
    expect(pacs.asked).toHaveLength(4);
    search.clear();
    await page(10, 10);
    expect(pacs.asked).toHaveLength(5);
  });

  test("do not keep more than they may", async () => {
    const { pacs, page } = setUp({}, MANY, 50);
    await page(0, 10, "a");
    await page(0, 10, "b");
    await page(10, 10, "a");
    expect(pacs.asked).toHaveLength(3);
  });

  test("wait neither for what the PACS gives slowly, nor for its end", async () => {
    const pacs = new FakePacs(MANY);
    const stuck = async function* (request: Parameters<typeof pacs.run>[0]) {
      let count = 0;
      for await (const match of pacs.run(request)) {
        if (count++ >= 12) await new Promise(() => undefined);
        yield match;
      }
    };
    const query = { ...QUERY, limit: 10 };
    const page = await new PacsSearch().search(query, "a", pacs.abilities(), stuck, signal);
    expect(page.matches).toHaveLength(10);
  });
});

describe("the patient of a study", () => {
  test("is known from searches, or asked for", async () => {
    const options = { patientRootOnly: true };
    const { pacs, search, page } = setUp(options, MADE_STUDIES);
    const patientOf = (uid: string) => search.patientOf(uid, pacs.abilities(), pacs.run, signal);
    expect(await patientOf("1.2.4")).toBe("P2");
    expect(await patientOf("1.2.9")).toBeUndefined();
    await page(0, 10);
    const { length } = pacs.asked;
    expect(await patientOf("1.2.5")).toBe("P3");
    expect(pacs.asked).toHaveLength(length);
  });
});
