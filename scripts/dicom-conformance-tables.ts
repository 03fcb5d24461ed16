import { isKnownCharacterSet } from "#core/dicom/character-set.ts";
import {
  IMPLEMENTATION_CLASS_UID,
  IMPLEMENTATION_VERSION_NAME,
} from "#core/dicom/part10-writer.ts";
import { namedSopClassUids, sopClassName } from "#core/dicom/sop-class-names.ts";
import { TRANSFER_SYNTAXES } from "#core/dicom/transfer-syntax.ts";
import { PACS_DEFAULTS } from "../proxy/config/pacs-defaults.ts";
import { DICOM_PROPERTIES } from "../proxy/config/pacs-schema.ts";
import { DimseError, type DimseErrorCode } from "../proxy/dimse/dimse-error.ts";
import { REJECTIONS } from "../proxy/dimse/incoming-request.ts";
import { APPLICATION_CONTEXT_UID } from "../proxy/dimse/pdu.ts";
import { MOST_CONTEXTS, type ProposedContext } from "../proxy/dimse/presentation-context.ts";
import { acceptContext, isStorage } from "../proxy/dimse/services/accept-context.ts";
import { VERIFICATION } from "../proxy/dimse/services/echo.ts";
import {
  commitmentContexts,
  echoContexts,
  findContexts,
  moveContexts,
  planGet,
  planStore,
} from "../proxy/dimse/services/plan-contexts.ts";
import { MODEL_UIDS } from "../proxy/dimse/services/query-model.ts";
import { proposeQueryAbilities } from "../proxy/dimse/services/query-negotiation.ts";
import { formatStatus } from "../proxy/dimse/services/status.ts";
import { STATUS_TABLE } from "../proxy/dimse/services/status-table.ts";
import { STORAGE_COMMITMENT_PUSH } from "../proxy/dimse/services/storage-commitment.ts";
import { likelySyntaxes, UNCOMPRESSED } from "../proxy/dimse/services/storage-syntaxes.ts";
import { secureContextOf } from "../proxy/dimse/tls-profile.ts";
import { problemOf } from "../proxy/http/problem.ts";
import { sourceErrorOf } from "../proxy/translate/source-error-of.ts";

type Table = readonly (readonly string[])[];

const CT = "1.2.840.10008.5.1.4.1.1.2";
const VIDEO_ENDOSCOPY = "1.2.840.10008.5.1.4.1.1.77.1.1.1";

/** Services by their SOP class, in the order of the statement. */
const SERVICES: readonly (readonly [name: string, uid: string])[] = [
  ["Verification", VERIFICATION],
  ["Study Root Query/Retrieve – FIND", MODEL_UIDS["study-root"].find],
  ["Study Root Query/Retrieve – MOVE", MODEL_UIDS["study-root"].move],
  ["Study Root Query/Retrieve – GET", MODEL_UIDS["study-root"].get],
  ["Patient Root Query/Retrieve – FIND", MODEL_UIDS["patient-root"].find],
  ["Patient Root Query/Retrieve – MOVE", MODEL_UIDS["patient-root"].move],
  ["Patient Root Query/Retrieve – GET", MODEL_UIDS["patient-root"].get],
  ["Modality Worklist Information Model – FIND", MODEL_UIDS.worklist.find],
  ["Storage Commitment Push Model", STORAGE_COMMITMENT_PUSH],
];

/** Defined terms of Specific Character Set (PS3.3 tables C.12-2 to C.12-5), without and with code extensions. */
const CHARACTER_SETS = [
  ...["100", "101", "109", "110", "144", "127", "126", "138", "148", "203", "13", "166"].flatMap(
    (number) => [`ISO_IR ${number}`, `ISO 2022 IR ${number}`],
  ),
  ...["6", "87", "159", "149", "58"].map((number) => `ISO 2022 IR ${number}`),
  "ISO_IR 192",
  "GB18030",
  "GBK",
];

/** Error codes of DIMSE, with facts that stand for all of a kind. */
const FAILURES: readonly (readonly [code: DimseErrorCode, what: string, facts: object])[] = [
  ["unreachable", "no TCP connection", {}],
  ["connect-timeout", "TCP, TLS or A-ASSOCIATE unanswered", {}],
  ["tls-failure", "TLS handshake failed", {}],
  ["rejected", "A-ASSOCIATE-RJ, permanent", { result: 1, source: 1, reason: 3 }],
  ["rejected", "A-ASSOCIATE-RJ, transient", { result: 2, source: 3, reason: 2 }],
  ["no-context", "no presentation context accepted", {}],
  ["aborted", "A-ABORT of the peer", { source: 0, reason: 0 }],
  ["connection-lost", "connection ended without release or abort", {}],
  ["silent", "no answer within the silence timeout", {}],
  ["overdue", "operation longer than the operation timeout", {}],
  ["protocol-violation", "what is no PDU, PDV or command set", {}],
  ["limit-exceeded", "lengths or counts beyond what is taken", {}],
  ["failed-status", "A700H, 0213H", { status: 0xa700 }],
  ["failed-status", "any other failure", { status: 0xc000 }],
  ["busy", "all own associations in use", {}],
];

