import { afterEach, describe, expect, it } from "vitest";
import type { Association, DataSetSink } from "./association.ts";
import { COMMAND_FIELDS, type CommandSet, RESPONSE } from "./command-set.ts";
import type { DimseError } from "./dimse-error.ts";
import { type Loopback, openLoopback } from "./testing/loopback.ts";

const STORE: CommandSet = {
  commandField: COMMAND_FIELDS.cStore,
  hasDataSet: true,
  messageId: 1,
  affectedSopClassUid: "1.2.840.10008.5.1.4.1.1.2",
  affectedSopInstanceUid: "1.2.3",
  priority: 0,
};
const STORED: CommandSet = {
  commandField: COMMAND_FIELDS.cStore | RESPONSE,
  hasDataSet: false,
  messageIdBeingRespondedTo: 1,
  status: 0,
};

let open: Loopback | undefined;

afterEach(async () => {
  await open?.close();
  open = undefined;
});

describe("an association", () => {
  it("carries a command and its data set, however long, and the answer", async () => {
    open = await openLoopback();
    const { requestor, acceptor } = open;
    const bytes = Uint8Array.from({ length: 1_000_001 }, (_, at) => at * 7);
    const arrived = nextMessage(acceptor);
    await requestor.send({ contextId: 1, command: STORE, dataSet: bytes });
    const { command, dataSet } = await arrived;
    expect(command).toEqual(STORE);
    expect(Buffer.compare(dataSet, bytes)).toBe(0);
    const answered = nextMessage(requestor);
    await acceptor.send({ contextId: 1, command: STORED });
    expect((await answered).command).toEqual(STORED);
  });

  it("ends on both sides when it is released", async () => {
    open = await openLoopback();
    const { requestor, acceptor } = open;
    const ends = Promise.all([endOf(requestor), endOf(acceptor)]);
    await requestor.release();
    expect(await ends).toEqual([undefined, undefined]);
    expect(requestor.isOpen).toBe(false);
  });
});

interface Arrived {
  readonly command: CommandSet;
  readonly dataSet: Uint8Array;
}

/** The next message on an association, with its data set. */
function nextMessage(association: Association): Promise<Arrived> {
  return new Promise((resolve, reject) => {
    association.receive({
      message(_contextId, command): DataSetSink | undefined {
        const chunks: Uint8Array[] = [];
        const end = (): void => resolve({ command, dataSet: Buffer.concat(chunks) });
        if (command.hasDataSet) {
          return { write: (chunk) => void chunks.push(chunk), end, abort: reject };
        }
        end();
        return undefined;
      },
      closed: (error) => error !== undefined && reject(error),
    });
  });
}

function endOf(association: Association): Promise<DimseError | undefined> {
  return new Promise((resolve) => {
    association.receive({ message: () => undefined, closed: resolve });
  });
}
