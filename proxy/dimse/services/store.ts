import type { Association } from "../association.ts";
import { COMMAND_FIELDS, type CommandSet } from "../command-set.ts";
import { contextFor } from "./accepted-context.ts";
import { drained } from "./draining.ts";
import { runOperation } from "./operation.ts";

/** An object to be sent by C-STORE. */
export interface OutgoingObject {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** The bytes are in this syntax; a context with it must have been accepted. */
  readonly transferSyntaxUid: string;
  /** Data set without preamble and meta group. */
  readonly dataSet: AsyncIterable<Uint8Array>;
}

/** The answer to a C-STORE, whatever it says. */
export interface StoreAnswer {
  /** Status (0000,0900): 0000H, a warning Bxxx, or a failure. */
  readonly status: number;
  readonly comment?: string;
}

/**
 * C-STORE. An abort of the signal aborts the association, as the object cannot be left half sent.
 * @throws DimseError `no-context`, `cancelled`, those of the association's end, and what the data set's source throws
 */
export async function store(
  association: Association,
  object: OutgoingObject,
  signal: AbortSignal,
): Promise<StoreAnswer> {
  const { sopClassUid, sopInstanceUid, transferSyntaxUid } = object;
  const context = contextFor(association, sopClassUid, "C-STORE", transferSyntaxUid);
  await drained(association);
  const command = {
    commandField: COMMAND_FIELDS.cStore,
    hasDataSet: true,
    messageId: association.nextMessageId(),
    priority: 0,
    affectedSopClassUid: sopClassUid,
    affectedSopInstanceUid: sopInstanceUid,
  };
  // A peer may answer before it has all; the association is free again only when all is sent.
  const sending = new AllSent();
  const message = { contextId: context.id, command, dataSet: sending.watch(object.dataSet) };
  return await runOperation<StoreAnswer>(
    {
      association,
      message,
      name: "C-STORE",
      response: (answer, operation) => {
        void sending.done.then(() => operation.finish(answerOf(answer)));
        return undefined;
      },
    },
    signal,
    "abort",
  );
}

function answerOf({ status = 0, errorComment }: CommandSet): StoreAnswer {
  return errorComment === undefined ? { status } : { status, comment: errorComment };
}

/** Tells when a data set was read to its end. */
class AllSent {
  #finish: () => void = () => undefined;
  readonly done = new Promise<void>((resolve) => {
    this.#finish = resolve;
  });

  async *watch(dataSet: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    yield* dataSet;
    this.#finish();
  }
}
