import { describe, expect, it, vi } from "vitest";
import { DataSet } from "#core/dicom/data-set.ts";
import { STUDIES_PER_PAGE, type StudyListSource, StudyListState } from "./study-list-state.ts";

type Search = Parameters<StudyListSource["searchForStudies"]>[0];

function study(index: number): DataSet {
  const text = (tag: number, vr: "UI" | "PN" | "DA", value: string) =>
    ({ tag, vr, value: { kind: "strings", strings: [value] } }) as const;
  const month = String((index % 12) + 1).padStart(2, "0");
  return new DataSet([
    text(0x0020000d, "UI", `1.2.${index}`),
    text(0x00100010, "PN", `NAME${10_000 - index}^A`),
    text(0x00080020, "DA", `2026${month}01`),
  ]);
}

/** An archive of so many studies that notes what it was asked. */
function archive(count: number) {
  const asked: Search[] = [];
  const source: StudyListSource = {
    async searchForStudies(search) {
      asked.push(search);
      const end = Math.min(search.offset + search.limit, count);
      const studies = [];
      for (let index = search.offset; index < end; index += 1) studies.push(study(index));
      return { studies, hasMore: end < count };
    },
  };
  return { source, asked };
}

describe("the study list", () => {
  it("shows the first page after one search, however many studies there are", async () => {
    const { source, asked } = archive(10_000);
    const list = new StudyListState(source);
    await list.search();
    expect(asked).toHaveLength(1);
    expect(list.page.value).toHaveLength(STUDIES_PER_PAGE);
    expect(list.hasMore.value).toBe(true);
  });

  it("puts the newest study first when everything is known", async () => {
    const { source } = archive(20);
    const list = new StudyListState(source);
    await list.search();
    expect(list.entries.value[0]?.date).toBe("20261201");
  });

  it("loads a later page when it is asked for, and none behind the last", async () => {
    const { source } = archive(120);
    const list = new StudyListState(source);
    await list.search();
    await list.showPage(2);
    expect(list.page.value).toHaveLength(20);
    await list.showPage(9);
    expect(list.pageIndex.value).toBe(2);
  });

  it("sorts all studies of the archive, not those that happen to be loaded", async () => {
    const { source } = archive(10_000);
    const list = new StudyListState(source);
    await list.search();
    await list.sortBy({ column: "patient", isDescending: false });
    expect(list.page.value[0]?.patientName?.alphabetic).toBe("NAME1^A");
    expect(list.entries.value).toHaveLength(10_000);
  });

  it("asks once after a burst of changes, and for each modality chosen", async () => {
    vi.useFakeTimers();
    try {
      const { source, asked } = archive(3);
      const list = new StudyListState(source, { debounceMs: 100 });
      for (const patientName of ["d", "de", "demo, ch"]) list.changeFilter({ patientName });
      list.changeFilter({ modalities: ["CT", "MR"] });
      await vi.runAllTimersAsync();
      expect(asked.map(({ patientName, modality }) => [patientName, modality])).toEqual([
        ["*demo*ch*", "CT"],
        ["*demo*ch*", "MR"],
      ]);
      expect(list.entries.value).toHaveLength(3);
    } finally {
      vi.useRealTimers();
    }
  });

  it("never lets a slow answer to an old question overwrite the new one", async () => {
    const answers: ((count: number) => void)[] = [];
    const source: StudyListSource = {
      searchForStudies: () =>
        new Promise((resolve) => {
          answers.push((count) =>
            resolve({ studies: Array.from({ length: count }, (_, i) => study(i)), hasMore: false }),
          );
        }),
    };
    const list = new StudyListState(source);
    const first = list.search();
    const second = list.search();
    answers[1]?.(1);
    answers[0]?.(7);
    await Promise.all([first, second]);
    expect(list.entries.value).toHaveLength(1);
  });

  it("hands on what the archive says beside its answer, and forgets it with the next one", async () => {
    const { source } = archive(2);
    const said = [["The folder is still being indexed"], []];
    const list = new StudyListState({
      searchForStudies: async (search, signal) => ({
        ...(await source.searchForStudies(search, signal)),
        warnings: said.shift() ?? [],
      }),
    });
    await list.search();
    expect(list.warnings.value).toEqual(["The folder is still being indexed"]);
    await list.search();
    expect(list.warnings.value).toEqual([]);
  });

  it("shows no study found for another question when a search fails, and can be tried again", async () => {
    const { source } = archive(5);
    let isDown = false;
    const list = new StudyListState({
      searchForStudies: (search, signal) =>
        isDown
          ? Promise.reject(Object.assign(new Error("The archive is busy"), { code: "busy" }))
          : source.searchForStudies(search, signal),
    });
    await list.search();
    isDown = true;
    await list.search();
    expect(list.status.value).toEqual({
      kind: "failed",
      failure: { code: "busy", message: "The archive is busy" },
    });
    expect(list.page.value).toEqual([]);
    isDown = false;
    await list.search();
    expect(list.page.value).toHaveLength(5);
  });

  it("shows what arrives at once where there are no rows", async () => {
    let count = 0;
    const list = new StudyListState({
      searchForStudies: (search, signal) => archive(count).source.searchForStudies(search, signal),
    });
    await list.search();
    expect(list.page.value).toEqual([]);
    count = 2;
    expect(await list.lookForNew(new AbortController().signal)).toBe(true);
    expect(list.page.value).toHaveLength(2);
    expect(list.arrived.value).toEqual([]);
  });

  it("keeps what arrives apart from the rows until somebody asks for it", async () => {
    let count = 3;
    const list = new StudyListState({
      searchForStudies: (search, signal) => archive(count).source.searchForStudies(search, signal),
    });
    const signal = new AbortController().signal;
    await list.search();
    expect(await list.lookForNew(signal)).toBe(false);
    count = 5;
    expect(await list.lookForNew(signal)).toBe(true);
    expect(list.arrived.value).toHaveLength(2);
    expect(list.page.value).toHaveLength(3);
    expect(await list.lookForNew(signal)).toBe(false);
    list.showArrived();
    expect(list.arrived.value).toEqual([]);
    expect(list.page.value).toHaveLength(5);
  });

  it("forgets what it was told of another question", async () => {
    let give = (): void => undefined;
    const { source } = archive(3);
    let isSlow = false;
    const list = new StudyListState({
      searchForStudies: async (search, signal) => {
        if (isSlow)
          await new Promise<void>((resolve) => {
            give = resolve;
          });
        return source.searchForStudies(search, signal);
      },
    });
    await list.search();
    isSlow = true;
    const looking = list.lookForNew(new AbortController().signal);
    isSlow = false;
    list.changeFilter({ patientName: "x" });
    give();
    expect(await looking).toBe(false);
    expect(list.arrived.value).toEqual([]);
    list.dispose();
  });
});
