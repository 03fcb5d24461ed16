import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DimseError } from "./dimse-error.ts";
import {
  APPLICATION_CONTEXT_UID,
  type AssociateAcceptPdu,
  type AssociateRequestPdu,
  type ControlPdu,
  PDU_HEADER_LENGTH,
} from "./pdu.ts";
import { readPdu } from "./read-pdu.ts";
import {
  ABORT_BYTES,
  ACCEPT_BYTES,
  REJECT_BYTES,
  RELEASE_REQUEST_BYTES,
  RELEASE_RESPONSE_BYTES,
  REQUEST_BYTES,
} from "./testing/annotated-pdus.ts";
import { writePdu } from "./write-pdu.ts";

const REQUEST: AssociateRequestPdu = {
  type: "A-ASSOCIATE-RQ",
  protocolVersion: 1,
  calledAeTitle: "PACS",
  callingAeTitle: "NEGATO",
  applicationContextUid: APPLICATION_CONTEXT_UID,
  contexts: [
    {
      id: 1,
      abstractSyntaxUid: "1.2.840.10008.1.1",
      transferSyntaxUids: ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"],
    },
  ],
  userInformation: {
    maximumPduLength: 65_536,
    implementationClassUid: "1.2.3",
    implementationVersionName: "NEGATO_1",
    asynchronousOperations: { invoked: 4, performed: 1 },
    roles: [{ sopClassUid: "1.2.840.10008.5.1.4.1.1.2", scu: false, scp: true }],
    extendedNegotiations: new Map([["1.2.840.10008.5.1.4.1.2.2.1", Uint8Array.of(1, 0, 1)]]),
    userIdentity: {
      identity: { kind: "user", name: "ana", passcode: "oké" },
      isResponseRequested: true,
    },
  },
};

const ACCEPT: AssociateAcceptPdu = {
  type: "A-ASSOCIATE-AC",
  protocolVersion: 1,
  calledAeTitle: "PACS",
  callingAeTitle: "NEGATO",
  applicationContextUid: APPLICATION_CONTEXT_UID,
  contexts: [
    { id: 1, result: 0, transferSyntaxUid: "1.2.840.10008.1.2.1" },
    { id: 3, result: 4, transferSyntaxUid: "" },
  ],
  userInformation: {
    maximumPduLength: 0,
    implementationClassUid: "1.2.3",
    roles: [],
    extendedNegotiations: new Map(),
    userIdentityResponse: Uint8Array.of(0xaa, 0xbb),
  },
};

const PDUS: readonly (readonly [Uint8Array, ControlPdu])[] = [
  [REQUEST_BYTES, REQUEST],
  [ACCEPT_BYTES, ACCEPT],
  [REJECT_BYTES, { type: "A-ASSOCIATE-RJ", result: 1, source: 1, reason: 3 }],
  [RELEASE_REQUEST_BYTES, { type: "A-RELEASE-RQ" }],
  [RELEASE_RESPONSE_BYTES, { type: "A-RELEASE-RP" }],
  [ABORT_BYTES, { type: "A-ABORT", source: 2, reason: 5 }],
];

describe("PDUs", () => {
  it.each(PDUS.map(([bytes, pdu]) => ({ name: pdu.type, bytes, pdu })))(
    "$name is written byte by byte as the standard lays it out",
    ({ bytes, pdu }) => {
      expect(hex(writePdu(pdu))).toBe(hex(bytes));
    },
  );

  it.each(PDUS.map(([bytes, pdu]) => ({ name: pdu.type, bytes, pdu })))(
    "$name is read from its bytes",
    ({ bytes, pdu }) => {
      expect(read(bytes)).toEqual(pdu);
    },
  );

  it("are read whatever stands in reserved fields", () => {
    const bytes = Uint8Array.from(REQUEST_BYTES);
    bytes[1] = 0xff;
    bytes.fill(0xee, 8, 10);
    bytes.fill(0xdd, 42, 74);
    expect(read(bytes)).toEqual(REQUEST);
  });

  it("are read without the spaces and NULs around AE titles and behind UIDs", () => {
    const bytes = Buffer.from(writePdu(REQUEST));
    bytes.write("  PACS\0\0\0\0\0\0\0\0\0\0", 10, "latin1");
    const uid = bytes.indexOf("1.2.840.10008.1.1");
    bytes.write("1.2.840.10008.1\0\0", uid, "latin1");
    expect(read(bytes)).toMatchObject({
      calledAeTitle: "PACS",
      contexts: [{ abstractSyntaxUid: "1.2.840.10008.1" }],
    });
  });

  it("are read past unknown items and common extended negotiation", () => {
    const user = Buffer.from(writePdu(REQUEST)).indexOf(Buffer.from([0x50, 0])) + 4;
    const unknown = [0x57, 0, 0, 2, 1, 2, 0x7f, 0, 0, 1, 9];
    const bytes = Buffer.concat([
      REQUEST_BYTES.subarray(0, user),
      Uint8Array.from(unknown),
      REQUEST_BYTES.subarray(user),
    ]);
    bytes.writeUInt16BE(bytes.readUInt16BE(user - 2) + unknown.length, user - 2);
    expect(read(bytes)).toEqual(REQUEST);
  });

  it.each([
    ["an item that ends behind the PDU", withByte(REQUEST_BYTES, 77, 0xff)],
    ["an even presentation context identifier", withByte(REQUEST_BYTES, 103, 2)],
    ["an association request shorter than its fixed fields", REQUEST_BYTES.subarray(0, 40)],
    ["an abort without its reason", ABORT_BYTES.subarray(0, 9)],
  ])("with %s are refused", (_name, bytes) => {
    expect(() => read(bytes)).toThrow(
      expect.objectContaining({
        code: "protocol-violation",
        facts: expect.objectContaining({ source: 2, reason: 6 }),
      }),
    );
  });

  it("are what was written, whatever it was", () => {
    fc.assert(
      fc.property(anyPdu(), (pdu) => {
        expect(read(writePdu(pdu))).toEqual(pdu);
      }),
    );
  });

  it("give a value or a DimseError for any bytes", () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 400 }), damaged(REQUEST_BYTES));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), bytes, (type, body) => {
        try {
          readPdu(type, body);
        } catch (error) {
          expect(error).toBeInstanceOf(DimseError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function read(bytes: Uint8Array): ControlPdu {
  return readPdu(bytes[0] ?? 0, bytes.subarray(PDU_HEADER_LENGTH));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("hex")
    .replace(/(.{32})/g, "$1\n");
}

function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] = value;
  return changed;
}

/** The variable field of a PDU with some bytes changed. */
function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const body = bytes.subarray(PDU_HEADER_LENGTH);
  const change = fc.tuple(fc.nat(body.byteLength - 1), fc.integer({ min: 0, max: 255 }));
  return fc.array(change, { minLength: 1, maxLength: 5 }).map((changes) => {
    const changed = Uint8Array.from(body);
    for (const [at, value] of changes) changed[at] = value;
    return changed;
  });
}

