import type { Socket } from "node:net";
import { DimseError } from "./dimse-error.ts";
import { REJECTIONS, type Rejection } from "./incoming-request.ts";
import {
  ABORT_REASONS,
  ABORT_SOURCES,
  type AbortPdu,
  APPLICATION_CONTEXT_UID,
  type AssociateAcceptPdu,
  type AssociateRejectPdu,
  type AssociateRequestPdu,
  type ControlPdu,
} from "./pdu.ts";
import { PduReader } from "./pdu-reader.ts";
import { type Action, actionOn, type Event, type State, stateAfter } from "./state-machine.ts";
import { abortedError, lostError } from "./transport-errors.ts";
import type { UpperLayerUser } from "./upper-layer-user.ts";
import { violation } from "./violation.ts";
import { writePdu } from "./write-pdu.ts";

export interface UpperLayerOptions {
  readonly role: "requestor" | "acceptor";
  /** PDU length that we announce. */
  readonly maximumPduLength: number;
  /** ARTIM of an acceptor that waits for the request; milliseconds. */
  readonly requestTimeoutMs: number;
}

/** ARTIM while the peer is to close the connection; milliseconds. */
const CLOSE_TIMEOUT_MS = 1000;

interface Occurrence {
  readonly pdu?: ControlPdu;
  readonly error?: DimseError | undefined;
}

