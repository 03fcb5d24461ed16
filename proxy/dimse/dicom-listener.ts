import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { type AcceptorPolicy, acceptAssociation } from "./accept-association.ts";
import type { AssociationObserver } from "./association-event.ts";
import { DimseError } from "./dimse-error.ts";
import { type AcceptorAnswer, type IncomingRequest, REJECTIONS } from "./incoming-request.ts";
import { ListenerSession, type SessionParts } from "./listener-session.ts";
import { MoveRoutes } from "./move-routes.ts";
import type { TlsSettings } from "./remote-ae.ts";
import { acceptContext } from "./services/accept-context.ts";
import { createCommitmentDesk } from "./services/commitment-desk.ts";
import type { CommitmentDesk } from "./services/commitment-report.ts";
import type { MoveDestination } from "./services/retrieve.ts";
import type { StorageSink } from "./storage-sink.ts";
import { secureContextOf } from "./tls-profile.ts";

/** Where others reach us, and what they may do. */
export interface ListenerOptions {
  /** Our AE titles; a request for another is rejected (called AE title not recognised). */
  readonly aeTitles: readonly string[];
  /** Address to listen on; all, IPv6 and IPv4, by default. */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port: number;
  /** A further port that speaks TLS. */
  readonly tls?: { readonly port: number; readonly settings: TlsSettings };
  /** Whether an AE may associate at all: the PACS of the settings and the allow-list of the inbox. */
  readonly allows: (callingAeTitle: string, address: string) => boolean;
  /** Takes what is stored here and belongs to no C-MOVE; without it such objects are refused. */
  readonly inbox?: StorageSink & { readonly allows: (callingAeTitle: string) => boolean };
  readonly maximumAssociations: number;
  readonly maximumPduLength: number;
  readonly silenceTimeoutMs: number;
  readonly observe?: AssociationObserver;
}

/** The listening side: C-ECHO, C-STORE of our C-MOVEs and of the inbox, N-EVENT-REPORT of Storage Commitment. */
export interface DicomListener extends CommitmentDesk {
  /** Ports that are listened on. */
  readonly port: number;
  readonly tlsPort: number | undefined;
  /** Ourselves as the destination of C-MOVE, under one of the AE titles. */
  destination(aeTitle: string): MoveDestination;
  close(): Promise<void>;
}

/** From the connection until the association is requested (ARTIM of PS3.8 section 9.1.5). */
const REQUEST_TIMEOUT_MS = 10_000;
/** Between two operations; senders keep associations open for the next object. */
const IDLE_TIMEOUT_MS = 60_000;
/** How long connections have to end by themselves when the listener is closed. */
const CLOSING_MS = 500;
/** Connections beyond the associations, which are only told that there is no room. */
const SPARE_CONNECTIONS = 32;

