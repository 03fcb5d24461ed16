import { existsSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "../../../scripts/free-port.mjs";
import { type PacsFixture, type PacsFixtureOptions, pacsFixture } from "./testing/pacs-fixture.ts";

const HARNESS = new URL("../../../../shared/bench/proxy-race/lib/faultpacs.mjs", import.meta.url);
const hasHarness = existsSync(HARNESS);
if (!hasHarness && process.env["NEGATO_REQUIRE_CORPUS"] === "1")
  throw new Error("The misbehaving PACS is not there");

/** What the misbehaving PACS counts. */
interface FaultStats {
  readonly associations: number;
  readonly finds: number;
  readonly gets: number;
  readonly moves: number;
  readonly cancels: number;
  readonly sent: number;
  readonly aborted: number;
}

interface FaultPacs {
  mode: string;
  readonly open: ReadonlySet<unknown>;
  readonly stats: FaultStats;
  listen(): Promise<void>;
  close(): Promise<void>;
  reset(): void;
}

const STUDY = "1.2.826.0.1.3680043.10.1338.7.77";
const SERIES = `/dicom-web/studies/${STUDY}/series/${STUDY}.1`;
const SLICES = 6;
const STORED = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
const OBJECTS = 'multipart/related; type="application/dicom"; transfer-syntax=*';

describe.runIf(hasHarness)("a PACS that misbehaves", () => {
  let fixture: PacsFixture;
  let pacs: FaultPacs;
  let port: number;

  afterEach(async () => {
    await fixture.close();
    await pacs.close();
  });

  async function start(
    mode: string,
    options: Partial<PacsFixtureOptions> = {},
    isListening = true,
  ): Promise<void> {
    port = await freePort();
    pacs = await faultPacs(mode, options.listenPort);
    if (isListening) await pacs.listen();
    fixture = await pacsFixture({ aeTitle: "FAULT", port, ...options });
  }

  async function faultPacs(mode: string, moveTo = 1): Promise<FaultPacs> {
    const { FaultPacs } = await import(HARNESS.href);
    const made: FaultPacs = new FaultPacs({ port, moveTo });
    made.mode = mode;
    return made;
  }

  async function get(url: string, accept: string) {
    return await fixture.app.inject({ url, headers: { accept } });
  }

  const frame = (number: number) =>
    get(`${SERIES}/instances/${STUDY}.1.${number}/frames/1`, STORED);
  const search = () => get("/dicom-web/studies?limit=10", "application/dicom+json");

  /** Nothing stays open longer than idle associations may. */
  async function expectNothingOpen(): Promise<void> {
    for (let round = 0; round < 60 && pacs.open.size > 0; round += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(pacs.open.size).toBe(0);
  }

  it.each([
    ["down", [503], [503]],
    ["blackhole", [504], [504]],
    ["reject", [502], [502]],
    ["congested", [503], [503]],
    ["no-context", [502], [502]],
    ["drop-after-accept", [502], [502]],
    ["garbage", [502], [502]],
    ["huge-pdu", [502, 504], [502, 504]],
    ["bad-pdv", [502], [502]],
    ["silent-find", [504], [504]],
    ["abort-find", [502], [502]],
    ["find-a700", [503], [503]],
    ["find-c000", [502], [502]],
    ["silent-get", undefined, [504]],
    ["abort-get", undefined, [502]],
    ["drop-mid-dataset", undefined, [502]],
    ["stall-mid-dataset", undefined, [504]],
    ["get-a702", undefined, [502, 503]],
    ["get-c000", undefined, [502]],
    ["get-partial", undefined, [502]],
    ["get-none", undefined, [404]],
  ] as const)(
    "(%s) is answered with a problem document, and serves when it is well again",
    async (mode, qido, wado) => {
      await start(mode, {}, mode !== "down");
      if (qido !== undefined) {
        const found = await search();
        expect(qido).toContain(found.statusCode);
        expectProblem(found);
      }
      const lost = await frame(SLICES);
      expect(wado).toContain(lost.statusCode);
      expectProblem(lost);
      expect(pacs.stats.gets).toBeLessThanOrEqual(1);
      await expectNothingOpen();
      await pacs.close();
      pacs = await faultPacs("ok");
      await pacs.listen();
      expect((await search()).statusCode).toBe(200);
      const served = await frame(SLICES);
      expect(served.statusCode).toBe(200);
      expect(served.rawPayload.byteLength).toBeGreaterThan(64 * 64 * 2);
      await expectNothingOpen();
    },
  );

  it("gives two clients of one series one retrieve, and each instance when it is there", async () => {
    await start("ok");
    const [one, two] = await Promise.all([frame(1), frame(1)]);
    expect([one?.statusCode, two?.statusCode]).toEqual([200, 200]);
    expect(pacs.stats.gets).toBe(1);
  });

  it("serves what came of a series, then cuts the connection, and names what did not come", async () => {
    await start("get-partial");
    await fixture.app.listen({ host: "127.0.0.1", port: 0 });
    const address = fixture.app.server.address();
    const own = typeof address === "object" && address !== null ? address.port : 0;
    const url = `http://localhost:${own}${SERIES}`;
    const response = await fetch(url, { headers: { accept: OBJECTS } });
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow();
    const problems = await fixture.source.problems();
    expect(problems.map(({ where }) => where.split(".").at(-1)).sort()).toEqual(["2", "4", "6"]);
    expect(problems[0]).toMatchObject({ severity: "failure", code: "failed-status" });
    expect(problems[0]?.message).toContain("B000H");
    expect((await frame(3)).statusCode).toBe(200);
    // The next request asks for it again, and this PACS sends it when it is alone.
    expect((await frame(2)).statusCode).toBe(200);
    expect(await fixture.source.problems()).toHaveLength(2);
  });

  it("names the PACS and what to look at where the connection broke off", async () => {
    await start("drop-mid-dataset");
    expect((await frame(SLICES)).statusCode).toBe(502);
    const [problem] = await fixture.source.problems();
    expect(problem?.code).toBe("connection-lost");
    expect(problem?.message).toContain("The connection to the PACS FAULT ended");
  });

  it("answers metadata of a series with what its objects hold, and the objects byte for byte", async () => {
    await start("ok");
    const metadata = await get(`${SERIES}/metadata`, "application/dicom+json");
    expect(metadata.statusCode).toBe(200);
    const list: unknown = JSON.parse(metadata.payload);
    expect(list).toHaveLength(SLICES);
    const objects = await get(SERIES, OBJECTS);
    expect(objects.payload.split("Content-Location")).toHaveLength(SLICES + 1);
    const again = await get(SERIES, OBJECTS);
    expect(again.headers["etag"]).toMatch(/^"/);
    expect(pacs.stats.gets).toBe(1);
  });

  it("ends the retrieve when the client leaves", async () => {
    await start("get-slow", { silenceTimeoutMs: 3000 });
    const leaving = new AbortController();
    const place = { studyInstanceUid: STUDY, seriesInstanceUid: `${STUDY}.1` };
    const frames = fixture.source.frames(
      { ...place, sopInstanceUid: `${STUDY}.1.${SLICES}` },
      [1],
      leaving.signal,
    );
    const first = frames[Symbol.asyncIterator]().next();
    first.catch(() => undefined);
    setTimeout(() => leaving.abort(new Error("left")), 300);
    await expect(first).rejects.toThrow("left");
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(pacs.stats.cancels + pacs.stats.aborted).toBeGreaterThan(0);
    expect(pacs.stats.sent).toBeLessThan(SLICES);
    await expectNothingOpen();
  });

  it("moves to our own listener where it does not offer C-GET", async () => {
    const listenPort = await freePort();
    await start("ok", { retrieve: "move", listenPort, silenceTimeoutMs: 2000 });
    expect((await frame(2)).statusCode).toBe(200);
    expect(pacs.stats).toMatchObject({ gets: 0, moves: 1 });
    expect(fixture.source.dimseStatus()).toMatchObject({ retrieveBy: "move" });
  });

  it("says what to change where it has to move and nothing listens", async () => {
    await start("ok", { retrieve: "move" });
    const response = await frame(2);
    expect(response.statusCode).toBe(502);
    expect(response.payload).toContain("--dicom-port");
  });

  it("comes as a whole where it lists no instances", async () => {
    await start("ok", { quirks: { noImageLevelFind: true } });
    expect((await frame(4)).statusCode).toBe(200);
    const metadata = await get(`${SERIES}/metadata`, "application/dicom+json");
    expect(JSON.parse(metadata.payload)).toHaveLength(SLICES);
    expect(pacs.stats.gets).toBe(1);
  });

  it("is used by one association at a time where it takes no more", async () => {
    await start("ok", { quirks: { oneAssociation: true }, associations: { most: 1 } });
    const all = await Promise.all([1, 2, 3].map(frame));
    expect(all.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    // The next one may be opened while the connection of the one before, which is released, is closed.
    expect(Reflect.get(pacs.stats, "maxOpen")).toBeLessThanOrEqual(2);
  });
});

function expectProblem(response: { headers: Record<string, unknown>; payload: string }): void {
  expect(response.headers["content-type"]).toContain("application/problem+json");
  expect(JSON.parse(response.payload)).toMatchObject({ code: expect.any(String) });
}
