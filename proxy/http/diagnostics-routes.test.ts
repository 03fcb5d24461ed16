import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MadeFolder, madeFolder, madeInstance } from "../testing/made-archive.ts";
import { basicAuthentication } from "./basic-authentication.ts";
import { createServer } from "./create-server.ts";
import { hashPassword } from "./password-hash.ts";
import type { SourceDiagnostics } from "./source-diagnostics.ts";
import { userPermissions } from "./user-permissions.ts";

const decoder = { decode: refused, render: refused };

async function refused() {
  return { ok: false, error: { code: "codec-failure", message: "unused" } } as const;
}

const EVENTS = [{ time: 1, remote: "made", event: { kind: "requested", contexts: 1 } }];

/** A PACS behind the source `made` that does not answer. */
const diagnostics: SourceDiagnostics = {
  pacs: (name) => (name === "made" ? { aeTitle: "ARCHIVE", port: 104 } : undefined),
  reachability: (name) => (name === "made" ? "unreachable" : undefined),
  async *test() {
    yield { step: "connect", outcome: "ok" };
    yield { step: "associate", outcome: "failed" };
  },
  trace: (name) => (name === "made" ? EVENTS : undefined),
  async *follow() {
    yield* EVENTS;
    yield { time: 2, event: { kind: "ended" } };
  },
  metrics: () => [
    "# HELP negato_dimse_x Something.",
    "# TYPE negato_dimse_x gauge",
    "negato_dimse_x 1",
  ],
};

let made: MadeFolder;
let app: FastifyInstance;
let guarded: FastifyInstance;

function authorization(user: string) {
  return { authorization: `Basic ${Buffer.from(`${user}:correct horse`).toString("base64")}` };
}

beforeAll(async () => {
  made = await madeFolder({ "a.dcm": madeInstance() });
  const sources = [await made.open()];
  const common = { sources, decoder, version: "1", diagnostics };
  app = await createServer({ ...common, allowedHosts: ["localhost"] });
  const passwordHash = await hashPassword("correct horse");
  const users = [
    { name: "ann", passwordHash, permissions: ["diagnose"] as const },
    { name: "bob", passwordHash },
  ];
  guarded = await createServer({
    ...common,
    authenticator: basicAuthentication(users),
    permissions: userPermissions(users),
    allowedHosts: "any",
  });
});

afterAll(async () => {
  await Promise.all([app.close(), guarded.close()]);
  await made.remove();
});

async function get(url: string) {
  return await app.inject({ url, headers: { host: "localhost" } });
}

/** The JSON of each line that is not empty. */
function linesOf(body: string): unknown[] {
  return body
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

describe("the PACS behind a source", () => {
  it("is described, and only where there is one", async () => {
    expect((await get("/sources/made/pacs")).json()).toEqual({ aeTitle: "ARCHIVE", port: 104 });
    const other = await get("/sources/other/pacs");
    expect(other.statusCode).toBe(404);
    expect(other.json().code).toBe("no-pacs");
  });

  it("is tried step by step, a line each", async () => {
    const response = await app.inject({
      method: "POST",
      url: "/sources/made/pacs/test",
      headers: { host: "localhost" },
    });
    expect(response.headers["content-type"]).toBe("application/x-ndjson");
    expect(linesOf(response.body)).toEqual([
      { step: "connect", outcome: "ok" },
      { step: "associate", outcome: "failed" },
    ]);
  });

  it("is not tried on behalf of another origin's page", async () => {
    const response = await app.inject({
      method: "POST",
      url: "/sources/made/pacs/test",
      headers: { host: "localhost", origin: "https://evil.example" },
    });
    expect(response.statusCode).toBe(403);
  });

  it("has a trace, live and as a file", async () => {
    expect(linesOf((await get("/sources/made/trace")).body)).toEqual(EVENTS);
    expect(linesOf((await get("/sources/made/trace?follow")).body)).toHaveLength(2);
    const file = await get("/sources/made/trace?download");
    expect(file.headers["content-disposition"]).toBe(
      'attachment; filename="negato-made-trace.ndjson"',
    );
    expect((await get("/sources/other/trace")).statusCode).toBe(404);
  });

  it("makes its source unavailable while it does not answer", async () => {
    const ready = await get("/readyz");
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toMatchObject({
      status: "unavailable",
      sources: [{ name: "made", state: "unavailable", reachability: "unreachable" }],
    });
    expect((await get("/sources")).json().sources[0]).toMatchObject({ state: "unavailable" });
  });

  it("adds its metrics to those of the companion", async () => {
    expect((await get("/metrics")).body).toContain("\nnegato_dimse_x 1\n");
  });
});

describe("the permission to diagnose", () => {
  it.each([
    ["GET", "/sources/made/pacs"],
    ["POST", "/sources/made/pacs/test"],
    ["GET", "/sources/made/trace"],
    ["GET", "/sources/made/trace?follow"],
    ["GET", "/metrics"],
  ] as const)("is demanded for %s %s", async (method, url) => {
    const refusedAnswer = await guarded.inject({ method, url, headers: authorization("bob") });
    expect(refusedAnswer.statusCode).toBe(403);
    expect(refusedAnswer.json()).toMatchObject({ code: "forbidden", permission: "diagnose" });
    const allowed = await guarded.inject({ method, url, headers: authorization("ann") });
    expect(allowed.statusCode).toBe(200);
  });
});
