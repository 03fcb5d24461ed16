import { setMaxListeners } from "node:events";
import type { Socket } from "node:net";
import type { Association } from "./association.ts";
import type { AssociationObserver } from "./association-event.ts";
import { AssociationReporter } from "./association-reporter.ts";
import { DimseError } from "./dimse-error.ts";
import { SHORTEST_PDU } from "./fragmenter.ts";
import { HandshakeUser } from "./handshake-user.ts";
import {
  type AcceptorAnswer,
  type IncomingRequest,
  REJECTIONS,
  type Rejection,
} from "./incoming-request.ts";
import { LiveAssociation } from "./live-association.ts";
import { acceptance, incomingRequest } from "./negotiation.ts";
import type { AssociateRequestPdu } from "./pdu.ts";
import { tellAccepted } from "./request-association.ts";
import { UpperLayer } from "./upper-layer.ts";

/** `ObservedEvent.remote` of associations that others request of us. */
const LISTENER = "listener";
const KEEP_ALIVE_MS = 30_000;
/** The upper layer's own timer goes first. */
const GRACE_MS = 1000;

/** How the listening side deals with whoever connects. */
export interface AcceptorPolicy {
  /** Decides at once, and counts open associations itself; what it throws rejects without a reason. */
  decide(request: IncomingRequest): AcceptorAnswer;
  /** PDU length that we offer to receive; bytes. */
  readonly maximumPduLength: number;
  /** From the connection until the request is complete (ARTIM); milliseconds. */
  readonly requestTimeoutMs: number;
  /** Longest silence inside of a message, or while a write is not taken; milliseconds. */
  readonly silenceTimeoutMs: number;
  /** Longest duration of one message, however lively; 30 minutes without it; milliseconds. */
  readonly messageTimeoutMs?: number;
  /** Longest time between operations, when nothing is asked of either side; milliseconds. */
  readonly idleTimeoutMs: number;
  /** Operations that may be outstanding, offered where the requestor asks; one without it. */
  readonly asynchronousOperations?: { readonly invoked: number; readonly performed: number };
}

/**
 * The association that whoever connected requests of us. The socket is fresh: of `connection` of a TCP server, or
 * `secureConnection` of a TLS server. It is closed when no association comes of it.
 * @throws DimseError `connect-timeout`, `rejected` (by us, by the policy or the protocol), `aborted`, `connection-lost`,
 *   `protocol-violation`, `limit-exceeded`, `cancelled` when the signal aborts
 */
export function acceptAssociation(
  socket: Socket,
  policy: AcceptorPolicy,
  signal: AbortSignal,
  observe?: AssociationObserver,
): Promise<Association> {
  // One signal stands for all who connect to a listener.
  setMaxListeners(0, signal);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  const unknown = { remote: LISTENER, callingAeTitle: "", calledAeTitle: "" };
  const reporter = new AssociationReporter(unknown, observe);
  const user = new HandshakeUser<Association>({
    requested: (pdu) => new Answering(socket, policy, upper, user, reporter).answer(pdu),
  });
  const { maximumPduLength, requestTimeoutMs } = policy;
  const upper = new UpperLayer(
    socket,
    { role: "acceptor", maximumPduLength, requestTimeoutMs },
    user,
  );
  user.limit(upper, requestTimeoutMs + GRACE_MS, noRequest(), signal);
  return user.promise;
}

/** Answers one request. */
class Answering {
  readonly #socket: Socket;
  readonly #policy: AcceptorPolicy;
  readonly #upper: UpperLayer;
  readonly #user: HandshakeUser<Association>;
  readonly #reporter: AssociationReporter;

  constructor(
    socket: Socket,
    policy: AcceptorPolicy,
    upper: UpperLayer,
    user: HandshakeUser<Association>,
    reporter: AssociationReporter,
  ) {
    this.#socket = socket;
    this.#policy = policy;
    this.#upper = upper;
    this.#user = user;
    this.#reporter = reporter;
  }

  answer(pdu: AssociateRequestPdu): void {
    const reporter = this.#reporter.named(pdu.callingAeTitle, pdu.calledAeTitle);
    reporter.event({ kind: "requested", contexts: pdu.contexts.length });
    const request = incomingRequest(pdu, addressOf(this.#socket));
    const answer = this.#decide(request);
    if (answer.kind === "reject") {
      this.#reject(answer, reporter);
      return;
    }
    const { pdu: accepted, negotiated } = acceptance(pdu, request, answer, this.#policy);
    this.#upper.accept(accepted);
    tellAccepted(reporter, negotiated, this.#socket);
    this.#user.succeed(new LiveAssociation(this.#upper, negotiated, this.#policy, reporter));
  }

  #decide(request: IncomingRequest): AcceptorAnswer | Refusal {
    const { maximumPduLength } = request.peer;
    const rejection = REJECTIONS.noReasonGiven;
    if (maximumPduLength > 0 && maximumPduLength < SHORTEST_PDU)
      return { kind: "reject", rejection };
    try {
      return this.#policy.decide(request);
    } catch (cause) {
      return { kind: "reject", rejection, cause };
    }
  }

  #reject({ rejection, cause }: Refusal, reporter: AssociationReporter): void {
    this.#upper.reject(rejection);
    const facts = { ...rejection, ...(cause === undefined ? {} : { cause }) };
    const error = new DimseError("rejected", "The association request was rejected.", facts);
    reporter.ended("failed", error, this.#upper);
    this.#user.fail(error);
  }
}

/** A rejection; the cause is what the policy threw, and for this side only. */
interface Refusal {
  readonly kind: "reject";
  readonly rejection: Rejection;
  readonly cause?: unknown;
}

function noRequest(): DimseError {
  return new DimseError("connect-timeout", "No association request came in time.");
}

/** IPv4 addresses have their usual form also where the socket speaks IPv6. */
function addressOf(socket: Socket): string {
  return (socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/i, "");
}
