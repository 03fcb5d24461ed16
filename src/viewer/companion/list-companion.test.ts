import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RetrieveError } from "../../retrieve/study-source.ts";
import { FakeCompanion } from "../fake/fake-companion.ts";
import { NO_FILTER } from "../study-list-filter.ts";
import { ArrivalWatch } from "./arrival-watch.ts";
import { Forwarding, type ForwardTarget, forwardDestinations } from "./forwarding.ts";
import { lostInstances } from "./lost-instances.ts";
import { scheduledBeside, searchScheduledWork } from "./scheduled-work.ts";

const never = new AbortController().signal;
const forbidden = new RetrieveError("forbidden", "No.", { status: 403 });

describe("forwarding", () => {
  const target: ForwardTarget = {
    studyInstanceUid: "1.2",
    patient: "",
    identity: "",
    study: "",
    series: { seriesInstanceUid: "1.2.3", name: "" },
    instance: { sopInstanceUid: "1.2.3.4", name: "" },
  };

  it.each([
    ["study", { studyInstanceUID: "1.2" }],
    ["series", { studyInstanceUID: "1.2", seriesInstanceUID: "1.2.3" }],
    [
      "instance",
      { studyInstanceUID: "1.2", seriesInstanceUID: "1.2.3", sopInstanceUID: "1.2.3.4" },
    ],
  ] as const)("of a %s names no more than that", async (level, uids) => {
    const companion = new FakeCompanion({ "sources/pacs/forward": [{ status: "completed" }] });
    await new Forwarding(companion, "pacs").begin(target, level, "THERE");
    expect(companion.sent).toEqual([{ destination: "THERE", ...uids }]);
  });

  it("ends with what arrived and what did not", async () => {
    const lines = [
      { remaining: 2, completed: 1, failed: 0, warning: 0 },
      { status: "partial", completed: 2, failed: 1, failedInstances: [{ sopInstanceUID: "1" }] },
    ];
    const forwarding = new Forwarding(new FakeCompanion({ "sources/p/forward": lines }), "p");
    await forwarding.begin(target, "study", "THERE");
    expect(forwarding.status.value).toMatchObject({
      kind: "done",
      progress: { completed: 2, failed: 1 },
      outcome: { status: "partial", failed: [{ sopInstanceUid: "1" }] },
    });
  });

  it("without a result has failed", async () => {
    const lines = [{ remaining: 2, completed: 1 }];
    const forwarding = new Forwarding(new FakeCompanion({ "sources/p/forward": lines }), "p");
    await forwarding.begin(target, "study", "THERE");
    expect(forwarding.status.value).toMatchObject({ kind: "failed", progress: { completed: 1 } });
  });

  it("has nowhere to go where nobody may", async () => {
    const companion = new FakeCompanion({ "sources/p/forward": forbidden });
    expect(await forwardDestinations(companion, "p", never)).toEqual([]);
  });
});

