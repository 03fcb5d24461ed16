import { describe, expect, it, vi } from "vitest";
import { RetrieveError } from "../../retrieve/study-source.ts";
import { FakeCompanion } from "../fake/fake-companion.ts";
import { AssociationTrace } from "./association-trace.ts";
import { DiagnosticsState } from "./diagnostics-state.ts";
import { PacsTest } from "./pacs-test.ts";
import { readPacs } from "./source-report.ts";

const forbidden = new RetrieveError("forbidden", "No.", { status: 403 });

describe("the diagnostics of a companion", () => {
  it("give each source, and of a PACS how it does", async () => {
    const companion = new FakeCompanion({
      sources: {
        sources: [
          { name: "files", kind: "folder", isDefault: true, studies: 3 },
          { name: "pacs", kind: "dimse", reachability: "unreachable", state: "unavailable" },
          { kind: "nameless" },
        ],
      },
      "sources/files/problems": { problems: [{ severity: "failure", where: "a", code: "cut" }] },
      "sources/pacs/problems": { problems: [] },
      "sources/pacs/pacs": {
        aeTitle: "ORTHANC",
        port: 104,
        quirks: { patientRootOnly: true, noUidLists: false },
        failures: { silent: 1, aborted: 3, rejected: 0 },
      },
    });
    const diagnostics = new DiagnosticsState(companion);
    await diagnostics.load();
    await vi.waitFor(() => expect(companion.asked).toHaveLength(4));
    const sources = diagnostics.sources.value;
    if (sources.kind !== "known") throw new Error("Sources are not known.");
    const [files, pacs] = sources.value;
    expect(sources.value).toHaveLength(2);
    expect(files?.pacs).toBeUndefined();
    await vi.waitFor(() => expect(files?.problems.value.kind).toBe("known"));
    await vi.waitFor(() =>
      expect(pacs?.pacs?.report.value).toMatchObject({
        value: {
          aeTitle: "ORTHANC",
          quirks: ["patientRootOnly"],
          failures: [
            { code: "aborted", count: 3 },
            { code: "silent", count: 1 },
          ],
        },
      }),
    );
    diagnostics.dispose();
  });

  it("say why there are none", async () => {
    const diagnostics = new DiagnosticsState(
      new FakeCompanion({ sources: new RetrieveError("network", "Unplugged.") }),
    );
    await diagnostics.load();
    expect(diagnostics.sources.value).toMatchObject({ failure: { code: "network" } });
  });

  it("do not ask again and again for what may not be seen", async () => {
    vi.useFakeTimers();
    const companion = new FakeCompanion({
      sources: { sources: [{ name: "pacs", kind: "dimse" }] },
      "sources/pacs/pacs": forbidden,
      "sources/pacs/problems": { problems: [] },
    });
    const diagnostics = new DiagnosticsState(companion, 100);
    await diagnostics.load();
    void diagnostics.keepUpToDate();
    await vi.advanceTimersByTimeAsync(1000);
    diagnostics.dispose();
    vi.useRealTimers();
    expect(companion.asked.filter((path) => path.endsWith("/pacs"))).toHaveLength(1);
  });

  it("read anything without a fault", () => {
    for (const answer of [undefined, null, 1, "x", [], {}, { cache: 1, failures: [], quirks: 2 }])
      expect(readPacs(answer)).toMatchObject({ port: undefined, retrieveBy: "unknown" });
  });
});

describe("the test of a PACS", () => {
  it("gives its steps as they come, and what they ended with", async () => {
    const companion = new FakeCompanion({
      "sources/pacs/pacs/test": [
        { step: "connect", outcome: "ok", text: "Connected.", milliseconds: 3 },
        "no step",
        { step: "echo", outcome: "strange", text: "No.", advice: "Change it." },
      ],
    });
    const test = new PacsTest(companion, "pacs");
    const counts: number[] = [];
    test.steps.subscribe((steps) => counts.push(steps.length));
    await test.run();
    expect([...new Set(counts)]).toEqual([0, 1, 2]);
    expect(test.status.value.kind).toBe("done");
    expect(test.steps.value.map(({ outcome }) => outcome)).toEqual(["ok", "failed"]);
  });

  it("keeps its steps when it breaks off, and says so", async () => {
    const broken = new RetrieveError("network", "Cut.");
    const lines = [{ step: "connect", outcome: "ok" }, broken];
    const test = new PacsTest(new FakeCompanion({ "sources/pacs/pacs/test": lines }), "pacs");
    await test.run();
    expect(test.status.value).toMatchObject({ kind: "failed", failure: { code: "network" } });
    expect(test.steps.value).toHaveLength(1);
  });
});

describe("the trace of associations", () => {
  const message = (
    association: number,
    direction: string,
    command: string,
    status?: number,
  ): unknown => ({
    time: 1,
    remote: "pacs",
    association,
    callingAeTitle: "A",
    calledAeTitle: "B",
    event: { kind: "message", direction, command, status, dataSetBytes: 10 },
  });
  const store = [
    message(1, "received", "C-STORE-RQ"),
    message(1, "sent", "C-STORE-RSP", 0),
    message(1, "received", "C-GET-RSP", 0xff00),
  ];

  async function followed(lines: readonly unknown[]): Promise<AssociationTrace> {
    const trace = new AssociationTrace(new FakeCompanion({ "sources/pacs/trace": lines }), "pacs");
    await trace.follow();
    return trace;
  }

  it("counts what is repeated in one row, by association", async () => {
    const other = message(2, "received", "C-STORE-RQ");
    const trace = await followed([...store, other, ...store, ...store, "no event"]);
    expect(trace.status.value.kind).toBe("ended");
    expect(
      trace.rows.value.map(({ first, count, bytes }) => [
        first.association,
        first.what,
        count,
        bytes,
      ]),
    ).toEqual([
      [1, "C-STORE-RQ", 3, 30],
      [1, "C-STORE-RSP", 3, 30],
      [1, "C-GET-RSP", 3, 30],
      [2, "C-STORE-RQ", 1, 10],
    ]);
    trace.choose(2);
    expect(trace.rows.value).toHaveLength(1);
    expect(trace.associations.value.map(({ number }) => number)).toEqual([2, 1]);
  });

  it("knows who requested an association", async () => {
    const requested = (remote: string) => ({ time: 1, remote, event: { kind: "requested" } });
    const trace = await followed([requested("pacs"), requested("listener")]);
    expect(trace.rows.value.map(({ first }) => first.direction)).toEqual(["sent", "received"]);
  });

  it("stands still while it is paused, and then shows what came meanwhile", async () => {
    let goOn = (): void => undefined;
    const until = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const lines = [store[0], until, store[1]];
    const companion = new FakeCompanion({ "sources/pacs/trace": lines });
    const trace = new AssociationTrace(companion, "pacs", 1);
    const following = trace.follow();
    await vi.waitFor(() => expect(trace.rows.value).toHaveLength(1));
    trace.pause();
    goOn();
    await vi.waitFor(() => expect(trace.status.value.kind).not.toBe("following"));
    await following;
    expect(trace.rows.value).toHaveLength(2);
  });
});
