import { describe, expect, it } from "vitest";
import { parseAeAddress, parsePacsAddress } from "./pacs-address.ts";

const PLAIN = { quirks: [], retrieve: "auto", isTls: false };

describe("a PACS in one word", () => {
  it.each([
    ["ORTHANC@localhost:4242", { aeTitle: "ORTHANC", host: "localhost", port: 4242 }],
    ["A B@10.0.0.1:104", { aeTitle: "A B", host: "10.0.0.1", port: 104 }],
    ["PACS@[::1]:104", { aeTitle: "PACS", host: "::1", port: 104 }],
    ["PACS@[fe80::1%eth0]:65535", { aeTitle: "PACS", host: "fe80::1%eth0", port: 65_535 }],
    ["A@B@pacs.example.org:1", { aeTitle: "A@B", host: "pacs.example.org", port: 1 }],
  ])("%s names its AE title, host and port", (text, address) => {
    expect(parsePacsAddress(text, "--pacs")).toEqual({ ...address, ...PLAIN });
  });

  it("has switches after a question mark", () => {
    const text = "P@h:104?retrieve=move&patient-root&no-image-find&tls&name=old-pacs&slow-start";
    expect(parsePacsAddress(text, "--pacs")).toMatchObject({
      retrieve: "move",
      quirks: ["patient-root", "no-image-find", "slow-start"],
      isTls: true,
      name: "old-pacs",
    });
  });

  it.each([
    ["localhost:4242", "write it as AET@HOST:PORT, for example ORTHANC@192.168.1.5:4242"],
    ["@localhost:4242", 'the AE title before "@" is missing'],
    ["SEVENTEENLETTERSX@h:1", "is longer than 16 characters"],
    ["BACK\\SLASH@h:1", "no backslash"],
    ["MÜLLER@h:1", "ASCII letters"],
    ["P@", 'the host after "@" is missing'],
    ["P@:104", 'the host after "@" is missing'],
    ["P@host", "the port is missing: host:104"],
    ["P@host:", 'the port after ":" is missing'],
    ["P@host:abc", 'a number from 1 to 65535, not "abc"'],
    ["P@host:0", 'a number from 1 to 65535, not "0"'],
    ["P@host:65536", 'a number from 1 to 65535, not "65536"'],
    ["P@::1:104", "an IPv6 address stands in brackets: AET@[::1]:104"],
    ["P@[::1:104", 'is not closed by "]"'],
    ["P@[10.0.0.1]:104", '"10.0.0.1" in the brackets is no IPv6 address'],
    ["P@[::1]", 'after "]" comes ":" and the port'],
    ["P@dicom//host:104", "no host"],
    [
      "P@h:104?patientroot",
      '"patientroot" is no switch; there are retrieve=get, retrieve=move, patient-root',
    ],
    ["P@h:104?tls=yes", '"tls" takes no value'],
    ["P@h:104?retrieve=push", "retrieve is get (C-GET) or move (C-MOVE)"],
    ["P@h:104?name=My PACS", "name stands in addresses"],
  ])("%s is refused with what is wrong", (text, sentence) => {
    expect(() => parsePacsAddress(text, "--pacs")).toThrow(sentence);
    expect(() => parsePacsAddress(text, "--pacs")).toThrow(`--pacs "${text}"`);
  });

  it("takes no switches where an application entity alone is meant", () => {
    expect(() => parseAeAddress("P@h:104?tls", "worklist")).toThrow("a number from 1 to 65535");
  });
});
