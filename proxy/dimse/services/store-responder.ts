import { isUid } from "#core/dicom/uid.ts";
import type { Association, DataSetSink } from "../association.ts";
import { COMMAND_FIELDS, type CommandSet, RESPONSE } from "../command-set.ts";
import { DimseError } from "../dimse-error.ts";
import type { IncomingObject, ObjectReceiver } from "../storage-sink.ts";
import { contextOfId } from "./accepted-context.ts";
import { STORAGE_STATUSES } from "./storage-statuses.ts";

/** Why an object is not taken: Status (0000,0900), and an Error Comment of at most 64 characters. */
export interface StoreRefusal {
  readonly status: number;
  readonly comment: string;
}

/** Decides who takes an object. */
export type BeginObject = (object: IncomingObject) => ObjectReceiver | StoreRefusal | number;

const CANNOT_UNDERSTAND: StoreRefusal = {
  status: STORAGE_STATUSES.cannotUnderstand,
  comment: "The object was not taken",
};
const INVALID_INSTANCE: StoreRefusal = {
  status: STORAGE_STATUSES.invalidInstance,
  comment: "SOP Instance UID is no UID",
};
const INVALID_CLASS: StoreRefusal = {
  status: STORAGE_STATUSES.invalidClass,
  comment: "SOP Class UID is no UID",
};
const NO_DATA_SET: StoreRefusal = {
  status: STORAGE_STATUSES.mistypedArgument,
  comment: "C-STORE without a data set",
};

/**
 * Takes a C-STORE request, and answers it when its data set was taken: where the data set goes. The way of the bytes
 * from the connection to the receiver is direct.
 * @throws DimseError `protocol-violation` for a request that cannot be answered
 */
export function takeStore(
  association: Association,
  contextId: number,
  command: CommandSet,
  begin: BeginObject,
): DataSetSink | undefined {
  const object = objectOf(association, contextId, command);
  const answer = (given: number | StoreRefusal) =>
    answerStore(association, contextId, command, given);
  if (!command.hasDataSet) {
    answer(NO_DATA_SET);
    return undefined;
  }
  const receiver = refusalOf(object) ?? begun(begin, object);
  if (typeof receiver === "number" || !("write" in receiver))
    return { write: () => undefined, end: () => answer(receiver), abort: () => undefined };
  return {
    write: (chunk) => receiver.write(chunk),
    end: () => finished(receiver, answer),
    abort: (error) => receiver.abort(error),
  };
}

function begun(begin: BeginObject, object: IncomingObject): ObjectReceiver | StoreRefusal | number {
  try {
    return begin(object);
  } catch {
    // The reason is the sink's to tell; the sender is told that the object was not taken.
    return CANNOT_UNDERSTAND;
  }
}

/** Answers when the receiver has the object, at once where it says so at once. */
function finished(
  receiver: ObjectReceiver,
  answer: (given: number | StoreRefusal) => void,
): void | Promise<void> {
  try {
    const status = receiver.end();
    if (typeof status !== "number") return status.then(answer, () => answer(CANNOT_UNDERSTAND));
    answer(status);
  } catch {
    answer(CANNOT_UNDERSTAND);
  }
  return undefined;
}

function answerStore(
  association: Association,
  contextId: number,
  request: CommandSet,
  given: number | StoreRefusal,
): void {
  const { status, comment } = typeof given === "number" ? { status: given, comment: "" } : given;
  const command: CommandSet = {
    commandField: COMMAND_FIELDS.cStore | RESPONSE,
    hasDataSet: false,
    status,
    ...(request.messageId === undefined ? {} : { messageIdBeingRespondedTo: request.messageId }),
    ...(request.affectedSopClassUid === undefined
      ? {}
      : { affectedSopClassUid: request.affectedSopClassUid }),
    ...(request.affectedSopInstanceUid === undefined
      ? {}
      : { affectedSopInstanceUid: request.affectedSopInstanceUid }),
    ...(comment === "" ? {} : { errorComment: comment }),
  };
  // That the association ended is told to its receiver.
  association.send({ contextId, command }).catch(() => undefined);
}

function refusalOf(object: IncomingObject): StoreRefusal | undefined {
  if (!isUid(object.sopInstanceUid)) return INVALID_INSTANCE;
  return isUid(object.sopClassUid) ? undefined : INVALID_CLASS;
}

function objectOf(
  association: Association,
  contextId: number,
  command: CommandSet,
): IncomingObject {
  const { abstractSyntaxUid, transferSyntaxUid } = contextOfId(association, contextId);
  if (command.messageId === undefined)
    throw new DimseError("protocol-violation", "A C-STORE request came without a message ID");
  const { moveOriginatorAeTitle: aeTitle, moveOriginatorMessageId: messageId } = command;
  const originator =
    aeTitle === undefined || messageId === undefined ? undefined : { aeTitle, messageId };
  return {
    sopClassUid: command.affectedSopClassUid ?? abstractSyntaxUid,
    sopInstanceUid: command.affectedSopInstanceUid ?? "",
    transferSyntaxUid,
    callingAeTitle: association.callingAeTitle,
    calledAeTitle: association.calledAeTitle,
    ...(originator === undefined ? {} : { moveOriginator: originator }),
  };
}