/** Every table of the conformance statement, by the name of its place. */
export function conformanceTables(): ReadonlyMap<string, string> {
  const tables: Readonly<Record<string, Table>> = {
    services: services(),
    "storage-classes": storageClasses(),
    "transfer-syntaxes": transferSyntaxes(),
    contexts: contexts(),
    "extended-negotiation": extendedNegotiation(),
    identity: identity(),
    policies: policies(),
    rejections: rejections(),
    statuses: statuses(),
    failures: failures(),
    "tls-profiles": tlsProfiles(),
    "character-sets": characterSets(),
    configuration: configuration(),
  };
  return new Map(Object.entries(tables).map(([name, rows]) => [name, markdown(rows)]));
}

function services(): Table {
  const rows = SERVICES.map(([name, uid]) => {
    const isTaken = "transferSyntaxUid" in acceptContext(incoming(uid, UNCOMPRESSED));
    return [name, code(uid), "yes", isTaken ? "yes" : "no"];
  });
  return [["SOP class", "UID", "SCU", "SCP"], ...rows];
}

function storageClasses(): Table {
  const rows = namedSopClassUids()
    .filter(isStorage)
    .map((uid) => [sopClassName(uid) ?? "", code(uid)]);
  return [["SOP class", "UID"], ...rows];
}

function transferSyntaxes(): Table {
  const image = likelySyntaxes(CT);
  const video = likelySyntaxes(VIDEO_ENDOSCOPY);
  const proposal = ({ likely, rare }: typeof image, uid: string) => {
    if (likely.includes(uid)) return "always";
    return rare.includes(uid) ? "where there is room" : "no";
  };
  const rows = TRANSFER_SYNTAXES.map(({ name, uid }) => [
    name,
    code(uid),
    proposal(image, uid),
    proposal(video, uid),
    "transferSyntaxUid" in acceptContext(incoming(CT, [uid])) ? "yes" : "no",
  ]);
  return [["transfer syntax", "UID", "images, C-GET", "videos, C-GET", "accepted as SCP"], ...rows];
}

function contexts(): Table {
  const activities: readonly (readonly [string, readonly ProposedContext[]])[] = [
    ["verify", echoContexts()],
    ["query, Study Root", findContexts("study-root")],
    ["query, Patient Root", findContexts("patient-root")],
    ["query a worklist", findContexts("worklist")],
    ["retrieve by C-MOVE", moveContexts("study-root")],
    [
      "retrieve CT by C-GET, syntaxes unknown",
      planGet("study-root", [{ sopClassUid: CT }])[0]?.contexts ?? [],
    ],
    [
      "store CT in explicit VR little endian",
      planStore([{ sopClassUid: CT, transferSyntaxUids: UNCOMPRESSED.slice(0, 1) }])[0]?.contexts ??
        [],
    ],
    ["ask for commitment", commitmentContexts()],
  ];
  const rows = activities.flatMap(([activity, proposed]) => {
    const classes = [...new Set(proposed.map(({ abstractSyntaxUid }) => abstractSyntaxUid))];
    return classes.map((uid) => {
      const ofClass = proposed.filter(({ abstractSyntaxUid }) => abstractSyntaxUid === uid);
      const syntaxes = [...new Set(ofClass.flatMap((context) => context.transferSyntaxUids))];
      const shown = syntaxes.slice(0, 4).map(shortSyntax).join(", ");
      return [
        activity,
        code(uid),
        String(ofClass.length),
        syntaxes.length > 4 ? `${shown}, …` : shown,
        roleOf(ofClass[0]),
      ];
    });
  });
  return [["activity", "abstract syntax", "contexts", "transfer syntaxes", "role"], ...rows];
}

function roleOf(context: ProposedContext | undefined): string {
  const { scu, scp } = context?.roles ?? { scu: true, scp: false };
  return [...(scu ? ["SCU"] : []), ...(scp ? ["SCP"] : [])].join(" and ");
}

function shortSyntax(uid: string): string {
  return TRANSFER_SYNTAXES.find((syntax) => syntax.uid === uid)?.name ?? uid;
}

function extendedNegotiation(): Table {
  const rows = (["study-root", "patient-root", "worklist"] as const).flatMap((model) =>
    [...proposeQueryAbilities(model)].map(([uid, bytes]) => [
      SERVICES.find(([, service]) => service === uid)?.[0] ?? uid,
      code([...bytes].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(" ")),
    ]),
  );
  return [["SOP class", "service class application information, proposed"], ...rows];
}

