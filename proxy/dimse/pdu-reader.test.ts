import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMAND_FIELDS } from "./command-set.ts";
import { readCommandSet } from "./command-set-codec.ts";
import { DimseError } from "./dimse-error.ts";
import type { ControlPdu } from "./pdu.ts";
import { PDU_LENGTH_TOLERANCE, type PduHandler, PduReader } from "./pdu-reader.ts";
import { ABORT_BYTES, ECHO_BYTES, REQUEST_BYTES } from "./testing/annotated-pdus.ts";
import { dataPdu, rawPdu } from "./testing/scripted-peer.ts";

const MAXIMUM = 16_384;

/** Notes what is read: fragments joined per message part, and other PDUs by their type. */
class Notes implements PduHandler {
  readonly heard: string[] = [];
  #bytes: Uint8Array[] = [];
  takesData = true;
  holds: (() => Promise<void>) | undefined;

  dataBegins(): boolean {
    return this.takesData;
  }

  fragment(
    contextId: number,
    isCommand: boolean,
    bytes: Uint8Array,
    isEnd: boolean,
  ): Promise<void> | undefined {
    this.#bytes.push(bytes);
    if (isEnd) {
      const all = Buffer.concat(this.#bytes).toString("hex");
      this.#bytes = [];
      this.heard.push(`${contextId} ${isCommand ? "command" : "data"} ${all}`);
    }
    return this.holds?.();
  }

  control(pdu: ControlPdu): void {
    this.heard.push(pdu.type);
  }
}

describe("the PDU reader", () => {
  it("joins the values of a PDU, and of several", () => {
    const { notes, reader } = fresh();
    void reader.push(ECHO_BYTES);
    void reader.push(
      dataPdu(
        { contextId: 3, control: 0, bytes: Uint8Array.of(1, 2) },
        { contextId: 3, control: 0, bytes: Uint8Array.of() },
      ),
    );
    void reader.push(dataPdu({ contextId: 3, control: 2, bytes: Uint8Array.of(3) }));
    const [command = "", data] = notes.heard;
    expect(readCommandSet(Buffer.from(command.split(" ")[2] ?? "", "hex"))).toEqual({
      commandField: COMMAND_FIELDS.cEcho,
      hasDataSet: false,
      messageId: 7,
      affectedSopClassUid: "1.2.840.10008.1.1",
    });
    expect(data).toBe("3 data 010203");
  });

  it("reads the same however the bytes are cut", () => {
    const stream = Buffer.concat([
      REQUEST_BYTES,
      ECHO_BYTES,
      dataPdu({ contextId: 1, control: 0, bytes: new Uint8Array(300).fill(7) }),
      dataPdu({ contextId: 1, control: 2, bytes: new Uint8Array(1).fill(8) }),
      ABORT_BYTES,
    ]);
    const whole = fresh();
    void whole.reader.push(stream);
    expect(whole.notes.heard).toHaveLength(4);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 40 }), (cuts) => {
        const { notes, reader } = fresh();
        const ends = [...cuts.toSorted((left, right) => left - right), stream.length];
        let at = 0;
        for (const end of ends) {
          void reader.push(stream.subarray(at, end));
          at = end;
        }
        expect(notes.heard).toEqual(whole.notes.heard);
      }),
    );
  });

  it("hands on views of the bytes that came, without copying them", () => {
    const { notes, reader } = fresh();
    const views: Uint8Array[] = [];
    const pdu = dataPdu({ contextId: 1, control: 2, bytes: new Uint8Array(1000) });
    notes.fragment = (_contextId, _isCommand, bytes) => {
      views.push(bytes);
      return undefined;
    };
    void reader.push(pdu);
    expect(views.map(({ buffer }) => buffer)).toEqual([pdu.buffer]);
  });

  it("stops inside of a chunk while it is held, and reads on from there", async () => {
    const { notes, reader } = fresh();
    notes.holds = () => Promise.resolve();
    const first = dataPdu({ contextId: 1, control: 2, bytes: Uint8Array.of(1) });
    const second = dataPdu({ contextId: 1, control: 2, bytes: Uint8Array.of(2) });
    const hold = reader.push(Buffer.concat([first, second, ABORT_BYTES]));
    expect(notes.heard).toEqual(["1 data 01"]);
    await hold;
    await reader.resume();
    expect(notes.heard).toEqual(["1 data 01", "1 data 02"]);
    expect(reader.resume()).toBeUndefined();
    expect(notes.heard).toEqual(["1 data 01", "1 data 02", "A-ABORT"]);
  });

  it("drops data that nobody takes, and reads what follows", () => {
    const { notes, reader } = fresh();
    notes.takesData = false;
    void reader.push(Buffer.concat([ECHO_BYTES, ABORT_BYTES]));
    expect(notes.heard).toEqual(["A-ABORT"]);
  });

  it("drops the rest of a PDU wherever it is left", () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: ECHO_BYTES.length - 1 }), (at) => {
        const { notes, reader } = fresh();
        void reader.push(ECHO_BYTES.subarray(0, at));
        reader.drop();
        void reader.push(Buffer.concat([ECHO_BYTES.subarray(at), ABORT_BYTES]));
        expect(notes.heard).toEqual(["A-ABORT"]);
      }),
    );
  });

  it.each([
    ["a PDU type that there is not", rawPdu(0x99, new Uint8Array(4)), "protocol-violation", 1],
    ["HTTP instead of DICOM", Buffer.from("HTTP/1.1 400\r\n"), "protocol-violation", 1],
    ["4 GB of data announced", rawPdu(4, new Uint8Array(0), 0xfffffff0), "limit-exceeded", 6],
    [
      "data beyond the tolerance",
      rawPdu(4, new Uint8Array(0), MAXIMUM + PDU_LENGTH_TOLERANCE + 1),
      "limit-exceeded",
      6,
    ],
    ["a PDU without data values", rawPdu(4, new Uint8Array(0)), "protocol-violation", 6],
    [
      "4 GB of an association request announced",
      rawPdu(1, new Uint8Array(0), 0xffffffff),
      "limit-exceeded",
      6,
    ],
    ["an abort of five bytes", rawPdu(7, new Uint8Array(5)), "protocol-violation", 6],
    ["a data value of length 0", value(0), "protocol-violation", 6],
    ["a data value of length 1", value(1), "protocol-violation", 6],
    ["a data value longer than its PDU", value(23), "protocol-violation", 6],
    ["a data value of 4 GB", value(0xffffffff), "protocol-violation", 6],
    [
      "bytes behind the last data value",
      rawPdu(4, Uint8Array.of(0, 0, 0, 2, 1, 2, 0, 0, 0)),
      "protocol-violation",
      6,
    ],
    [
      "nothing but empty data values",
      dataPdu(
        ...Array.from({ length: 100 }, () => ({ contextId: 1, control: 0, bytes: Buffer.of() })),
      ),
      "limit-exceeded",
      6,
    ],
  ])("refuses %s", (_name, bytes, code, reason) => {
    const { reader } = fresh();
    expect(() => reader.push(bytes)).toThrow(
      expect.objectContaining({ code, facts: expect.objectContaining({ source: 2, reason }) }),
    );
  });

  it("takes a PDU that is a little longer than was announced", () => {
    const { notes, reader } = fresh();
    void reader.push(dataPdu({ contextId: 1, control: 2, bytes: new Uint8Array(MAXIMUM + 12) }));
    expect(notes.heard).toHaveLength(1);
  });

  it("keeps nothing of what was announced and did not come", () => {
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 50 }, () => fresh().reader);
    for (const reader of readers) void reader.push(rawPdu(1, new Uint8Array(10), 262_144));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  it("gives values or a DimseError for any bytes, and stops after that", () => {
    const anyBytes = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom(ECHO_BYTES, REQUEST_BYTES, ABORT_BYTES),
        fc
          .tuple(fc.integer({ min: 0, max: 8 }), fc.uint8Array({ maxLength: 40 }), fc.nat(60))
          .map(([type, body, length]) => rawPdu(type, body, length)),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(anyBytes, (chunks) => {
        const { reader } = fresh();
        let error: unknown;
        for (const chunk of chunks) {
          try {
            void reader.push(chunk);
          } catch (thrown) {
            expect(error).toBeUndefined();
            error = thrown;
          }
        }
        expect(error === undefined || error instanceof DimseError).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

function fresh(): { readonly notes: Notes; readonly reader: PduReader } {
  const notes = new Notes();
  return { notes, reader: new PduReader(notes, MAXIMUM) };
}

/** A P-DATA-TF with a value of 20 bytes that says another length. */
function value(length: number): Uint8Array {
  return dataPdu({ contextId: 1, control: 2, bytes: new Uint8Array(20), length });
}
