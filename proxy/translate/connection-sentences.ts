import { codeOf } from "../dimse/transport-errors.ts";
import { addressOf, type Explanation, type PacsIdentity } from "./pacs-identity.ts";

const NO_ROUTE: readonly [what: string, advice: string] = [
  "there is no route to it",
  "check the host here, the network, and the firewalls on the way",
];

/** By the code of the system: why there is no connection, and what to change. */
const UNREACHABLE: ReadonlyMap<string, readonly [what: string, advice: string]> = new Map([
  [
    "ECONNREFUSED",
    [
      "the connection was refused, nothing listens on this port",
      "check that it runs, and its host and port here",
    ],
  ],
  [
    "ENOTFOUND",
    [
      "there is no host of this name",
      "check the host here, and the name service of this machine; an address does as well",
    ],
  ],
  ["EAI_AGAIN", ["its name cannot be looked up", "check the name service of this machine"]],
  ["EHOSTUNREACH", NO_ROUTE],
  ["ENETUNREACH", NO_ROUTE],
]);

/** No TCP connection; `cause` is what the socket said. */
export function explainUnreachable(cause: unknown, pacs: PacsIdentity): Explanation {
  const what = `The PACS ${pacs.aeTitle} cannot be reached at ${addressOf(pacs)}`;
  const known = UNREACHABLE.get(causeCodeOf(cause) ?? "");
  if (known !== undefined) return { what: `${what} (${known[0]})`, advice: known[1] };
  return {
    what,
    advice: "check that it runs, its host and port here, and the firewalls on the way",
  };
}

const UNTRUSTED: readonly [what: string, advice: string] = [
  "its certificate is not trusted here",
  "name a file with it, or with that of its authority, as tls.ca of this PACS in the configuration",
];
const OUR_CERTIFICATE: readonly [what: string, advice: string] = [
  "it does not accept our certificate, or asks for one",
  "set tls.certificate and tls.key of this PACS in the configuration, and trust that certificate there",
];

/** By the code of the TLS library. */
const TLS: ReadonlyMap<string, readonly [what: string, advice: string]> = new Map([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", UNTRUSTED],
  ["SELF_SIGNED_CERT_IN_CHAIN", UNTRUSTED],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", UNTRUSTED],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", UNTRUSTED],
  ["CERT_HAS_EXPIRED", ["its certificate has expired", "renew it there"]],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    [
      "its certificate is for another host name",
      "use that name as its host here, or set tls.serverName of this PACS in the configuration",
    ],
  ],
  [
    "ERR_SSL_WRONG_VERSION_NUMBER",
    ["this port does not speak TLS", "give the port that does, or leave out tls here"],
  ],
  [
    "ECONNRESET",
    [
      "the PACS broke off, perhaps this port does not speak TLS",
      "check that it does, and whether it asks for a certificate of ours",
    ],
  ],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", OUR_CERTIFICATE],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", OUR_CERTIFICATE],
  ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", OUR_CERTIFICATE],
]);

/** TLS that was not agreed upon; `cause` is what the library said. */
export function explainTlsFailure(cause: unknown, pacs: PacsIdentity): Explanation {
  const what = `TLS with the PACS ${pacs.aeTitle} at ${addressOf(pacs)} failed`;
  const code = causeCodeOf(cause);
  const known = TLS.get(code ?? "");
  if (known !== undefined) return { what: `${what} (${known[0]})`, advice: known[1] };
  return {
    what: code === undefined ? what : `${what} (${code})`,
    advice:
      "check that this port speaks TLS, that each side trusts the certificate of the other, and the host name in the certificate",
  };
}

/** Of the failures with all addresses of a name, that of the first. */
function causeCodeOf(cause: unknown): string | undefined {
  return codeOf(cause) ?? (cause instanceof AggregateError ? codeOf(cause.errors[0]) : undefined);
}
