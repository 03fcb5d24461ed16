import { describe, expect, test, vi } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import { COMMAND_FIELDS, type CommandSet } from "../command-set.ts";
import type { ObjectReceiver, StorageSink } from "../storage-sink.ts";
import { CollectingStorage } from "../testing/collecting-storage.ts";
import { pairAssociations } from "../testing/paired-associations.ts";
import { type ReceivedMessage, ScriptedScp } from "../testing/scripted-scp.ts";
import { MODEL_UIDS } from "./query-model.ts";
import { type ExpectedMove, get, type MoveDestination, move } from "./retrieve.ts";

const EXPLICIT = "1.2.840.10008.1.2.1";
const J2K = "1.2.840.10008.1.2.4.90";
const CT = "1.2.840.10008.5.1.4.1.1.2";
const SIGNAL = new AbortController().signal;
const REQUEST = {
  model: "study-root" as const,
  identifier: buildDataSet({ QueryRetrieveLevel: "STUDY", StudyInstanceUID: "2.25.1" }),
};

function pair(react?: (message: ReceivedMessage, scp: ScriptedScp) => void) {
  const uids = MODEL_UIDS["study-root"];
  const roles = { scu: true, scp: false };
  const { requestor, acceptor } = pairAssociations([
    { id: 1, abstractSyntaxUid: uids.get, transferSyntaxUid: EXPLICIT, roles },
    { id: 3, abstractSyntaxUid: uids.move, transferSyntaxUid: EXPLICIT, roles },
    { id: 5, abstractSyntaxUid: CT, transferSyntaxUid: J2K, roles: { scu: false, scp: true } },
  ]);
  return { association: requestor, scp: new ScriptedScp(acceptor, react) };
}

function isStoreAnswer({ command }: ReceivedMessage): boolean {
  return command.commandField === (COMMAND_FIELDS.cStore | 0x8000);
}

function send(scp: ScriptedScp, messageId: number, uid: string, bytes = Uint8Array.of(1, 2)) {
  return scp.send(
    5,
    {
      commandField: COMMAND_FIELDS.cStore,
      hasDataSet: true,
      messageId,
      affectedSopClassUid: CT,
      affectedSopInstanceUid: uid,
    },
    bytes,
  );
}

/** An SCP that sends objects one after another, each when the one before is answered, and then the final response. */
function sender(
  uids: readonly string[],
  final: (message: ReceivedMessage, scp: ScriptedScp) => void,
): (message: ReceivedMessage, scp: ScriptedScp) => void {
  let request: ReceivedMessage | undefined;
  let sent = 0;
  return (message, scp) => {
    request ??= message;
    const uid = uids[sent];
    sent++;
    if (uid === undefined) final(request, scp);
    else {
      void scp.answer(request, 0xff00, { completedSuboperations: sent - 1 });
      void send(scp, sent, uid);
    }
  };
}

const done = (message: ReceivedMessage, scp: ScriptedScp) =>
  void scp.answer(message, 0, { completedSuboperations: 2, failedSuboperations: 0 });

