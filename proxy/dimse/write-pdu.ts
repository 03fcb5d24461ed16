import { DimseError } from "./dimse-error.ts";
import type { RoleSelection, UserIdentityItem, UserInformation } from "./pdu.ts";
import {
  type AssociateAcceptPdu,
  type AssociateRequestPdu,
  type ControlPdu,
  PDU_HEADER_LENGTH,
  PDU_TYPES,
} from "./pdu.ts";
import { IDENTITY_TYPES, ITEM_TYPES } from "./pdu-items.ts";
import { writeAeTitle, writeText } from "./wire-text.ts";

const MOST_ITEM_BYTES = 0xffff;

/** The bytes of a PDU. @throws DimseError `limit-exceeded` when an item does not fit into its 16 bit length */
export function writePdu(pdu: ControlPdu): Uint8Array {
  switch (pdu.type) {
    case "A-ASSOCIATE-RQ":
      return withHeader(PDU_TYPES.associateRequest, associate(pdu, requestItems(pdu)));
    case "A-ASSOCIATE-AC":
      return withHeader(PDU_TYPES.associateAccept, associate(pdu, acceptItems(pdu)));
    case "A-ASSOCIATE-RJ":
      return withHeader(PDU_TYPES.associateReject, [bytes(0, pdu.result, pdu.source, pdu.reason)]);
    case "A-RELEASE-RQ":
      return withHeader(PDU_TYPES.releaseRequest, [bytes(0, 0, 0, 0)]);
    case "A-RELEASE-RP":
      return withHeader(PDU_TYPES.releaseResponse, [bytes(0, 0, 0, 0)]);
    case "A-ABORT":
      return withHeader(PDU_TYPES.abort, [bytes(0, 0, pdu.source, pdu.reason)]);
  }
}

function withHeader(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(PDU_HEADER_LENGTH);
  header[0] = type;
  header.writeUInt32BE(body.byteLength, 2);
  return Buffer.concat([header, body]);
}

function associate(
  pdu: AssociateRequestPdu | AssociateAcceptPdu,
  contexts: readonly Uint8Array[],
): readonly Uint8Array[] {
  return [
    uint16(pdu.protocolVersion),
    uint16(0),
    writeAeTitle(pdu.calledAeTitle),
    writeAeTitle(pdu.callingAeTitle),
    new Uint8Array(32),
    item(ITEM_TYPES.applicationContext, writeText(pdu.applicationContextUid)),
    ...contexts,
    item(ITEM_TYPES.userInformation, ...userItems(pdu.userInformation)),
  ];
}

function requestItems(pdu: AssociateRequestPdu): readonly Uint8Array[] {
  return pdu.contexts.map((context) =>
    item(
      ITEM_TYPES.proposedContext,
      bytes(context.id, 0, 0, 0),
      item(ITEM_TYPES.abstractSyntax, writeText(context.abstractSyntaxUid)),
      ...context.transferSyntaxUids.map((uid) => item(ITEM_TYPES.transferSyntax, writeText(uid))),
    ),
  );
}

function acceptItems(pdu: AssociateAcceptPdu): readonly Uint8Array[] {
  return pdu.contexts.map((context) =>
    item(
      ITEM_TYPES.contextResult,
      bytes(context.id, 0, context.result, 0),
      item(ITEM_TYPES.transferSyntax, writeText(context.transferSyntaxUid)),
    ),
  );
}

/** The items in the order of their types, in which most peers write them. */
function userItems(user: UserInformation): readonly Uint8Array[] {
  const { asynchronousOperations: operations, userIdentity, userIdentityResponse } = user;
  return [
    item(ITEM_TYPES.maximumLength, uint32(user.maximumPduLength)),
    ...textItem(ITEM_TYPES.implementationClassUid, user.implementationClassUid),
    ...(operations === undefined
      ? []
      : [
          item(
            ITEM_TYPES.asynchronousOperations,
            uint16(operations.invoked),
            uint16(operations.performed),
          ),
        ]),
    ...user.roles.map(roleItem),
    ...textItem(ITEM_TYPES.implementationVersionName, user.implementationVersionName),
    ...[...user.extendedNegotiations].map(([uid, information]) =>
      item(ITEM_TYPES.extendedNegotiation, ...counted(writeText(uid)), information),
    ),
    ...(userIdentity === undefined ? [] : [identityItem(userIdentity)]),
    ...(userIdentityResponse === undefined
      ? []
      : [item(ITEM_TYPES.userIdentityResponse, ...counted(userIdentityResponse))]),
  ];
}

function roleItem(role: RoleSelection): Uint8Array {
  return item(
    ITEM_TYPES.roleSelection,
    ...counted(writeText(role.sopClassUid)),
    bytes(role.scu ? 1 : 0, role.scp ? 1 : 0),
  );
}

function identityItem({ identity, isResponseRequested }: UserIdentityItem): Uint8Array {
  const [type, primary, secondary] = identityFields(identity);
  return item(
    ITEM_TYPES.userIdentity,
    bytes(type, isResponseRequested ? 1 : 0),
    ...counted(primary),
    ...counted(secondary),
  );
}

function identityFields(
  identity: UserIdentityItem["identity"],
): readonly [type: number, primary: Uint8Array, secondary: Uint8Array] {
  const none = new Uint8Array(0);
  if (identity.kind !== "user") return [IDENTITY_TYPES[identity.kind], identity.token, none];
  const name = Buffer.from(identity.name, "utf8");
  return identity.passcode === undefined
    ? [IDENTITY_TYPES.user, name, none]
    : [IDENTITY_TYPES.userWithPasscode, name, Buffer.from(identity.passcode, "utf8")];
}

function textItem(type: number, text: string | undefined): readonly Uint8Array[] {
  return text === undefined ? [] : [item(type, writeText(text))];
}

/** An item: type, reserved, length of 16 bits, content. */
function item(type: number, ...content: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([bytes(type, 0), ...counted(Buffer.concat(content))]);
}

/** The bytes behind their count in 16 bits. */
function counted(content: Uint8Array): readonly Uint8Array[] {
  if (content.byteLength > MOST_ITEM_BYTES) {
    throw new DimseError(
      "limit-exceeded",
      "An item of the association request is longer than 65535 bytes.",
    );
  }
  return [uint16(content.byteLength), content];
}

function bytes(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values);
}

function uint16(value: number): Uint8Array {
  return bytes(value >> 8, value);
}

function uint32(value: number): Uint8Array {
  return bytes(value >>> 24, value >> 16, value >> 8, value);
}
