import { createHash } from "node:crypto";

/** The bytes of the object of a number: 1 to 300,000 of them. */
export function bytesOfNumber(number: number): Buffer {
  const seed = createHash("sha256").update(String(number)).digest();
  return Buffer.alloc(1 + (seed.readUInt32LE(0) % 300_000), seed);
}
