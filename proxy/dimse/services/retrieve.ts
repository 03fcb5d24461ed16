import type { DataSet } from "#core/dicom/data-set.ts";
import { isUid } from "#core/dicom/uid.ts";
import type { Association, DataSetSink } from "../association.ts";
import { COMMAND_FIELDS, type CommandSet } from "../command-set.ts";
import { DimseError } from "../dimse-error.ts";
import type { AcceptedContext } from "../presentation-context.ts";
import type { StorageSink } from "../storage-sink.ts";
import { isStorage } from "./accept-context.ts";
import { contextFor } from "./accepted-context.ts";
import { drained } from "./draining.ts";
import { failedStatus } from "./failed-status.ts";
import { decodeIdentifier, encodeIdentifier } from "./identifier.ts";
import { collectingSink, discardingSink } from "./message-sinks.ts";
import { MOVE_MESSAGE_IDS } from "./move-message-ids.ts";
import {
  cancelledError,
  type Operation,
  type OperationOptions,
  runOperation,
} from "./operation.ts";
import { ProgressWatch } from "./progress-watch.ts";
import { MODEL_UIDS } from "./query-model.ts";
import { statusMeaning } from "./status.ts";
import { takeStore } from "./store-responder.ts";

const FAILED_SOP_INSTANCE_UID_LIST = 0x00080058;

/** Numbers of sub-operations (PS3.7 9.1.3, 9.1.4). */
export interface Suboperations {
  readonly remaining?: number;
  readonly completed: number;
  readonly failed: number;
  readonly warning: number;
}

/** How a C-GET or C-MOVE ended that was not a failure: 0000H, B000H or, after C-CANCEL, FE00H. */
export interface RetrieveOutcome {
  readonly status: number;
  readonly suboperations: Suboperations;
  /** Failed SOP Instance UID List (0008,0058), where the peer sent it. */
  readonly failedSopInstanceUids: readonly string[];
}

export interface RetrieveRequest {
  readonly model: "study-root" | "patient-root";
  /** Query/Retrieve Level and unique keys; lists of UIDs are several values. */
  readonly identifier: DataSet;
  readonly onProgress?: (suboperations: Suboperations) => void;
  /**
   * Longest time in which nothing comes of it, neither bytes of an object nor a further failure, even if the peer goes
   * on saying that it is at work; then `silent`. Milliseconds; without it the association's silence alone counts.
   */
  readonly stallTimeoutMs?: number;
}

/** The part of the listener that a C-MOVE needs: what the PACS stores here for it goes to its sink. */
export interface MoveDestination {
  readonly aeTitle: string;
  /** Routes objects of the C-MOVE to the sink until `done` is called; by originator where it is told, else by `expects`. */
  expect(expected: ExpectedMove): { done(): void };
}

/** How objects of a C-MOVE are known. */
export interface ExpectedMove {
  /** AE title of the PACS that was asked; objects may come from another of its AE titles. */
  readonly remoteAeTitle: string;
  /** Our AE title and message ID in the C-MOVE request. */
  readonly originator: { readonly aeTitle: string; readonly messageId: number };
  /** Whether an object without originator belongs to it. */
  readonly expects: (sopInstanceUid: string) => boolean;
  readonly sink: StorageSink;
}

/**
 * C-GET: the objects arrive on the same association and go to the sink, whether or not they were asked for. An abort
 * of the signal sends C-CANCEL, and aborts the association when that is not confirmed soon.
 * @throws DimseError `no-context`, `failed-status` (A7xx, A900, Cxxx), `cancelled`, and those of the association's end
 */
export async function get(
  association: Association,
  request: RetrieveRequest,
  sink: StorageSink,
  signal: AbortSignal,
): Promise<RetrieveOutcome> {
  if (!association.contexts.some((one) => isStorage(one.abstractSyntaxUid)))
    throw new DimseError(
      "no-context",
      `${association.calledAeTitle} offers C-GET, but accepted no presentation context for storage in which it could send: ask it by C-MOVE`,
    );
  const watch = new ProgressWatch({
    association,
    name: "C-GET",
    stallTimeoutMs: request.stallTimeoutMs,
    isElsewhere: false,
  });
  const watched = watch.watched(sink);
  try {
    const messageId = association.nextMessageId();
    const options = await retrieval("C-GET", association, request, { messageId, watch });
    return await runOperation(
      {
        ...options,
        request: (contextId, command) => {
          if (command.commandField !== COMMAND_FIELDS.cStore)
            throw new DimseError(
              "protocol-violation",
              "A request other than C-STORE came during C-GET",
            );
          return takeStore(association, contextId, command, (object) => watched.begin(object));
        },
      },
      signal,
      "cancel",
    );
  } finally {
    watch.stop();
  }
}

