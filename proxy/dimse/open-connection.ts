import { connect as connectTcp, isIP, type Socket } from "node:net";
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect as connectTls,
  TLSSocket,
} from "node:tls";
import { Deferred } from "./deferred.ts";
import { DimseError } from "./dimse-error.ts";
import type { RemoteAe, TlsSettings } from "./remote-ae.ts";
import { secureContextOf } from "./tls-profile.ts";
import { codeOf, tlsError } from "./transport-errors.ts";

const KEEP_ALIVE_MS = 30_000;
/** For one address of a name before the next is tried beside it (RFC 8305 section 5); milliseconds. */
const ADDRESS_ATTEMPT_MS = 500;
/** Smallest finite-field group of a key exchange; bits (RFC 7525 section 4.3). */
const SMALLEST_DH_GROUP = 2048;

/** Settles a connection that is being opened. */
interface Opening {
  readonly resolve: (socket: Socket) => void;
  readonly reject: (error: DimseError) => void;
}

/**
 * A connection with the remote application entity, with TLS where it has settings for it.
 * @throws DimseError `unreachable`, `connect-timeout`, `tls-failure`, `cancelled`
 */
export function openConnection(remote: RemoteAe, signal: AbortSignal): Promise<Socket> {
  const outcome = new Deferred<Socket>();
  if (signal.aborted) return Promise.reject(cancelled());
  const socket = openSocket(remote);
  let isTcpOpen = false;
  const settle = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    socket.removeAllListeners();
  };
  const fail = (error: DimseError): void => {
    settle();
    socket.on("error", () => {});
    socket.destroy();
    outcome.reject(error);
  };
  const onAbort = (): void => fail(cancelled());
  const timer = setTimeout(() => fail(timedOut(remote, isTcpOpen)), remote.connectTimeoutMs);
  signal.addEventListener("abort", onAbort);
  listen(socket, remote, {
    resolve: (opened) => {
      settle();
      outcome.resolve(opened);
    },
    reject: fail,
  });
  socket.on("connect", () => {
    isTcpOpen = true;
  });
  return outcome.promise;
}

function openSocket({ host, port, tls }: RemoteAe): Socket {
  const options = {
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
  };
  return tls === undefined
    ? connectTcp(options)
    : connectTls({ ...options, ...tlsOptions(tls, host) });
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

function listen(socket: Socket, remote: RemoteAe, opening: Opening): void {
  const isTls = socket instanceof TLSSocket;
  let isTcpOpen = false;
  socket.on("connect", () => {
    isTcpOpen = true;
    if (!isTls) opening.resolve(socket);
  });
  socket.on("secureConnect", () => opening.resolve(socket));
  socket.on("error", (error) =>
    opening.reject(isTls && isTcpOpen ? tlsError(error) : unreachable(remote, error)),
  );
  socket.on("close", () => opening.reject(unreachable(remote, undefined)));
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