/** @throws DimseError `unreachable` when a port cannot be listened on, with the reason */
export async function openDicomListener(options: ListenerOptions): Promise<DicomListener> {
  const ending = new AbortController();
  const moves = new MoveRoutes();
  const desk = createCommitmentDesk();
  const acceptor = new Acceptor(options, { moves, desk, inbox: options.inbox }, ending.signal);
  const plain = createServer({ noDelay: true }, (socket) => acceptor.serve(socket));
  const servers: Server[] = [];
  const connections = new Set<Socket>();
  const open = async (server: Server, port: number) => {
    // One more than is answered, so that a flood is closed before it costs anything.
    server.on("connection", (socket: Socket) => {
      connections.add(socket);
      socket.once("close", () => connections.delete(socket));
    });
    server.maxConnections = options.maximumAssociations + SPARE_CONNECTIONS;
    const listening = await listen(server, port, options.host);
    servers.push(server);
    return listening;
  };
  const close = async () => {
    ending.abort();
    // Those in the middle of TLS, or of being told, are not waited for.
    const impatience = setTimeout(() => {
      for (const socket of connections) socket.destroy();
    }, CLOSING_MS);
    await Promise.all(servers.map(closed));
    clearTimeout(impatience);
  };
  try {
    const port = await open(plain, options.port);
    const tlsPort =
      options.tls === undefined
        ? undefined
        : await open(tlsServer(options.tls, acceptor), options.tls.port);
    return {
      port,
      tlsPort,
      destination: (aeTitle) => ({ aeTitle, expect: (move) => moves.expect(move) }),
      received: (report) => desk.received(report),
      reportOf: (transactionUid, timeoutMs, signal) =>
        desk.reportOf(transactionUid, timeoutMs, AbortSignal.any([signal, ending.signal])),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function tlsServer(tls: NonNullable<ListenerOptions["tls"]>, acceptor: Acceptor): Server {
  const options = {
    ...secureContextOf(tls.settings),
    // Whoever connects proves who it is where we know whom to trust.
    ...(tls.settings.ca === undefined ? {} : { requestCert: true, rejectUnauthorized: true }),
    noDelay: true,
    handshakeTimeout: REQUEST_TIMEOUT_MS,
  };
  try {
    const server = createTlsServer(options, (socket) => acceptor.serve(socket));
    server.on("tlsClientError", () => acceptor.tlsFailed());
    return server;
  } catch (error) {
    throw new DimseError(
      "tls-failure",
      `The certificate or key of the TLS port is not usable: ${reasonOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** Makes associations of connections, as long as there is room. */
class Acceptor {
  readonly #options: ListenerOptions;
  readonly #parts: SessionParts;
  readonly #signal: AbortSignal;
  #associations = 0;

  constructor(options: ListenerOptions, parts: SessionParts, signal: AbortSignal) {
    this.#options = options;
    this.#parts = parts;
    this.#signal = signal;
  }

  serve(socket: Socket): void {
    const place = new Place(() => this.#associations--);
    const policy: AcceptorPolicy = {
      decide: (request) => {
        const answer = this.#decide(request);
        if (answer.kind === "accept") {
          this.#associations++;
          place.take();
        }
        return answer;
      },
      maximumPduLength: this.#options.maximumPduLength,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      silenceTimeoutMs: this.#options.silenceTimeoutMs,
      idleTimeoutMs: IDLE_TIMEOUT_MS,
    };
    acceptAssociation(socket, policy, this.#signal, this.#options.observe).then(
      (association) => {
        const stop = () => association.abort(new DimseError("closed", "The listener was closed"));
        this.#signal.addEventListener("abort", stop, { once: true });
        new ListenerSession(association, this.#parts, () => {
          this.#signal.removeEventListener("abort", stop);
          place.free();
        });
        if (this.#signal.aborted) stop();
      },
      // Whoever connected is told why; the observer hears of it.
      () => place.free(),
    );
  }

  /** Whoever connected and TLS did not agree; who it was is not known. */
  tlsFailed(): void {
    this.#options.observe?.({
      time: Date.now(),
      remote: "listener",
      association: 0,
      callingAeTitle: "",
      calledAeTitle: "",
      event: { kind: "ended", how: "failed", code: "tls-failure", bytesSent: 0, bytesReceived: 0 },
    });
  }

  #decide({ calledAeTitle, callingAeTitle, address }: IncomingRequest): AcceptorAnswer {
    const { aeTitles, allows, maximumAssociations } = this.#options;
    if (!aeTitles.includes(calledAeTitle))
      return { kind: "reject", rejection: REJECTIONS.calledAeTitleNotRecognised };
    if (!allows(callingAeTitle, address))
      return { kind: "reject", rejection: REJECTIONS.callingAeTitleNotRecognised };
    if (this.#associations >= maximumAssociations)
      return { kind: "reject", rejection: REJECTIONS.localLimitExceeded };
    return { kind: "accept", context: acceptContext };
  }
}

/** The place of one association among those that may be open; given back once. */
class Place {
  readonly #giveBack: () => void;
  #isTaken = false;

  constructor(giveBack: () => void) {
    this.#giveBack = giveBack;
  }

  take(): void {
    this.#isTaken = true;
  }

  free(): void {
    if (this.#isTaken) this.#giveBack();
    this.#isTaken = false;
  }
}

function listen(server: Server, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(
        new DimseError(
          "unreachable",
          `Port ${port} cannot be listened on for DICOM: ${reasonOf(error)}`,
          { cause: error },
        ),
      );
    server.once("error", fail);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.removeListener("error", fail);
      // A connection that could not be accepted (no file descriptors) concerns nobody who is connected.
      server.on("error", () => undefined);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error ? String(error.code) : error.message;
}
