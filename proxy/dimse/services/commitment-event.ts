import type { DataSet } from "#core/dicom/data-set.ts";
import { isUid } from "#core/dicom/uid.ts";
import type { Association, DataSetSink } from "../association.ts";
import { COMMAND_FIELDS, type CommandSet, RESPONSE } from "../command-set.ts";
import { DimseError } from "../dimse-error.ts";
import { contextOfId } from "./accepted-context.ts";
import type { CommitmentReport, ReferencedInstance } from "./commitment-report.ts";
import { decodeIdentifier } from "./identifier.ts";
import { collectingSink } from "./message-sinks.ts";

const TRANSACTION_UID = 0x00081195;
const FAILURE_REASON = 0x00081197;
const FAILED_SOP_SEQUENCE = 0x00081198;
const REFERENCED_SOP_SEQUENCE = 0x00081199;
const REFERENCED_SOP_CLASS_UID = 0x00081150;
const REFERENCED_SOP_INSTANCE_UID = 0x00081155;

/** Failure Reason where the report gives none: processing failure (PS3.3 C.14.1.1). */
const PROCESSING_FAILURE = 0x0110;
const NO_SUCH_EVENT_TYPE = 0x0113;
const INVALID_ARGUMENT = 0x0115;

/**
 * Takes an N-EVENT-REPORT request of Storage Commitment (PS3.4 J.3.3), and answers it.
 * @throws DimseError `protocol-violation` for another request, or one that cannot be answered
 */
export function takeCommitmentEvent(
  association: Association,
  contextId: number,
  command: CommandSet,
  received: (report: CommitmentReport) => void,
): DataSetSink | undefined {
  const isEvent = command.commandField === COMMAND_FIELDS.nEventReport;
  if (!isEvent || command.messageId === undefined)
    throw new DimseError("protocol-violation", "A request came that is no report of an event");
  const context = contextOfId(association, contextId);
  const answer = (status: number) => answerEvent(association, contextId, command, status);
  const isKnown = command.eventTypeId === 1 || command.eventTypeId === 2;
  if (!command.hasDataSet) {
    answer(isKnown ? INVALID_ARGUMENT : NO_SUCH_EVENT_TYPE);
    return undefined;
  }
  return collectingSink((bytes) => {
    const report = reportOf(decodeIdentifier(bytes, context));
    if (!isKnown) answer(NO_SUCH_EVENT_TYPE);
    else if (report === undefined) answer(INVALID_ARGUMENT);
    else {
      answer(0);
      received(report);
    }
  });
}

function answerEvent(
  association: Association,
  contextId: number,
  request: CommandSet,
  status: number,
): void {
  const { messageId, affectedSopClassUid, affectedSopInstanceUid, eventTypeId } = request;
  const command: CommandSet = {
    commandField: COMMAND_FIELDS.nEventReport | RESPONSE,
    hasDataSet: false,
    status,
    ...(messageId === undefined ? {} : { messageIdBeingRespondedTo: messageId }),
    ...(affectedSopClassUid === undefined ? {} : { affectedSopClassUid }),
    ...(affectedSopInstanceUid === undefined ? {} : { affectedSopInstanceUid }),
    ...(eventTypeId === undefined ? {} : { eventTypeId }),
  };
  // That the association ended is told to its receiver.
  association.send({ contextId, command }).catch(() => undefined);
}

/** The report, or undefined without a Transaction UID. What names no instance is left out. */
function reportOf(dataSet: DataSet): CommitmentReport | undefined {
  const transactionUid = dataSet.string(TRANSACTION_UID);
  if (transactionUid === undefined || !isUid(transactionUid)) return undefined;
  return {
    transactionUid,
    committed: dataSet.items(REFERENCED_SOP_SEQUENCE).flatMap(instanceOf),
    failed: dataSet.items(FAILED_SOP_SEQUENCE).flatMap((item) =>
      instanceOf(item).map((instance) => ({
        ...instance,
        reason: item.number(FAILURE_REASON) ?? PROCESSING_FAILURE,
      })),
    ),
  };
}

function instanceOf(item: DataSet): readonly ReferencedInstance[] {
  const sopInstanceUid = item.string(REFERENCED_SOP_INSTANCE_UID);
  if (sopInstanceUid === undefined || !isUid(sopInstanceUid)) return [];
  return [{ sopClassUid: item.string(REFERENCED_SOP_CLASS_UID) ?? "", sopInstanceUid }];
}
