/** The services whose responses carry a Status (0000,0900). */
export type StatusService =
  | "C-ECHO"
  | "C-FIND"
  | "C-GET"
  | "C-MOVE"
  | "C-STORE"
  | "N-ACTION"
  | "N-EVENT-REPORT";

/** Types of status (PS3.7 C.1 to C.5). */
export type StatusKind = "success" | "pending" | "cancel" | "warning" | "failure";

/** One row: a status, or a run of them, as the answer of some services. */
export interface StatusRow {
  readonly first: number;
  readonly last: number;
  readonly services: readonly StatusService[];
  readonly kind: StatusKind;
  readonly meaning: string;
  readonly advice: string;
}

const RETRIEVE: readonly StatusService[] = ["C-GET", "C-MOVE"];
const QUERIES: readonly StatusService[] = ["C-FIND", "C-GET", "C-MOVE"];
const NORMALIZED: readonly StatusService[] = ["N-ACTION", "N-EVENT-REPORT"];
const ALL: readonly StatusService[] = ["C-ECHO", "C-STORE", ...QUERIES, ...NORMALIZED];

/** Failures that any service may answer with (PS3.7 C.5). */
const GENERAL_FAILURES: readonly (readonly [status: number, meaning: string, advice: string])[] = [
  [0x0105, "No such attribute", "The peer does not know an attribute of the request."],
  [0x0106, "Invalid attribute value", "The peer does not take a value of the request."],
  [
    0x0110,
    "Processing failure",
    "The peer failed while it worked on the request. Look at its log at that time.",
  ],
  [0x0111, "Duplicate SOP Instance", "The peer has an object with this UID already, and keeps it."],
  [0x0112, "No such SOP Instance", "The peer has no object with this UID."],
  [0x0113, "No such event type", "The peer does not know the type of the event."],
  [0x0114, "No such argument", "The peer does not know an argument of the request."],
  [0x0115, "Invalid argument value", "The peer does not take an argument of the request."],
  [0x0117, "Invalid SOP Instance", "The UID of the instance is not one that the peer takes."],
  [0x0118, "No such SOP class", "The peer does not know the SOP class."],
  [
    0x0119,
    "Class-instance conflict",
    "The object with this UID is of another SOP class at the peer.",
  ],
  [0x0120, "Missing attribute", "The request lacks an attribute that the peer demands."],
  [0x0121, "Missing attribute value", "An attribute of the request lacks a value."],
  [
    0x0122,
    "SOP class not supported",
    "The peer does not offer this SOP class to our AE title. Look at what its settings allow us.",
  ],
  [0x0123, "No such action", "The peer does not know the action."],
  [
    0x0124,
    "Refused: Not authorized",
    "Our AE title, or the user, has no right to do this at the peer. Grant it there.",
  ],
  [
    0x0210,
    "Duplicate invocation",
    "The peer holds the message ID to be in use. Its log tells about the other operation.",
  ],
  [0x0211, "Unrecognized operation", "The peer does not offer this operation."],
  [0x0212, "Mistyped argument", "The peer does not take the request in this form."],
  [
    0x0213,
    "Resource limitation",
    "The peer has no free resources for this now. Look at its limits, or ask again later.",
  ],
];

/**
 * Statuses of PS3.4 (tables B.2-1, C.4-1 to C.4-3, J.3) and of PS3.7 annex C. The first row that fits counts, so
 * what a service gives a meaning of its own stands before what is general.
 */
