import { afterEach, describe, expect, it } from "vitest";
import type { Association } from "./association.ts";
import type { AssociationEvent } from "./association-event.ts";
import { COMMAND_FIELDS, type CommandSet } from "./command-set.ts";
import { DimseError } from "./dimse-error.ts";
import { type Loopback, openLoopback } from "./testing/loopback.ts";
import { ECHO, ECHOED, endOf, nextMessage, STORE, STORED } from "./testing/operations.ts";

let open: Loopback | undefined;

afterEach(async () => {
  await open?.close();
  open = undefined;
});

describe("an association", () => {
  it("carries a command and its data set, however long, and the answer", async () => {
    open = await openLoopback();
    const { requestor, acceptor } = open;
    const bytes = someBytes(1_000_001);
    const arrived = nextMessage(acceptor);
    await requestor.send({ contextId: 1, command: STORE, dataSet: bytes });
    const { command, dataSet } = await arrived;
    expect(command).toEqual(STORE);
    expect(Buffer.compare(dataSet, bytes)).toBe(0);
    const answered = nextMessage(requestor);
    await acceptor.send({ contextId: 1, command: STORED });
    expect((await answered).command).toEqual(STORED);
  });

  it.each([7, 16, 1000, 65_536, 0])(
    "fragments data sets to a PDU length of %i",
    async (maximumPduLength) => {
      open = await openLoopback({ policy: { maximumPduLength } });
      const { requestor, acceptor } = open;
      for (const length of [0, 1, 999, 994, 988, 3000]) {
        const arrived = nextMessage(acceptor);
        await requestor.send({ contextId: 1, command: STORE, dataSet: someBytes(length) });
        expect(Buffer.compare((await arrived).dataSet, someBytes(length))).toBe(0);
      }
    },
  );

  it("sends a data set as it comes, in whatever pieces", async () => {
    open = await openLoopback();
    const { requestor, acceptor } = open;
    const bytes = someBytes(200_000);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.byteLength; at += 7001) {
        await new Promise((resolve) => setImmediate(resolve));
        yield bytes.subarray(at, at + 7001);
      }
    }
    const arrived = nextMessage(acceptor);
    await requestor.send({ contextId: 1, command: STORE, dataSet: pieces() });
    expect(Buffer.compare((await arrived).dataSet, bytes)).toBe(0);
  });

  it("does not mix messages, and lets answers and C-CANCEL go before requests that wait", async () => {
    open = await openLoopback();
    const { requestor, acceptor } = open;
    const cancel: CommandSet = {
      commandField: COMMAND_FIELDS.cCancel,
      hasDataSet: false,
      messageIdBeingRespondedTo: 9,
    };
    const heard = heardOf(acceptor, 4);
    const big = someBytes(2_000_000);
    const sent = [
      requestor.send({ contextId: 1, command: { ...STORE, messageId: 1 }, dataSet: big }),
      requestor.send({ contextId: 1, command: { ...STORE, messageId: 2 }, dataSet: big }),
      requestor.send({ contextId: 1, command: STORED }),
      requestor.send({ contextId: 1, command: cancel }),
    ];
    await Promise.all(sent);
    expect(await heard).toEqual([
      "1 with 2000000 bytes",
      "8001 with 0 bytes",
      "fff with 0 bytes",
      "1 with 2000000 bytes",
    ]);
  });

  it("lets messages that came early wait for a receiver", async () => {
    open = await openLoopback();
    const { requestor, acceptor } = open;
    await requestor.send({ contextId: 1, command: STORE, dataSet: someBytes(100_000) });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await nextMessage(acceptor)).dataSet).toHaveLength(100_000);
  });

  it("holds the peer back while its data are not taken, and does not call that silence", async () => {
    open = await openLoopback({ remote: { silenceTimeoutMs: 100 } });
    const { requestor, acceptor } = open;
    let written = 0;
    let free = (): void => {};
    const done = new Promise<void>((resolve) => {
      requestor.receive({
        message: () => ({
          write(chunk): Promise<void> | undefined {
            const isFirst = written === 0;
            written += chunk.byteLength;
            return isFirst ? new Promise((go) => (free = go)) : undefined;
          },
          end: resolve,
          abort: () => {},
        }),
        closed: () => {},
      });
    });
    const bytes = Buffer.alloc(40_000_000);
    let isSent = false;
    const sent = acceptor.send({ contextId: 1, command: STORE, dataSet: bytes }).then(() => {
      isSent = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(written).toBeLessThan(100_000);
    expect([isSent, requestor.isOpen, acceptor.isOpen]).toEqual([false, true, true]);
    free();
    await Promise.all([done, sent]);
    expect(written).toBe(bytes.byteLength);
  });

  it("gives message IDs that are not in use, from 1 to 65535", async () => {
    open = await openLoopback();
    const { requestor, acceptor } = open;
    void endOf(acceptor);
    await requestor.send({ contextId: 1, command: { ...ECHO, messageId: 2 } });
    const all = Array.from({ length: 65_536 }, () => requestor.nextMessageId());
    expect(all.slice(0, 3)).toEqual([1, 3, 4]);
    expect(all.at(-2)).toBe(1);
    expect(Math.max(...all)).toBe(65_535);
  });

  it("ends on both sides when it is released", async () => {
    open = await openLoopback();
    const { requestor, acceptor } = open;
    const ends = Promise.all([endOf(requestor), endOf(acceptor)]);
    await requestor.release();
    expect(await ends).toEqual([undefined, undefined]);
    expect(requestor.isOpen).toBe(false);
    await expect(requestor.send({ contextId: 1, command: ECHO })).rejects.toMatchObject({
      code: "closed",
    });
  });

  it("ends well when both sides release it at once", async () => {
    open = await openLoopback();
    const { requestor, acceptor } = open;
    const ends = Promise.all([endOf(requestor), endOf(acceptor)]);
    await Promise.all([requestor.release(), acceptor.release()]);
    expect(await ends).toEqual([undefined, undefined]);
  });

  it("is released after what was to be sent", async () => {
    open = await openLoopback();
    const { requestor, acceptor } = open;
    const arrived = nextMessage(acceptor);
    const sent = requestor.send({ contextId: 1, command: STORE, dataSet: someBytes(3_000_000) });
    await requestor.release();
    await sent;
    expect((await arrived).dataSet).toHaveLength(3_000_000);
  });

  it("tells both sides of an abort, and whoever sends or receives", async () => {
    open = await openLoopback();
    const { requestor, acceptor } = open;
    const ends = Promise.all([endOf(requestor), endOf(acceptor)]);
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield someBytes(200_000);
      await new Promise(() => {});
    }
    const sent = requestor.send({ contextId: 1, command: STORE, dataSet: endless() });
    const refused = expect(sent).rejects.toMatchObject({ code: "cancelled" });
    requestor.abort();
    await refused;
    const [own, theirs] = await ends;
    expect(own?.code).toBe("cancelled");
    expect(theirs).toMatchObject({ code: "aborted", facts: { source: 0 } });
  });

  it("aborts when a data set cannot be read on, and only refuses when nothing of it was sent", async () => {
    open = await openLoopback();
    const { requestor, acceptor } = open;
    async function* broken(bytes: number): AsyncGenerator<Uint8Array> {
      if (bytes > 0) yield someBytes(bytes);
      throw new Error("disk");
    }
    void endOf(acceptor);
    await expect(
      requestor.send({ contextId: 1, command: STORE, dataSet: broken(0) }),
    ).rejects.toMatchObject({ code: "cancelled" });
    expect(requestor.isOpen).toBe(true);
    const end = endOf(requestor);
    await expect(
      requestor.send({ contextId: 1, command: STORE, dataSet: broken(100_000) }),
    ).rejects.toMatchObject({ code: "cancelled" });
    expect((await end)?.code).toBe("cancelled");
  });

  it.each(["throws", "rejects", "refuses the message"])(
    "is aborted when whoever takes the data %s",
    async (how) => {
      open = await openLoopback();
      const { requestor, acceptor } = open;
      const error = new DimseError("overdue", "Enough");
      const told: unknown[] = [];
      const end = new Promise<DimseError | undefined>((resolve) => {
        acceptor.receive({
          message(): { write: () => Promise<void>; end: () => void; abort: (e: unknown) => void } {
            if (how === "refuses the message") throw error;
            return {
              write(): Promise<void> {
                if (how === "throws") throw error;
                return Promise.reject(error);
              },
              end: () => {},
              abort: (reason) => void told.push(reason),
            };
          },
          closed: resolve,
        });
      });
      const far = endOf(requestor);
      const sent = requestor.send({ contextId: 1, command: STORE, dataSet: someBytes(900_000) });
      sent.catch(() => {});
      expect(await end).toBe(error);
      expect(told).toEqual(how === "refuses the message" ? [] : [error]);
      expect((await far)?.code).toBe("aborted");
    },
  );

  it("tells an observer what happened, without anything of the patient", async () => {
    const events: AssociationEvent[] = [];
    open = await openLoopback({
      observe: ({ event, remote }) => {
        if (remote === "pacs") events.push(event);
      },
    });
    const { requestor, acceptor } = open;
    const arrived = nextMessage(acceptor);
    await requestor.send({ contextId: 1, command: STORE, dataSet: someBytes(1000) });
    await arrived;
    const answered = nextMessage(requestor);
    await acceptor.send({ contextId: 1, command: { ...STORED, errorComment: "PATIENT^NAME" } });
    await answered;
    await requestor.release();
    expect(events.map(({ kind }) => kind)).toEqual([
      "requested",
      "accepted",
      "message",
      "message",
      "ended",
    ]);
    expect(events[2]).toMatchObject({
      direction: "sent",
      command: "C-STORE-RQ",
      dataSetBytes: 1000,
    });
    expect(events[3]).toMatchObject({ direction: "received", command: "C-STORE-RSP", status: 0 });
    expect(events[4]).toMatchObject({ how: "released" });
    expect(JSON.stringify(events)).not.toMatch(/PATIENT|1\.2\.3"/);
  });

  it("is silent when a request is not answered, and not while the peer is heard elsewhere", async () => {
    open = await openLoopback({ remote: { silenceTimeoutMs: 500 } });
    const { requestor, acceptor } = open;
    void endOf(acceptor);
    const end = endOf(requestor);
    await requestor.send({ contextId: 1, command: ECHO });
    for (let count = 0; count < 5; count += 1) {
      await new Promise((resolve) => setTimeout(resolve, 120));
      requestor.heard();
    }
    expect(requestor.isOpen).toBe(true);
    expect(await end).toMatchObject({ code: "silent" });
  });

  it("is not silent when nothing is asked, nor while the peer waits for our answer", async () => {
    open = await openLoopback({ remote: { silenceTimeoutMs: 250 } });
    const { requestor, acceptor } = open;
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(requestor.isOpen).toBe(true);
    void endOf(acceptor);
    await requestor.send({ contextId: 1, command: { ...ECHO, messageId: 5 } });
    const asked = nextMessage(requestor);
    await acceptor.send({ contextId: 1, command: STORE, dataSet: someBytes(100) });
    await asked;
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(requestor.isOpen).toBe(true);
    const end = endOf(requestor);
    await requestor.send({ contextId: 1, command: STORED });
    expect((await end)?.code).toBe("silent");
  });

  it("ends when it is idle for longer than the acceptor allows", async () => {
    open = await openLoopback({ policy: { idleTimeoutMs: 50 } });
    const { requestor, acceptor } = open;
    const [asked, answered] = [nextMessage(acceptor), nextMessage(requestor)];
    await requestor.send({ contextId: 1, command: ECHO });
    await asked;
    await acceptor.send({ contextId: 1, command: ECHOED });
    await answered;
    const end = endOf(acceptor);
    expect((await end)?.code).toBe("silent");
  });
});

function someBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => at * 7 + (at >> 8));
}

/** What comes on an association: field and length of each message. */
function heardOf(association: Association, count: number): Promise<readonly string[]> {
  const heard: string[] = [];
  return new Promise((resolve, reject) => {
    const note = (command: CommandSet, length: number): void => {
      heard.push(`${command.commandField.toString(16)} with ${length} bytes`);
      if (heard.length === count) resolve(heard);
    };
    association.receive({
      message(_contextId, command) {
        let length = 0;
        if (!command.hasDataSet) note(command, 0);
        return {
          write: (chunk) => {
            length += chunk.byteLength;
          },
          end: () => note(command, length),
          abort: reject,
        };
      },
      closed: (error) => error !== undefined && reject(error),
    });
  });
}
