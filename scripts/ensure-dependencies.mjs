import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { run } from "./run.mjs";

const STAMP = "node_modules/.negato-lock";
const OLDEST_NODE = [20, 19];

/**
 * Installs the packages of the lock file unless exactly these are installed already.
 * @throws {Error} with a sentence that says what to do
 */
export async function ensureDependencies() {
  refuseOldNode();
  const wanted = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  process.stdout.write("Installing packages …\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const code = await run(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (code !== 0) {
    throw new Error(
      "The packages could not be installed: see npm's message above, then run this command again.",
    );
  }
  writeFileSync(STAMP, wanted);
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Error(
    `Negato needs Node ${OLDEST_NODE.join(".")} or newer, this is ${process.versions.node}: install a current one from nodejs.org.`,
  );
}
