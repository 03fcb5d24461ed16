import {
  type AssociateAcceptPdu,
  type AssociateRequestPdu,
  type ContextProposal,
  type ContextResult,
  type ControlPdu,
  PDU_TYPES,
} from "./pdu.ts";
import { ITEM_TYPES } from "./pdu-items.ts";
import { MOST_CONTEXTS } from "./presentation-context.ts";
import { readItems } from "./read-items.ts";
import { readUserInformation } from "./read-user-information.ts";
import { violation } from "./violation.ts";
import { readText } from "./wire-text.ts";

/** Bytes of A-ASSOCIATE-RQ and -AC before their items. */
const FIXED_LENGTH = 68;
const AE_TITLE_LENGTH = 16;
/** Bytes of the variable field of all PDUs that are neither A-ASSOCIATE-RQ, A-ASSOCIATE-AC nor P-DATA-TF. */
export const SHORT_LENGTH = 4;

/**
 * The PDU of a type with the bytes of its variable field. Reserved fields and unknown items are not looked at.
 * @throws DimseError `protocol-violation`, `limit-exceeded`
 */
export function readPdu(type: number, body: Uint8Array): ControlPdu {
  switch (type) {
    case PDU_TYPES.associateRequest:
      return readRequest(body);
    case PDU_TYPES.associateAccept:
      return readAccept(body);
    case PDU_TYPES.associateReject: {
      const [, result, source, reason] = readShort(body);
      return { type: "A-ASSOCIATE-RJ", result, source, reason };
    }
    case PDU_TYPES.releaseRequest:
      readShort(body);
      return { type: "A-RELEASE-RQ" };
    case PDU_TYPES.releaseResponse:
      readShort(body);
      return { type: "A-RELEASE-RP" };
    case PDU_TYPES.abort: {
      const [, , source, reason] = readShort(body);
      return { type: "A-ABORT", source, reason };
    }
    default:
      throw violation("unrecognizedPdu", `A PDU of the unknown type ${type} came.`);
  }
}

function readShort(body: Uint8Array): readonly [number, number, number, number] {
  if (body.byteLength !== SHORT_LENGTH) {
    throw violation("invalidParameter", "A PDU came whose length does not fit its type.");
  }
  const [first = 0, second = 0, third = 0, fourth = 0] = body;
  return [first, second, third, fourth];
}

function readRequest(body: Uint8Array): AssociateRequestPdu {
  const contexts: ContextProposal[] = [];
  const common = readAssociate(body, (type, content) => {
    if (type === ITEM_TYPES.proposedContext) contexts.push(readProposal(content));
  });
  checkIdentifiers(contexts);
  return { type: "A-ASSOCIATE-RQ", ...common, contexts };
}

function readAccept(body: Uint8Array): AssociateAcceptPdu {
  const contexts: ContextResult[] = [];
  const common = readAssociate(body, (type, content) => {
    if (type === ITEM_TYPES.contextResult) contexts.push(readResult(content));
  });
  checkIdentifiers(contexts);
  return { type: "A-ASSOCIATE-AC", ...common, contexts };
}

function readAssociate(
  body: Uint8Array,
  onItem: (type: number, content: Uint8Array) => void,
): Omit<AssociateRequestPdu, "type" | "contexts"> {
  if (body.byteLength < FIXED_LENGTH) {
    throw violation("invalidParameter", "An association PDU is shorter than its fixed fields.");
  }
  let applicationContextUid = "";
  let user = new Uint8Array(0);
  readItems(body.subarray(FIXED_LENGTH), (type, content) => {
    if (type === ITEM_TYPES.applicationContext) applicationContextUid = readText(content);
    else if (type === ITEM_TYPES.userInformation) user = new Uint8Array(content);
    else onItem(type, content);
  });
  return {
    protocolVersion: ((body[0] ?? 0) << 8) | (body[1] ?? 0),
    calledAeTitle: readText(body.subarray(4, 4 + AE_TITLE_LENGTH)),
    callingAeTitle: readText(body.subarray(20, 20 + AE_TITLE_LENGTH)),
    applicationContextUid,
    userInformation: readUserInformation(user),
  };
}

function readProposal(content: Uint8Array): ContextProposal {
  let abstractSyntaxUid = "";
  const transferSyntaxUids: string[] = [];
  readItems(content.subarray(fixedPart(content)), (type, value) => {
    if (type === ITEM_TYPES.abstractSyntax) abstractSyntaxUid = readText(value);
    if (type === ITEM_TYPES.transferSyntax) transferSyntaxUids.push(readText(value));
  });
  return { id: content[0] ?? 0, abstractSyntaxUid, transferSyntaxUids };
}

function readResult(content: Uint8Array): ContextResult {
  let transferSyntaxUid = "";
  const start = fixedPart(content);
  const result = content[2] ?? 0;
  // Not significant, and not always well-formed, where the context is refused.
  if (result !== 0) return { id: content[0] ?? 0, result, transferSyntaxUid };
  readItems(content.subarray(start), (type, value) => {
    if (type === ITEM_TYPES.transferSyntax) transferSyntaxUid = readText(value);
  });
  return { id: content[0] ?? 0, result, transferSyntaxUid };
}

/** Bytes of a presentation context item before its sub-items. */
function fixedPart(content: Uint8Array): number {
  const length = 4;
  if (content.byteLength < length) {
    throw violation("invalidParameter", "A presentation context item is too short.");
  }
  return length;
}

function checkIdentifiers(contexts: readonly { readonly id: number }[]): void {
  const identifiers = new Set(contexts.map(({ id }) => id));
  const areOdd = contexts.every(({ id }) => id % 2 === 1);
  if (!areOdd || identifiers.size !== contexts.length || contexts.length > MOST_CONTEXTS) {
    throw violation(
      "invalidParameter",
      "Presentation context identifiers are not distinct odd numbers.",
    );
  }
}
