import { describe, expect, it } from "vitest";
import type { DataSet } from "#core/dicom/data-set.ts";
import { DimseError } from "../../dimse/dimse-error.ts";
import type { RetrieveOutcome, RetrieveRequest } from "../../dimse/services/retrieve.ts";
import type { ForwardProgress, ForwardResult, ResourceSelector } from "../source.ts";
import { forwardingByMove } from "./forward-by-move.ts";
import { fakePool, fakeSettings } from "./testing/fake-storing.ts";

const NEVER = new AbortController().signal;
const STUDY = { studyInstanceUid: "1.2" };
const LEVEL = 0x00080052;

type Move = (request: RetrieveRequest, signal: AbortSignal) => Promise<RetrieveOutcome>;

describe("forwarding by C-MOVE", () => {
  it.each<[ResourceSelector, string]>([
    [STUDY, "STUDY"],
    [{ ...STUDY, seriesInstanceUid: "1.2.1" }, "SERIES"],
    [{ ...STUDY, seriesInstanceUid: "1.2.1", sopInstanceUid: "1.2.1.1" }, "IMAGE"],
  ])("asks for %j at the level %s, with the keys above it", async (selector, level) => {
    const asked: DataSet[] = [];
    await forward((request) => {
      asked.push(request.identifier);
      return Promise.resolve(outcome(0, 1));
    }, selector);
    expect(asked[0]?.string(LEVEL)).toBe(level);
    expect(asked[0]?.string(0x0020000d)).toBe("1.2");
    expect(asked[0]?.string(0x00080018)).toBe(selector.sopInstanceUid);
  });

  it("names the patient where the PACS has the Patient Root model only", async () => {
    const asked: (string | undefined)[] = [];
    const quirks = { ...fakeSettings().quirks, patientRootOnly: true };
    await forward(
      (request) => {
        asked.push(request.model, request.identifier.string(0x00100020));
        return Promise.resolve(outcome(0, 1));
      },
      STUDY,
      { quirks },
    );
    expect(asked).toEqual(["patient-root", "P1"]);
  });

  it("tells progress while it goes on, and what did not arrive", async () => {
    const events = await forward(async (request) => {
      request.onProgress?.({ remaining: 2, completed: 1, failed: 0, warning: 0 });
      await new Promise(setImmediate);
      request.onProgress?.({ remaining: 0, completed: 2, failed: 1, warning: 0 });
      await new Promise(setImmediate);
      return outcome(0xb000, 2, 1, ["1.2.9"]);
    });
    expect(events).toMatchObject([
      { remaining: 2, completed: 1 },
      { remaining: 0, completed: 2, failed: 1 },
      {
        status: "partial",
        completed: 2,
        failed: 1,
        code: "suboperations-failed",
        failedInstances: [{ sopInstanceUID: "1.2.9" }],
      },
    ]);
  });

  it.each([
    [outcome(0, 3), "completed"],
    [outcome(0xb000, 0, 3), "failed"],
    [outcome(0xfe00, 1), "cancelled"],
  ])("ends %j as %s", async (ended, status) => {
    expect((await forward(() => Promise.resolve(ended))).at(-1)).toMatchObject({ status });
  });

  it.each([
    [
      new DimseError("failed-status", "A801H", { status: 0xa801 }),
      "upstream-failure",
      "does not know the AE title WS1: add it there",
    ],
    [
      new DimseError("failed-status", "A702H", { status: 0xa702 }),
      "upstream-failure",
      "could not send to WS1 (status A702): check that it knows WS1 and can connect to it",
    ],
    [new DimseError("unreachable", "Refused"), "unavailable", "PACS"],
    [new DimseError("silent", "Nothing"), "timeout", "PACS"],
  ])("throws %s before the first line as %s", async (error, code, word) => {
    await expect(forward(() => Promise.reject(error))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(word),
    });
  });

  it("throws when the PACS holds nothing of the kind", async () => {
    const nothing = forward(() => Promise.resolve(outcome(0, 0)));
    await expect(nothing).rejects.toMatchObject({ code: "not-found" });
  });

  it("ends with a result when the PACS is lost in the middle", async () => {
    const events = await forward(async (request) => {
      request.onProgress?.({ remaining: 2, completed: 1, failed: 0, warning: 0 });
      await new Promise(setImmediate);
      throw new DimseError("aborted", "A-ABORT");
    });
    expect(events.at(-1)).toMatchObject({
      status: "partial",
      completed: 1,
      code: "upstream-failure",
      dimse: { code: "aborted" },
    });
  });

  it("cancels at the PACS when nobody reads on", async () => {
    let isCancelled = false;
    const moving: Move = (request, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          isCancelled = true;
          reject(new DimseError("cancelled", "Given up"));
        });
        request.onProgress?.({ remaining: 5, completed: 1, failed: 0, warning: 0 });
      });
    for await (const _progress of forwarding(moving).forward(STUDY, "WS1", NEVER)) break;
    expect(isCancelled).toBe(true);
  });

  it("sends to nobody who is not on the list", async () => {
    const first = forwarding(() => Promise.resolve(outcome(0, 1)))
      .forward(STUDY, "EVIL", NEVER)
      [Symbol.asyncIterator]()
      .next();
    await expect(first).rejects.toMatchObject({ code: "bad-request" });
  });
});

function outcome(
  status: number,
  completed: number,
  failed = 0,
  failedSopInstanceUids: readonly string[] = [],
): RetrieveOutcome {
  return { status, suboperations: { completed, failed, warning: 0 }, failedSopInstanceUids };
}

function forwarding(move: Move, changes: Parameters<typeof fakeSettings>[0] = {}) {
  return forwardingByMove(
    {
      settings: fakeSettings({ forwardTo: ["WS1"], ...changes }),
      pool: fakePool(),
      patientIdOf: () => Promise.resolve("P1"),
      move: (_association, request, _destination, _sink, signal) => move(request, signal),
    },
    "",
  );
}

async function forward(
  move: Move,
  selector: ResourceSelector = STUDY,
  changes: Parameters<typeof fakeSettings>[0] = {},
): Promise<readonly (ForwardProgress | ForwardResult)[]> {
  const events: (ForwardProgress | ForwardResult)[] = [];
  for await (const event of forwarding(move, changes).forward(selector, "WS1", NEVER))
    events.push(event);
  return events;
}
