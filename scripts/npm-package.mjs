import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * A published package by its exact version and checksum.
 * @typedef {{ readonly name: string, readonly version: string, readonly integrity: string }} PinnedPackage
 */

/**
 * Fetches a package without installing it: what only a generator reads needs to be nobody's dependency, and its
 * install scripts and engine demands concern nobody.
 * @param {PinnedPackage} pinned
 * @returns {string} the folder that holds its files until the process ends
 * @throws Error when what the registry sends is not what was pinned
 */
export function fetchPackage({ name, version, integrity }) {
  const folder = mkdtempSync(path.join(tmpdir(), "negato-registry-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const packed = execFileSync(
    "npm",
    ["pack", `${name}@${version}`, "--silent", "--pack-destination", folder],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  );
  const archive = path.join(folder, packed.trim().split("\n").at(-1) ?? "");
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (found !== integrity) throw new Error(`${name}@${version} is not what was pinned: ${found}`);
  execFileSync("tar", ["-xzf", archive, "-C", folder]);
  return path.join(folder, "package");
}
