import { describe, expect, it } from "vitest";
import { ByteWriter } from "./byte-writer.ts";

describe("ByteWriter", () => {
  it("keeps every number that is written across the borders at which it grows", () => {
    const writer = new ByteWriter();
    writer.bytes(new Uint8Array(4095));
    writer.uint8(0x11);
    writer.uint16(0x2233);
    writer.bytes(new Uint8Array(4094));
    writer.uint32(0x44556677);
    const written = writer.finish();
    expect(writer.length).toBe(8196);
    expect([...written.subarray(4095, 4098)]).toEqual([0x11, 0x33, 0x22]);
    expect([...written.subarray(8192)]).toEqual([0x77, 0x66, 0x55, 0x44]);
  });
});
