import { afterEach, describe, expect, it } from "vitest";
import { writeCommandSet } from "./command-set-codec.ts";
import { establish } from "./testing/established.ts";
import { endOf, STORE } from "./testing/operations.ts";
import { dataPdu, rawPdu, type ScriptedPeer } from "./testing/scripted-peer.ts";
import { writePdu } from "./write-pdu.ts";

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
      Array.from({ length: 3000 }, () => dataPdu({ contextId: 1, control: 1, bytes: BYTES })),
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

describe("an association", () => {
  it.each(VIOLATIONS)("aborts on %s", async (_name, bytes, code, reason) => {
    const { association, connection, peer: opened } = await establish();
    peer = opened;
    const end = endOf(association);
    connection.say(bytes);
    expect(await end).toMatchObject({ code });
    expect(await connection.control()).toEqual({ type: "A-ABORT", source: 2, reason });
    await connection.ended();
  });
});
