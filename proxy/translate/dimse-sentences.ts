import type { DimseErrorCode, DimseErrorFacts } from "../dimse/dimse-error.ts";
import { explainTlsFailure, explainUnreachable } from "./connection-sentences.ts";
import { addressOf, type Explanation, type PacsIdentity } from "./pacs-identity.ts";

/** What was being done. */
export type PacsTask = "search" | "retrieve" | "store" | "worklist" | "commitment" | "echo";

const SERVICES: Readonly<Record<PacsTask, string>> = {
  search: "queries (C-FIND)",
  retrieve: "retrievals (C-GET, C-MOVE)",
  store: "storage (C-STORE)",
  worklist: "Modality Worklist (C-FIND)",
  commitment: "Storage Commitment",
  echo: "verification (C-ECHO)",
};

/** The failure in plain words; neither half has patient data, nor what the PACS wrote itself. */
export function explain(
  code: DimseErrorCode,
  facts: DimseErrorFacts,
  pacs: PacsIdentity,
  task: PacsTask | undefined,
): Explanation {
  if (code === "rejected") return explainRejection(facts, pacs);
  if (code === "failed-status") return explainStatus(facts.status, pacs, task);
  if (code === "unreachable") return explainUnreachable(facts.cause, pacs);
  if (code === "tls-failure") return explainTlsFailure(facts.cause, pacs);
  return explainEnd(code, facts, pacs, task);
}

function explainEnd(
  code: Exclude<DimseErrorCode, "rejected" | "failed-status" | "unreachable" | "tls-failure">,
  facts: DimseErrorFacts,
  pacs: PacsIdentity,
  task: PacsTask | undefined,
): Explanation {
  const { aeTitle } = pacs;
  const address = addressOf(pacs);
  const service = task === undefined ? "what was asked of it" : SERVICES[task];
  const texts: Readonly<
    Record<typeof code | "unanswered", readonly [what: string, advice: string]>
  > = {
    "connect-timeout": [
      `The PACS ${aeTitle} at ${address} did not answer the request for an association in time`,
      "check host and port, whether it expects TLS, and the firewalls on the way",
    ],
    "no-context": [
      `The PACS ${aeTitle} does not offer ${service} to AE title ${pacs.callingAeTitle}`,
      "allow this service and its transfer syntaxes for this AE title there",
    ],
    aborted: [
      `The PACS ${aeTitle} aborted the association (${abortReason(facts)})`,
      `its log at this time says why; perhaps AE title ${pacs.callingAeTitle} may not do this there`,
    ],
    unanswered: [
      `The PACS ${aeTitle} at ${address} closed the connection without answering the request for an association`,
      "check that the port is that of a DICOM service, whether it expects TLS, and that this host is allowed there",
    ],
    "connection-lost": [
      `The connection to the PACS ${aeTitle} ended in the middle of an operation`,
      "check the log of the PACS, and firewalls that cut connections",
    ],
    silent: [
      `The PACS ${aeTitle} stopped answering`,
      "check whether it is overloaded, or fetches from slow media (then set slow-start for it here)",
    ],
    overdue: [
      `The PACS ${aeTitle} did not finish the operation in time`,
      "check its load, or give operations more time here",
    ],
    "protocol-violation": [
      `The PACS ${aeTitle} sent what is not DICOM, or came out of turn`,
      "check that the port is that of a DICOM service; a trace of the association shows where it went wrong",
    ],
    "limit-exceeded": [
      `The PACS ${aeTitle} sent more than is taken in one message`,
      "a trace of the association shows what it sent",
    ],
    cancelled: [
      `The operation at the PACS ${aeTitle} was cancelled`,
      "try again; when it happens often, the log of the PACS says who cancels",
    ],
    busy: [
      `All associations that may be open with the PACS ${aeTitle} are in use`,
      "try again shortly; more associations can be allowed for it here",
    ],
    closed: ["The companion is being closed", "try again when it is back"],
  };
  const [what, advice] = texts[facts.isUnanswered === true ? "unanswered" : code];
  return { what, advice };
}

/** What the PACS has to know of us, in words. */
function ourPlace({ callingAeTitle, ourPort }: PacsIdentity): string {
  const port = ourPort === undefined ? "the port that listens here" : `port ${ourPort}`;
  return `AE title ${callingAeTitle} with this host and ${port}`;
}

/** A-ABORT (PS3.8 table 9-26). */
function abortReason({ source, reason }: DimseErrorFacts): string {
  if (source === 0) return "by its application";
  if (source !== 2) return "without a reason";
  const reasons = [
    "no reason given",
    "unrecognized PDU",
    "unexpected PDU",
    "no reason given",
    "unrecognized PDU parameter",
    "unexpected PDU parameter",
    "invalid PDU parameter value",
  ];
  return reasons[reason ?? 0] ?? "no reason given";
}

