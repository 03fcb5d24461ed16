import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMAND_FIELDS, type CommandSet, RESPONSE } from "./command-set.ts";
import { readCommandSet, writeCommandSet } from "./command-set-codec.ts";
import { DimseError } from "./dimse-error.ts";

/** C-STORE-RSP (PS3.7 table 9.3-2) in implicit VR little endian. */
const STORE_RESPONSE = Buffer.from(
  [
    "00000000040000003c000000", // group length 60
    "0000020004000000312e3200", // affected SOP class UID 1.2, with a NUL behind
    "00000001020000000180", // command field C-STORE-RSP
    "00002001020000000500", // message ID being responded to 5
    "00000008020000000101", // command data set type: none
    "000000090200000000a7", // status A700
    "000000100000 0000".replaceAll(" ", ""), // affected SOP instance UID, empty
  ].join(""),
  "hex",
);

describe("command sets", () => {
  it("are read element by element; what is empty is absent", () => {
    expect(readCommandSet(STORE_RESPONSE)).toEqual({
      commandField: COMMAND_FIELDS.cStore | RESPONSE,
      hasDataSet: false,
      messageIdBeingRespondedTo: 5,
      affectedSopClassUid: "1.2",
      status: 0xa700,
    });
  });

  it("are written in the order of their tags, with even lengths and the group length", () => {
    const bytes = writeCommandSet({
      commandField: COMMAND_FIELDS.cStore | RESPONSE,
      hasDataSet: false,
      messageIdBeingRespondedTo: 5,
      affectedSopClassUid: "1.2",
      status: 0xa700,
    });
    const group = Buffer.from("000000000400000034000000", "hex");
    expect(Buffer.from(bytes).toString("hex")).toBe(
      Buffer.concat([group, STORE_RESPONSE.subarray(12, -8)]).toString("hex"),
    );
  });

  it("have a data set when their type is anything but 0101H", () => {
    const bytes = Buffer.from(STORE_RESPONSE);
    const type = bytes.indexOf(Buffer.from("0000000802000000", "hex")) + 8;
    for (const value of [0x0000, 0x0001, 0x0102, 0xfefe]) {
      bytes.writeUInt16LE(value, type);
      expect(readCommandSet(bytes).hasDataSet).toBe(true);
    }
  });

  it("are read without what does not belong there: some PACS list in them what failed (0008,0058)", () => {
    const list = Buffer.from("080000000400000010000000" + "0800580004000000312e3200", "hex");
    expect(readCommandSet(Buffer.concat([STORE_RESPONSE, list]))).toEqual(
      readCommandSet(STORE_RESPONSE),
    );
  });

  it.each([
    ["an element that ends behind them", STORE_RESPONSE.subarray(0, -9)],
    ["an element of another group", Buffer.from("08000500020000004142", "hex")],
    ["no command field", Buffer.from("00000008020000000101", "hex")],
    ["no data set type", Buffer.from("00000001020000003000", "hex")],
    ["a number of four bytes", Buffer.from("000000010400000030000000", "hex")],
    ["nothing", new Uint8Array(0)],
  ])("with %s are refused", (_name, bytes) => {
    expect(() => readCommandSet(bytes)).toThrow(
      expect.objectContaining({ code: "protocol-violation" }),
    );
  });

  it("are what was written, whatever it was", () => {
    fc.assert(
      fc.property(anyCommandSet(), (command) => {
        expect(readCommandSet(writeCommandSet(command))).toEqual(command);
      }),
    );
  });

  it("give a value or a DimseError for any bytes", () => {
    const changes = fc.array(fc.tuple(fc.nat(STORE_RESPONSE.length - 1), fc.nat(255)));
    const damaged = changes.map((all) => {
      const bytes = Uint8Array.from(STORE_RESPONSE);
      for (const [at, value] of all) bytes[at] = value;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (bytes) => {
        try {
          readCommandSet(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DimseError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function anyCommandSet(): fc.Arbitrary<CommandSet> {
  const number = fc.nat(0xffff);
  const text = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
  return fc.record(
    {
      commandField: number,
      hasDataSet: fc.boolean(),
      messageId: number,
      messageIdBeingRespondedTo: number,
      affectedSopClassUid: text,
      requestedSopClassUid: text,
      affectedSopInstanceUid: text,
      requestedSopInstanceUid: text,
      priority: number,
      status: number,
      errorComment: text,
      offendingElements: fc.array(fc.nat(0xffffffff), { maxLength: 10 }),
      moveDestination: text,
      moveOriginatorAeTitle: text,
      moveOriginatorMessageId: number,
      remainingSuboperations: number,
      completedSuboperations: number,
      failedSuboperations: number,
      warningSuboperations: number,
      eventTypeId: number,
      actionTypeId: number,
    },
    { requiredKeys: ["commandField", "hasDataSet"] },
  );
}
