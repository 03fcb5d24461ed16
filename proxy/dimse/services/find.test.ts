import { afterEach, describe, expect, test, vi } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { readDataSet } from "#core/dicom/data-set-reader.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import { COMMAND_FIELDS } from "../command-set.ts";
import { pairAssociations } from "../testing/paired-associations.ts";
import { type ReceivedMessage, ScriptedScp } from "../testing/scripted-scp.ts";
import { drained } from "./draining.ts";
import { echo, VERIFICATION } from "./echo.ts";
import { type FindMatch, find } from "./find.ts";
import { CANCEL_GRACE_MS } from "./operation.ts";
import { MODEL_UIDS } from "./query-model.ts";

const EXPLICIT = "1.2.840.10008.1.2.1";
const IMPLICIT = "1.2.840.10008.1.2";
const SIGNAL = new AbortController().signal;
const PATIENT_ID = 0x00100020;
const REQUEST = {
  model: "study-root" as const,
  identifier: buildDataSet({ QueryRetrieveLevel: "STUDY", PatientID: null }),
  fallbackCharacterSet: ["ISO_IR 144"],
};

function pair(react?: (message: ReceivedMessage, scp: ScriptedScp) => void, syntax = EXPLICIT) {
  const roles = { scu: true, scp: false };
  const abstractSyntaxUid = MODEL_UIDS["study-root"].find;
  const context = { id: 1, abstractSyntaxUid, transferSyntaxUid: syntax, roles };
  const { requestor, acceptor } = pairAssociations([
    context,
    { ...context, id: 3, abstractSyntaxUid: VERIFICATION },
  ]);
  return { association: requestor, scp: new ScriptedScp(acceptor, react) };
}

function match(patientId: string): Uint8Array {
  return writeDataSet(buildDataSet({ PatientID: patientId }));
}

async function collect(matches: AsyncIterable<FindMatch>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { dataSet } of matches) ids.push(dataSet.string(PATIENT_ID) ?? "");
  return ids;
}

const isFind = ({ command }: ReceivedMessage) => command.commandField === COMMAND_FIELDS.cFind;
const isCancel = ({ command }: ReceivedMessage) => command.commandField === COMMAND_FIELDS.cCancel;

afterEach(() => vi.useRealTimers());

describe("a query", () => {
  test("gives the matches in order, and tells which had optional keys that are not supported", async () => {
    const { association } = pair((message, scp) => {
      void scp.answer(message, 0xff00, { dataSet: match("A") });
      void scp.answer(message, 0xff01, { dataSet: match("B") });
      void scp.answer(message, 0x0000);
    });
    const matches: FindMatch[] = [];
    for await (const one of find(association, REQUEST, SIGNAL)) matches.push(one);
    expect(matches.map(({ dataSet }) => dataSet.string(PATIENT_ID))).toEqual(["A", "B"]);
    expect(matches.map((one) => one.isOptionalKeyUnsupported)).toEqual([false, true]);
    expect(association.isOpen).toBe(true);
  });

  test.each([
    ["explicit", EXPLICIT],
    ["implicit", IMPLICIT],
  ])("is written with %s VR where that was accepted", async (_form, syntax) => {
    const { association, scp } = pair((message, one) => void one.answer(message, 0), syntax);
    await collect(find(association, REQUEST, SIGNAL));
    const [{ command, bytes } = { command: {}, bytes: new Uint8Array() }] = scp.received;
    expect(command).toMatchObject({
      commandField: COMMAND_FIELDS.cFind,
      affectedSopClassUid: MODEL_UIDS["study-root"].find,
      priority: 0,
    });
    const read = readDataSet(bytes, { transferSyntaxUid: syntax });
    expect(read.string(0x00080052)).toBe("STUDY");
    expect(String.fromCharCode(bytes[4] ?? 0)).toBe(syntax === EXPLICIT ? "C" : "\u0006");
  });

  test("reads text without a character set in the fallback", async () => {
    const { association } = pair((message, scp) => {
      const bytes = match("XX");
      bytes.set([0xd8, 0xde], bytes.byteLength - 2);
      void scp.answer(message, 0xff00, { dataSet: bytes });
      void scp.answer(message, 0);
    });
    expect(await collect(find(association, REQUEST, SIGNAL))).toEqual(["ио"]);
  });

  test("that fails gives what came before, then the status, without the peer's comment in the message", async () => {
    const { association } = pair((message, scp) => {
      void scp.answer(message, 0xff00, { dataSet: match("A") });
      void scp.answer(message, 0xa700, { errorComment: "Patient Doe" });
    });
    const ids: string[] = [];
    const running = (async () => {
      for await (const { dataSet } of find(association, REQUEST, SIGNAL))
        ids.push(dataSet.string(PATIENT_ID) ?? "");
    })();
    await expect(running).rejects.toMatchObject({
      code: "failed-status",
      facts: { status: 0xa700, comment: "Patient Doe" },
      message: expect.not.stringContaining("Doe"),
    });
    expect(ids).toEqual(["A"]);
  });

  test("that is ended as cancelled unasked is a failure, as its list is not whole", async () => {
    const { association } = pair((message, scp) => {
      void scp.answer(message, 0xff00, { dataSet: match("A") });
      void scp.answer(message, 0xfe00);
    });
    await expect(collect(find(association, REQUEST, SIGNAL))).rejects.toMatchObject({
      code: "failed-status",
      facts: { status: 0xfe00 },
    });
  });

  test("without an accepted context says so", async () => {
    const { association } = pair();
    const request = { ...REQUEST, model: "worklist" as const };
    await expect(collect(find(association, request, SIGNAL))).rejects.toMatchObject({
      code: "no-context",
      message: expect.stringContaining("PACS accepted the association without"),
    });
  });
});

