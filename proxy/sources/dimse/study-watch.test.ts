import { describe, expect, it } from "vitest";
import { DimseError } from "../../dimse/dimse-error.ts";
import { StudyWatch } from "./study-watch.ts";

const ONE = { seriesInstanceUid: "1.2.1", modality: "CT", count: 2 };
const TWO = { seriesInstanceUid: "1.2.2", modality: "MR", count: 3 };

/** A watch over a PACS that says what the test lets it say. */
function watched() {
  const pacs = {
    facts: "Doe" as string | undefined,
    count: 5 as number | undefined,
    mark: undefined as string | undefined,
    isInherited: false,
    takesMs: 0,
    series: [ONE],
    isAway: false,
    asked: 0,
    now: 0,
    clockError: 0,
  };
  const changed: string[] = [];
  const recounted: string[] = [];
  const answer = async <Value>(value: Value): Promise<Value> => {
    pacs.asked += 1;
    if (pacs.isAway) throw new DimseError("unreachable", "Away");
    return value;
  };
  const watch = new StudyWatch(
    {
      studyFacts: async () => {
        const { facts, count, takesMs } = pacs;
        if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
        return await answer(facts === undefined ? undefined : { identity: facts, count });
      },
      seriesOf: () => answer(pacs.series),
    },
    { changed: (study) => changed.push(study), recounted: (study) => recounted.push(study) },
    {
      markOf: () => pacs.mark,
      mark: (_study, text) => {
        pacs.mark = text;
      },
      isInherited: () => pacs.isInherited,
    },
    { steady: () => pacs.now, wall: () => pacs.now + pacs.clockError },
  );
  const use = async () => {
    watch.used("1.2", "a");
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { pacs, watch, changed, recounted, use };
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

  it("is compared with what was kept with it, by whatever process", async () => {
    const before = watched();
    await before.use();
    const { pacs, use, changed } = watched();
    pacs.mark = before.pacs.mark;
    pacs.facts = "Roe";
    await use();
    expect(changed).toEqual(["1.2"]);
    expect(pacs.mark).not.toContain("Roe");
  });

  it("is let go of when it was kept by another process without a word on whose it is", async () => {
    const { pacs, use, changed } = watched();
    pacs.isInherited = true;
    await use();
    expect(changed).toEqual(["1.2"]);
  });

  it("has its lists asked for again when the number of its instances is another one", async () => {
    const { pacs, use, changed, recounted } = watched();
    await use();
    pacs.count = 6;
    pacs.now = 31_000;
    await use();
    expect({ changed, recounted }).toEqual({ changed: [], recounted: ["1.2"] });
  });

  it("is confirmed before what is kept of it is served, for all who ask meanwhile", async () => {
    const { pacs, watch, changed } = watched();
    pacs.mark = "of somebody else";
    pacs.takesMs = 20;
    const first = watch.confirm("1.2", "a");
    expect(watch.isDue("1.2")).toBe(true);
    await watch.confirm("1.2", "b");
    expect(changed).toEqual(["1.2"]);
    await first;
    expect(watch.isDue("1.2")).toBe(false);
    expect(pacs.asked).toBe(1);
  });

  it("is unverified when the PACS takes too long to confirm it", async () => {
    const { pacs, watch } = watched();
    pacs.takesMs = 1700;
    await watch.confirm("1.2", "a");
    expect(watch.unverifiedSince("1.2")).toBe(0);
    expect(watch.isDue("1.2")).toBe(false);
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

  it("is compared as often when somebody sets the clock back by days", async () => {
    const { pacs, use } = watched();
    await use();
    pacs.clockError = -7 * 86_400_000;
    pacs.now = 31_000;
    await use();
    expect(pacs.asked).toBe(2);
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

describe("series of a study that the PACS is asked for", () => {
  it("are not asked for any more when the last of those who wait has left", async () => {
    const asked: AbortSignal[] = [];
    const watch = new StudyWatch(
      {
        studyFacts: async () => undefined,
        seriesOf: (_study, _user, signal) => {
          asked.push(signal);
          return new Promise((_resolve, reject) =>
            signal.addEventListener("abort", () => reject(signal.reason)),
          );
        },
      },
      { changed: () => undefined, recounted: () => undefined },
      { markOf: () => undefined, mark: () => undefined, isInherited: () => false },
    );
    const [one, two] = [new AbortController(), new AbortController()];
    const waiting = [
      watch.series("1.2", "a", one.signal),
      watch.series("1.2", "b", two.signal),
    ].map((reading) => reading.catch(() => "left"));
    one.abort();
    expect(await waiting[0]).toBe("left");
    expect(asked.map(({ aborted }) => aborted)).toEqual([false]);
    two.abort();
    expect(await waiting[1]).toBe("left");
    expect(asked.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