const uid = fc.stringMatching(/^[1-9](\.[1-9][0-9]{0,8}){0,6}$/);
const aeTitle = fc.stringMatching(/^[!-~]([ -~]{0,14}[!-~])?$/);
const byte = fc.integer({ min: 0, max: 255 });
const uint16 = fc.integer({ min: 0, max: 0xffff });
const token = fc.uint8Array({ maxLength: 40 });
const userIdentity = fc.record({
  identity: fc.oneof(
    fc.record(
      { kind: fc.constant("user" as const), name: fc.string(), passcode: fc.string() },
      { requiredKeys: ["kind", "name"] },
    ),
    fc.record({
      kind: fc.constantFrom("kerberos" as const, "saml" as const, "jwt" as const),
      token,
    }),
  ),
  isResponseRequested: fc.boolean(),
});
const userInformation = fc.record(
  {
    maximumPduLength: fc.integer({ min: 0, max: 0xffffffff }),
    implementationClassUid: uid,
    implementationVersionName: aeTitle,
    asynchronousOperations: fc.record({ invoked: uint16, performed: uint16 }),
    roles: fc.array(fc.record({ sopClassUid: uid, scu: fc.boolean(), scp: fc.boolean() })),
    extendedNegotiations: fc.array(fc.tuple(uid, token)).map((entries) => new Map(entries)),
    userIdentity,
    userIdentityResponse: token,
  },
  { requiredKeys: ["maximumPduLength", "roles", "extendedNegotiations"] },
);
const common = {
  protocolVersion: uint16,
  calledAeTitle: aeTitle,
  callingAeTitle: aeTitle,
  applicationContextUid: uid,
  userInformation,
};
const identifiers = fc.uniqueArray(
  fc.nat(127).map((at) => at * 2 + 1),
  { maxLength: 20 },
);

function contextsOf<Context>(
  context: fc.Arbitrary<Context>,
): fc.Arbitrary<(Context & { id: number })[]> {
  return identifiers.chain((ids) =>
    fc
      .array(context, { minLength: ids.length, maxLength: ids.length })
      .map((contexts) => contexts.map((one, at) => ({ id: ids[at] ?? 1, ...one }))),
  );
}

function anyPdu(): fc.Arbitrary<ControlPdu> {
  return fc.oneof(
    fc.record({
      type: fc.constant("A-ASSOCIATE-RQ" as const),
      ...common,
      contexts: contextsOf(
        fc.record({ abstractSyntaxUid: uid, transferSyntaxUids: fc.array(uid, { maxLength: 5 }) }),
      ),
    }),
    fc.record({
      type: fc.constant("A-ASSOCIATE-AC" as const),
      ...common,
      contexts: contextsOf(fc.record({ result: fc.constant(0), transferSyntaxUid: uid })),
    }),
    fc.record({
      type: fc.constant("A-ASSOCIATE-RJ" as const),
      result: byte,
      source: byte,
      reason: byte,
    }),
    fc.record({ type: fc.constantFrom("A-RELEASE-RQ" as const, "A-RELEASE-RP" as const) }),
    fc.record({ type: fc.constant("A-ABORT" as const), source: byte, reason: byte }),
  );
}
