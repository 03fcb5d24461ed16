import { DimseError } from "./dimse-error.ts";
import { ABORT_SOURCES, type AbortPdu } from "./pdu.ts";
import type { State } from "./state-machine.ts";

/** Reasons of an A-ABORT of the service provider, in words (PS3.8 table 9-26). */
const ABORT_REASON_NAMES: ReadonlyMap<number, string> = new Map([
  [0, "reason not specified"],
  [1, "unrecognised PDU"],
  [2, "unexpected PDU"],
  [4, "unrecognised PDU parameter"],
  [5, "unexpected PDU parameter"],
  [6, "invalid PDU parameter value"],
]);

/** A-ABORT of the peer. */
export function abortedError({ source, reason }: AbortPdu): DimseError {
  const name = ABORT_REASON_NAMES.get(reason) ?? `reason ${reason}`;
  const by =
    source === ABORT_SOURCES.serviceUser
      ? "by its application (service user)"
      : `by its network layer (service provider: ${name})`;
  return new DimseError("aborted", `The peer aborted the association ${by}.`, { source, reason });
}

/** The connection ended without release or abort; `cause` is what the socket said. */
export function lostError(cause: Error | undefined, state: State): DimseError {
  const facts = {
    ...(cause === undefined ? {} : { cause }),
    ...(state === "Sta5" ? { isUnanswered: true } : {}),
  };
  if (cause !== undefined && isTlsError(cause)) return tlsError(cause);
  const code = codeOf(cause);
  const how = code === undefined ? "" : ` (${code})`;
  return new DimseError(
    "connection-lost",
    state === "Sta5"
      ? `The peer closed the connection without answering the association request${how}.`
      : `The connection ended without release or abort${how}.`,
    facts,
  );
}

/** A TLS handshake that failed, or an alert after it: a missing client certificate shows only then in TLS 1.3. */
export function tlsError(cause: Error): DimseError {
  const code = codeOf(cause) ?? "no reason given";
  return new DimseError(
    "tls-failure",
    `TLS with the peer failed (${code}): check its certificate, ours, and that its port speaks TLS.`,
    { cause },
  );
}

/** The code that Node gives to system and TLS errors. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

function isTlsError(error: Error): boolean {
  return /^ERR_(SSL|TLS)_/.test(codeOf(error) ?? "");
}