export const STATUS_TABLE: readonly StatusRow[] = [
  // Success, pending and cancel.
  row(0x0000, ALL, "success", "Success", "All is well."),
  row(
    0xff00,
    QUERIES,
    "pending",
    "Pending",
    "The operation goes on, and further answers are to come.",
  ),
  row(
    0xff01,
    ["C-FIND"],
    "pending",
    "Pending, optional keys not supported",
    "The match is valid. The PACS does not match or return some of the optional keys that were asked for.",
  ),
  row(
    0xfe00,
    QUERIES,
    "cancel",
    "Cancel",
    "The PACS ended the operation because it was asked to cancel it.",
  ),

  // C-STORE (PS3.4 table B.2-1).
  run(
    [0xa700, 0xa7ff],
    ["C-STORE"],
    "failure",
    "Refused: Out of Resources",
    "The receiver has no room, or no free resources, for the object. Look at its storage and its quotas, and send again later.",
  ),
  run(
    [0xa900, 0xa9ff],
    ["C-STORE"],
    "failure",
    "Error: Data Set does not match SOP Class",
    "The receiver says that the object lacks what its SOP class demands. Look at its log for the attribute that it misses.",
  ),
  run(
    [0xc000, 0xcfff],
    ["C-STORE"],
    "failure",
    "Error: Cannot understand",
    "The receiver could not read or take in the object. Its log tells why; often a rule of its own on patients or studies refuses it.",
  ),
  row(
    0xb000,
    ["C-STORE"],
    "warning",
    "Coercion of Data Elements",
    "The object is stored, and the receiver changed some of its attributes, for example patient data by its master index.",
  ),
  row(
    0xb006,
    ["C-STORE"],
    "warning",
    "Elements Discarded",
    "The object is stored, and the receiver left out some of its attributes.",
  ),
  row(
    0xb007,
    ["C-STORE"],
    "warning",
    "Data Set does not match SOP Class",
    "The object is stored, though the receiver says that it is not all that its SOP class demands.",
  ),

  // C-FIND (PS3.4 table C.4-1, K.4.1.1.4).
  row(
    0xa700,
    ["C-FIND"],
    "failure",
    "Refused: Out of Resources",
    "The PACS has no resources for the query, or it would find more than it may return. Narrow the query, or raise the limit there.",
  ),
  row(
    0xa900,
    ["C-FIND"],
    "failure",
    "Error: Data Set does not match SOP Class",
    "The PACS does not take these keys at this level. If it offers the Patient Root model only, or no IMAGE level, set the switch for that.",
  ),
  run(
    [0xc000, 0xcfff],
    ["C-FIND"],
    "failure",
    "Error: Unable to process",
    "The PACS could not carry out the query. Its log tells why: a key that it does not know, its database, or a right that our AE title lacks.",
  ),

  // C-GET and C-MOVE (PS3.4 tables C.4-2 and C.4-3, Y.4, Z.4).
  row(
    0xa701,
    RETRIEVE,
    "failure",
    "Refused: Out of Resources - Unable to calculate number of matches",
    "The PACS could not find out what is to be sent. Look at its database and its log.",
  ),
  row(
    0xa702,
    RETRIEVE,
    "failure",
    "Refused: Out of Resources - Unable to perform sub-operations",
    "The PACS could send none of the objects. For C-MOVE: can it connect to the host and port that it has on record for our AE title? For C-GET: can it read the objects, and convert them to what was proposed?",
  ),
  row(
    0xa801,
    ["C-MOVE"],
    "failure",
    "Refused: Move Destination unknown",
    "The PACS does not know our AE title as a destination. Add it there, with the host and port on which we listen.",
  ),
  row(
    0xa900,
    RETRIEVE,
    "failure",
    "Error: Data Set does not match SOP Class",
    "The PACS does not take these keys at this level. If it offers the Patient Root model only, or takes no lists of UIDs, set the switch for that.",
  ),
  row(
    0xaa00,
    RETRIEVE,
    "failure",
    "None of the frames requested were found in the SOP Instance",
    "The object has no such frames.",
  ),
  row(
    0xaa01,
    RETRIEVE,
    "failure",
    "Unable to create new object for this SOP class",
    "The PACS cannot make an object out of single frames of this SOP class.",
  ),
  row(
    0xaa02,
    RETRIEVE,
    "failure",
    "Unable to extract frames",
    "The PACS cannot take single frames out of this object.",
  ),
  row(
    0xaa03,
    RETRIEVE,
    "failure",
    "Time-based request received for a non-time-based original SOP Instance",
    "The object has no times to choose frames by.",
  ),
  row(
    0xaa04,
    RETRIEVE,
    "failure",
    "Invalid request",
    "The PACS does not take the request for single frames.",
  ),
  row(
    0xb000,
    RETRIEVE,
    "warning",
    "Sub-operations complete - one or more failures or warnings",
    "Some of the objects could not be sent. The log of the PACS tells which and why; often it cannot convert them to what was accepted.",
  ),
  run(
    [0xc000, 0xcfff],
    RETRIEVE,
    "failure",
    "Error: Unable to process",
    "The PACS could not carry out the retrieval. Its log tells why: files that it cannot read, its database, or a right that our AE title lacks.",
  ),

  // Storage Commitment (PS3.4 J.3.2.1.3, PS3.3 C.14); also as Failure Reason (0008,1197).
  row(
    0x0131,
    ["N-ACTION"],
    "failure",
    "Duplicate transaction UID",
    "The Transaction UID of the request is in use already.",
  ),
  ...generalRows(),
];

/** Statuses of any service (PS3.7 C.4 and C.5). */
function generalRows(): readonly StatusRow[] {
  return [
    row(
      0x0001,
      NORMALIZED,
      "warning",
      "Requested optional Attributes are not supported",
      "It was done, without the optional attributes that were asked for.",
    ),
    row(
      0x0107,
      NORMALIZED,
      "warning",
      "Attribute list error",
      "It was done, but for some attributes that the peer does not know.",
    ),
    row(
      0x0116,
      NORMALIZED,
      "warning",
      "Attribute value out of range",
      "It was done, with a value that was brought into the range of the peer.",
    ),
    ...GENERAL_FAILURES.map(([status, meaning, advice]) =>
      row(status, ALL, "failure", meaning, advice),
    ),
    run(
      [0xb000, 0xbfff],
      ["C-STORE", ...RETRIEVE, ...NORMALIZED],
      "warning",
      "Warning",
      "It was done, with a warning of the peer's own, which its log or conformance statement explains.",
    ),
    run(
      [0xa000, 0xafff],
      ALL,
      "failure",
      "Refused",
      "The peer refused, for a reason of its own, which its log or conformance statement explains.",
    ),
    run(
      [0xc000, 0xcfff],
      ALL,
      "failure",
      "Error",
      "The peer failed, for a reason of its own, which its log or conformance statement explains.",
    ),
  ];
}

function row(
  status: number,
  services: readonly StatusService[],
  kind: StatusKind,
  meaning: string,
  advice: string,
): StatusRow {
  return run([status, status], services, kind, meaning, advice);
}

function run(
  [first, last]: readonly [first: number, last: number],
  services: readonly StatusService[],
  kind: StatusKind,
  meaning: string,
  advice: string,
): StatusRow {
  return { first, last, services, kind, meaning, advice };
}
