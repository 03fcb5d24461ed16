import { DimseError } from "./dimse-error.ts";
import type { Rejection } from "./incoming-request.ts";
import type { RemoteAe } from "./remote-ae.ts";

/** A rejection in words (PS3.8 table 9-21), by source and reason, and what to do about it. */
const TEXTS: ReadonlyMap<string, (remote: RemoteAe) => string> = new Map([
  ["1/1", () => "no reason given; look into its log, and add our AE title there"],
  ["1/2", () => "application context name not supported"],
  [
    "1/3",
    ({ callingAeTitle }: RemoteAe) =>
      `calling AE title not recognised; it does not know ${callingAeTitle}: add it there with this host and port`,
  ],
  [
    "1/7",
    ({ aeTitle }: RemoteAe) =>
      `called AE title not recognised; it does not call itself ${aeTitle}: correct the AE title of the PACS here`,
  ],
  ["2/1", () => "no reason given by its ACSE"],
  ["2/2", () => "protocol version not supported"],
  ["3/1", () => "temporary congestion; try again later"],
  ["3/2", () => "local limit exceeded; it has too many associations open, try again later"],
]);

/** A-ASSOCIATE-RJ of the peer. */
export function rejectedError(remote: RemoteAe, rejection: Rejection): DimseError {
  const { result, source, reason } = rejection;
  const text = TEXTS.get(`${source}/${reason}`)?.(remote) ?? `source ${source}, reason ${reason}`;
  const how = result === 2 ? "for now (transient)" : "(permanent)";
  return new DimseError("rejected", `${remote.aeTitle} rejected the association ${how}: ${text}.`, {
    result,
    source,
    reason,
  });
}
