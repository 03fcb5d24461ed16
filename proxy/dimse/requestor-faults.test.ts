import { afterEach, describe, expect, it } from "vitest";
import type { Association } from "./association.ts";
import { writeCommandSet } from "./command-set-codec.ts";
import type { DimseError } from "./dimse-error.ts";
import { requestAssociation } from "./request-association.ts";
import { localAe, ONE_CONTEXT } from "./testing/loopback.ts";
import { ECHO, ECHOED, endOf, STORE } from "./testing/operations.ts";
import {
  acceptPdu,
  dataPdu,
  messageBytes,
  openScriptedPeer,
  rawPdu,
  type Script,
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

describe("a requestor before the association", () => {
  it("says that nothing listens", async () => {
    peer = await openScriptedPeer(() => {});
    const { port } = peer;
    await peer.close();
    await expect(requestAssociation(localAe(port), ONE_CONTEXT, NEVER)).rejects.toMatchObject({
      code: "unreachable",
      message: `No connection to PACS at 127.0.0.1 port ${port}: nothing listens there.`,
    });
  });

  it("says that there is no such host", async () => {
    const remote = localAe(104, { host: "no-such-host.invalid", connectTimeoutMs: 5000 });
    await expect(requestAssociation(remote, ONE_CONTEXT, NEVER)).rejects.toMatchObject({
      code: "unreachable",
    });
  });

  it.each([
    [1, 1, 3, "add it there with this host and port"],
    [1, 1, 7, "correct the AE title"],
    [2, 3, 2, "transient"],
    [1, 9, 9, "source 9, reason 9"],
  ])("gives the rejection %i/%i/%i in words", async (result, source, reason, words) => {
    await meets(async (connection) => {
      await connection.control();
      connection.say({ type: "A-ASSOCIATE-RJ", result, source, reason });
    });
    await expect(ask()).rejects.toMatchObject({
      code: "rejected",
      facts: { result, source, reason },
      message: expect.stringContaining(words),
    });
  });

  it.each<[string, Script, Partial<DimseError>]>([
    ["never answers", () => {}, { code: "connect-timeout" }],
    [
      "closes the connection",
      async (connection): Promise<void> => {
        await connection.control();
        connection.hangUp();
      },
      { code: "connection-lost" },
    ],
    [
      "aborts",
      async (connection): Promise<void> => {
        await connection.control();
        connection.say({ type: "A-ABORT", source: 2, reason: 1 });
      },
      { code: "aborted", facts: { source: 2, reason: 1 } },
    ],
    [
      "speaks HTTP",
      (connection) => connection.say(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")),
      { code: "protocol-violation" },
    ],
    [
      "sends data instead of an answer",
      (connection) => connection.say(messageBytes(1, ECHO)),
      { code: "protocol-violation" },
    ],
    [
      "takes PDUs that no data fit into",
      async (connection): Promise<void> => {
        const request = await connection.control();
        if (request.type !== "A-ASSOCIATE-RQ") return;
        const accepted = acceptPdu(request);
        const userInformation = { ...accepted.userInformation, maximumPduLength: 6 };
        connection.say({ ...accepted, userInformation });
      },
      { code: "protocol-violation" },
    ],
  ])("ends when the peer %s", async (_name, script, error) => {
    await meets(script);
    await expect(ask(300)).rejects.toMatchObject(error);
    await peer?.connections[0]?.ended();
  });

  it("leaves nothing open when the signal aborts, at whatever time", async () => {
    await meets(() => {});
    const controller = new AbortController();
    const remote = localAe(peer?.port ?? 0);
    const asked = requestAssociation(remote, ONE_CONTEXT, controller.signal);
    setTimeout(() => controller.abort(), 30);
    await expect(asked).rejects.toMatchObject({ code: "cancelled" });
    await peer?.connections[0]?.ended();
    await expect(
      requestAssociation(remote, ONE_CONTEXT, AbortSignal.abort()),
    ).rejects.toMatchObject({ code: "cancelled" });
  });

  it("answers an unexpected PDU with an abort that says why", async () => {
    let heard: unknown;
    await meets(async (connection) => {
      await connection.control();
      connection.say({ type: "A-RELEASE-RQ" });
      heard = await connection.control();
    });
    await expect(ask()).rejects.toMatchObject({ code: "protocol-violation" });
    await peer?.done();
    expect(heard).toEqual({ type: "A-ABORT", source: 2, reason: 2 });
  });

  it("takes contexts for refused that were answered with a syntax not proposed, or not at all", async () => {
    await meets(async (connection) => {
      const request = await connection.control();
      if (request.type !== "A-ASSOCIATE-RQ") return;
      const contexts = [
        { id: 1, result: 0, transferSyntaxUid: "1.2.840.10008.1.2\0" },
        { id: 3, result: 0, transferSyntaxUid: "9.9" },
        { id: 5, result: 3, transferSyntaxUid: "" },
        { id: 99, result: 0, transferSyntaxUid: "1.2.840.10008.1.2" },
      ];
      const roles = [{ sopClassUid: "1.1", scu: true, scp: true }];
      const { userInformation } = acceptPdu(request);
      connection.say({
        ...acceptPdu(request),
        contexts,
        userInformation: { ...userInformation, roles },
      });
    });
    const transferSyntaxUids = ["1.2.840.10008.1.2"];
    const association = await requestAssociation(
      localAe(peer?.port ?? 0),
      {
        contexts: [
          { abstractSyntaxUid: "1.1", transferSyntaxUids, roles: { scu: false, scp: true } },
          { abstractSyntaxUid: "1.2", transferSyntaxUids },
          { abstractSyntaxUid: "1.3", transferSyntaxUids },
          { abstractSyntaxUid: "1.4", transferSyntaxUids },
        ],
      },
      NEVER,
    );
    expect(association.contexts).toEqual([
      {
        id: 1,
        abstractSyntaxUid: "1.1",
        transferSyntaxUid: "1.2.840.10008.1.2",
        roles: { scu: false, scp: true },
      },
    ]);
    expect(association.refused.map(({ result }) => result)).toEqual([4, 3, 2]);
    association.abort();
  });

  it("reaches a peer by IPv6, and by a name that has both kinds of address", async () => {
    for (const host of ["::1", "localhost"]) {
      peer = await openScriptedPeer(
        async (connection) => void (await connection.acceptAssociation()),
        {
          host: host === "localhost" ? "127.0.0.1" : host,
        },
      );
      const association = await requestAssociation(
        localAe(peer.port, { host }),
        ONE_CONTEXT,
        NEVER,
      );
      expect(association.isOpen).toBe(true);
      association.abort();
      await peer.close();
    }
  });
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
});

async function meets(script: Script): Promise<void> {
  peer = await openScriptedPeer(script);
}

function ask(connectTimeoutMs = 1000): Promise<Association> {
  return requestAssociation(localAe(peer?.port ?? 0, { connectTimeoutMs }), ONE_CONTEXT, NEVER);
}

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
