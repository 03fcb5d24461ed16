import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import { TRANSFER_SYNTAXES } from "#core/dicom/transfer-syntax.ts";
import type { AssociationRequest } from "./association-request.ts";
import { COMMAND_FIELDS } from "./command-set.ts";
import { type DicomListener, type ListenerOptions, openDicomListener } from "./dicom-listener.ts";
import { requestAssociation } from "./request-association.ts";
import { echo } from "./services/echo.ts";
import { commitmentContexts, echoContexts, planStore } from "./services/plan-contexts.ts";
import { STORAGE_COMMITMENT_PUSH } from "./services/storage-commitment.ts";
import { store } from "./services/store.ts";
import { CollectingStorage } from "./testing/collecting-storage.ts";
import { localAe } from "./testing/loopback.ts";
import { CT_IMAGE, madeDataSet } from "./testing/made-objects.ts";
import { ScriptedScp } from "./testing/scripted-scp.ts";

const SIGNAL = new AbortController().signal;
const EXPLICIT = "1.2.840.10008.1.2.1";
const ECHO: AssociationRequest = { contexts: echoContexts() };
const opened: DicomListener[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(opened.splice(0).map((listener) => listener.close()));
});

async function open(options: Partial<ListenerOptions> = {}): Promise<DicomListener> {
  const listener = await openDicomListener({
    aeTitles: ["NEGATO", "NEGATO2"],
    host: "127.0.0.1",
    port: 0,
    allows: (aeTitle) => aeTitle !== "STRANGER",
    maximumAssociations: 3,
    maximumPduLength: 65_536,
    silenceTimeoutMs: 1000,
    ...options,
  });
  opened.push(listener);
  return listener;
}

function associate(
  listener: DicomListener,
  request: AssociationRequest = ECHO,
  { calling = "PACS", called = "NEGATO", port = listener.port } = {},
) {
  const remote = localAe(port, { aeTitle: called, callingAeTitle: calling });
  return requestAssociation(remote, request, SIGNAL);
}

function inbox(allows: (aeTitle: string) => boolean = () => true) {
  const storage = new CollectingStorage();
  return { storage, inbox: Object.assign(storage, { allows }) };
}

const kind = { sopClassUid: CT_IMAGE, transferSyntaxUids: [EXPLICIT] };
const storing: AssociationRequest = { contexts: planStore([kind])[0]?.contexts ?? [] };

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function image(number = 1, transferSyntaxUid = EXPLICIT, bytes = madeDataSet(1, number)) {
  return {
    sopClassUid: CT_IMAGE,
    sopInstanceUid: `2.25.4242.${number}`,
    transferSyntaxUid,
    dataSet: one(bytes),
  };
}

describe("the listener", () => {
  test("answers an echo under each of its AE titles", async () => {
    const listener = await open();
    for (const called of ["NEGATO", "NEGATO2"]) {
      const association = await associate(listener, ECHO, { called });
      await echo(association, SIGNAL);
      await association.release();
    }
  });

  test.each([
    ["another AE title than ours", { called: "OTHER" }, { source: 1, reason: 7, result: 1 }],
    ["an AE that is not allowed", { calling: "STRANGER" }, { source: 1, reason: 3, result: 1 }],
  ])("rejects %s", async (_what, titles, facts) => {
    const listener = await open();
    await expect(associate(listener, ECHO, titles)).rejects.toMatchObject({
      code: "rejected",
      facts,
    });
  });

  test("tells who may come by address too", async () => {
    const addresses: string[] = [];
    const listener = await open({ allows: (_aeTitle, address) => addresses.push(address) > 0 });
    await (await associate(listener)).release();
    expect(addresses).toEqual(["127.0.0.1"]);
  });

  test("rejects for the moment what is more than it takes, and takes it when there is room", async () => {
    const listener = await open({ maximumAssociations: 2 });
    const [first, second] = await Promise.all([associate(listener), associate(listener)]);
    await expect(associate(listener)).rejects.toMatchObject({
      code: "rejected",
      facts: { result: 2, source: 3, reason: 2 },
    });
    await first.release();
    second.abort();
    await vi.waitFor(async () => {
      const again = await associate(listener);
      await echo(again, SIGNAL);
      await again.release();
    });
  });

  test("closes with associations and half-open connections", async () => {
    const listener = await open();
    const association = await associate(listener);
    const ended = new ScriptedScp(association);
    const socket = connect(listener.port, "127.0.0.1");
    sockets.push(socket);
    await new Promise((resolve) => socket.once("connect", resolve));
    await listener.close();
    await vi.waitFor(() => expect(ended.ended).toMatchObject({ code: "aborted" }));
    await expect(associate(listener)).rejects.toMatchObject({ code: "unreachable" });
  });

  test("says which port is in use", async () => {
    const listener = await open();
    await expect(open({ port: listener.port })).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining(`Port ${listener.port}`),
    });
  });

  test("answers operations that it does not offer", async () => {
    const listener = await open();
    const association = await associate(listener);
    const scp = new ScriptedScp(association);
    const [context] = association.contexts;
    const command = { commandField: 0x20, hasDataSet: true, messageId: 5 };
    await scp.send(context?.id ?? 0, command, Uint8Array.of(1, 2));
    await vi.waitFor(() => expect(scp.received[0]?.command.status).toBe(0x0211));
    expect(association.isOpen).toBe(true);
    association.abort();
  });
});