function identity(): Table {
  return [
    ["fact", "value"],
    ["Application context", code(APPLICATION_CONTEXT_UID)],
    ["Implementation Class UID", code(IMPLEMENTATION_CLASS_UID)],
    ["Implementation Version Name", code(IMPLEMENTATION_VERSION_NAME)],
    ["AE title, unless configured", code(PACS_DEFAULTS.callingAeTitle)],
    ["DICOM port, unless configured", code(String(PACS_DEFAULTS.dicomPort))],
    ["DICOM port with TLS, where configured", code(String(PACS_DEFAULTS.dicomTlsPort))],
  ];
}

function policies(): Table {
  const { associations } = PACS_DEFAULTS;
  return [
    ["policy", "value"],
    ["PDU length that is offered to receive", `${PACS_DEFAULTS.maximumPduLength} bytes`],
    ["presentation contexts in one association, at most", String(MOST_CONTEXTS)],
    ["associations requested of one PACS at a time, at most", String(associations.most)],
    ["of these for one retrieval, at most", String(associations.perRetrieval)],
    ["of these for one user, at most", String(associations.perUser)],
    ["associations accepted at a time, at most", String(PACS_DEFAULTS.maximumAssociations)],
    ["time until TCP and TLS stand", seconds(PACS_DEFAULTS.connectTimeoutMs)],
    ["time until the association is answered", seconds(PACS_DEFAULTS.associationTimeoutMs)],
    ["longest silence while an answer is due", seconds(PACS_DEFAULTS.silenceTimeoutMs)],
    ["the same with slow-start", seconds(PACS_DEFAULTS.slowSilenceTimeoutMs)],
    ["longest duration of an operation", seconds(PACS_DEFAULTS.operationTimeoutMs)],
  ];
}

function rejections(): Table {
  const rows = Object.entries(REJECTIONS).map(([name, { result, source, reason }]) => [
    name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    String(result),
    String(source),
    String(reason),
  ]);
  return [["rejection", "result", "source", "reason"], ...rows];
}

function statuses(): Table {
  const rows = STATUS_TABLE.map(({ first, last, services: of, kind, meaning }) => [
    first === last ? formatStatus(first) : `${formatStatus(first)} – ${formatStatus(last)}`,
    of.join(", "),
    kind,
    meaning,
  ]);
  return [["status", "answer to", "taken for", "meaning"], ...rows];
}

function failures(): Table {
  const pacs = { name: "pacs", aeTitle: "PACS", host: "pacs", port: 104, callingAeTitle: "NEGATO" };
  const rows = FAILURES.map(([name, what, facts]) => {
    const problem = problemOf(sourceErrorOf(new DimseError(name, what, facts), pacs));
    return [code(name), what, String(problem.status), code(problem.code)];
  });
  return [["failure", "what happened", "HTTP", "problem code"], ...rows];
}

function tlsProfiles(): Table {
  const rows = (["non-downgrading", "extended"] as const).map((profile) => {
    const { minVersion, maxVersion, ciphers } = secureContextOf({ profile });
    const versions = [minVersion, maxVersion].map((one) => one?.replace("TLSv", "")).join(" – ");
    return [
      profile === "extended" ? "extended (B.13)" : "non-downgrading (B.12)",
      versions,
      (ciphers ?? "").split(":").map(code).join(" "),
    ];
  });
  return [["profile", "TLS", "cipher suites, in order of preference"], ...rows];
}

function characterSets(): Table {
  const rows = CHARACTER_SETS.map((term) => [
    code(term),
    isKnownCharacterSet([term]) ? "yes" : "no",
  ]);
  return [["Specific Character Set", "supported"], ...rows];
}

function configuration(): Table {
  const [, pacs] = DICOM_PROPERTIES.pacs.items.anyOf;
  const of = (properties: object, prefix: string) =>
    Object.entries(properties).map(([name, property]) => [
      code(prefix + name),
      described(property).replaceAll("|", "\\|"),
    ]);
  return [
    ["setting", "what it is"],
    ...of(DICOM_PROPERTIES, ""),
    ...of(pacs.properties, "pacs[]."),
    ...of(DICOM_PROPERTIES.inbox.properties, "inbox."),
  ];
}

function described(property: unknown): string {
  if (typeof property !== "object" || property === null) return "";
  const text: unknown = Reflect.get(property, "description");
  return typeof text === "string" ? text : "A number from 1 to 65535.";
}

function incoming(abstractSyntaxUid: string, transferSyntaxUids: readonly string[]) {
  return { id: 1, abstractSyntaxUid, transferSyntaxUids };
}

function code(text: string): string {
  return `\`${text}\``;
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}

/** Rows as a table with columns of even width. */
function markdown([head = [], ...rows]: Table): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
