import type { Association, DataSetSink, MessageReceiver } from "./association.ts";
import { COMMAND_FIELDS, type CommandSet, RESPONSE } from "./command-set.ts";
import { DimseError } from "./dimse-error.ts";
import type { MoveRoutes } from "./move-routes.ts";
import { takeCommitmentEvent } from "./services/commitment-event.ts";
import type { CommitmentDesk } from "./services/commitment-report.ts";
import { discardingSink } from "./services/message-sinks.ts";
import { STORAGE_STATUSES } from "./services/storage-statuses.ts";
import { type StoreRefusal, takeStore } from "./services/store-responder.ts";
import type { IncomingObject, ObjectReceiver, StorageSink } from "./storage-sink.ts";

/** Who takes what comes on the associations of the listener. */
export interface SessionParts {
  readonly moves: MoveRoutes;
  readonly desk: CommitmentDesk;
  readonly inbox:
    | (StorageSink & { readonly allows: (callingAeTitle: string) => boolean })
    | undefined;
}

const UNRECOGNIZED_OPERATION = 0x0211;
const LATE: StoreRefusal = {
  status: STORAGE_STATUSES.outOfResources,
  comment: "The C-MOVE that it belongs to is over",
};
const NO_INBOX: StoreRefusal = {
  status: STORAGE_STATUSES.notAuthorized,
  comment: "No C-MOVE waits for it, and nothing else is taken",
};
const NOT_ALLOWED: StoreRefusal = {
  status: STORAGE_STATUSES.notAuthorized,
  comment: "This AE title may not store here unasked",
};

/** Serves one association that another application entity requested. */
export class ListenerSession implements MessageReceiver {
  readonly #association: Association;
  readonly #parts: SessionParts;
  readonly #ended: () => void;

  constructor(association: Association, parts: SessionParts, ended: () => void) {
    this.#association = association;
    this.#parts = parts;
    this.#ended = ended;
    association.receive(this);
  }

  message(contextId: number, command: CommandSet): DataSetSink | undefined {
    switch (command.commandField) {
      case COMMAND_FIELDS.cStore:
        return takeStore(this.#association, contextId, command, (object) => this.#begin(object));
      case COMMAND_FIELDS.cEcho:
        return this.#answer(contextId, command, 0);
      case COMMAND_FIELDS.nEventReport:
        return takeCommitmentEvent(this.#association, contextId, command, (report) =>
          this.#parts.desk.received(report),
        );
      case COMMAND_FIELDS.cCancel:
        // There is no operation here that could be cancelled; the request has no response (PS3.7 9.3.2.3).
        return command.hasDataSet ? discardingSink() : undefined;
      default:
        return this.#refuse(contextId, command);
    }
  }

  closed(): void {
    this.#ended();
  }

  #begin(object: IncomingObject): ObjectReceiver | StoreRefusal | number {
    const { moves, inbox } = this.#parts;
    const route = moves.routeOf(object);
    if (route === "late") return LATE;
    if (route !== "none") return route.begin(object);
    if (inbox === undefined) return NO_INBOX;
    return inbox.allows(object.callingAeTitle) ? inbox.begin(object) : NOT_ALLOWED;
  }

  #refuse(contextId: number, command: CommandSet): DataSetSink | undefined {
    if ((command.commandField & RESPONSE) !== 0)
      throw new DimseError("protocol-violation", "A response came that nothing was asked for");
    return this.#answer(contextId, command, UNRECOGNIZED_OPERATION);
  }

  /** Answers when the data set, where there is one, is over. */
  #answer(contextId: number, request: CommandSet, status: number): DataSetSink | undefined {
    const { messageId, affectedSopClassUid } = request;
    if (messageId === undefined)
      throw new DimseError("protocol-violation", "A request came without a message ID");
    const command: CommandSet = {
      commandField: request.commandField | RESPONSE,
      hasDataSet: false,
      messageIdBeingRespondedTo: messageId,
      status,
      ...(affectedSopClassUid === undefined ? {} : { affectedSopClassUid }),
    };
    // That the association ended is told by `closed`.
    const send = () => void this.#association.send({ contextId, command }).catch(() => undefined);
    if (request.hasDataSet) return discardingSink(send);
    send();
    return undefined;
  }
}