describe("what is stored", () => {
  test("goes to the inbox, byte for byte, in every syntax that can be kept", async () => {
    const { storage, inbox: box } = inbox();
    const listener = await open({ inbox: box });
    const syntaxes = TRANSFER_SYNTAXES.map(({ uid }) => uid);
    const contexts = syntaxes.map((uid) => ({
      abstractSyntaxUid: CT_IMAGE,
      transferSyntaxUids: [uid],
    }));
    const association = await associate(listener, { contexts });
    for (const [index, uid] of syntaxes.entries()) {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * (index + 3)) & 0xff);
      const answer = await store(association, image(index, uid, bytes), SIGNAL);
      expect(answer).toEqual({ status: 0 });
      const taken = storage.objects.at(-1);
      expect(taken).toMatchObject({ transferSyntaxUid: uid, callingAeTitle: "PACS" });
      expect(Buffer.compare(taken?.bytes ?? Buffer.alloc(0), bytes)).toBe(0);
    }
    await association.release();
  });

  test.each<readonly [string, Partial<ListenerOptions>, string]>([
    ["there is no inbox", {}, "No C-MOVE waits"],
    ["the inbox does not take it", { inbox: inbox(() => false).inbox }, "may not store here"],
  ])("is refused where %s", async (_why, options, comment) => {
    const listener = await open(options);
    const association = await associate(listener, storing);
    expect(await store(association, image(), SIGNAL)).toEqual({
      status: 0x0124,
      comment: expect.stringContaining(comment),
    });
    await association.release();
  });

  test("for a C-MOVE goes to it, and not to the inbox", async () => {
    const { storage, inbox: box } = inbox();
    const listener = await open({ inbox: box });
    const sink = new CollectingStorage();
    const { done } = listener.destination("NEGATO").expect({
      remoteAeTitle: "PACS",
      originator: { aeTitle: "NEGATO", messageId: 7 },
      expects: () => false,
      sink,
    });
    const association = await associate(listener, storing);
    await store(association, image(1), SIGNAL);
    done();
    await store(association, image(2), SIGNAL);
    expect(sink.sopInstanceUids).toEqual(["2.25.4242.1"]);
    expect(storage.sopInstanceUids).toEqual(["2.25.4242.2"]);
    await association.release();
  });

  test("is dropped when its sender leaves in the middle", async () => {
    const { storage, inbox: box } = inbox();
    const listener = await open({ inbox: box });
    const association = await associate(listener, storing);
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(200_000);
      throw new Error("The source is gone");
    }
    const running = store(association, { ...image(), dataSet: broken() }, SIGNAL);
    await expect(running).rejects.toBeDefined();
    await vi.waitFor(() => expect(storage.aborted).toBe(1));
    expect(storage.objects).toEqual([]);
  });
});

test("a report of Storage Commitment that comes on an association of its own is handed in", async () => {
  const listener = await open();
  const contexts = commitmentContexts().map((context) => ({
    ...context,
    roles: { scu: false, scp: true },
  }));
  const association = await associate(listener, { contexts });
  const scp = new ScriptedScp(association);
  const [context] = association.contexts;
  const waiting = listener.reportOf("2.25.8", 1000, SIGNAL);
  const command = {
    commandField: COMMAND_FIELDS.nEventReport,
    hasDataSet: true,
    messageId: 3,
    affectedSopClassUid: STORAGE_COMMITMENT_PUSH,
    affectedSopInstanceUid: "1.2.840.10008.1.20.1.1",
    eventTypeId: 1,
  };
  const event = buildDataSet({ TransactionUID: "2.25.8", ReferencedSOPSequence: [] });
  const isImplicit = context?.transferSyntaxUid !== EXPLICIT;
  await scp.send(context?.id ?? 0, command, writeDataSet(event, { isImplicit }));
  expect(await waiting).toEqual({ transactionUid: "2.25.8", committed: [], failed: [] });
  await vi.waitFor(() => expect(scp.received[0]?.command.status).toBe(0));
  expect(context?.roles).toEqual({ scu: false, scp: true });
  await association.release();
});
