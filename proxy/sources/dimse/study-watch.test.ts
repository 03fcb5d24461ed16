import { describe, expect, it } from "vitest";
import { DimseError } from "../../dimse/dimse-error.ts";
import { StudyWatch } from "./study-watch.ts";

const ONE = { seriesInstanceUid: "1.2.1", modality: "CT", count: 2 };
const TWO = { seriesInstanceUid: "1.2.2", modality: "MR", count: 3 };

/** A watch over a PACS that says what the test lets it say. */
function watched() {
  const pacs = {
    facts: "Doe" as string | undefined,
    series: [ONE],
    isAway: false,
    asked: 0,
    now: 0,
  };
  const changed: string[] = [];
  const answer = async <Value>(value: Value): Promise<Value> => {
    pacs.asked += 1;
    if (pacs.isAway) throw new DimseError("unreachable", "Away");
    return value;
  };
  const watch = new StudyWatch(
    { studyFacts: () => answer(pacs.facts), seriesOf: () => answer(pacs.series) },
    { changed: (study) => changed.push(study) },
    () => pacs.now,
  );
  const use = async () => {
    watch.used("1.2", "a");
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { pacs, watch, changed, use };
}

describe("a study in use", () => {
  it("is compared with the PACS now and then, not each time", async () => {
    const { pacs, use, changed } = watched();
    await use();
    await use();
    expect(pacs.asked).toBe(1);
    pacs.now = 31_000;
    await use();
    expect(pacs.asked).toBe(2);
    expect(changed).toEqual([]);
  });

  it.each([
    ["of another patient by now", "Roe"],
    ["not listed any more", undefined],
  ])("is let go of when it is %s", async (_, facts) => {
    const { pacs, use, changed } = watched();
    await use();
    pacs.facts = facts;
    pacs.now = 31_000;
    await use();
    expect(changed).toEqual(["1.2"]);
  });

  it("is unverified while the PACS does not answer, since it last did", async () => {
    const { pacs, watch, use } = watched();
    pacs.now = 1000;
    await use();
    expect(watch.unverifiedSince("1.2")).toBeUndefined();
    pacs.isAway = true;
    pacs.now = 40_000;
    await use();
    expect(watch.unverifiedSince("1.2")).toBe(1000);
    pacs.isAway = false;
    pacs.now = 80_000;
    await use();
    expect(watch.unverifiedSince("1.2")).toBeUndefined();
  });

  it("gives an older list of series while a new one is asked for, and one that failed stays", async () => {
    const { pacs, watch } = watched();
    expect(await watch.series("1.2", "a")).toEqual([ONE]);
    pacs.series = [ONE, TWO];
    pacs.now = 31_000;
    expect(await watch.series("1.2", "a")).toEqual([ONE]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await watch.series("1.2", "a")).toEqual([ONE, TWO]);
    pacs.isAway = true;
    pacs.now = 80_000;
    expect(await watch.series("1.2", "a")).toEqual([ONE, TWO]);
    await expect(watch.series("9.9", "a")).rejects.toMatchObject({ code: "unreachable" });
  });
});