describe("a query that is not read to its end", () => {
  test("is cancelled, and the next one waits until the peer has ended it", async () => {
    let cancelled: ReceivedMessage | undefined;
    const { association, scp } = pair((message, one) => {
      if (isCancel(message)) cancelled = message;
      else if (isFind(message) && cancelled === undefined)
        for (const id of ["A", "B", "C"]) void one.answer(message, 0xff00, { dataSet: match(id) });
      else void one.answer(message, 0);
    });
    for await (const _first of find(association, REQUEST, SIGNAL)) break;
    const next = collect(find(association, REQUEST, SIGNAL));
    await vi.waitFor(() => expect(cancelled).toBeDefined());
    const [request] = scp.received.filter(isFind);
    expect(cancelled?.command.messageIdBeingRespondedTo).toBe(request?.command.messageId);
    expect(scp.received.filter(isFind).length).toBe(1);
    if (request !== undefined) void scp.answer(request, 0xfe00);
    expect(await next).toEqual([]);
    expect(scp.received.filter(isFind).length).toBe(2);
  });

  test("is at its end before anything else is asked on the association", async () => {
    const { association, scp } = pair((message, one) => {
      if (isFind(message)) void one.answer(message, 0xff00, { dataSet: match("A") });
      const [request] = one.received;
      if (isCancel(message) && request !== undefined) void one.answer(request, 0xfe00);
      if (message.command.commandField === COMMAND_FIELDS.cEcho) void one.answer(message, 0);
    });
    for await (const _first of find(association, REQUEST, SIGNAL)) break;
    await echo(association, SIGNAL);
    expect(scp.received.map(({ command }) => command.commandField)).toEqual([
      COMMAND_FIELDS.cFind,
      COMMAND_FIELDS.cCancel,
      COMMAND_FIELDS.cEcho,
    ]);
  });

  test("is aborted when the peer goes on for long", async () => {
    vi.useFakeTimers();
    const { association, scp } = pair((message, one) => {
      if (isFind(message)) void one.answer(message, 0xff00, { dataSet: match("A") });
    });
    for await (const _first of find(association, REQUEST, SIGNAL)) break;
    await vi.advanceTimersByTimeAsync(CANCEL_GRACE_MS - 10);
    expect(association.isOpen).toBe(true);
    await vi.advanceTimersByTimeAsync(20);
    await drained(association);
    expect(association.isOpen).toBe(false);
    expect(scp.ended).toMatchObject({ code: "aborted" });
  });

  test("ends at once for the caller who aborts it", async () => {
    const { association, scp } = pair();
    const aborting = new AbortController();
    const running = collect(find(association, REQUEST, aborting.signal));
    await vi.waitFor(() => expect(scp.received.length).toBe(1));
    aborting.abort();
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
    await vi.waitFor(() => expect(scp.received.filter(isCancel).length).toBe(1));
    association.abort();
  });

  test("holds a peer back that sends faster than matches are taken", async () => {
    let sent = 0;
    const { association } = pair((message, scp) => {
      const flood = async () => {
        for (; sent < 5000; sent++) await scp.answer(message, 0xff00, { dataSet: match("A") });
      };
      if (isFind(message)) void flood();
    });
    const matches = find(association, REQUEST, SIGNAL);
    await matches.next();
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    expect(sent).toBeLessThan(1100);
    association.abort();
  });
});

describe("a peer that breaks the rules", () => {
  const identifier = match("A");
  test.each<readonly [string, (message: ReceivedMessage, scp: ScriptedScp) => void, string]>([
    [
      "an identifier that ends inside a value",
      (message, scp) => void scp.answer(message, 0xff00, { dataSet: identifier.slice(0, -1) }),
      "protocol-violation",
    ],
    [
      "a match without an identifier",
      (message, scp) => void scp.answer(message, 0xff00),
      "protocol-violation",
    ],
    [
      "a response to another message",
      (message, scp) =>
        void scp.answer(message, 0xff00, { messageIdBeingRespondedTo: 99, dataSet: identifier }),
      "protocol-violation",
    ],
    [
      "a response of another service",
      (message, scp) => void scp.answer(message, 0, { commandField: 0x8030 }),
      "protocol-violation",
    ],
    [
      "a request instead of a response",
      ({ contextId }, scp) =>
        void scp.send(contextId, { commandField: 0x30, hasDataSet: false, messageId: 1 }),
      "protocol-violation",
    ],
    [
      "an identifier of 9 megabytes",
      (message, scp) => void scp.answer(message, 0xff00, { dataSet: new Uint8Array(9 << 20) }),
      "limit-exceeded",
    ],
  ])("%s ends the association", async (_what, react, code) => {
    const { association } = pair(react);
    await expect(collect(find(association, REQUEST, SIGNAL))).rejects.toMatchObject({ code });
    expect(association.isOpen).toBe(false);
  });

  test("a status is needed", async () => {
    const { association } = pair(({ contextId, command: { messageId = 0 } }, scp) => {
      const command = { commandField: 0x8020, hasDataSet: false };
      void scp.send(contextId, { ...command, messageIdBeingRespondedTo: messageId });
    });
    await expect(collect(find(association, REQUEST, SIGNAL))).rejects.toMatchObject({
      code: "protocol-violation",
    });
  });

  test("an association that is released before the end is lost", async () => {
    const { association } = pair(() => void association.release());
    await expect(collect(find(association, REQUEST, SIGNAL))).rejects.toMatchObject({
      code: "connection-lost",
    });
  });
});
