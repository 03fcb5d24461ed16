import type { DataSet } from "#core/dicom/data-set.ts";
import type { Association, DataSetSink } from "../association.ts";
import { COMMAND_FIELDS, type CommandSet } from "../command-set.ts";
import { DimseError } from "../dimse-error.ts";
import type { AcceptedContext } from "../presentation-context.ts";
import { contextFor } from "./accepted-context.ts";
import { drained, keepDraining } from "./draining.ts";
import { failedStatus } from "./failed-status.ts";
import { decodeIdentifier, encodeIdentifier } from "./identifier.ts";
import { MatchQueue } from "./match-queue.ts";
import { collectingSink, discardingSink } from "./message-sinks.ts";
import { cancelledError, Operation } from "./operation.ts";
import { MODEL_UIDS, type QueryModel } from "./query-model.ts";
import { statusMeaning } from "./status.ts";

/** Pending, with optional keys that were not supported for matching (PS3.4 table C.4-1). */
const OPTIONAL_KEYS_UNSUPPORTED = 0xff01;

/** A match of a C-FIND. */
export interface FindMatch {
  /** Text is decoded by its Specific Character Set, or by the fallback where it has none. */
  readonly dataSet: DataSet;
  /** FF01H: an optional key was not supported for matching; still a match (PS3.4 C.4.1.1.4). */
  readonly isOptionalKeyUnsupported: boolean;
}

export interface FindRequest {
  readonly model: QueryModel;
  /** Keys, with Query/Retrieve Level; text is encoded in the Specific Character Set that it declares. */
  readonly identifier: DataSet;
  /** Specific Character Set of answers that declare none. */
  readonly fallbackCharacterSet: readonly string[];
}

/**
 * The matches as they come. Leaving the loop, or an abort of the signal, sends C-CANCEL; the association is then read
 * on until the peer has ended the operation, behind the caller's back, and aborted when that takes long. Until then the
 * next operation on it waits (`drained`).
 * @throws DimseError `no-context`, `failed-status`, `cancelled`, `protocol-violation`, `limit-exceeded`, and those of
 *   the association's end; DicomError `invalid-value` for keys that their character set cannot hold
 */
export async function* find(
  association: Association,
  request: FindRequest,
  signal: AbortSignal,
): AsyncGenerator<FindMatch> {
  const { find: sopClassUid } = MODEL_UIDS[request.model];
  const context = contextFor(association, sopClassUid, "C-FIND");
  const dataSet = encodeIdentifier(request.identifier, context);
  await drained(association);
  if (signal.aborted) throw cancelledError("C-FIND");
  const command = {
    commandField: COMMAND_FIELDS.cFind,
    hasDataSet: true,
    messageId: association.nextMessageId(),
    priority: 0,
    affectedSopClassUid: sopClassUid,
  };
  const matches = new MatchQueue<FindMatch>();
  const operation = new Operation<void>({
    association,
    message: { contextId: context.id, command, dataSet },
    name: "C-FIND",
    response: (answer, running) => takeAnswer(answer, running, matches, { context, request }),
  });
  operation.outcome.then(
    () => matches.end(),
    (error: unknown) => matches.end(error),
  );
  const stop = () => matches.cancel(cancelledError("C-FIND"));
  signal.addEventListener("abort", stop, { once: true });
  try {
    yield* matches.all();
  } finally {
    signal.removeEventListener("abort", stop);
    matches.close();
    operation.cancel();
    keepDraining(association, operation.outcome);
  }
}

function takeAnswer(
  answer: CommandSet,
  operation: Operation<void>,
  matches: MatchQueue<FindMatch>,
  { context, request }: { readonly context: AcceptedContext; readonly request: FindRequest },
): DataSetSink | undefined {
  const { kind } = statusMeaning("C-FIND", answer.status ?? 0);
  if (kind === "pending") {
    if (!answer.hasDataSet)
      throw new DimseError("protocol-violation", "A match of C-FIND came without an identifier");
    const isOptionalKeyUnsupported = answer.status === OPTIONAL_KEYS_UNSUPPORTED;
    return matches.isClosed
      ? discardingSink()
      : collectingSink((bytes) => {
          const dataSet = decodeIdentifier(bytes, context, request.fallbackCharacterSet);
          return matches.add({ dataSet, isOptionalKeyUnsupported });
        });
  }
  // FE00H without a C-CANCEL would be a list that only looks complete.
  const isEnd = kind === "success" || (kind === "cancel" && matches.isClosed);
  if (isEnd) operation.finish();
  else operation.fail(failedStatus("C-FIND", answer));
  return answer.hasDataSet ? discardingSink() : undefined;
}