describe("scheduled work", () => {
  const item = (uid: string, start: string, state = "SCHEDULED") => ({
    "00080018": { vr: "UI", Value: [uid] },
    "00080060": { vr: "CS", Value: ["CT"] },
    "00100010": { vr: "PN", Value: [{ Alphabetic: "DEMO^Anna" }] },
    "0020000D": { vr: "UI", Value: [`1.2.${uid}`] },
    "00404005": { vr: "DT", Value: [start] },
    "00741000": { vr: "CS", Value: [state] },
  });

  it("is asked for one day, and comes in order of time without what is no longer scheduled", async () => {
    const companion = new FakeCompanion({
      "sources/p/dicom-web/workitems": [
        item("2", "20261121130000"),
        item("1", "20261121090000"),
        item("3", "20261121080000", "IN PROGRESS"),
      ],
    });
    const entries = await searchScheduledWork(companion, "p", new Date(2026, 10, 21), never);
    expect(entries.map(({ uid, time }) => [uid, time])).toEqual([
      ["1", "090000"],
      ["2", "130000"],
    ]);
    expect(companion.asked[0]).toContain("20261121000000-20261121235959");
  });

  it("stands beside the list by its filter, and never when there are images", async () => {
    const companion = new FakeCompanion({
      "sources/p/dicom-web/workitems": [item("1", "20261121090000"), item("2", "20261121100000")],
    });
    const entries = await searchScheduledWork(companion, "p", new Date(2026, 10, 21), never);
    const beside = (filter: Partial<typeof NO_FILTER>, studyInstanceUid = "9") =>
      scheduledBeside(entries, [{ studyInstanceUid, modalities: [] }], { ...NO_FILTER, ...filter })
        .length;
    expect(beside({})).toBe(2);
    expect(beside({}, "1.2.1")).toBe(1);
    expect(beside({ patientName: "anna dem" })).toBe(2);
    expect(beside({ patientName: "bertil" })).toBe(0);
    expect(beside({ modalities: ["MR"] })).toBe(0);
    expect(beside({ dates: { kind: "range", from: "20200101", to: "" } })).toBe(0);
  });
});

describe("watching for arrivals", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const OPTIONS = { firstMs: 1000, longestMs: 4000, isVisible: () => true };

  it("looks the more rarely the longer nothing comes, and often again when something did", async () => {
    const looks: number[] = [];
    let hasNew = false;
    const watch = new ArrivalWatch(async () => {
      looks.push(Date.now());
      return hasNew;
    }, OPTIONS);
    const began = Date.now();
    watch.start();
    await vi.advanceTimersByTimeAsync(5000);
    expect(looks.map((at) => at - began)).toEqual([1000, 2500, 4750]);
    hasNew = true;
    await vi.advanceTimersByTimeAsync(5500);
    expect(looks.map((at) => at - began).slice(3)).toEqual([8125, 9125, 10_125]);
    watch.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toHaveLength(6);
  });

  it("leaves an archive alone whose list nobody sees", async () => {
    let looks = 0;
    const watch = new ArrivalWatch(
      async () => {
        looks++;
        return false;
      },
      { ...OPTIONS, isVisible: () => false },
    );
    watch.start();
    await vi.advanceTimersByTimeAsync(60_000);
    watch.stop();
    expect(looks).toBe(0);
  });

  it("looks once for many arrivals that are told, and not without them", async () => {
    let end = (): void => undefined;
    const open = new Promise<void>((resolve) => {
      end = resolve;
    });
    const requests = new FakeCompanion({ "sources/inbox/changes": [{}, {}, {}, open] });
    let looks = 0;
    const watch = new ArrivalWatch(
      async () => {
        looks++;
        return true;
      },
      { ...OPTIONS, shortestMs: 1000 },
    );
    watch.start({ requests, sourceName: "inbox" });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(looks).toBe(1);
    end();
    await vi.advanceTimersByTimeAsync(1500);
    expect(looks).toBe(2);
    watch.stop();
  });
});

it("what a companion could not get of a study is named with the reason, and nothing of other studies", async () => {
  const companion = new FakeCompanion({
    sources: { sources: [{ name: "pacs", kind: "dimse", isDefault: true }] },
    "sources/pacs/problems": {
      problems: [
        { where: "1.2/1.2.3/1.2.3.4", code: "failed-status", message: "It has no such object." },
        { where: "1.22/1.2.3/1.2.3.5", code: "failed-status", message: "Another" },
        { where: "some file", code: "truncated", message: "Cut" },
      ],
    },
  });
  expect(await lostInstances(async () => companion, "1.2", never)).toEqual([
    {
      seriesInstanceUid: "1.2.3",
      sopInstanceUid: "1.2.3.4",
      failure: {
        code: "not-retrieved",
        message: "The archive could not give this: It has no such object.",
        advice: expect.any(String),
      },
    },
  ]);
});