describe("C-GET", () => {
  test("takes objects between pending responses, and answers each", async () => {
    const { association, scp } = pair(sender(["2.25.1", "2.25.2"], done));
    const sink = new CollectingStorage();
    const progress: number[] = [];
    const onProgress = ({ completed }: { readonly completed: number }) => progress.push(completed);
    const outcome = await get(association, { ...REQUEST, onProgress }, sink, SIGNAL);
    expect(outcome).toEqual({
      status: 0,
      suboperations: { completed: 2, failed: 0, warning: 0 },
      failedSopInstanceUids: [],
    });
    expect(progress).toEqual([0, 1]);
    expect(sink.objects[0]).toMatchObject({
      sopClassUid: CT,
      sopInstanceUid: "2.25.1",
      transferSyntaxUid: J2K,
      bytes: Buffer.from([1, 2]),
    });
    expect(scp.received.filter(isStoreAnswer).map(({ command }) => command)).toEqual([
      expect.objectContaining({ status: 0, messageIdBeingRespondedTo: 1 }),
      expect.objectContaining({ status: 0, messageIdBeingRespondedTo: 2 }),
    ]);
  });

  test("tells which objects failed", async () => {
    const list = writeDataSet(buildDataSet({ FailedSOPInstanceUIDList: ["2.25.2", "no uid"] }));
    const { association } = pair((message, scp) => {
      const numbers = { completedSuboperations: 1, failedSuboperations: 1 };
      void scp.answer(message, 0xb000, { ...numbers, dataSet: list });
    });
    expect(await get(association, REQUEST, new CollectingStorage(), SIGNAL)).toEqual({
      status: 0xb000,
      suboperations: { completed: 1, failed: 1, warning: 0 },
      failedSopInstanceUids: ["2.25.2"],
    });
  });

  test.each([0xa701, 0xa702, 0xa900, 0xc000, 0x0122, 0xfe00, 0x1234])(
    "fails with status %i",
    async (status) => {
      const { association } = pair((message, scp) => void scp.answer(message, status));
      const running = get(association, REQUEST, new CollectingStorage(), SIGNAL);
      await expect(running).rejects.toMatchObject({ code: "failed-status", facts: { status } });
      expect(association.isOpen).toBe(true);
    },
  );

  test("ends with FE00H when it was cancelled", async () => {
    const cancelling = new AbortController();
    let request: ReceivedMessage | undefined;
    const { association } = pair((message, scp) => {
      request ??= message;
      if (message.command.commandField === COMMAND_FIELDS.cCancel)
        void scp.answer(request, 0xfe00, { completedSuboperations: 3, remainingSuboperations: 4 });
      else cancelling.abort();
    });
    const outcome = await get(association, REQUEST, new CollectingStorage(), cancelling.signal);
    expect(outcome).toMatchObject({
      status: 0xfe00,
      suboperations: { completed: 3, remaining: 4 },
    });
    expect(association.isOpen).toBe(true);
  });

  test("that was cancelled before it began asks for nothing", async () => {
    const { association, scp } = pair();
    const running = get(association, REQUEST, new CollectingStorage(), AbortSignal.abort());
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
    expect(scp.received).toEqual([]);
  });

  test("answers an object only when its receiver has it", async () => {
    let finish: ((status: number) => void) | undefined;
    const receiver: ObjectReceiver = {
      write: () => undefined,
      end: () =>
        new Promise<number>((resolve) => {
          finish = resolve;
        }),
      abort: () => undefined,
    };
    const { association, scp } = pair(sender(["2.25.1"], done));
    const running = get(association, REQUEST, { begin: () => receiver }, SIGNAL);
    await expect.poll(() => finish).toBeDefined();
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    expect(scp.received.filter(isStoreAnswer)).toEqual([]);
    finish?.(0xb000);
    await running;
    expect(scp.received.filter(isStoreAnswer)[0]?.command.status).toBe(0xb000);
  });

  const failing = (end: ObjectReceiver["end"]): StorageSink => ({
    begin: () => ({ write: () => undefined, end, abort: () => undefined }),
  });
  test.each<readonly [string, StorageSink, string, number]>([
    ["is refused by its sink", { begin: () => 0xa700 }, "2.25.1", 0xa700],
    ["makes its sink throw", { begin: () => fail() }, "2.25.1", 0xc000],
    ["makes its receiver throw at its end", failing(fail), "2.25.1", 0xc000],
    [
      "makes its receiver reject at its end",
      failing(() => Promise.reject(new Error())),
      "2.25.1",
      0xc000,
    ],
    ["has no UID", new CollectingStorage(), "../../etc/passwd", 0x0117],
    ["has an endless UID", new CollectingStorage(), "1".repeat(65), 0x0117],
  ])("goes on when an object %s", async (_what, sink, uid, status) => {
    const { association, scp } = pair(sender([uid], done));
    const outcome = await get(association, REQUEST, sink, SIGNAL);
    expect(outcome.status).toBe(0);
    expect(scp.received.filter(isStoreAnswer).map(({ command }) => command.status)).toEqual([
      status,
    ]);
  });

  test("cuts an object off when the association ends inside it", async () => {
    const { association } = pair((message, scp) => {
      if (message.command.commandField === COMMAND_FIELDS.cGet)
        void send(scp, 1, "2.25.1", new Uint8Array(1 << 20));
    });
    const told: string[] = [];
    const receiver: ObjectReceiver = {
      write: () => association.abort(),
      end: () => told.push("end"),
      abort: ({ code }) => void told.push(code),
    };
    const running = get(association, REQUEST, { begin: () => receiver }, SIGNAL);
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
    expect(told).toEqual(["cancelled"]);
  });

  test("asks for nothing that the peer could send nowhere", async () => {
    const abstractSyntaxUid = MODEL_UIDS["study-root"].get;
    const roles = { scu: true, scp: false };
    const { requestor, acceptor } = pairAssociations([
      { id: 1, abstractSyntaxUid, transferSyntaxUid: EXPLICIT, roles },
    ]);
    const scp = new ScriptedScp(acceptor, done);
    const running = get(requestor, REQUEST, new CollectingStorage(), SIGNAL);
    await expect(running).rejects.toMatchObject({
      code: "no-context",
      message: expect.stringContaining("C-MOVE"),
    });
    expect(scp.received).toEqual([]);
  });

  test("does not take other requests meanwhile", async () => {
    const { association } = pair(({ contextId }, scp) => {
      void scp.send(contextId, { commandField: 0x20, hasDataSet: false, messageId: 7 });
    });
    const running = get(association, REQUEST, new CollectingStorage(), SIGNAL);
    await expect(running).rejects.toMatchObject({ code: "protocol-violation" });
  });
});

