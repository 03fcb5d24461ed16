import { describe, expect, test } from "vitest";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import { readDataSet } from "#core/dicom/data-set-reader.ts";
import { writeDataSet } from "#core/dicom/data-set-writer.ts";
import { COMMAND_FIELDS } from "../command-set.ts";
import { pairAssociations } from "../testing/paired-associations.ts";
import { type ReceivedMessage, ScriptedScp } from "../testing/scripted-scp.ts";
import { createCommitmentDesk } from "./commitment-desk.ts";
import { requestCommitment, STORAGE_COMMITMENT_PUSH } from "./storage-commitment.ts";

const EXPLICIT = "1.2.840.10008.1.2.1";
const CT = "1.2.840.10008.5.1.4.1.1.2";
const SIGNAL = new AbortController().signal;
const INSTANCES = ["2.25.1", "2.25.2"].map((sopInstanceUid) => ({
  sopClassUid: CT,
  sopInstanceUid,
}));

function pair(react: (message: ReceivedMessage, scp: ScriptedScp) => void) {
  const { requestor, acceptor } = pairAssociations([
    {
      id: 1,
      abstractSyntaxUid: STORAGE_COMMITMENT_PUSH,
      transferSyntaxUid: EXPLICIT,
      roles: { scu: true, scp: false },
    },
  ]);
  return { association: requestor, scp: new ScriptedScp(acceptor, react) };
}

function item(sopInstanceUid: string, reason?: number) {
  return {
    ReferencedSOPClassUID: CT,
    ReferencedSOPInstanceUID: sopInstanceUid,
    FailureReason: reason,
  };
}

function report(scp: ScriptedScp, transactionUid: string, eventTypeId = 2) {
  const event = buildDataSet({
    TransactionUID: transactionUid,
    ReferencedSOPSequence: [item("2.25.1")],
    FailedSOPSequence: [item("2.25.2", 0x0112)],
  });
  const command = {
    commandField: COMMAND_FIELDS.nEventReport,
    hasDataSet: true,
    messageId: 40,
    affectedSopClassUid: STORAGE_COMMITMENT_PUSH,
    affectedSopInstanceUid: "1.2.840.10008.1.20.1.1",
    eventTypeId,
  };
  return scp.send(1, command, writeDataSet(event));
}

const REPORTED = {
  transactionUid: "2.25.77",
  committed: [{ sopClassUid: CT, sopInstanceUid: "2.25.1" }],
  failed: [{ sopClassUid: CT, sopInstanceUid: "2.25.2", reason: 0x0112 }],
};
const isAction = ({ command }: ReceivedMessage) => command.commandField === COMMAND_FIELDS.nAction;

describe("a request for commitment", () => {
  test("names the transaction and its instances", async () => {
    const { association, scp } = pair((message, one) => void one.answer(message, 0));
    await requestCommitment(association, "2.25.77", INSTANCES, SIGNAL);
    const [message] = scp.received;
    expect(message?.command).toMatchObject({
      commandField: COMMAND_FIELDS.nAction,
      requestedSopClassUid: STORAGE_COMMITMENT_PUSH,
      requestedSopInstanceUid: "1.2.840.10008.1.20.1.1",
      actionTypeId: 1,
    });
    const read = readDataSet(message?.bytes ?? new Uint8Array(), { transferSyntaxUid: EXPLICIT });
    expect(read.string(0x00081195)).toBe("2.25.77");
    expect(read.items(0x00081199).map((one) => one.string(0x00081155))).toEqual([
      "2.25.1",
      "2.25.2",
    ]);
  });

  test.each(["before", "after"])(
    "takes a report on the same association %s its answer",
    async (when) => {
      const desk = createCommitmentDesk();
      const { association, scp } = pair((message, one) => {
        if (!isAction(message)) return;
        if (when === "before") void report(one, "2.25.77");
        void one.answer(message, 0);
        if (when === "after") void report(one, "2.25.77");
      });
      await requestCommitment(association, "2.25.77", INSTANCES, SIGNAL, desk);
      expect(await desk.reportOf("2.25.77", 1000, SIGNAL)).toEqual(REPORTED);
      await expect
        .poll(() => scp.received.at(-1)?.command)
        .toMatchObject({ status: 0, eventTypeId: 2 });
    },
  );

  test("that is refused says why", async () => {
    const { association } = pair((message, one) => void one.answer(message, 0x0131));
    const running = requestCommitment(association, "2.25.77", INSTANCES, SIGNAL);
    await expect(running).rejects.toMatchObject({
      code: "failed-status",
      facts: { status: 0x0131 },
    });
  });

  test("answers an event of another type that it does not know it", async () => {
    const { association, scp } = pair((message, one) => {
      if (isAction(message)) void report(one, "2.25.77", 9).then(() => one.answer(message, 0));
    });
    await requestCommitment(association, "2.25.77", INSTANCES, SIGNAL, createCommitmentDesk());
    expect(scp.received.at(-1)?.command.status).toBe(0x0113);
  });
});

describe("the desk for reports", () => {
  test("gives each waiting caller the report of its transaction", async () => {
    const desk = createCommitmentDesk();
    const both = ["2.25.1", "2.25.2"].map((uid) => desk.reportOf(uid, 1000, SIGNAL));
    for (const transactionUid of ["2.25.2", "2.25.1"])
      desk.received({ transactionUid, committed: [], failed: [] });
    const reports = await Promise.all(both);
    expect(reports.map(({ transactionUid }) => transactionUid)).toEqual(["2.25.1", "2.25.2"]);
  });

  test("says that none came in time", async () => {
    const desk = createCommitmentDesk();
    await expect(desk.reportOf("2.25.1", 5, SIGNAL)).rejects.toMatchObject({ code: "silent" });
  });

  test("waits no longer than the caller", async () => {
    const desk = createCommitmentDesk();
    const running = desk.reportOf("2.25.1", 1000, AbortSignal.abort());
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
  });

  test("forgets the oldest of many reports that nobody asks for", async () => {
    const desk = createCommitmentDesk();
    for (let number = 0; number < 1000; number++)
      desk.received({ transactionUid: `2.25.${number}`, committed: [], failed: [] });
    await expect(desk.reportOf("2.25.0", 5, SIGNAL)).rejects.toMatchObject({ code: "silent" });
    expect((await desk.reportOf("2.25.999", 5, SIGNAL)).transactionUid).toBe("2.25.999");
  });
});
