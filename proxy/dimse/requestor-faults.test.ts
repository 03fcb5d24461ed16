import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Association } from "./association.ts";
import { writeCommandSet } from "./command-set-codec.ts";
import { DimseError } from "./dimse-error.ts";
import { requestAssociation } from "./request-association.ts";
import { localAe, ONE_CONTEXT } from "./testing/loopback.ts";
import { ECHO, ECHOED, endOf, STORE } from "./testing/operations.ts";
import {
  dataPdu,
  messageBytes,
  openScriptedPeer,
  rawPdu,
  type ScriptedConnection,
  type ScriptedPeer,
} from "./testing/scripted-peer.ts";
import { writePdu } from "./write-pdu.ts";

const NEVER = new AbortController().signal;

let peer: ScriptedPeer | undefined;

afterEach(async () => {
  await peer?.close();
  peer = undefined;
});

const COMMAND = writeCommandSet(STORE);
const BYTES = new Uint8Array(200);

/** What a peer says on an association, what the association ends with, and the reason of our abort. */
const VIOLATIONS: readonly (readonly [string, Uint8Array, string, number])[] = [
  ["an unknown PDU", rawPdu(0x42, BYTES), "protocol-violation", 1],
  [
    "a second answer",
    writePdu({ type: "A-ASSOCIATE-RJ", result: 1, source: 1, reason: 1 }),
    "protocol-violation",
    2,
  ],
  [
    "a release response that nobody asked for",
    writePdu({ type: "A-RELEASE-RP" }),
    "protocol-violation",
    2,
  ],
  ["4 GB announced", rawPdu(4, BYTES, 0xfffffff0), "limit-exceeded", 6],
  [
    "a value longer than its PDU",
    dataPdu({ contextId: 1, control: 3, bytes: BYTES, length: 5000 }),
    "protocol-violation",
    6,
  ],
  [
    "a value of length 0",
    dataPdu({ contextId: 1, control: 3, bytes: BYTES, length: 0 }),
    "protocol-violation",
    6,
  ],
  [
    "a value of length 1",
    dataPdu({ contextId: 1, control: 3, bytes: BYTES, length: 1 }),
    "protocol-violation",
    6,
  ],
  [
    "a data set before its command",
    dataPdu({ contextId: 1, control: 2, bytes: BYTES }),
    "protocol-violation",
    5,
  ],
  [
    "a context that was not accepted",
    dataPdu({ contextId: 9, control: 3, bytes: COMMAND }),
    "protocol-violation",
    6,
  ],
  [
    "a command set without end",
    Buffer.concat(
      Array.from({ length: 200 }, () => dataPdu({ contextId: 1, control: 1, bytes: BYTES })),
    ),
    "limit-exceeded",
    6,
  ],
  [
    "a command set that cannot be read",
    dataPdu({ contextId: 1, control: 3, bytes: BYTES.fill(0xff) }),
    "protocol-violation",
    0,
  ],
  [
    "a command set on two contexts",
    dataPdu(
      { contextId: 1, control: 1, bytes: COMMAND.subarray(0, 8) },
      { contextId: 3, control: 3, bytes: COMMAND.subarray(8) },
    ),
    "protocol-violation",
    5,
  ],
  [
    "a data set on another context than its command",
    dataPdu(
      { contextId: 1, control: 3, bytes: COMMAND },
      { contextId: 3, control: 2, bytes: BYTES },
    ),
    "protocol-violation",
    5,
  ],
  [
    "a command set inside of a data set",
    dataPdu(
      { contextId: 1, control: 3, bytes: COMMAND },
      { contextId: 1, control: 0, bytes: BYTES },
      { contextId: 1, control: 3, bytes: COMMAND },
    ),
    "protocol-violation",
    5,
  ],
];