/** A-ASSOCIATE-RJ by source and reason (PS3.8 table 9-21). */
function explainRejection(facts: DimseErrorFacts, pacs: PacsIdentity): Explanation {
  const { aeTitle, callingAeTitle, ourPort } = pacs;
  const known: Readonly<Record<string, Explanation>> = {
    "1.2": {
      what: `The PACS ${aeTitle} does not know the DICOM application context`,
      advice: "check that the port is that of a DICOM service",
    },
    "1.3": {
      what: `The PACS ${aeTitle} does not know AE title ${callingAeTitle}`,
      advice: `add it there with this host and port${ourPort === undefined ? "" : ` ${ourPort}`}`,
    },
    "1.7": {
      what: `The PACS at ${pacs.host} does not answer to AE title ${aeTitle}`,
      advice: "set the AE title that the PACS has, letter by letter",
    },
    "2.2": {
      what: `The PACS ${aeTitle} does not know this version of the DICOM protocol`,
      advice: "check that the port is that of a DICOM service",
    },
    "3.1": {
      what: `The PACS ${aeTitle} is congested`,
      advice: "try again shortly; when it happens often, allow more associations there",
    },
    "3.2": {
      what: `The PACS ${aeTitle} takes no more associations at the moment`,
      advice: "try again shortly; allow more associations there, or fewer for it here",
    },
  };
  const explanation = known[`${facts.source}.${facts.reason}`];
  if (explanation !== undefined) return explanation;
  return isTransientRejection(facts)
    ? {
        what: `The PACS ${aeTitle} takes no association at the moment`,
        advice: "try again shortly; its log says why",
      }
    : {
        what: `The PACS ${aeTitle} refuses associations of AE title ${callingAeTitle} without a reason`,
        advice: "check there that this AE title and host are allowed; its log says more",
      };
}

/** Whether a rejection passes by itself. */
export function isTransientRejection({ result, source }: DimseErrorFacts): boolean {
  return result === 2 || source === 3;
}

/** Final failure statuses of PS3.4 and PS3.7 annex C. */
function explainStatus(
  status: number | undefined,
  pacs: PacsIdentity,
  task: PacsTask | undefined,
): Explanation {
  const code = (status ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const [what, advice] = statusText(status ?? 0, task, pacs);
  return { what: `The PACS ${pacs.aeTitle} ${what} (status ${code})`, advice };
}

const EXACT_STATUSES: ReadonlyMap<number, readonly [what: string, advice: string]> = new Map([
  [0x0105, ["does not know an attribute of the request", "its log says which"]],
  [0x0106, ["does not take the value of an attribute", "its log says which"]],
  [0x0110, ["could not process the request", "its log says why"]],
  [0x0111, ["has the object already", "nothing has to be sent again"]],
  [0x0112, ["does not have this object", "it may have been deleted or moved there"]],
  [0x0117, ["takes a UID for invalid", "its log says which"]],
  [0x0118, ["does not know this SOP class", "allow it there"]],
  [0x0119, ["takes this object for one of another SOP class", "its log says more"]],
  [0x0120, ["misses an attribute", "its log says which"]],
  [0x0122, ["does not support this SOP class", "allow it there"]],
  [0x0210, ["takes the request for a duplicate", "try again"]],
  [0x0211, ["does not know this operation", "check which services it offers"]],
  [0x0212, ["does not take the parameters of the request", "its log says which"]],
  [0x0213, ["is out of resources", "try again later; check its load and its disks"]],
  [
    0xa701,
    ["has no resources to count what matches", "try again later; check its load and its database"],
  ],
  [
    0xfe00,
    [
      "cancelled the operation without being asked to",
      "try again; when it happens often, its log says why",
    ],
  ],
]);

function statusText(
  status: number,
  task: PacsTask | undefined,
  pacs: PacsIdentity,
): readonly [what: string, advice: string] {
  if (status === 0x0124) {
    return [
      `does not authorize AE title ${pacs.callingAeTitle}`,
      "give this AE title the right to it there",
    ];
  }
  if (status === 0xa801) {
    return ["does not know the destination of the move", `add ${ourPlace(pacs)} there`];
  }
  if (status === 0xa702) {
    return [
      "could not send what was asked for",
      `check that it knows ${ourPlace(pacs)} and can connect to it, its load and its disks`,
    ];
  }
  const exact = EXACT_STATUSES.get(status);
  if (exact !== undefined) return exact;
  if (status >> 8 === 0xa7)
    return ["is out of resources", "try again later; check its load and its disks"];
  if (status >> 8 === 0xa9) {
    return task === "store"
      ? ["takes the object for one of another SOP class", "its log says more"]
      : ["does not take the identifier of the request", "its log says which key it does not take"];
  }
  if (status >> 12 === 0xc) return unableToProcess(task, pacs);
  return ["ended the operation with a failure", "its log says why"];
}

/** CxxxH; many a PACS answers so to C-MOVE when it does not know the destination, or cannot connect to it. */
function unableToProcess(
  task: PacsTask | undefined,
  pacs: PacsIdentity,
): readonly [what: string, advice: string] {
  if (task === "store") return ["cannot understand the object", "its log says why"];
  const what = "was unable to process the request";
  if (task !== "retrieve") return [what, "its log says why"];
  return [
    what,
    `its log says why; where it sends by C-MOVE, check that it knows ${ourPlace(pacs)} and can connect to it`,
  ];
}
