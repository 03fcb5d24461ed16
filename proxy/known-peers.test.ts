import { describe, expect, it } from "vitest";
import { settlePacs } from "./config/settle-pacs.ts";
import { UniqueNames } from "./config/unique-name.ts";
import { KnownPeers } from "./known-peers.ts";

const CONTEXT = {
  callingAeTitle: "NEGATO",
  names: new UniqueNames(),
  files: { directory: "/", read: () => "" },
};
const INBOX = {
  name: "inbox",
  allowedAeTitles: ["CT1"],
  forwardTo: [],
  cache: { maximumBytes: 1, maximumAgeMs: 1 },
};

describe("who may associate with us", () => {
  const entry = {
    aet: "ARCHIVE",
    host: "pacs.example",
    port: 104,
    worklist: "RIS@ris.example:105",
  };
  const pacs = [settlePacs(entry, "pacs/0", CONTEXT)];

  it("are the AE titles of the settings, and whoever calls from the address of a PACS", async () => {
    const addresses: Record<string, string[]> = {
      "pacs.example": ["10.0.0.5", "2001:db8::5"],
      "ris.example": ["10.0.0.6"],
    };
    const peers = new KnownPeers(
      pacs,
      { alsoFrom: ["SENDER"], inbox: INBOX },
      async (host) => addresses[host] ?? [],
    );
    await peers.lookUp();
    for (const title of ["ARCHIVE", "RIS", "SENDER", "CT1"]) {
      expect(peers.allows(title, "192.168.9.9"), title).toBe(true);
    }
    expect(peers.allows("STRANGER", "192.168.9.9")).toBe(false);
    expect(peers.allows("archive", "192.168.9.9")).toBe(false);
    for (const address of ["10.0.0.5", "::ffff:10.0.0.5", "2001:DB8::5", "10.0.0.6"]) {
      expect(peers.allows("SEND_AE_2", address), address).toBe(true);
    }
  });

  it("are looked up again when the address of a PACS has changed, and not at each stranger's call", async () => {
    let now = 0;
    let lookUps = 0;
    let address = "10.0.0.5";
    const peers = new KnownPeers(
      pacs,
      { alsoFrom: [] },
      async () => {
        lookUps += 1;
        return [address];
      },
      () => now,
    );
    await peers.lookUp();
    address = "10.0.0.7";
    expect(peers.allows("SEND_AE_2", "10.0.0.7")).toBe(false);
    expect(lookUps).toBe(2);
    now += 61_000;
    expect(peers.allows("SEND_AE_2", "10.0.0.7")).toBe(false);
    await expect.poll(() => peers.allows("SEND_AE_2", "10.0.0.7")).toBe(true);
    expect(lookUps).toBe(4);
  });
});
