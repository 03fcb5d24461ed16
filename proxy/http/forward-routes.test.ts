import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import {
  type ForwardProgress,
  type ForwardResult,
  type Source,
  SourceError,
} from "../sources/source.ts";
import { type MadeFolder, madeFolder } from "../testing/made-archive.ts";
import { createServer } from "./create-server.ts";
import { HttpProblem } from "./problem.ts";

const PROGRESS: ForwardProgress = { remaining: 1, completed: 1, failed: 0, warning: 0 };
const DONE: ForwardResult = {
  status: "completed",
  completed: 2,
  failed: 0,
  warning: 0,
  failedInstances: [],
};

describe("routes that send, tell and plan", () => {
  let made: MadeFolder;
  let app: FastifyInstance;
  let plain: Source;
  const asked: unknown[] = [];

  beforeAll(async () => {
    made = await madeFolder();
    plain = await made.open();
    app = await serverOf({ ...withoutMethods(plain), ...extras(asked) }, plain);
  });

  afterAll(async () => {
    await app.close();
    await made.remove();
  });

  it("lists where can be sent to, and nothing where nothing can", async () => {
    expect((await app.inject("/sources/pacs/forward")).json()).toEqual({ destinations: ["WS1"] });
    expect((await app.inject("/sources/made/forward")).json()).toEqual({ destinations: [] });
  });

  it("tells progress in lines, and the result last", async () => {
    const answer = await post({ destination: "WS1", studyInstanceUID: "1.2.3" });
    expect(answer.headers["content-type"]).toBe("application/x-ndjson");
    expect(
      answer.body
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([PROGRESS, DONE]);
    expect(asked).toContainEqual([{ studyInstanceUid: "1.2.3" }, "WS1"]);
  });

  it.each([
    [{ destination: "OTHER", studyInstanceUID: "1.2.3" }, 403, "destination-not-allowed"],
    [{ destination: "WS1" }, 400, "bad-request"],
    [{ destination: "WS1", studyInstanceUID: "a" }, 400, "bad-request"],
    [{ destination: "WS1", studyInstanceUID: "1.2", sopInstanceUID: "1.3" }, 400, "bad-request"],
    [{ destination: 5, studyInstanceUID: "1.2" }, 400, "bad-request"],
    [{ destination: "WS1", studyInstanceUID: "1.9" }, 404, "not-found"],
  ])("refuses the order %j with %i", async (order, status, code) => {
    const answer = await post(order);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(answer.json()).toMatchObject({ code });
  });

  it("needs the permission to forward", async () => {
    const permissions = {
      demand: () => {
        throw new HttpProblem(403, "forbidden", "No");
      },
    };
    const guarded = await serverOf({ ...withoutMethods(plain), ...extras([]) }, plain, permissions);
    expect((await guarded.inject("/sources/pacs/forward")).statusCode).toBe(403);
    await guarded.close();
  });

  it("searches workitems, and says that nothing else is done with them", async () => {
    const found = await app.inject("/sources/pacs/dicom-web/workitems?PatientID=P1");
    expect(found.statusCode).toBe(200);
    expect(found.headers["content-type"]).toBe("application/dicom+json");
    expect(found.json()).toEqual([{ "00741000": { vr: "CS", Value: ["SCHEDULED"] } }]);
    expect(asked).toContainEqual([[{ path: [0x00100020], value: "P1" }]]);
    const url = "/sources/pacs/dicom-web/workitems";
    expect((await app.inject({ method: "POST", url })).statusCode).toBe(405);
    expect((await app.inject({ method: "PUT", url: `${url}/1.2.3/state` })).statusCode).toBe(501);
    expect((await app.inject(`${url}/1.2.3`)).json()).toMatchObject({ code: "not-implemented" });
    expect((await app.inject("/sources/made/dicom-web/workitems")).json()).toMatchObject({
      status: 501,
      code: "no-worklist",
    });
  });

  it("tells what arrives as server-sent events, until the source ends", async () => {
    const told = await app.inject("/sources/pacs/changes");
    expect(told.headers["content-type"]).toBe("text/event-stream");
    expect(told.body).toBe(': listening\n\nevent: arrived\ndata: {"studyInstanceUID":"1.2.3"}\n\n');
    expect((await app.inject("/sources/made/changes")).statusCode).toBe(404);
  });

  async function post(payload: object) {
    return await app.inject({ method: "POST", url: "/sources/pacs/forward", payload });
  }
});

async function serverOf(
  source: Source,
  plain: Source,
  permissions?: { demand: () => void },
): Promise<FastifyInstance> {
  return await createServer({
    sources: [source, plain],
    decoder: { decode: unused, render: unused },
    allowedHosts: "any",
    version: "0",
    ...(permissions === undefined ? {} : { permissions }),
  });
}

function withoutMethods(source: Source): Source {
  return {
    name: "pacs",
    kind: "dimse",
    canStore: false,
    search: () => Promise.resolve({ matches: [], warnings: [], hasMore: false }),
    etag: () => Promise.resolve(undefined),
    metadata: (...values) => source.metadata(...values),
    instances: (...values) => source.instances(...values),
    frames: (...values) => source.frames(...values),
    bulkData: (...values) => source.bulkData(...values),
    store: (...values) => source.store(...values),
    problems: () => Promise.resolve([]),
    status: () => ({ state: "ready" }),
    close: () => Promise.resolve(),
  };
}

function extras(asked: unknown[]): Pick<Source, "forwarding" | "searchWorkitems" | "changes"> {
  return {
    forwarding: {
      destinations: ["WS1"],
      forward: async function* (selector, destination) {
        asked.push([selector, destination]);
        if (selector.studyInstanceUid === "1.9") throw new SourceError("not-found", "Not there");
        yield PROGRESS;
        yield DONE;
      },
    },
    searchWorkitems: ({ keys }) => {
      asked.push([keys]);
      const matches: readonly DataSet[] = [buildDataSet({ ProcedureStepState: "SCHEDULED" })];
      return Promise.resolve({ matches, warnings: [], hasMore: false });
    },
    changes: async function* () {
      yield { kind: "arrived", selector: { studyInstanceUid: "1.2.3" } };
    },
  };
}

function unused(): Promise<never> {
  return Promise.reject(new Error("Nothing is decoded here"));
}
