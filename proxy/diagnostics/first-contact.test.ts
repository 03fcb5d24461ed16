import { describe, expect, it } from "vitest";
import { parseCommandLine } from "../config/command-line.ts";
import { settle } from "../config/settings.ts";
import { DimseError } from "../dimse/dimse-error.ts";
import { firstContactText } from "./first-contact.ts";

const SURROUNDINGS = {
  workingDirectory: "/",
  configDirectory: "/",
  defaultDataFolder: "/data",
  readFile: () => "",
};
const [PACS] = settle(
  parseCommandLine(["--pacs", "MAIN@[::1]:104?retrieve=move"]),
  {},
  SURROUNDINGS,
).pacs;
if (PACS === undefined) throw new Error("There is no PACS.");

describe("what the first contact with a PACS says", () => {
  it("that it answers", () => {
    expect(firstContactText(PACS, 11112, undefined)).toBe("  main: the PACS answers");
  });

  it("what is the matter, what to change, and how to find out more", () => {
    const stranger = new DimseError("rejected", "inside", { result: 1, source: 1, reason: 3 });
    expect(firstContactText(PACS, 11112, stranger)).toBe(
      [
        "  main: The PACS MAIN does not know AE title NEGATO: add it there with this host and port 11112",
        "    negato pacs test, with the same options, tries it step by step",
      ].join("\n"),
    );
  });

  it("nothing where C-ECHO is not offered, or nobody waits any more", () => {
    for (const code of ["no-context", "closed"] as const)
      expect(firstContactText(PACS, 11112, new DimseError(code, "inside"))).toBeUndefined();
    expect(firstContactText(PACS, 11112, new Error("other"))).toBeUndefined();
  });
});