/**
 * C-MOVE to ourselves: the objects arrive on associations that the PACS requests of the listener.
 * It throws like `get`; a destination unknown to the PACS is `failed-status` A801H.
 */
export async function move(
  association: Association,
  request: RetrieveRequest & { readonly expects: (sopInstanceUid: string) => boolean },
  destination: MoveDestination,
  sink: StorageSink,
  signal: AbortSignal,
): Promise<RetrieveOutcome> {
  const messageId = MOVE_MESSAGE_IDS.take();
  const watch = new ProgressWatch({
    association,
    name: "C-MOVE",
    stallTimeoutMs: request.stallTimeoutMs,
    isElsewhere: true,
  });
  let route: { done(): void } | undefined;
  try {
    const moveDestination = destination.aeTitle;
    const options = await retrieval("C-MOVE", association, request, {
      messageId,
      moveDestination,
      watch,
    });
    if (signal.aborted) throw cancelledError("C-MOVE");
    route = destination.expect({
      remoteAeTitle: association.calledAeTitle,
      originator: { aeTitle: association.callingAeTitle, messageId },
      expects: request.expects,
      sink: watch.watched(sink),
    });
    return await runOperation(options, signal, "cancel");
  } finally {
    watch.stop();
    route?.done();
    MOVE_MESSAGE_IDS.giveBack(messageId);
  }
}

/** What is particular to one retrieval. */
interface Invocation {
  readonly messageId: number;
  readonly moveDestination?: string;
  readonly watch: ProgressWatch;
}

/** The request of a retrieval, and what its responses mean. */
async function retrieval(
  service: "C-GET" | "C-MOVE",
  association: Association,
  request: RetrieveRequest,
  { messageId, moveDestination, watch }: Invocation,
): Promise<OperationOptions<RetrieveOutcome>> {
  const uids = MODEL_UIDS[request.model];
  const sopClassUid = service === "C-GET" ? uids.get : uids.move;
  const context = contextFor(association, sopClassUid, service);
  const dataSet = encodeIdentifier(request.identifier, context);
  await drained(association);
  const command = {
    commandField: service === "C-GET" ? COMMAND_FIELDS.cGet : COMMAND_FIELDS.cMove,
    hasDataSet: true,
    messageId,
    priority: 0,
    affectedSopClassUid: sopClassUid,
    ...(moveDestination === undefined ? {} : { moveDestination }),
  };
  return {
    association,
    message: { contextId: context.id, command, dataSet },
    name: service,
    response: (answer, operation) =>
      takeAnswer(service, answer, operation, { context, request, watch }),
  };
}

/** What answers are taken by. */
interface Answered {
  readonly context: AcceptedContext;
  readonly request: RetrieveRequest;
  readonly watch: ProgressWatch;
}

function takeAnswer(
  service: "C-GET" | "C-MOVE",
  answer: CommandSet,
  operation: Operation<RetrieveOutcome>,
  { context, request, watch }: Answered,
): DataSetSink | undefined {
  const status = answer.status ?? 0;
  const { kind } = statusMeaning(service, status);
  if (kind === "pending") {
    const suboperations = suboperationsOf(answer);
    watch.told(suboperations.failed);
    request.onProgress?.(suboperations);
    return answer.hasDataSet ? discardingSink() : undefined;
  }
  // FE00H counts as an end only when it answers a C-CANCEL.
  const isEnd =
    kind === "success" || kind === "warning" || (kind === "cancel" && operation.isCancelling);
  const end = (failedSopInstanceUids: readonly string[]) => {
    if (!isEnd) operation.fail(failedStatus(service, answer));
    else
      operation.finish({ status, suboperations: suboperationsOf(answer), failedSopInstanceUids });
  };
  if (answer.hasDataSet) return collectingSink((bytes) => end(failedUids(bytes, context)));
  end([]);
  return undefined;
}

/** A peer that leaves numbers out tells nothing about them: they count as zero. */
function suboperationsOf(answer: CommandSet): Suboperations {
  return {
    ...(answer.remainingSuboperations === undefined
      ? {}
      : { remaining: answer.remainingSuboperations }),
    completed: answer.completedSuboperations ?? 0,
    failed: answer.failedSuboperations ?? 0,
    warning: answer.warningSuboperations ?? 0,
  };
}

/** Failed SOP Instance UID List; what is no UID is left out, and a list that cannot be read is empty. */
function failedUids(bytes: Uint8Array<ArrayBuffer>, context: AcceptedContext): readonly string[] {
  try {
    return decodeIdentifier(bytes, context).strings(FAILED_SOP_INSTANCE_UID_LIST).filter(isUid);
  } catch {
    // The status and the numbers are what counts; the list only says more about them.
    return [];
  }
}
