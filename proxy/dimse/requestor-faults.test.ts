import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { writeCommandSet } from "./command-set-codec.ts";
import { DimseError } from "./dimse-error.ts";
import { type Established, establish } from "./testing/established.ts";
import { ECHO, ECHOED, endOf, STORE } from "./testing/operations.ts";
import { dataPdu, messageBytes, rawPdu, type ScriptedPeer } from "./testing/scripted-peer.ts";
import { writePdu } from "./write-pdu.ts";

let peer: ScriptedPeer | undefined;

afterEach(async () => {
  await peer?.close();
  peer = undefined;
});

const COMMAND = writeCommandSet(STORE);
describe("a requestor on an association", () => {
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

async function established(changes?: Parameters<typeof establish>[0]): Promise<Established> {
  const all = await establish(changes);
  peer = all.peer;
  return all;
}
