import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fragmenter } from "./fragmenter.ts";
import { type PduHandler, PduReader } from "./pdu-reader.ts";

describe("the fragmenter", () => {
  it("fills PDUs to the length that the peer takes, and ends with what is left", () => {
    expect(lengthsOf(fragmented([new Uint8Array(250)], 106))).toEqual([106, 106, 56]);
  });

  it("ends with a full PDU rather than an empty one", () => {
    expect(lengthsOf(fragmented([new Uint8Array(200)], 106))).toEqual([106, 106]);
    expect(lengthsOf(fragmented([new Uint8Array(100), new Uint8Array(100)], 106))).toEqual([
      106, 106,
    ]);
  });

  it("puts no more than it needs to into a PDU where the peer sets no limit", () => {
    expect(lengthsOf(fragmented([new Uint8Array(200_000)], 0))).toEqual([131_072, 68_940]);
  });

  it("has one empty PDU for an empty data set", () => {
    expect(fragmented([], 106).toString("hex")).toBe("040000000006000000020502");
  });

  it("gives back what went in, however it was cut", () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 });
    fc.assert(
      fc.property(chunks, fc.integer({ min: 7, max: 100 }), (parts, longest) => {
        const heard: Uint8Array[] = [];
        let ends = 0;
        const handler: PduHandler = {
          dataBegins: () => true,
          fragment(_contextId, _isCommand, bytes, isEnd): void {
            heard.push(Uint8Array.from(bytes));
            ends += isEnd ? 1 : 0;
          },
          control: () => {},
        };
        void new PduReader(handler, longest).push(fragmented(parts, longest));
        expect(Buffer.concat(heard).equals(Buffer.concat(parts))).toBe(true);
        expect(ends).toBe(1);
      }),
    );
  });
});

/** PDUs of a data set in these parts, on context 5. */
function fragmented(parts: readonly Uint8Array[], longest: number): Buffer {
  const pdus: Uint8Array[] = [];
  const fragmenter = new Fragmenter(5, false, longest);
  for (const part of parts) fragmenter.add(part, pdus);
  fragmenter.finish(pdus);
  return Buffer.concat(pdus);
}

/** What each PDU says of its length. */
function lengthsOf(pdus: Buffer): readonly number[] {
  const lengths: number[] = [];
  for (let at = 0; at < pdus.byteLength; at += 6 + (lengths.at(-1) ?? 0)) {
    lengths.push(pdus.readUInt32BE(at + 2));
  }
  return lengths;
}