/** The upper layer of one connection: joins socket, reader and the state table (PS3.8 section 9.2). */
export class UpperLayer {
  user: UpperLayerUser;
  readonly #socket: Socket;
  readonly #options: UpperLayerOptions;
  readonly #reader: PduReader;
  /** What is done in an action; which state follows, and why, is in the table. */
  readonly #actions: { readonly [A in Action]: (occurrence: Occurrence) => void } = {
    // The caller has opened the connection.
    "AE-1": nothing,
    "AE-2": ({ pdu }) => this.#send(pdu),
    "AE-3": ({ pdu }) => this.#confirm(pdu),
    "AE-4": ({ pdu }) => {
      this.#confirm(pdu);
      this.#close();
    },
    "AE-5": () => this.#startArtim(this.#options.requestTimeoutMs),
    "AE-6": ({ pdu }) => this.#indicateRequest(pdu),
    "AE-7": ({ pdu }) => this.#send(pdu),
    "AE-8": ({ pdu }) => this.#sendLast(pdu),
    // Data are written and handed on by whoever the event comes from.
    "DT-1": nothing,
    "DT-2": nothing,
    "AR-1": () => this.#send({ type: "A-RELEASE-RQ" }),
    "AR-2": () => this.user.releaseRequested(),
    "AR-3": () => {
      this.user.released();
      this.#close();
    },
    "AR-4": () => {
      this.#send({ type: "A-RELEASE-RP" });
      this.#startArtim(CLOSE_TIMEOUT_MS);
    },
    "AR-5": () => this.#close(),
    "AR-6": nothing,
    "AR-7": nothing,
    "AR-8": () => this.user.releaseRequested(),
    "AR-9": () => this.#send({ type: "A-RELEASE-RP" }),
    "AR-10": () => {
      this.user.released();
      this.answerRelease();
    },
    "AA-1": ({ error }) => this.#sendAbort(ABORT_SOURCES.serviceUser, error),
    "AA-2": ({ error }) => this.#closeAndTell(error),
    "AA-3": ({ error }) => this.#closeAndTell(error),
    "AA-4": ({ error }) => this.#closeAndTell(error),
    "AA-5": ({ error }) => this.#closeAndTell(error),
    "AA-6": nothing,
    "AA-7": () => this.#send({ type: "A-ABORT", source: ABORT_SOURCES.serviceProvider, reason: 0 }),
    "AA-8": ({ error }) => this.#sendAbort(ABORT_SOURCES.serviceProvider, error),
  };
  #state: State = "Sta1";
  #artim: NodeJS.Timeout | undefined;
  #hold: Promise<void> | undefined;
  #transportError: Error | undefined;
  /** The peer has ended the connection while it was held back. */
  #isEndSeen = false;

  /** The socket is connected. */
  constructor(socket: Socket, options: UpperLayerOptions, user: UpperLayerUser) {
    this.#socket = socket;
    this.#options = options;
    this.user = user;
    this.#reader = new PduReader(
      {
        dataBegins: () => this.#dataBegins(),
        fragment: (contextId, isCommand, bytes, isEnd) =>
          this.user.data(contextId, isCommand, bytes, isEnd),
        control: (pdu) => this.#received(pdu),
      },
      options.maximumPduLength,
    );
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("drain", () => this.user.drained());
    socket.on("error", (error) => {
      this.#transportError ??= error;
    });
    socket.on("end", () => this.#transportClosed());
    socket.on("close", () => {
      this.#transportClosed();
      this.user.closed();
    });
    if (options.role === "acceptor") this.#on("transport connection indicated");
    else this.#on("A-ASSOCIATE request primitive");
  }

  get state(): State {
    return this.#state;
  }

  get bytesSent(): number {
    return this.#socket.bytesWritten;
  }

  get bytesReceived(): number {
    return this.#socket.bytesRead;
  }

  /** Sends the request. */
  request(pdu: AssociateRequestPdu): void {
    this.#on("transport connection confirmed", { pdu });
  }

  accept(pdu: AssociateAcceptPdu): void {
    this.#on("A-ASSOCIATE response primitive, accept", { pdu });
  }

  reject(rejection: Rejection): void {
    const pdu: AssociateRejectPdu = { type: "A-ASSOCIATE-RJ", ...rejection };
    this.#on("A-ASSOCIATE response primitive, reject", { pdu });
  }

  /** Writes P-DATA-TF PDUs in one go; gives whether more may be written at once, or only after `drained`. */
  writeData(pdus: readonly Uint8Array[]): boolean {
    const action = this.#on("P-DATA request primitive");
    if (action === undefined) return true;
    const [first, ...others] = pdus;
    if (first !== undefined && others.length === 0) return this.#socket.write(first);
    this.#socket.cork();
    let isTaken = true;
    for (const part of pdus) isTaken = this.#socket.write(part);
    this.#socket.uncork();
    return isTaken;
  }

  release(): void {
    this.#on("A-RELEASE request primitive");
  }

  answerRelease(): void {
    this.#on("A-RELEASE response primitive");
  }

  /** A-ABORT of the service user. */
  abort(): void {
    const action = this.#on("A-ABORT request primitive");
    // The standard knows no abort of who waits for a request: the wait is over, as if its time were.
    if (action === undefined && this.#state === "Sta2") this.#on("ARTIM timer expired");
  }

  #on(event: Event, occurrence: Occurrence = {}): Action | undefined {
    const action = actionOn(event, this.#state);
    if (action === undefined) return undefined;
    // Before the action: what it tells its user may come back to us.
    this.#state = stateAfter(action, this.#isSecondState(action, occurrence));
    this.#actions[action](occurrence);
    return action;
  }

  #isSecondState(action: Action, { pdu }: Occurrence): boolean {
    if (action === "AR-8") return this.#options.role === "acceptor";
    return action === "AE-6" && rejectionBy(pdu) !== undefined;
  }

  #confirm(pdu: ControlPdu | undefined): void {
    if (pdu?.type === "A-ASSOCIATE-AC" || pdu?.type === "A-ASSOCIATE-RJ") this.user.answered(pdu);
  }

  #indicateRequest(pdu: ControlPdu | undefined): void {
    this.#stopArtim();
    const rejection = rejectionBy(pdu);
    if (rejection !== undefined) {
      this.#sendLast({ type: "A-ASSOCIATE-RJ", ...rejection });
      this.user.ended(
        new DimseError("rejected", "The association request was rejected.", rejection),
      );
    } else if (pdu?.type === "A-ASSOCIATE-RQ") this.user.requested(pdu);
  }

  #closeAndTell(error: DimseError | undefined): void {
    this.#close();
    if (error !== undefined) this.user.ended(error);
  }

  #sendAbort(source: number, error: DimseError | undefined): void {
    const reason =
      source === ABORT_SOURCES.serviceUser ? ABORT_REASONS.notSpecified : error?.facts.reason;
    this.#sendLast({ type: "A-ABORT", source, reason: reason ?? ABORT_REASONS.notSpecified });
    this.#readOn();
    if (error !== undefined) this.user.ended(error);
  }

  /** Sends what nothing follows, and gives the peer time to close the connection. */
  #sendLast(pdu: ControlPdu | undefined): void {
    this.#send(pdu);
    this.#socket.end();
    this.#startArtim(CLOSE_TIMEOUT_MS);
  }

  #send(pdu: ControlPdu | undefined): void {
    if (pdu !== undefined && this.#socket.writable) this.#socket.write(writePdu(pdu));
  }

  #close(): void {
    this.#stopArtim();
    this.#reader.stop();
    this.#socket.destroy();
  }

  #startArtim(timeoutMs: number): void {
    this.#stopArtim();
    this.#artim = setTimeout(() => {
      const error = new DimseError("connect-timeout", "No association request came in time.");
      this.#on("ARTIM timer expired", this.#state === "Sta2" ? { error } : {});
    }, timeoutMs);
  }

  #stopArtim(): void {
    clearTimeout(this.#artim);
  }

  #transportClosed(): void {
    // What came before the end is still to be read, unless the connection broke.
    if (this.#hold !== undefined && this.#transportError === undefined) {
      this.#isEndSeen = true;
      return;
    }
    const error = lostError(this.#transportError, this.#state);
    this.#on("transport connection closed", this.#state === "Sta13" ? {} : { error });
  }

  #dataBegins(): boolean {
    const action = actionOn("P-DATA-TF received", this.#state);
    if (action === "DT-2" || action === "AR-6") {
      this.#state = stateAfter(action);
      return true;
    }
    const error = violation("unexpectedPdu", "Data came where no data may come.");
    this.#on("P-DATA-TF received", { error });
    return false;
  }

  #received(pdu: ControlPdu): void {
    const isAbort = pdu.type === "A-ABORT";
    const error = isAbort ? this.#abortError(pdu) : unexpected(pdu);
    this.#on(`${pdu.type} received`, { pdu, error });
  }

  #abortError(pdu: AbortPdu): DimseError | undefined {
    return this.#state === "Sta13" ? undefined : abortedError(pdu);
  }

  #take(chunk: Uint8Array): void {
    this.user.moved();
    this.#read(() => this.#reader.push(chunk));
  }

  #read(read: () => Promise<void> | undefined): void {
    try {
      const hold = read();
      if (hold !== undefined) this.#wait(hold);
    } catch (error) {
      if (!(error instanceof DimseError)) throw error;
      this.#on("unrecognised or invalid PDU received", { error });
    }
  }

  #wait(hold: Promise<void>): void {
    this.#hold = hold;
    this.#socket.pause();
    this.user.held(true);
    hold.then(
      () => {
        if (this.#hold === hold) this.#endWait();
      },
      (error: unknown) => {
        if (this.#hold === hold) this.user.dataRefused(error);
      },
    );
  }

  #endWait(): void {
    this.#hold = undefined;
    this.user.held(false);
    this.#read(() => this.#reader.resume());
    if (this.#hold !== undefined) return;
    if (this.#isEndSeen) this.#transportClosed();
    else this.#socket.resume();
  }

  /** Nobody holds the peer any more; what comes of data is dropped. */
  #readOn(): void {
    this.#reader.drop();
    if (this.#hold !== undefined) this.#endWait();
  }
}

function nothing(): void {}

/** Why the upper layer itself does not accept a request (PS3.8 table 9-6, AE-6). */
function rejectionBy(pdu: ControlPdu | undefined): Rejection | undefined {
  if (pdu?.type !== "A-ASSOCIATE-RQ") return undefined;
  if ((pdu.protocolVersion & 1) === 0) return REJECTIONS.protocolVersionNotSupported;
  return pdu.applicationContextUid === APPLICATION_CONTEXT_UID
    ? undefined
    : REJECTIONS.applicationContextNotSupported;
}

function unexpected(pdu: ControlPdu): DimseError {
  return violation("unexpectedPdu", `${pdu.type} came where it may not come.`);
}
