import { connect as connectTcp, isIP, type Socket, type TcpSocketConnectOpts } from "node:net";
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect as connectTls,
  TLSSocket,
} from "node:tls";
import { DimseError } from "./dimse-error.ts";
import { ReadBuffer } from "./read-buffer.ts";
import type { RemoteAe, TlsSettings } from "./remote-ae.ts";
import { secureContextOf } from "./tls-profile.ts";
import { codeOf, tlsError } from "./transport-errors.ts";

const KEEP_ALIVE_MS = 30_000;
/** For one address of a name before the next is tried beside it (RFC 8305 section 5); milliseconds. */
const ADDRESS_ATTEMPT_MS = 500;
/** Smallest finite-field group of a key exchange; bits (RFC 7525 section 4.3). */
const SMALLEST_DH_GROUP = 2048;

/**
 * A connection with the remote application entity, with TLS where it has settings for it.
 * @throws DimseError `unreachable`, `connect-timeout`, `tls-failure`, `cancelled`
 */
export function openConnection(remote: RemoteAe, signal: AbortSignal): Promise<Socket> {
  if (signal.aborted) return Promise.reject(cancelled());
  return new Promise((resolve, reject) => {
    const opening = new Opening(openSocket(remote), remote, (outcome) => {
      signal.removeEventListener("abort", onAbort);
      if (outcome instanceof DimseError) reject(outcome);
      else resolve(outcome);
    });
    const onAbort = (): void => opening.fail(cancelled());
    signal.addEventListener("abort", onAbort);
  });
}

/** A connection that is being opened. */
class Opening {
  readonly #socket: Socket;
  readonly #remote: RemoteAe;
  readonly #settle: (outcome: Socket | DimseError) => void;
  readonly #timer: NodeJS.Timeout;
  #isTcpOpen = false;

  constructor(socket: Socket, remote: RemoteAe, settle: (outcome: Socket | DimseError) => void) {
    this.#socket = socket;
    this.#remote = remote;
    this.#settle = settle;
    this.#timer = setTimeout(
      () => this.fail(timedOut(remote, this.#isTcpOpen)),
      remote.connectTimeoutMs,
    );
    socket.on("connect", this.#onConnect);
    socket.on("secureConnect", this.#onOpen);
    socket.on("error", this.#onError);
    socket.on("close", this.#onClose);
  }

  fail(error: DimseError): void {
    this.#forget();
    this.#socket.on("error", () => {});
    this.#socket.destroy();
    this.#settle(error);
  }

  readonly #onConnect = (): void => {
    this.#isTcpOpen = true;
    if (!this.#isTls) this.#onOpen();
  };

  readonly #onOpen = (): void => {
    this.#forget();
    // TLS sockets do not take these as options.
    this.#socket.setNoDelay(true);
    this.#socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.#settle(this.#socket);
  };

  readonly #onError = (error: Error): void => {
    this.fail(this.#isTls && this.#isTcpOpen ? tlsError(error) : unreachable(this.#remote, error));
  };

  readonly #onClose = (): void => this.fail(unreachable(this.#remote, undefined));

  get #isTls(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#socket.off("connect", this.#onConnect);
    this.#socket.off("secureConnect", this.#onOpen);
    this.#socket.off("error", this.#onError);
    this.#socket.off("close", this.#onClose);
  }
}

/** @throws DimseError `tls-failure` when the settings are no certificates */
function openSocket(remote: RemoteAe): Socket {
  const { host, port, tls } = remote;
  const options = {
    host,
    port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
  };
  if (tls === undefined) return openPlain(options);
  try {
    return connectTls({ ...options, ...tlsOptions(tls, host) });
  } catch (cause) {
    throw new DimseError(
      "tls-failure",
      `Our certificate, its key or the trusted certificates for ${remote.aeTitle} are not usable.`,
      { cause },
    );
  }
}

/** A socket that reads into slabs of ours, and tells of them by `data` as others do. */
function openPlain(options: TcpSocketConnectOpts): Socket {
  const buffer = new ReadBuffer();
  const socket = connectTcp({
    ...options,
    onread: {
      buffer: () => buffer.room(),
      callback: (byteLength) => {
        socket.emit("data", buffer.take(byteLength));
        return true;
      },
    },
  });
  return socket;
}

function tlsOptions(tls: TlsSettings, host: string): ConnectionOptions {
  const { serverName } = tls;
  const name = typeof serverName === "string" ? serverName : host;
  return {
    ...secureContextOf(tls),
    minDHSize: SMALLEST_DH_GROUP,
    rejectUnauthorized: true,
    // A name that is an address is not sent (RFC 6066 section 3).
    ...(isIP(name) === 0 ? { servername: name } : {}),
    checkServerIdentity: (_host, certificate) =>
      typeof serverName === "object" ? undefined : checkServerIdentity(name, certificate),
  };
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nothing listens there"],
  ["ENOTFOUND", "there is no such host"],
  ["EAI_AGAIN", "the host's name cannot be looked up now"],
  ["EHOSTUNREACH", "there is no route to it"],
  ["ENETUNREACH", "there is no route to its network"],
  ["ECONNRESET", "it closed the connection at once"],
]);

function unreachable(remote: RemoteAe, cause: Error | undefined): DimseError {
  const code = codeOf(cause) ?? codeOf(firstOf(cause)) ?? "closed";
  if (code === "ETIMEDOUT") return timedOut(remote, false);
  const reason = REASONS.get(code) ?? code;
  return new DimseError(
    "unreachable",
    `No connection to ${remote.aeTitle} at ${remote.host} port ${remote.port}: ${reason}.`,
    cause === undefined ? {} : { cause },
  );
}

/** Of the failures with all addresses of a name, the first. */
function firstOf(cause: Error | undefined): unknown {
  return cause instanceof AggregateError ? cause.errors[0] : undefined;
}

function timedOut(remote: RemoteAe, isTcpOpen: boolean): DimseError {
  const what = isTcpOpen ? "did not complete TLS" : "did not take the connection";
  return new DimseError(
    "connect-timeout",
    `${remote.aeTitle} at ${remote.host} port ${remote.port} ${what} within ${remote.connectTimeoutMs / 1000} s.`,
  );
}

function cancelled(): DimseError {
  return new DimseError("cancelled", "The association is not wanted any more.");
}
