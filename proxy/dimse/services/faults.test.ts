import { existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { freePort } from "../../../scripts/free-port.mjs";
import type { Association } from "../association.ts";
import { type AssociationPool, createAssociationPool } from "../association-pool.ts";
import type { AssociationRequest } from "../association-request.ts";
import { type DicomListener, openDicomListener } from "../dicom-listener.ts";
import { CollectingStorage } from "../testing/collecting-storage.ts";
import { localAe } from "../testing/loopback.ts";
import { CT_IMAGE, madeDataSet } from "../testing/made-objects.ts";
import { find } from "./find.ts";
import { findContexts, moveContexts, planGet, planStore } from "./plan-contexts.ts";
import { get, move } from "./retrieve.ts";
import { store } from "./store.ts";

/** The misbehaving PACS; it stands beside the project. */
const FILE = new URL("../../../../shared/bench/proxy-race/lib/faultpacs.mjs", import.meta.url);
const hasFaultPacs = existsSync(FILE);
if (!hasFaultPacs) process.stderr.write("Skipped: ../shared/bench/proxy-race is absent\n");
if (!hasFaultPacs && process.env["NEGATO_REQUIRE_CORPUS"] === "1")
  throw new Error("../shared/bench/proxy-race is required and absent");

interface FaultPacs {
  mode: string;
  readonly open: ReadonlySet<unknown>;
  readonly stats: Readonly<Record<"associations" | "cancels" | "aborted" | "released", number>>;
  listen(): Promise<void>;
  close(): Promise<void>;
  reset(): void;
}

const STUDY = "1.2.826.0.1.3680043.10.1338.7.1";
const SLICES = 6;
const SILENCE_MS = 400;
const identifier = buildDataSet({ QueryRetrieveLevel: "STUDY", StudyInstanceUID: STUDY });
const storing = planStore([{ sopClassUid: CT_IMAGE }])[0]?.contexts ?? [];

describe.skipIf(!hasFaultPacs)("a PACS that misbehaves", () => {
  let pacs: FaultPacs;
  let listener: DicomListener;
  let pool: AssociationPool;

  beforeAll(async () => {
    const { FaultPacs: Pacs } = await import(FILE.href);
    const port = await freePort();
    listener = await openDicomListener({
      aeTitles: ["RACEPROXY"],
      host: "127.0.0.1",
      port: 0,
      allows: () => true,
      maximumAssociations: 10,
      maximumPduLength: 65_536,
      silenceTimeoutMs: SILENCE_MS,
    });
    pacs = new Pacs({ port, aet: "FAULT", moveTo: listener.port });
    await pacs.listen();
    const remote = localAe(port, {
      aeTitle: "FAULT",
      callingAeTitle: "RACEPROXY",
      connectTimeoutMs: SILENCE_MS,
      silenceTimeoutMs: SILENCE_MS,
    });
    const limits = { most: 4, perUser: 4, waitTimeoutMs: 1000, idleTimeoutMs: 30 };
    pool = createAssociationPool(remote, limits);
  });

  afterEach(async () => {
    // Nothing stays open, whatever happened.
    await vi.waitFor(() => expect(pacs.open.size).toBe(0), { timeout: 3000 });
    expect(pool.status()).toEqual({ open: 0, idle: 0, waiting: 0 });
  });

  afterAll(async () => {
    await pool.close();
    await listener.close();
    await pacs.close();
  });

  async function within<Result>(
    mode: string,
    request: AssociationRequest,
    task: (association: Association) => Promise<Result>,
  ): Promise<Result> {
    pacs.reset();
    pacs.mode = mode;
    const need = { request, purpose: purposeOf(request), user: "ada", isUrgent: false };
    return await pool.use(need, task, new AbortController().signal);
  }

  /** How many matches a query gives. */
  function query(mode: string, limit = Number.POSITIVE_INFINITY): Promise<number> {
    return within(mode, { contexts: findContexts("study-root") }, async (association) => {
      const request = { model: "study-root" as const, identifier, fallbackCharacterSet: [] };
      let count = 0;
      for await (const _match of find(association, request, new AbortController().signal)) {
        count++;
        if (count === limit) break;
      }
      return count;
    });
  }

  async function retrieve(mode: string, by: "get" | "move") {
    const sink = new CollectingStorage();
    const signal = new AbortController().signal;
    const request = { model: "study-root" as const, identifier, expects: () => true };
    const plan = planGet("study-root", [{ sopClassUid: CT_IMAGE }])[0];
    const contexts = by === "get" ? (plan?.contexts ?? []) : moveContexts("study-root");
    const outcome = await within(mode, { contexts }, (association) =>
      by === "get"
        ? get(association, request, sink, signal)
        : move(association, request, listener.destination("RACEPROXY"), sink, signal),
    ).catch((error: unknown) => {
      throw Object.assign(error instanceof Error ? error : new Error(), {
        taken: sink.objects.length,
      });
    });
    return { outcome, sink };
  }

  test("finds and retrieves when it is well", async () => {
    expect(await query("ok")).toBe(1);
    for (const by of ["get", "move"] as const) {
      const { outcome, sink } = await retrieve("ok", by);
      expect(outcome).toMatchObject({ status: 0, suboperations: { completed: SLICES } });
      expect(sink.objects.length).toBe(SLICES);
    }
  });

  test.each<readonly [string, object]>([
    ["blackhole", { code: "connect-timeout" }],
    ["reject", { code: "rejected", facts: { result: 1, source: 1, reason: 3 } }],
    ["congested", { code: "rejected", facts: { result: 2, source: 3, reason: 2 } }],
    ["no-context", { code: "no-context" }],
    ["drop-after-accept", { code: "connection-lost" }],
    ["garbage", { code: "protocol-violation" }],
    ["huge-pdu", { code: expect.stringMatching(/^(limit-exceeded|protocol-violation|silent)$/) }],
    ["bad-pdv", { code: "protocol-violation" }],
    ["silent-find", { code: "silent" }],
    ["abort-find", { code: "aborted" }],
    ["find-a700", { code: "failed-status", facts: { status: 0xa700 } }],
    ["find-c000", { code: "failed-status", facts: { status: 0xc000 } }],
  ])("a query of it when it is %s fails for what it is", async (mode, error) => {
    await expect(query(mode)).rejects.toMatchObject(error);
  });

  test("takes matches whose optional keys it does not support for matches", async () => {
    expect(await query("pending-ff01")).toBe(1);
  });

  test("that never ends a query is cancelled", async () => {
    expect(await query("pending-forever", 20)).toBe(20);
    await vi.waitFor(() => expect(pacs.stats.cancels).toBe(1));
  });

  for (const by of ["get", "move"] as const)
    test.each<readonly [string, object]>([
      ["silent-get", { code: "silent", taken: 0 }],
      ["abort-get", { code: "aborted", taken: 2 }],
      ["drop-mid-dataset", { code: "connection-lost", taken: 1 }],
      ["stall-mid-dataset", { code: expect.stringMatching(/^(silent|failed-status)$/), taken: 1 }],
      ["get-a702", { code: "failed-status", facts: { status: 0xa702 }, taken: 0 }],
      ["get-c000", { code: "failed-status", facts: { status: 0xc000 }, taken: 0 }],
    ])(`a C-${by.toUpperCase()} of it when it is %s fails for what it is`, async (mode, error) => {
      await expect(retrieve(mode, by)).rejects.toMatchObject(error);
    });

  test.each(["get", "move"] as const)("tells by C-%s what it could not send", async (by) => {
    const { outcome, sink } = await retrieve("get-partial", by);
    expect(outcome).toMatchObject({
      status: 0xb000,
      suboperations: { completed: SLICES / 2, failed: SLICES / 2 },
    });
    expect(sink.objects.length).toBe(SLICES / 2);
  });

  test.each(["get", "move"] as const)("that has nothing says so by C-%s", async (by) => {
    const { outcome } = await retrieve("get-none", by);
    expect(outcome).toMatchObject({ status: 0, suboperations: { completed: 0, failed: 0 } });
  });

  test.each([
    ["ok", 0],
    ["store-a700", 0xa700],
    ["store-c000", 0xc000],
    ["store-b000", 0xb000],
  ])("answers a C-STORE, when it is %s, with %i", async (mode, status) => {
    async function* one(): AsyncGenerator<Uint8Array> {
      yield madeDataSet(1, 1);
    }
    const object = {
      sopClassUid: CT_IMAGE,
      sopInstanceUid: "2.25.1",
      transferSyntaxUid: "1.2.840.10008.1.2.1",
      dataSet: one(),
    };
    const answer = await within(mode, { contexts: storing }, (association) =>
      store(association, object, new AbortController().signal),
    );
    expect(answer.status).toBe(status);
  });
});

function purposeOf({ contexts }: AssociationRequest): string {
  return contexts.map((context) => context.abstractSyntaxUid).join(" ");
}
