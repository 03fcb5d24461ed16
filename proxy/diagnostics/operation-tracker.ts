import type { AssociationObserver, ObservedEvent } from "../dimse/association-event.ts";
import type { DimseErrorCode } from "../dimse/dimse-error.ts";
import { statusMeaning } from "../dimse/services/status.ts";
import type { StatusKind, StatusService } from "../dimse/services/status-table.ts";

/** An operation that was answered with a final status. */
interface FinishedOperation {
  /** `RemoteAe.name`, or `listener`. */
  readonly remote: string;
  readonly association: number;
  /** `scu`: we invoked it; `scp`: we performed it. */
  readonly role: "scu" | "scp";
  readonly command: StatusService;
  readonly status: number;
  readonly kind: StatusKind;
  readonly seconds: number;
}

/** An association that is over, or was never made. */
interface FinishedAssociation {
  readonly remote: string;
  readonly association: number;
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
  readonly how: "released" | "aborted" | "failed";
  readonly code?: DimseErrorCode;
  readonly seconds: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Answered ones. */
  readonly operations: number;
}

/** Who is told of what is finished. */
export interface FinishedListener {
  operation(operation: FinishedOperation): void;
  association(association: FinishedAssociation): void;
}

/** Operations of one association that are remembered while they are unanswered; a peer cannot make it more. */
const MOST_OPEN = 1024;

const SERVICES: Readonly<Record<string, StatusService>> = {
  "C-ECHO": "C-ECHO",
  "C-FIND": "C-FIND",
  "C-GET": "C-GET",
  "C-MOVE": "C-MOVE",
  "C-STORE": "C-STORE",
  "N-ACTION": "N-ACTION",
  "N-EVENT-REPORT": "N-EVENT-REPORT",
};

interface OpenAssociation {
  readonly since: number;
  /** Time of requests by who sent them and message ID. */
  readonly requests: Map<string, number>;
  operations: number;
}

/** Makes finished operations and associations out of the events that an observer hears. */
export function trackOperations(listener: FinishedListener): AssociationObserver {
  const open = new Map<number, OpenAssociation>();
  return (observed) => {
    const { association, time, event } = observed;
    const known = open.get(association) ?? { since: time, requests: new Map(), operations: 0 };
    if (event.kind !== "ended") open.set(association, known);
    if (event.kind === "message") {
      const finished = finishedOperation(observed, known);
      if (finished !== undefined) listener.operation(finished);
    }
    if (event.kind === "ended") {
      open.delete(association);
      listener.association({
        remote: observed.remote,
        association,
        callingAeTitle: observed.callingAeTitle,
        calledAeTitle: observed.calledAeTitle,
        how: event.how,
        ...(event.code === undefined ? {} : { code: event.code }),
        seconds: (time - known.since) / 1000,
        bytesSent: event.bytesSent,
        bytesReceived: event.bytesReceived,
        operations: known.operations,
      });
    }
  };
}

/** Remembers requests; gives the operation that a response ends. */
function finishedOperation(
  { remote, association, time, event }: ObservedEvent,
  known: OpenAssociation,
): FinishedOperation | undefined {
  if (event.kind !== "message") return undefined;
  const isResponse = event.command.endsWith("-RSP");
  const command = SERVICES[event.command.replace(/-R(?:Q|SP)$/, "")];
  if (command === undefined) return undefined;
  const isOurs = (event.direction === "sent") !== isResponse;
  const key = `${isOurs ? "scu" : "scp"}${event.messageId}`;
  if (!isResponse) {
    if (known.requests.size < MOST_OPEN) known.requests.set(key, time);
    return undefined;
  }
  const { status = 0 } = event;
  const kind = status === 0 ? "success" : statusMeaning(command, status).kind;
  if (kind === "pending") return undefined;
  const since = known.requests.get(key);
  known.requests.delete(key);
  known.operations += 1;
  const seconds = since === undefined ? 0 : (time - since) / 1000;
  return { remote, association, role: isOurs ? "scu" : "scp", command, status, kind, seconds };
}
