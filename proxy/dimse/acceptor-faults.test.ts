import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type AcceptorPolicy, acceptAssociation } from "./accept-association.ts";
import type { Association } from "./association.ts";
import type { DimseError } from "./dimse-error.ts";
import { type IncomingRequest, REJECTIONS } from "./incoming-request.ts";
import type { AssociateRequestPdu } from "./pdu.ts";
import { CT_IMAGE_STORAGE, EXPLICIT_LITTLE_ENDIAN, portOf, TAKES_ALL } from "./testing/loopback.ts";
import { ECHO, ECHOED, endOf, nextMessage, STORE } from "./testing/operations.ts";
import {
  connectScripted,
  messageBytes,
  rawPdu,
  requestPduOf,
  type ScriptedConnection,
} from "./testing/scripted-peer.ts";
import { writePdu } from "./write-pdu.ts";

const REQUEST = requestPduOf([[CT_IMAGE_STORAGE, EXPLICIT_LITTLE_ENDIAN]]);

/** What came of one connection. */
type Outcome = Association | DimseError;

let server: Server | undefined;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await new Promise((resolve) => server?.close(resolve));
});

describe("an acceptor", () => {
  it("accepts, answers and is released", async () => {
    const { connection, outcome } = await accepting();
    connection.say(REQUEST);
    expect(await connection.control()).toMatchObject({
      type: "A-ASSOCIATE-AC",
      calledAeTitle: "NEGATO",
      callingAeTitle: "PEER",
      contexts: [{ id: 1, result: 0, transferSyntaxUid: EXPLICIT_LITTLE_ENDIAN }],
      userInformation: { maximumPduLength: 65_536, implementationVersionName: "NEGATO_1" },
    });
    const association = await accepted(outcome);
    const asked = nextMessage(association);
    connection.sayMessage(1, ECHO);
    expect((await asked).command).toEqual(ECHO);
    await association.send({ contextId: 1, command: ECHOED });
    expect((await connection.message()).command).toEqual(ECHOED);
    const end = endOf(association);
    connection.say({ type: "A-RELEASE-RQ" });
    expect(await connection.control()).toEqual({ type: "A-RELEASE-RP" });
    expect(await end).toBeUndefined();
  });

  it("lets the policy decide by titles, address, contexts and roles", async () => {
    const asked: IncomingRequest[] = [];
    const request = requestPduOf([
      ["1.1", "2.1", "2.2"],
      ["1.2", "2.1"],
    ]);
    const { connection, outcome } = await accepting({
      decide(incoming) {
        asked.push(incoming);
        return {
          kind: "accept",
          context: ({ abstractSyntaxUid }) =>
            abstractSyntaxUid === "1.1"
              ? { transferSyntaxUid: "2.2", roles: { scu: false, scp: true } }
              : { result: 3 },
          extendedNegotiations: new Map([["1.1", Uint8Array.of(1)]]),
          userIdentityResponse: Uint8Array.of(7),
        };
      },
      asynchronousOperations: { invoked: 1, performed: 8 },
    });
    connection.say({
      ...request,
      userInformation: {
        ...request.userInformation,
        roles: [{ sopClassUid: "1.1", scu: true, scp: true }],
        asynchronousOperations: { invoked: 0, performed: 0 },
        userIdentity: { identity: { kind: "user", name: "ana" }, isResponseRequested: true },
      },
    });
    expect(await connection.control()).toMatchObject({
      contexts: [
        { id: 1, result: 0, transferSyntaxUid: "2.2" },
        { id: 3, result: 3 },
      ],
      userInformation: {
        roles: [{ sopClassUid: "1.1", scu: false, scp: true }],
        asynchronousOperations: { invoked: 1, performed: 8 },
        extendedNegotiations: new Map([["1.1", Uint8Array.of(1)]]),
        userIdentityResponse: Uint8Array.of(7),
      },
    });
    expect(asked).toMatchObject([
      {
        callingAeTitle: "PEER",
        calledAeTitle: "NEGATO",
        address: "127.0.0.1",
        userIdentity: { kind: "user", name: "ana" },
        contexts: [{ id: 1, roles: { scu: true, scp: true } }, { id: 3 }],
      },
    ]);
    const association = await accepted(outcome);
    expect(association.contexts).toMatchObject([{ id: 1, roles: { scu: false, scp: true } }]);
    expect(association.refused).toEqual([{ abstractSyntaxUid: "1.2", result: 3 }]);
    association.abort();
  });

  it.each<[string, Partial<AcceptorPolicy>, Partial<AssociateRequestPdu>, object]>([
    [
      "the policy does",
      { decide: () => ({ kind: "reject", rejection: REJECTIONS.localLimitExceeded }) },
      {},
      { result: 2, source: 3, reason: 2 },
    ],
    [
      "the protocol version is another",
      {},
      { protocolVersion: 2 },
      REJECTIONS.protocolVersionNotSupported,
    ],
    [
      "the application context is another",
      {},
      { applicationContextUid: "1.2.3" },
      REJECTIONS.applicationContextNotSupported,
    ],
    [
      "the policy throws",
      {
        decide: () => {
          throw new Error("broken");
        },
      },
      {},
      REJECTIONS.noReasonGiven,
    ],
  ])("rejects a request when %s", async (_name, policy, request, rejection) => {
    const { connection, outcome } = await accepting(policy);
    connection.say({ ...REQUEST, ...request });
    expect(await connection.control()).toEqual({ type: "A-ASSOCIATE-RJ", ...rejection });
    expect(await outcome).toMatchObject({ code: "rejected", facts: rejection });
    await connection.ended();
  });

  it.each([
    ["says nothing", new Uint8Array(0)],
    ["says half a request", writePdu(REQUEST).subarray(0, 100)],
  ])("closes the connection of a peer that %s", async (_name, bytes) => {
    const { connection, outcome } = await accepting({ requestTimeoutMs: 50 });
    connection.say(bytes);
    expect(await outcome).toMatchObject({ code: "connect-timeout" });
    await connection.ended();
  });

  it("does not wait longer for a peer that dribbles its request", async () => {
    const { connection, outcome } = await accepting({ requestTimeoutMs: 100 });
    const dribbling = connection.dribble(writePdu(REQUEST), { everyMs: 10 });
    expect(await outcome).toMatchObject({ code: "connect-timeout" });
    await dribbling;
  });

  it("closes the connection when it is not wanted any more", async () => {
    const controller = new AbortController();
    const { connection, outcome } = await accepting({}, controller.signal);
    controller.abort();
    expect(await outcome).toMatchObject({ code: "cancelled" });
    await connection.ended();
  });

  it.each([
    ["noise", Buffer.from("GET / HTTP/1.1\r\n\r\n"), "protocol-violation"],
    ["4 GB announced", rawPdu(1, new Uint8Array(100), 0xffffffff), "limit-exceeded"],
    ["data", messageBytes(1, ECHO), "protocol-violation"],
    ["a release", writePdu({ type: "A-RELEASE-RQ" }), "protocol-violation"],
  ])("aborts on %s instead of a request", async (_name, bytes, code) => {
    const { connection, outcome } = await accepting();
    connection.say(bytes);
    expect(await outcome).toMatchObject({ code });
    expect(await connection.control()).toEqual({ type: "A-ABORT", source: 0, reason: 0 });
    await connection.ended();
  });

  it.each([
    [
      "an abort",
      (connection: ScriptedConnection) => connection.say({ type: "A-ABORT", source: 0, reason: 0 }),
      "aborted",
    ],
    ["the end", (connection: ScriptedConnection) => connection.hangUp(), "connection-lost"],
  ])("ends with %s before a request", async (_name, act, code) => {
    const { connection, outcome } = await accepting();
    act(connection);
    expect(await outcome).toMatchObject({ code });
    await connection.ended();
  });

  it("ends when a peer stops in the middle of a message", async () => {
    const { connection, outcome } = await accepting({ silenceTimeoutMs: 60 });
    connection.say(REQUEST);
    await connection.control();
    const end = endOf(await accepted(outcome));
    connection.say(messageBytes(1, STORE, new Uint8Array(9000)).subarray(0, 500));
    expect(await end).toMatchObject({ code: "silent" });
    expect(await connection.control()).toMatchObject({ type: "A-ABORT" });
  });

  it("waits in a release collision for the answer before it answers", async () => {
    const { connection, outcome } = await accepting();
    connection.say(REQUEST);
    await connection.control();
    const association = await accepted(outcome);
    const end = endOf(association);
    const released = association.release();
    expect(await connection.control()).toEqual({ type: "A-RELEASE-RQ" });
    connection.say({ type: "A-RELEASE-RQ" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(connection.pendingBytes).toBe(0);
    connection.say({ type: "A-RELEASE-RP" });
    expect(await connection.control()).toEqual({ type: "A-RELEASE-RP" });
    connection.hangUp();
    await released;
    expect(await end).toBeUndefined();
  });

  it("closes the connection when the peer does not after a release", async () => {
    const { connection, outcome } = await accepting();
    connection.say(REQUEST);
    await connection.control();
    const end = endOf(await accepted(outcome));
    connection.say({ type: "A-RELEASE-RQ" });
    await connection.control();
    expect(await end).toBeUndefined();
    await connection.ended(1500);
  });
});

/** Somebody connects; what comes of it is the outcome. */
async function accepting(
  policy: Partial<AcceptorPolicy> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<{ readonly connection: ScriptedConnection; readonly outcome: Promise<Outcome> }> {
  const listening = createServer();
  server = listening;
  const outcome = new Promise<Outcome>((resolve) => {
    listening.once("connection", (socket) => {
      sockets.push(socket);
      acceptAssociation(socket, { ...TAKES_ALL, ...policy }, signal).then(resolve, resolve);
    });
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const connection = await connectScripted(portOf(listening));
  sockets.push(connection.socket);
  return { connection, outcome };
}

async function accepted(outcome: Promise<Outcome>): Promise<Association> {
  const association = await outcome;
  if (association instanceof Error) throw association;
  return association;
}
