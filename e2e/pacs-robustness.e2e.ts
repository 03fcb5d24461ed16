import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../scripts/free-port.mjs";
import { hasOrthanc } from "../scripts/orthanc.mjs";
import { hasPacs, type RunningPacs, startOrthancPacs } from "../scripts/pacs.mjs";
import { type CompanionProcess, startCompanion } from "./setup/companion-process.ts";
import { DATA_FOLDER } from "./setup/prepare-archive.ts";
import { expect, test } from "./setup/test.ts";

const STORED = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
const AT_ONCE = 6;

/** A frame's address below `/dicom-web`, and the digest of what the archive of files gives for it. */
interface ExpectedFrame {
  readonly path: string;
  readonly digest: string;
}

test.describe("a PACS behind the companion, when things go wrong", () => {
  test.skip(!hasOrthanc || !hasPacs, "needs Orthanc and DCMTK");
  test.describe.configure({ mode: "serial" });

  let pacs: RunningPacs;
  let data: string;
  let dicomPort: number;
  let frames: readonly ExpectedFrame[];

  test.beforeAll(async ({ companion }) => {
    dicomPort = await freePort();
    pacs = await startOrthancPacs({ knows: [{ aeTitle: "NEGATO", port: dicomPort }] });
    const studies = ["chest-ct-2025", "chest-ct-2026"];
    await pacs.load(studies.map((study) => path.join(DATA_FOLDER, "demo", study)));
    frames = await expectedFrames(companion.address);
  });

  test.beforeEach(async () => {
    data = await mkdtemp(path.join(tmpdir(), "negato-e2e-"));
  });

  test.afterEach(async () => {
    await rm(data, { recursive: true, force: true });
  });

  test.afterAll(async () => {
    await pacs.stop();
  });

  function start(): Promise<CompanionProcess> {
    const address = `${pacs.aeTitle}@127.0.0.1:${pacs.port}?name=pacs`;
    const port = ["--dicom-port", String(dicomPort)];
    return startCompanion(["--pacs", address, ...port, "--data", data]);
  }

  test("killed while it receives, it gives every image right after a new start", async () => {
    const first = await start();
    const half = frames.slice(0, frames.length >> 1);
    const running = Promise.allSettled(half.map((frame) => digestOf(first, frame)));
    await Promise.race(half.map((frame) => digestOf(first, frame)));
    await first.kill();
    await running;
    const second = await start();
    try {
      await expectAll(second, frames);
    } finally {
      await second.stop();
    }
  });

  test("keeps what it has for later, and serves it while the PACS is away", async () => {
    const first = await start();
    await expectAll(first, frames);
    await first.stop();
    const second = await start();
    await pacs.end();
    try {
      await expectAll(second, frames);
      const list = await fetch(`${second.address}/dicom-web/studies`);
      expect(list.status, "a list that cannot be had is no empty list").toBe(503);
      expect(await list.json()).toMatchObject({ code: expect.any(String), pacs: "pacs" });
    } finally {
      await second.stop();
      await pacs.start();
    }
  });

  test("a PACS that restarts in the middle costs failures with a name, and then nothing", async () => {
    const companion = await start();
    try {
      const answers = Promise.all(frames.map((frame) => ask(companion, frame)));
      await ask(companion, frames[0]);
      await pacs.end();
      for (const answer of await answers) {
        if (answer.status === 200) continue;
        expect([502, 503, 504]).toContain(answer.status);
        expect(answer.problem).toMatchObject({ code: expect.any(String), pacs: "pacs" });
      }
      await pacs.start();
      await expectAll(companion, frames);
    } finally {
      await companion.stop();
    }
  });

  test("two hundred clients at once are all served, by a few associations", async () => {
    const companion = await start();
    try {
      const wanted = Array.from({ length: 200 }, (_, index) => frames[index % frames.length]);
      const digests = await Promise.all(wanted.map((frame) => digestOf(companion, frame)));
      expect(digests).toEqual(wanted.map((frame) => frame?.digest));
      const metrics = await (await fetch(`${companion.address}/metrics`)).text();
      const openOrEnded = /^negato_dimse_associations(?:_ended_total)?\{[^}]*\} (\d+)$/gm;
      const counts = [...metrics.matchAll(openOrEnded)].map((match) => Number(match[1]));
      expect(counts.length).toBeGreaterThan(0);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThan(40);
    } finally {
      await companion.stop();
    }
  });

  test("callers who say nothing, or little, do not keep others from our DICOM port", async () => {
    const companion = await start();
    const sockets: Socket[] = [];
    try {
      for (let index = 0; index < 60; index += 1) {
        const socket = connect({ port: dicomPort, host: "127.0.0.1" });
        socket.on("error", () => {});
        if (index % 2 === 0) socket.write(Uint8Array.of(1, 0, 0, 0));
        sockets.push(socket);
      }
      const peer = ["-aet", pacs.aeTitle, "-aec", "NEGATO", "127.0.0.1", String(dicomPort)];
      await expect(() => execFileSync("echoscu", ["-to", "5", "-ta", "5", ...peer])).toPass({
        timeout: 45_000,
      });
      const health = await fetch(`${companion.address}/healthz`);
      expect(health.status).toBe(200);
    } finally {
      for (const socket of sockets) socket.destroy();
      await companion.stop();
    }
  });
});

/** Every image of both chest CTs, from the companion that serves its files. */
async function expectedFrames(address: string): Promise<readonly ExpectedFrame[]> {
  const base = `${address}/dicom-web`;
  const list = await fetch(`${base}/instances?ModalitiesInStudy=CT&Modality=CT`);
  const instances: readonly Record<string, { readonly Value?: readonly string[] }>[] =
    await list.json();
  const uid = (instance: (typeof instances)[number], tag: string) => instance[tag]?.Value?.[0];
  const paths = instances.map(
    (one) =>
      `/studies/${uid(one, "0020000D")}/series/${uid(one, "0020000E")}/instances/${uid(one, "00080018")}/frames/1`,
  );
  const digests = await Promise.all(paths.map(async (one) => (await get(base + one)).digest));
  return paths.map((one, index) => ({ path: one, digest: digests[index] ?? "" }));
}

/** Asks for all of them, some at a time, and compares. */
async function expectAll(
  companion: CompanionProcess,
  frames: readonly ExpectedFrame[],
): Promise<void> {
  const rest = frames.values();
  const worker = async () => {
    for (const frame of rest) {
      const { digest, problem } = await ask(companion, frame);
      expect({ digest, problem }).toEqual({ digest: frame.digest, problem: undefined });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function digestOf(
  companion: CompanionProcess,
  frame: ExpectedFrame | undefined,
): Promise<string> {
  return (await ask(companion, frame)).digest;
}

function ask(companion: CompanionProcess, frame: ExpectedFrame | undefined) {
  return get(`${companion.address}/dicom-web${frame?.path}`);
}

/** Status, problem document and the digest of the frame without the multipart around it. */
async function get(url: string) {
  const response = await fetch(url, { headers: { accept: STORED } });
  const body = Buffer.from(await response.arrayBuffer());
  if (!response.ok)
    return { status: response.status, digest: "", problem: JSON.parse(body.toString()) };
  const begin = body.indexOf("\r\n\r\n") + 4;
  const end = body.lastIndexOf("\r\n--");
  const digest = createHash("sha256").update(body.subarray(begin, end)).digest("hex");
  return { status: response.status, digest, problem: undefined };
}
