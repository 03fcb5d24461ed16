import { afterEach, describe, expect, it } from "vitest";
import type { Association } from "./association.ts";
import type { DimseError } from "./dimse-error.ts";
import { requestAssociation } from "./request-association.ts";
import { localAe, ONE_CONTEXT } from "./testing/loopback.ts";
import { ECHO } from "./testing/operations.ts";
import {
  acceptPdu,
  messageBytes,
  openScriptedPeer,
  type Script,
  type ScriptedPeer,
} from "./testing/scripted-peer.ts";

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

async function meets(script: Script): Promise<void> {
  peer = await openScriptedPeer(script);
}

function ask(connectTimeoutMs = 1000): Promise<Association> {
  return requestAssociation(localAe(peer?.port ?? 0, { connectTimeoutMs }), ONE_CONTEXT, NEVER);
}