describe("a retrieval that gets nowhere", () => {
  /** Says that it is at work, every few milliseconds, until the association ends. */
  function busy(numbers: (round: number) => Partial<CommandSet>) {
    return (message: ReceivedMessage, scp: ScriptedScp) => {
      let round = 0;
      const timer = setInterval(() => {
        round++;
        if (scp.ended === null) void scp.answer(message, 0xff00, numbers(round));
        else clearInterval(timer);
      }, 5);
    };
  }

  test.each([
    ["says that it is at work", () => ({ remainingSuboperations: 9 })],
    ["counts on", (round: number) => ({ completedSuboperations: round })],
    ["counts down", (round: number) => ({ remainingSuboperations: 60_000 - round })],
  ])("is ended, however often the peer %s", async (_what, numbers) => {
    const { association } = pair(busy(numbers));
    const request = { ...REQUEST, stallTimeoutMs: 150 };
    const running = get(association, request, new CollectingStorage(), SIGNAL);
    await expect(running).rejects.toMatchObject({ code: "silent" });
    expect(association.isOpen).toBe(false);
  });

  test("goes on while more and more fails, and while we keep the peer waiting", async () => {
    const { association, scp } = pair(busy((round) => ({ failedSuboperations: round })));
    const request = { ...REQUEST, stallTimeoutMs: 150 };
    const running = get(association, request, new CollectingStorage(), SIGNAL);
    await new Promise((resolve) => {
      setTimeout(resolve, 400);
    });
    const [message] = scp.received;
    if (message !== undefined) void scp.answer(message, 0);
    expect((await running).status).toBe(0);

    const slow: StorageSink = {
      begin: () => ({
        write: () =>
          new Promise<void>((resolve) => {
            setTimeout(resolve, 400);
          }),
        end: () => 0,
        abort: () => undefined,
      }),
    };
    const other = pair(sender(["2.25.1"], done));
    expect((await get(other.association, request, slow, SIGNAL)).status).toBe(0);
  });
});

describe("C-MOVE", () => {
  function destination() {
    const expected: ExpectedMove[] = [];
    const over: number[] = [];
    const moveDestination: MoveDestination = {
      aeTitle: "NEGATO",
      expect: (one) => {
        expected.push(one);
        return { done: () => void over.push(one.originator.messageId) };
      },
    };
    return { expected, over, moveDestination };
  }
  const request = { ...REQUEST, expects: () => true };

  test("is expected before it is asked for, under a message ID of its own, and until it is over", async () => {
    const { expected, over, moveDestination } = destination();
    const two = [0, 1].map(() => {
      const { association, scp } = pair();
      const running = move(association, request, moveDestination, new CollectingStorage(), SIGNAL);
      return { scp, running };
    });
    for (const { scp } of two) await vi.waitFor(() => expect(scp.received.length).toBe(1));
    const commands = two.map(({ scp }) => scp.received[0]?.command);
    expect(commands[0]).toMatchObject({ moveDestination: "NEGATO", commandField: 0x21 });
    const ids = commands.map((command) => command?.messageId);
    expect(ids[0]).not.toBe(ids[1]);
    expect(expected.map(({ originator }) => originator)).toEqual(
      ids.map((messageId) => ({ aeTitle: "NEGATO", messageId })),
    );
    expect(over).toEqual([]);
    for (const { scp, running } of two) {
      const [message] = scp.received;
      if (message !== undefined) void scp.answer(message, 0);
      await running;
    }
    expect(over).toEqual(ids);
  });

  test("hears of the PACS by what it stores", async () => {
    const { expected, moveDestination } = destination();
    const { association, scp } = pair();
    const heard = vi.spyOn(association, "heard");
    const sink = new CollectingStorage();
    const running = move(association, request, moveDestination, sink, SIGNAL);
    await vi.waitFor(() => expect(scp.received.length).toBe(1));
    const object = {
      sopClassUid: CT,
      sopInstanceUid: "2.25.1",
      transferSyntaxUid: J2K,
      callingAeTitle: "PACS",
      calledAeTitle: "NEGATO",
    };
    const receiver = expected[0]?.sink.begin(object);
    if (typeof receiver === "object") void receiver.write(Uint8Array.of(1));
    if (typeof receiver === "object") void receiver.end();
    expect(heard).toHaveBeenCalledTimes(3);
    expect(sink.sopInstanceUids).toEqual(["2.25.1"]);
    const [message] = scp.received;
    if (message !== undefined) void scp.answer(message, 0);
    await running;
  });
});

function fail(): never {
  throw new Error("It fails");
}
