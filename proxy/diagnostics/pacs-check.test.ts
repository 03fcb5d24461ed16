import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../scripts/free-port.mjs";
import { hasPacs, type RunningPacs, startDcmqrscp } from "../../scripts/pacs.mjs";
import { settlePacs } from "../config/settle-pacs.ts";
import { UniqueNames } from "../config/unique-name.ts";
import type { ObservedEvent } from "../dimse/association-event.ts";
import { type DicomListener, openDicomListener } from "../dimse/dicom-listener.ts";
import { madeInstance } from "../testing/made-archive.ts";
import type { PacsCheckStep } from "./pacs-check.ts";
import { checkPacs } from "./pacs-check-run.ts";
import { textOf } from "./run-pacs-test.ts";

const PATIENT = { PatientName: "SECRET^NAME", PatientID: "SECRET-ID", AccessionNumber: "SECRET-A" };
const STUDY = "1.2.826.0.1.3680043.10.1338.77.1";

function settings(address: string, aeTitle = "NEGATO") {
  const files = { directory: "/", read: () => "" };
  const context = { callingAeTitle: aeTitle, names: new UniqueNames(), files };
  return settlePacs(address, "--pacs", context);
}

/** A listener that takes everyone. */
async function listen(aeTitle = "NEGATO"): Promise<DicomListener> {
  return await openDicomListener({
    aeTitles: [aeTitle],
    host: "127.0.0.1",
    port: 0,
    allows: () => true,
    maximumAssociations: 4,
    maximumPduLength: 65_536,
    silenceTimeoutMs: 5000,
  });
}

async function stepsOf(
  address: string,
  listener?: DicomListener,
  observe?: (event: ObservedEvent) => void,
): Promise<Map<string, PacsCheckStep>> {
  const signal = new AbortController().signal;
  const steps = new Map<string, PacsCheckStep>();
  for await (const step of checkPacs(settings(address), listener, signal, observe)) {
    steps.set(step.step, step);
  }
  return steps;
}

describe.runIf(hasPacs)("the test of a PACS, with dcmqrscp", () => {
  let listener: DicomListener;
  let stranger: DicomListener;
  let pacs: RunningPacs;

  beforeAll(async () => {
    listener = await listen();
    stranger = await listen("STRANGER");
    pacs = await startDcmqrscp({ knows: [{ aeTitle: "NEGATO", port: listener.port }] });
    const made = (Rows: number, instance: number) =>
      madeInstance({
        ...PATIENT,
        StudyInstanceUID: STUDY,
        SeriesInstanceUID: `${STUDY}.1`,
        SOPInstanceUID: `${STUDY}.1.${instance}`,
        Modality: "CT",
        Rows,
        Columns: 2,
        PixelData: new Uint16Array(Rows * 2),
      });
    await pacs.load([made(2, 1), made(4, 2)]);
  }, 60_000);

  afterAll(async () => {
    await Promise.all([listener.close(), stranger.close(), pacs.stop()]);
  });

  it("goes through all steps, and tells nothing of the patient", async () => {
    const events: ObservedEvent[] = [];
    const address = `${pacs.aeTitle}@127.0.0.1:${pacs.port}`;
    const steps = await stepsOf(address, listener, (event) => events.push(event));
    const outcomes = Object.fromEntries([...steps].map(([step, { outcome }]) => [step, outcome]));
    expect(outcomes).toEqual({
      connect: "ok",
      associate: "ok",
      echo: "ok",
      find: "ok",
      get: "ok",
      move: "ok",
      worklist: "skipped",
      store: "ok",
    });
    expect(steps.get("associate")?.text).toMatch(/C-ECHO, C-FIND \(Study Root\)/);
    expect(steps.get("get")?.text).toMatch(/by C-GET: CT, Explicit VR Little Endian, 1 kB/);
    expect(steps.get("move")?.text).toMatch(/by C-MOVE/);
    const told = JSON.stringify([...steps.values(), ...events]);
    expect(told).not.toMatch(/SECRET/);
    expect(told).not.toContain(STUDY);
    expect(events.length).toBeGreaterThan(20);
  });

  it("says that the PACS does not know where to move to", async () => {
    const address = `${pacs.aeTitle}@127.0.0.1:${pacs.port}`;
    const signal = new AbortController().signal;
    const steps: PacsCheckStep[] = [];
    for await (const step of checkPacs(settings(address, "STRANGER"), stranger, signal))
      steps.push(step);
    const move = steps.find(({ step }) => step === "move");
    expect(move?.outcome).not.toBe("ok");
    expect(move?.advice).toContain("AE title STRANGER with host 127.0.0.1");
    expect(move?.advice).toContain(`port ${stranger.port}`);
  });

  it("says that nobody listens where nothing does", async () => {
    const steps = await stepsOf(`${pacs.aeTitle}@127.0.0.1:${pacs.port}`);
    expect(steps.get("move")).toMatchObject({ outcome: "skipped" });
    expect(steps.get("move")?.advice).toContain("--dicom-port");
    const nobody = await stepsOf(`X@127.0.0.1:${await freePort()}`);
    expect([...nobody.keys()]).toEqual(["connect"]);
    expect(nobody.get("connect")).toMatchObject({ outcome: "failed" });
    expect(nobody.get("connect")?.advice).toMatch(/check that it runs/i);
  });
});

const HARNESS = new URL("../../../shared/bench/proxy-race/lib/faultpacs.mjs", import.meta.url);

describe.runIf(existsSync(HARNESS))("the test of a PACS that misbehaves", () => {
  /** Steps with a PACS of that mode, which stores to the listener. */
  async function withFault(mode: string, listener?: DicomListener) {
    const { FaultPacs } = await import(HARNESS.href);
    const port = await freePort();
    const pacs = new FaultPacs({ port, moveTo: listener?.port ?? 1 });
    pacs.mode = mode;
    await pacs.listen();
    try {
      return await stepsOf(`FAULT@127.0.0.1:${port}`, listener);
    } finally {
      await pacs.close();
    }
  }

  it.each([
    ["reject", "associate", "failed", /Add AE title NEGATO with host 127\.0\.0\.1/],
    ["congested", "associate", "failed", /again|associations/],
    ["no-context", "associate", "failed", /Allow C-FIND/],
    ["drop-after-accept", "echo", "failed", /log of the PACS/],
    ["garbage", "echo", "failed", /DICOM/],
    ["abort-find", "find", "failed", /log/],
    ["find-c000", "find", "failed", /./],
    ["get-c000", "get", "failed", /./],
    ["get-none", "get", "warning", /retrieve=move/],
    ["abort-get", "get", "ok", undefined],
  ] as const)("(%s) explains the step that fails", async (mode, step, outcome, advice) => {
    const listener = await listen();
    try {
      const found = (await withFault(mode, listener)).get(step);
      expect(found).toMatchObject({ outcome });
      if (advice !== undefined) expect(found?.advice).toMatch(advice);
    } finally {
      await listener.close();
    }
  });
});

describe("a step on a terminal", () => {
  it("is broken into short lines, the advice apart", () => {
    const text = textOf({
      step: "move",
      outcome: "failed",
      text: "The PACS does not know AE title NEGATO as a destination of C-MOVE, which is a pity for all who wait.",
      advice: "Add AE title NEGATO with host 10.0.0.9 and port 11112 there.",
      milliseconds: 12,
    });
    expect(text).toMatch(/^ {2}FAILED {2}move {6}The PACS does not know/);
    expect(text).toContain("(12 ms)\n");
    expect(text).toMatch(/\n {20}-> Add AE title NEGATO/);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});
