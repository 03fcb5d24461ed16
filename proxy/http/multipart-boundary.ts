import { randomBytes } from "node:crypto";

/** A boundary that no body contains: 128 random bits. */
export function newBoundary(): string {
  return `negato-${randomBytes(16).toString("hex")}`;
}
