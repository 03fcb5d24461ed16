import { createHash } from "node:crypto";

/**
 * A UID that is the same at every generation: `2.25.` and the 128 bits of a name's hash as a UUID of version 8
 * (PS3.5 annex B.2, RFC 9562).
 */
export function demoUid(name: string): string {
  const bytes = createHash("sha256")
    .update(`negato demo archive 1/${name}`)
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString("hex")}`)}`;
}
