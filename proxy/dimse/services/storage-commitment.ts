import type { DataSet } from "#core/dicom/data-set.ts";
import { buildDataSet } from "#core/dicom/data-set-builder.ts";
import type { Association, DataSetSink } from "../association.ts";
import { COMMAND_FIELDS, type CommandSet } from "../command-set.ts";
import { contextFor } from "./accepted-context.ts";
import { takeCommitmentEvent } from "./commitment-event.ts";
import type { CommitmentDesk, ReferencedInstance } from "./commitment-report.ts";
import { drained } from "./draining.ts";
import { failedStatus } from "./failed-status.ts";
import { encodeIdentifier } from "./identifier.ts";
import { discardingSink } from "./message-sinks.ts";
import { type Operation, runOperation } from "./operation.ts";
import { statusMeaning } from "./status.ts";

/** Storage Commitment Push Model and its well-known instance (PS3.4 J.3.1, J.3.5). */
export const STORAGE_COMMITMENT_PUSH = "1.2.840.10008.1.20.1";
const STORAGE_COMMITMENT_PUSH_INSTANCE = "1.2.840.10008.1.20.1.1";

/**
 * N-ACTION of Storage Commitment Push (PS3.4 J.3.2): asks that the instances be kept. Reports that come on the same
 * association afterwards, as long as nothing else is done on it, go to the desk.
 * @throws DimseError `no-context`, `failed-status`, `cancelled`, and those of the association's end
 */
export async function requestCommitment(
  association: Association,
  transactionUid: string,
  instances: readonly ReferencedInstance[],
  signal: AbortSignal,
  desk?: CommitmentDesk,
): Promise<void> {
  const context = contextFor(association, STORAGE_COMMITMENT_PUSH, "Storage Commitment");
  const takeEvent = (contextId: number, command: CommandSet) =>
    takeCommitmentEvent(association, contextId, command, (report) => desk?.received(report));
  await drained(association);
  const command = {
    commandField: COMMAND_FIELDS.nAction,
    hasDataSet: true,
    messageId: association.nextMessageId(),
    requestedSopClassUid: STORAGE_COMMITMENT_PUSH,
    requestedSopInstanceUid: STORAGE_COMMITMENT_PUSH_INSTANCE,
    actionTypeId: 1,
  };
  const dataSet = encodeIdentifier(actionInformation(transactionUid, instances), context);
  await runOperation<void>(
    {
      association,
      message: { contextId: context.id, command, dataSet },
      name: "N-ACTION",
      // The report may come before the answer to the request.
      request: takeEvent,
      response: (answer, operation) => takeAnswer(answer, operation),
    },
    signal,
    "abort",
  );
  if (association.isOpen) association.receive({ message: takeEvent, closed: () => undefined });
}

function takeAnswer(answer: CommandSet, operation: Operation<void>): DataSetSink | undefined {
  const { kind } = statusMeaning("N-ACTION", answer.status ?? 0);
  if (kind === "success" || kind === "warning") operation.finish();
  else operation.fail(failedStatus("N-ACTION", answer));
  return answer.hasDataSet ? discardingSink() : undefined;
}

/** Action Information (PS3.4 table J.3-1). */
function actionInformation(
  transactionUid: string,
  instances: readonly ReferencedInstance[],
): DataSet {
  return buildDataSet({
    TransactionUID: transactionUid,
    ReferencedSOPSequence: instances.map(({ sopClassUid, sopInstanceUid }) => ({
      ReferencedSOPClassUID: sopClassUid,
      ReferencedSOPInstanceUID: sopInstanceUid,
    })),
  });
}