describe("a requestor on an association", () => {
  it.each(VIOLATIONS)("aborts on %s", async (_name, bytes, code, reason) => {
    const { association, connection } = await established();
    const end = endOf(association);
    connection.say(bytes);
    expect(await end).toMatchObject({ code });
    expect(await connection.control()).toEqual({ type: "A-ABORT", source: 2, reason });
    await connection.ended();
  });

  it("says a command and a small data set in one write", async () => {
    const { association, connection } = await established();
    const chunks: number[] = [];
    connection.socket.on("data", ({ byteLength }: Buffer) => void chunks.push(byteLength));
    for (const length of [1000, 100_000]) {
      await association.send({ contextId: 1, command: STORE, dataSet: new Uint8Array(length) });
      await connection.message();
    }
    expect(chunks[0]).toBe(messageBytes(1, STORE, new Uint8Array(1000)).byteLength);
    association.abort();
  });

  it("understands a peer that dribbles", async () => {
    const { association, connection } = await established();
    const answered = new Promise((resolve) => {
      association.receive({
        message(_contextId, command): undefined {
          resolve(command);
        },
        closed: resolve,
      });
    });
    await association.send({ contextId: 1, command: ECHO });
    await connection.dribble(messageBytes(1, ECHOED));
    expect(await answered).toEqual(ECHOED);
    association.abort();
  });

  it("ends with the source and reason of the peer's abort", async () => {
    const { association, connection } = await established();
    const end = endOf(association);
    connection.say({ type: "A-ABORT", source: 2, reason: 6 });
    expect(await end).toMatchObject({
      code: "aborted",
      facts: { source: 2, reason: 6 },
      message: expect.stringContaining("invalid PDU parameter value"),
    });
    await connection.ended();
  });

  it.each(["hangUp", "reset"] as const)(
    "notices by %s that the peer died in the middle of a data set",
    async (how) => {
      const { association, connection } = await established();
      const told: unknown[] = [];
      const end = new Promise((resolve) => {
        association.receive({
          message: () => ({
            write: () => connection[how](),
            end: () => void told.push("end"),
            abort: (error) => void told.push(error.code),
          }),
          closed: resolve,
        });
      });
      connection.say(messageBytes(1, STORE, new Uint8Array(50_000)).subarray(0, 20_000));
      expect(await end).toMatchObject({ code: "connection-lost" });
      expect(told).toEqual(["connection-lost"]);
    },
  );

  it("calls a peer silent that stops in the middle of a data set", async () => {
    const { association, connection } = await established({ silenceTimeoutMs: 100 });
    const end = endOf(association);
    connection.say(messageBytes(1, STORE, new Uint8Array(50_000)).subarray(0, 20_000));
    expect(await end).toMatchObject({ code: "silent" });
    expect(await connection.control()).toMatchObject({ type: "A-ABORT", source: 0 });
  });

  it("calls a peer silent that takes nothing, and closes the connection all the same", async () => {
    const { association, connection } = await established({ silenceTimeoutMs: 100 });
    const end = endOf(association);
    connection.stall();
    const closed = new Promise((resolve) => connection.socket.once("close", resolve));
    const dataSet = Buffer.alloc(30_000_000);
    const sent = association.send({ contextId: 1, command: STORE, dataSet });
    await expect(sent).rejects.toMatchObject({ code: "silent" });
    expect(await end).toMatchObject({ code: "silent" });
    await association.release();
    connection.socket.resume();
    await closed;
  });

  it("says that a peer released it before it had answered", async () => {
    const { association, connection } = await established();
    const end = endOf(association);
    await association.send({ contextId: 1, command: ECHO });
    await connection.message();
    connection.say({ type: "A-RELEASE-RQ" });
    expect(await end).toMatchObject({ code: "connection-lost" });
    expect(await connection.control()).toEqual({ type: "A-RELEASE-RP" });
  });

  it("takes data that come after it asked for release", async () => {
    const { association, connection } = await established();
    const heard: number[] = [];
    const end = new Promise((resolve) => {
      association.receive({
        message(_contextId, { commandField }): undefined {
          heard.push(commandField);
        },
        closed: resolve,
      });
    });
    const released = association.release();
    expect(await connection.control()).toEqual({ type: "A-RELEASE-RQ" });
    connection.sayMessage(1, ECHOED);
    connection.say({ type: "A-RELEASE-RP" });
    await released;
    expect([await end, heard]).toEqual([undefined, [ECHOED.commandField]]);
  });

  it("answers a release that crosses its own, and waits for the answer to its own", async () => {
    const { association, connection } = await established();
    const end = endOf(association);
    const released = association.release();
    expect(await connection.control()).toEqual({ type: "A-RELEASE-RQ" });
    connection.say({ type: "A-RELEASE-RQ" });
    expect(await connection.control()).toEqual({ type: "A-RELEASE-RP" });
    connection.say({ type: "A-RELEASE-RP" });
    await released;
    expect(await end).toBeUndefined();
  });

  it("aborts a peer that does not answer the release, and closes what it does not close", async () => {
    const { association, connection } = await established({ silenceTimeoutMs: 50 });
    const released = association.release();
    await connection.control();
    expect(await connection.control()).toMatchObject({ type: "A-ABORT" });
    await released;
    await connection.ended();
  });

  it.each(["ours", "the peer's"])(
    "can be aborted in the middle of a release: %s",
    async (whose) => {
      const { association, connection } = await established();
      const end = endOf(association);
      const released = association.release();
      await connection.control();
      if (whose === "ours") {
        association.abort();
        expect(await connection.control()).toEqual({ type: "A-ABORT", source: 0, reason: 0 });
      } else connection.say({ type: "A-ABORT", source: 0, reason: 0 });
      await released;
      expect(await end).toMatchObject({ code: whose === "ours" ? "cancelled" : "aborted" });
      await connection.ended();
    },
  );

  it("drops what comes after an abort", async () => {
    const { association, connection } = await established();
    const heard: unknown[] = [];
    association.receive({
      message: (_contextId, command) => void heard.push(command),
      closed: (error) => heard.push(error?.code),
    });
    association.abort();
    connection.sayMessage(1, ECHOED);
    connection.sayMessage(1, STORE, new Uint8Array(100_000));
    await association.release();
    expect(heard).toEqual(["cancelled"]);
  });

  it("reads what came before the peer ended the connection, though it was held back", async () => {
    const { association, connection } = await established();
    const heard: unknown[] = [];
    const end = new Promise((resolve) => {
      association.receive({
        message(_contextId, command) {
          heard.push(command.commandField);
          return {
            write: () => new Promise((free) => setTimeout(free, 50)),
            end: () => void heard.push("end"),
            abort: () => void heard.push("abort"),
          };
        },
        closed: resolve,
      });
    });
    connection.say(
      Buffer.concat([
        messageBytes(1, STORE, new Uint8Array(100)),
        messageBytes(1, ECHOED),
        writePdu({ type: "A-ABORT", source: 2, reason: 0 }),
      ]),
    );
    connection.socket.end();
    expect(await end).toMatchObject({ code: "aborted" });
    expect(heard).toEqual([STORE.commandField, "end", ECHOED.commandField]);
  });

  it("does not let a peer ask on that reads no answer", async () => {
    const { association, connection } = await established({ silenceTimeoutMs: 200 });
    const end = new Promise((resolve) => {
      association.receive({
        message(_contextId, { messageId = 0 }): undefined {
          const errorComment = "x".repeat(4000);
          const command = { ...ECHOED, messageIdBeingRespondedTo: messageId, errorComment };
          association.send({ contextId: 1, command }).catch(() => {});
        },
        closed: resolve,
      });
    });
    connection.stall();
    const many = Buffer.concat(Array.from({ length: 1000 }, () => messageBytes(1, ECHO)));
    const asking = setInterval(() => connection.say(many), 5);
    try {
      expect(await end).toMatchObject({ code: expect.stringMatching("silent|limit-exceeded") });
    } finally {
      clearInterval(asking);
    }
  });

  it("does not wait for ever for a message that trickles", async () => {
    const { association, connection } = await established({ operationTimeoutMs: 150 });
    const end = endOf(association);
    const bytes = messageBytes(1, STORE, new Uint8Array(5000));
    const dribbling = connection.dribble(bytes, { count: 10, everyMs: 5 });
    expect(await end).toMatchObject({ code: "overdue" });
    await dribbling;
  });

  it("tells whoever asks afterwards that it is over", async () => {
    const { association, connection } = await established();
    connection.hangUp();
    await endOf(association);
    expect(await endOf(association)).toMatchObject({ code: "connection-lost" });
    await association.release();
    association.abort();
  });

  it("ends with a DimseError or goes on, whatever bytes come, and however they are cut", async () => {
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 50 }),
        fc.constantFrom(
          messageBytes(1, ECHOED),
          messageBytes(1, STORE, new Uint8Array(300)),
          dataPdu({ contextId: 1, control: 3, bytes: COMMAND }),
          dataPdu({ contextId: 1, control: 0, bytes: new Uint8Array(30) }),
          writePdu({ type: "A-RELEASE-RQ" }),
          writePdu({ type: "A-RELEASE-RP" }),
        ),
        fc
          .tuple(fc.integer({ min: 0, max: 8 }), fc.uint8Array({ maxLength: 40 }), fc.nat(60))
          .map(([type, body, length]) => rawPdu(type, body, length)),
      ),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(pieces, async (chunks) => {
        const { association, connection } = await established();
        const end = endOf(association);
        for (const chunk of chunks) connection.say(chunk);
        connection.socket.end();
        const error = await end;
        expect(error === undefined || error instanceof DimseError).toBe(true);
        await peer?.close();
      }),
      { numRuns: 60 },
    );
  });
});

/** An association with a peer whose side the test plays; contexts 1 and 3. */
async function established(
  changes: Parameters<typeof localAe>[1] = {},
): Promise<{ readonly association: Association; readonly connection: ScriptedConnection }> {
  peer = await openScriptedPeer(async (connection) => void (await connection.acceptAssociation()));
  const [context] = ONE_CONTEXT.contexts;
  const contexts = context === undefined ? [] : [context, context];
  const association = await requestAssociation(localAe(peer.port, changes), { contexts }, NEVER);
  const [connection] = peer.connections;
  if (connection === undefined) throw new Error("Nobody connected");
  return { association, connection };
}
