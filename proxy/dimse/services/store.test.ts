import { expect, test } from "vitest";
import { pairAssociations } from "../testing/paired-associations.ts";
import { type ReceivedMessage, ScriptedScp } from "../testing/scripted-scp.ts";
import { store } from "./store.ts";

const CT = "1.2.840.10008.5.1.4.1.1.2";
const J2K = "1.2.840.10008.1.2.4.90";
const SIGNAL = new AbortController().signal;

function pair(react: (message: ReceivedMessage, scp: ScriptedScp) => void) {
  const { requestor, acceptor } = pairAssociations([
    { id: 1, abstractSyntaxUid: CT, transferSyntaxUid: J2K, roles: { scu: true, scp: false } },
  ]);
  return { association: requestor, scp: new ScriptedScp(acceptor, react) };
}

function object(dataSet: AsyncIterable<Uint8Array>, transferSyntaxUid = J2K) {
  return { sopClassUid: CT, sopInstanceUid: "2.25.1", transferSyntaxUid, dataSet };
}

async function* bytes(...chunks: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Uint8Array.of(chunk);
}

test.each([
  [0x0000, undefined],
  [0xb000, "Coerced"],
  [0xa700, "Disk full"],
])("the answer %i to a C-STORE is given whatever it says", async (status, comment) => {
  const { association, scp } = pair((message, one) => {
    void one.answer(message, status, comment === undefined ? {} : { errorComment: comment });
  });
  const answer = await store(association, object(bytes(1, 2, 3)), SIGNAL);
  expect(answer).toEqual(comment === undefined ? { status } : { status, comment });
  expect(scp.received[0]).toMatchObject({
    bytes: Uint8Array.of(1, 2, 3),
    command: { affectedSopClassUid: CT, affectedSopInstanceUid: "2.25.1" },
  });
});

test("an object whose source fails ends the association, and is never complete at the peer", async () => {
  const broken = new Error("The file is gone");
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(1);
    throw broken;
  }
  const { association, scp } = pair((message, one) => void one.answer(message, 0));
  await expect(store(association, object(source()), SIGNAL)).rejects.toBeDefined();
  expect(association.isOpen).toBe(false);
  expect(scp.received).toEqual([]);
});

test("an object in a syntax that was not accepted is not sent", async () => {
  const { association, scp } = pair((message, one) => void one.answer(message, 0));
  const running = store(association, object(bytes(1), "1.2.840.10008.1.2.1"), SIGNAL);
  await expect(running).rejects.toMatchObject({ code: "no-context" });
  expect(scp.received).toEqual([]);
  expect(association.isOpen).toBe(true);
});

test("an abort while the answer is due ends the association", async () => {
  const aborting = new AbortController();
  const { association } = pair(() => aborting.abort());
  const running = store(association, object(bytes(1)), aborting.signal);
  await expect(running).rejects.toMatchObject({ code: "cancelled" });
  expect(association.isOpen).toBe(false);
});
