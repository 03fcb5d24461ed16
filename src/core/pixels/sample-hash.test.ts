import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Sha256, sampleHash, storedValueBytes } from "./sample-hash.ts";

const sha256: Sha256 = async (bytes) =>
  new Uint8Array(createHash("sha256").update(bytes).digest()).buffer;

describe("the bytes that stand for stored values", () => {
  it("are as wide as Bits Allocated, little-endian, with the sign extended", () => {
    const bytes = storedValueBytes(Int8Array.of(-2, 3), 16);
    expect([...bytes]).toEqual([0xfe, 0xff, 3, 0]);
    expect([...storedValueBytes(Int16Array.of(-2), 32)]).toEqual([0xfe, 0xff, 0xff, 0xff]);
    expect([...storedValueBytes(Uint16Array.of(0xfffe), 32)]).toEqual([0xfe, 0xff, 0, 0]);
  });

  it("are one byte for a single bit, and those of the values themselves for floats", () => {
    expect([...storedValueBytes(Uint8Array.of(1, 0, 1), 1)]).toEqual([1, 0, 1]);
    expect([...storedValueBytes(Float32Array.of(1), 32)]).toEqual([0, 0, 0x80, 0x3f]);
    expect(storedValueBytes(Float64Array.of(1), 64)).toHaveLength(8);
  });

  it("stay wider where the codestream holds more bits than the header allows for", () => {
    expect([...storedValueBytes(Uint16Array.of(258), 8)]).toEqual([2, 1]);
  });

  it("are those of the view alone, not of all its buffer", () => {
    const part = new Uint16Array(Uint16Array.of(1, 2, 3).buffer, 2, 1);
    expect([...storedValueBytes(part, 16)]).toEqual([2, 0]);
  });
});

describe("the hash of stored values", () => {
  it("is the SHA-256 of those bytes in lower-case hexadecimal", async () => {
    // The one-byte message 0x61, "a", whose digest FIPS 180-4 examples and every tool give.
    expect(await sampleHash({ samples: Uint8Array.of(0x61) }, 8, sha256)).toBe(
      "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
    );
  });

  it("does not depend on how wide or signed the array is that holds the values", async () => {
    const one = await sampleHash({ samples: Uint8Array.of(5, 250) }, 16, sha256);
    expect(await sampleHash({ samples: Uint16Array.of(5, 250) }, 16, sha256)).toBe(one);
    expect(await sampleHash({ samples: Int16Array.of(5, 250) }, 16, sha256)).toBe(one);
    expect(await sampleHash({ samples: Int16Array.of(5, 251) }, 16, sha256)).not.toBe(one);
  });
});
