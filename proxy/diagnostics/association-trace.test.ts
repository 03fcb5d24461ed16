import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AssociationEvent, ObservedEvent } from "../dimse/association-event.ts";
import { logAssociations } from "./association-log.ts";
import { AssociationTrace } from "./association-trace.ts";
import { PacsReachability } from "./pacs-reachability.ts";
import { TraceFile } from "./trace-file.ts";

const REQUESTED = { kind: "requested", contexts: 1 } as const;
const ACCEPTED = {
  kind: "accepted",
  acceptedContexts: 1,
  refusedContexts: 0,
  maximumPduLength: 0,
  implementation: "X",
} as const;

function observed(
  time: number,
  remote: string,
  event: AssociationEvent = REQUESTED,
  association = 1,
): ObservedEvent {
  return { time, remote, association, callingAeTitle: "NEGATO", calledAeTitle: "PACS", event };
}

function message(direction: "sent" | "received", command: string, status?: number) {
  const facts = status === undefined ? {} : { status };
  return { kind: "message", direction, command, messageId: 7, dataSetBytes: 0, ...facts } as const;
}

function ended(code?: "unreachable" | "silent") {
  const facts = code === undefined ? {} : { code };
  const how = code === undefined ? "released" : "failed";
  return { kind: "ended", how, bytesSent: 1, bytesReceived: 2, ...facts } as const;
}

const timesOf = (events: readonly { readonly time: number }[]) => events.map(({ time }) => time);

describe("the trace", () => {
  it("remembers the last events of each PACS, however chatty the others are", () => {
    const trace = new AssociationTrace(3);
    trace.observe(observed(0, "quiet"));
    for (let time = 1; time <= 20; time++) trace.observe(observed(time, "chatty"));
    expect(timesOf(trace.recent(({ remote }) => remote === "chatty"))).toEqual([18, 19, 20]);
    expect(timesOf(trace.recent(() => true))).toEqual([0, 18, 19, 20]);
  });

  it("is followed from the recent past on, until the reader leaves", async () => {
    const trace = new AssociationTrace();
    trace.observe(observed(1, "a"));
    const leaving = new AbortController();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { time } of trace.follow(({ remote }) => remote === "a", leaving.signal)) {
        seen.push(time);
      }
    })();
    await expect.poll(() => seen).toEqual([1]);
    trace.observe(observed(2, "b"));
    trace.observe(observed(3, "a"));
    await expect.poll(() => seen).toEqual([1, 3]);
    leaving.abort();
    await reading;
    trace.observe(observed(4, "a"));
    expect(seen).toEqual([1, 3]);
  });

  it("tells a slow reader what it has missed, and holds no more for it", async () => {
    const trace = new AssociationTrace(3);
    const leaving = new AbortController();
    const reader = trace.follow(() => true, leaving.signal);
    const first = reader.next();
    trace.observe(observed(1, "a"));
    expect((await first).value?.time).toBe(1);
    for (let time = 2; time <= 11; time++) trace.observe(observed(time, "a"));
    const values = [];
    for (let count = 0; count < 4; count++) values.push((await reader.next()).value);
    expect(values.slice(0, 3).map((value) => value?.time)).toEqual([2, 3, 4]);
    expect(values[3]?.event).toEqual({ kind: "gap", missed: 7 });
    leaving.abort();
    expect((await reader.next()).done).toBe(true);
  });
});

describe("the trace file", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "negato-trace-"));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("has a line for each event, is for its owner alone, and is rotated by size", async () => {
    const file = path.join(folder, "deep", "trace.ndjson");
    const trace = new TraceFile(file, 1000, () => undefined);
    trace.observe(observed(1, "a"));
    trace.observe(observed(2, "a"));
    await trace.close();
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([observed(1, "a"), observed(2, "a")]);
    expect((await stat(file)).mode & 0o077).toBe(0);
    for (let time = 3; time < 30; time++) {
      trace.observe(observed(time, "a"));
      await trace.close();
    }
    expect((await stat(file)).size).toBeLessThanOrEqual(1000);
    expect((await stat(`${file}.1`)).size).toBeLessThanOrEqual(1000);
    expect(await readFile(file, "utf8")).toContain('"time":29');
  });

  it("says once that it cannot be written, and gets in nobody's way", async () => {
    const failures: string[] = [];
    await writeFile(path.join(folder, "file"), "");
    const trace = new TraceFile(path.join(folder, "file", "x"), 1000, (code) =>
      failures.push(code),
    );
    for (let time = 0; time < 3; time++) {
      trace.observe(observed(time, "a"));
      await trace.close();
    }
    expect(failures).toEqual([expect.stringMatching(/^E[A-Z]+$/)]);
  });
});

describe("the log", () => {
  it("has a line for each association that ended and each operation that failed", () => {
    const lines: unknown[] = [];
    const observe = logAssociations({ write: (line) => lines.push(JSON.parse(line)) }, () => 99);
    observe(observed(1000, "pacs"));
    observe(observed(1010, "pacs", ACCEPTED));
    observe(observed(1020, "pacs", message("sent", "C-FIND-RQ")));
    observe(observed(1030, "pacs", message("received", "C-FIND-RSP", 0xff00)));
    observe(observed(1040, "pacs", message("received", "C-FIND-RSP", 0)));
    observe(observed(1050, "pacs", message("sent", "C-MOVE-RQ")));
    observe(observed(1090, "pacs", message("received", "C-MOVE-RSP", 0xa801)));
    observe(observed(1100, "pacs", ended()));
    observe(observed(2000, "pacs", REQUESTED, 2));
    observe(observed(2001, "pacs", ended("unreachable"), 2));
    const titles = {
      callingAeTitle: "NEGATO",
      calledAeTitle: "PACS",
      bytesSent: 1,
      bytesReceived: 2,
    };
    expect(lines).toEqual([
      {
        level: 40,
        time: 99,
        pacs: "pacs",
        association: 1,
        role: "scu",
        command: "C-MOVE",
        status: "A801H",
        milliseconds: 40,
        msg: "operation failed",
      },
      {
        level: 30,
        time: 99,
        pacs: "pacs",
        association: 1,
        how: "released",
        milliseconds: 100,
        operations: 2,
        ...titles,
        msg: "association ended",
      },
      {
        level: 40,
        time: 99,
        pacs: "pacs",
        association: 2,
        how: "failed",
        code: "unreachable",
        milliseconds: 1,
        operations: 0,
        ...titles,
        msg: "association ended",
      },
    ]);
  });
});

describe("whether a PACS is reachable", () => {
  it("is learnt from all that is asked of it, and asked again when the answer is old", async () => {
    let now = 1_000_000;
    const probes: string[] = [];
    const reachability = new PacsReachability(
      ["a"],
      async (name) => {
        probes.push(name);
      },
      () => now,
    );
    expect(reachability.state("none")).toBeUndefined();
    expect(reachability.state("a")).toBe("unknown");
    await expect.poll(() => probes).toEqual(["a"]);
    reachability.observe(observed(now, "a", ended("unreachable")));
    expect(reachability.state("a")).toBe("unreachable");
    reachability.observe(observed(now, "a", ACCEPTED));
    reachability.observe(observed(now, "a", ended("silent")));
    expect(reachability.state("a")).toBe("reachable");
    expect(probes).toEqual(["a"]);
    now += 31_000;
    expect(reachability.state("a")).toBe("reachable");
    await expect.poll(() => probes).toEqual(["a", "a"]);
  });
});
