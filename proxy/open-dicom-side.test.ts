import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer as createTcpServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../scripts/free-port.mjs";
import { parseCommandLine } from "./config/command-line.ts";
import type { ConfigFile } from "./config/config-schema.ts";
import { type Settings, settle } from "./config/settings.ts";
import { createServer } from "./http/create-server.ts";
import { type DicomSide, openDicomSide } from "./open-dicom-side.ts";

const decoder = { decode: refused, render: refused };
const silent = { write: () => undefined };

async function refused() {
  return { ok: false, error: { code: "codec-failure", message: "unused" } } as const;
}

let folder: string;
const opened: DicomSide[] = [];
const servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "negato-dicom-"));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((side) => side.close()));
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true, force: true });
});

/** A port that something listens on, on all addresses. */
async function takenPort(): Promise<number> {
  const server = createTcpServer((socket) => socket.destroy());
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function settingsOf(args: readonly string[], config: ConfigFile = {}): Settings {
  return settle(parseCommandLine(["--data", folder, ...args]), config, {
    workingDirectory: folder,
    configDirectory: folder,
    defaultDataFolder: folder,
    readFile: () => "",
  });
}

async function open(settings: Settings): Promise<DicomSide> {
  const side = await openDicomSide(settings, silent);
  opened.push(side);
  return side;
}

describe("the DICOM side of the companion", () => {
  it("opens a listener, and a source for each PACS and the inbox, in order", async () => {
    const port = await freePort();
    const side = await open(
      settingsOf(
        ["--dicom-port", String(port), "--pacs", "A@127.0.0.1:1", "--pacs", "A@127.0.0.1:2"],
        { inbox: { from: ["CT1"] } },
      ),
    );
    expect(side.sources.map(({ name, kind }) => [name, kind])).toEqual([
      ["a", "dimse"],
      ["a-2", "dimse"],
      ["inbox", "inbox"],
    ]);
    expect(side.listening).toEqual({ port });
    expect(side.diagnostics.pacs("a-2")).toMatchObject({
      aeTitle: "A",
      port: 2,
      listener: { port },
      associations: { open: 0, most: 10 },
    });
    expect(side.diagnostics.pacs("inbox")).toBeUndefined();
    expect(side.diagnostics.trace("inbox")).toEqual([]);
  });

  it("does without a listener when its port is in use and nobody asked for it", async () => {
    const port = await takenPort();
    const settings = settingsOf(["--pacs", "A@127.0.0.1:1"]);
    const side = await open({ ...settings, dicom: { ...settings.dicom, port } });
    expect(side.listening).toEqual({ reason: `Port ${port} is in use` });
    expect(side.diagnostics.pacs("a")).toMatchObject({ listener: null });
  });

  it("refuses to start when the port was asked for", async () => {
    const port = await takenPort();
    const settings = settingsOf(["--pacs", "A@127.0.0.1:1", "--dicom-port", String(port)]);
    await expect(openDicomSide(settings, silent)).rejects.toThrow(
      /end what uses it, or choose another by --dicom-port N/,
    );
  });

  it("refuses a data folder that another companion has open", async () => {
    const args = ["--pacs", "A@127.0.0.1:1", "--dicom-port"];
    await open(settingsOf([...args, String(await freePort())]));
    const second = settingsOf([...args, String(await freePort())]);
    await expect(openDicomSide(second, silent)).rejects.toThrow(/Another Negato has .* open/);
  });

  it("keeps the objects of different archives of one name apart", async () => {
    const args = ["--dicom-port", String(await freePort()), "--pacs"];
    await (await open(settingsOf([...args, "A@127.0.0.1:1?name=pacs"]))).close();
    await (await open(settingsOf([...args, "B@127.0.0.1:1?name=pacs"]))).close();
    const folders = await readdir(path.join(folder, "objects"));
    expect(folders.filter((name) => name.startsWith("pacs-"))).toHaveLength(2);
  });

  it("tells by readiness, metrics, trace and a problem document that the PACS is not there", async () => {
    const pacsPort = await freePort();
    const args = ["--dicom-port", String(await freePort()), "--pacs", `A@127.0.0.1:${pacsPort}`];
    const side = await open(settingsOf(args));
    const { sources, diagnostics } = side;
    const app = await createServer({
      sources,
      decoder,
      diagnostics,
      allowedHosts: ["localhost"],
      version: "1",
    });
    const get = (url: string) => app.inject({ url, headers: { host: "localhost" } });
    const told: string[] = [];
    side.begin((text) => told.push(text));
    await expect.poll(() => told.join()).toContain("a: The PACS");
    expect(told.join()).toContain("nothing listens on this port");
    await expect.poll(async () => (await get("/readyz")).statusCode).toBe(503);
    const search = await get("/dicom-web/studies?PatientID=SECRET");
    expect(search.statusCode).toBe(503);
    expect(search.json()).toMatchObject({ pacs: "a", dimse: { code: "unreachable" } });
    const metrics = (await get("/metrics")).body;
    expect(metrics).toContain('negato_pacs_reachable{pacs="a"} 0');
    expect(metrics).toContain('negato_pacs_failures_total{pacs="a",code="unreachable"} 1');
    expect(metrics).toContain(
      'negato_dimse_associations_ended_total{pacs="a",how="failed",code="unreachable"} 2',
    );
    const trace = (await get("/sources/a/trace")).body;
    expect(trace.trim().split("\n")).toHaveLength(4);
    expect(metrics + trace).not.toContain("SECRET");
    await app.close();
  });
});
