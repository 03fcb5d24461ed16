import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "./run.mjs";

const STAMP = "dist/.built-from";
/** What the build makes among the sources. */
const KERNELS_BUILT = path.normalize("wasm/kernels/build/");
const INPUTS = [
  "index.html",
  "package.json",
  "package-lock.json",
  "vite.config.ts",
  "tsconfig.base.json",
  "public",
  "src",
  "workers",
  "wasm",
  "proxy",
  "scripts",
];

/** Builds viewer and companion into `dist` unless they were built from exactly these sources already. */
export async function ensureBuild() {
  const wanted = hashOfInputs();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  process.stdout.write("Building …\n");
  // In a process of its own: compilers keep hundreds of megabytes, and who calls stays beside the companion.
  const code = await run(process.execPath, ["scripts/build.mjs"]);
  if (code !== 0) throw new Error("The build failed.");
  writeFileSync(STAMP, wanted);
}

function hashOfInputs() {
  const hash = createHash("sha256");
  for (const file of INPUTS.flatMap(filesBelow))
    hash.update(file).update("\0").update(readFileSync(file));
  return hash.digest("hex");
}

/**
 * @param {string} root
 * @returns {string[]} the file itself, or all files below the folder, in a fixed order, without tests
 */
function filesBelow(root) {
  if (!existsSync(root)) return [];
  if (path.extname(root) !== "") return [root];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(test|browser-test)\.ts$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(KERNELS_BUILT))
    .sort();
}
