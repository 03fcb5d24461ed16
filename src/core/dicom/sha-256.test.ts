import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { Sha256 } from "./sha-256.ts";

function hexOf(...pieces: Uint8Array[]): string {
  const hash = new Sha256();
  for (const piece of pieces) hash.update(piece);
  return Buffer.from(hash.digest()).toString("hex");
}

it("gives the digests of the examples of the standard", () => {
  expect(hexOf(Buffer.from("abc"))).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  expect(hexOf()).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

it("gives the same digest as the system, whatever the length and however it is cut", () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, index) => (index * 37) & 0xff);
  for (let length = 0; length <= 300; length++) {
    const message = bytes.subarray(0, length);
    const expected = createHash("sha256").update(message).digest("hex");
    expect(hexOf(message)).toBe(expected);
    const cut = (length * 7) % (length + 1);
    expect(hexOf(message.subarray(0, cut), message.subarray(cut))).toBe(expected);
  }
});
