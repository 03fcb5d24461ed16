import type { RoleSelection, UserIdentityItem, UserInformation } from "./pdu.ts";
import { IDENTITY_TYPES, ITEM_TYPES } from "./pdu-items.ts";
import { countedAt, readItems } from "./read-items.ts";
import type { UserIdentity } from "./user-identity.ts";
import { violation } from "./violation.ts";
import { readText } from "./wire-text.ts";

/** Taken where a peer does not say what it takes, though it has to; nobody takes less. */
const UNSAID_MAXIMUM_LENGTH = 16_384;

interface Draft {
  maximumPduLength: number;
  implementationClassUid?: string;
  implementationVersionName?: string;
  asynchronousOperations?: { readonly invoked: number; readonly performed: number };
  readonly roles: RoleSelection[];
  readonly extendedNegotiations: Map<string, Uint8Array>;
  userIdentity?: UserIdentityItem;
  userIdentityResponse?: Uint8Array;
}

/**
 * The content of the user information item. Unknown items and common extended negotiation (57H), which nothing is
 * made of, are passed over.
 * @throws DimseError `protocol-violation`, `limit-exceeded`
 */
export function readUserInformation(content: Uint8Array): UserInformation {
  const draft: Draft = {
    maximumPduLength: UNSAID_MAXIMUM_LENGTH,
    roles: [],
    extendedNegotiations: new Map(),
  };
  readItems(content, (type, value) => READERS.get(type)?.(value, draft));
  return draft;
}

const READERS: ReadonlyMap<number, (value: Uint8Array, draft: Draft) => void> = new Map([
  [
    ITEM_TYPES.maximumLength,
    (value: Uint8Array, draft: Draft) => {
      draft.maximumPduLength = ofLength(value, 4).getUint32(0);
    },
  ],
  [
    ITEM_TYPES.implementationClassUid,
    (value, draft) => {
      draft.implementationClassUid = readText(value);
    },
  ],
  [
    ITEM_TYPES.asynchronousOperations,
    (value, draft) => {
      const view = ofLength(value, 4);
      draft.asynchronousOperations = { invoked: view.getUint16(0), performed: view.getUint16(2) };
    },
  ],
  [
    ITEM_TYPES.roleSelection,
    (value, draft) => {
      const uid = countedAt(value, 0);
      const roles = ofLength(value.subarray(2 + uid.byteLength), 2);
      draft.roles.push({
        sopClassUid: readText(uid),
        scu: roles.getUint8(0) === 1,
        scp: roles.getUint8(1) === 1,
      });
    },
  ],
  [
    ITEM_TYPES.implementationVersionName,
    (value, draft) => {
      draft.implementationVersionName = readText(value);
    },
  ],
  [
    ITEM_TYPES.extendedNegotiation,
    (value, draft) => {
      const uid = countedAt(value, 0);
      draft.extendedNegotiations.set(readText(uid), value.slice(2 + uid.byteLength));
    },
  ],
  [ITEM_TYPES.userIdentity, readIdentity],
  [
    ITEM_TYPES.userIdentityResponse,
    (value, draft) => {
      draft.userIdentityResponse = countedAt(value, 0).slice();
    },
  ],
]);

function readIdentity(value: Uint8Array, draft: Draft): void {
  const primary = countedAt(value, 2);
  const secondary = countedAt(value, 4 + primary.byteLength);
  const identity = identityOf(value[0] ?? 0, primary, secondary);
  if (identity !== undefined) {
    draft.userIdentity = { identity, isResponseRequested: value[1] === 1 };
  }
}

function identityOf(
  type: number,
  primary: Uint8Array,
  secondary: Uint8Array,
): UserIdentity | undefined {
  switch (type) {
    case IDENTITY_TYPES.user:
      return { kind: "user", name: utf8(primary) };
    case IDENTITY_TYPES.userWithPasscode:
      return { kind: "user", name: utf8(primary), passcode: utf8(secondary) };
    case IDENTITY_TYPES.kerberos:
      return { kind: "kerberos", token: primary.slice() };
    case IDENTITY_TYPES.saml:
      return { kind: "saml", token: primary.slice() };
    case IDENTITY_TYPES.jwt:
      return { kind: "jwt", token: primary.slice() };
    default:
      return undefined;
  }
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

function ofLength(value: Uint8Array, length: number): DataView {
  if (value.byteLength !== length) {
    throw violation("invalidParameter", "An item of the user information has a wrong length.");
  }
  return new DataView(value.buffer, value.byteOffset, length);
}
