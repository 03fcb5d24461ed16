// Compares what the browser must load with the limits of size-budget.json; a larger file is a failure.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

const VIEWER = "dist/viewer";

/** @type {Record<string, { limitBytes: number, roots: string[], meaning: string }>} */
const budget = JSON.parse(readFileSync(new URL("size-budget.json", import.meta.url), "utf8"));
const built = readdirSync(VIEWER, { recursive: true, encoding: "utf8" }).map((file) =>
  file.split(path.sep).join("/"),
);

for (const [name, { limitBytes, roots, meaning }] of Object.entries(budget)) {
  const files = withStaticImports(roots.flatMap(matching));
  const sizes = files.map((file) => ({
    file,
    bytes: gzipSync(readFileSync(path.join(VIEWER, file)), { level: 9 }).length,
  }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const verdict = total <= limitBytes ? "within" : "OVER";
  process.stdout.write(
    `${name}: ${total} bytes gzip, ${verdict} the budget of ${limitBytes} (${meaning})\n`,
  );
  for (const { file, bytes } of sizes.sort((a, b) => b.bytes - a.bytes)) {
    process.stdout.write(`  ${String(bytes).padStart(8)}  ${file}\n`);
  }
  if (total > limitBytes) process.exitCode = 1;
}

/**
 * The built files that a root names; `*` stands for the hash. A root that names none is a mistake in the budget.
 * @param {string} root
 * @returns {string[]}
 */
function matching(root) {
  const pattern = new RegExp(`^${root.split("*").map(escapeRegExp).join("[\\w-]+")}$`);
  const files = built.filter((file) => pattern.test(file));
  if (files.length === 0)
    throw new Error(`size-budget.json names ${root}, and the build has no such file.`);
  return files;
}

/**
 * The files and everything that they load by themselves: scripts, style sheets and static imports.
 * @param {readonly string[]} roots
 * @returns {string[]}
 */
function withStaticImports(roots) {
  /** @type {Set<string>} */
  const seen = new Set();
  const queue = [...roots];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    queue.push(...referencesOf(file));
  }
  return [...seen];
}

/** @param {string} file */
function referencesOf(file) {
  const text = readFileSync(path.join(VIEWER, file), "utf8");
  const pattern = file.endsWith(".html")
    ? /(?:src|href)="([^"]+\.(?:js|css))"/g
    : /(?:^|[;}\s])(?:import|export)\s*(?:[\w*{][^;"'()]*?from)?\s*["'](\.[^"']+)["']/g;
  return [...text.matchAll(pattern)]
    .map(([, reference = ""]) => path.posix.join(path.posix.dirname(file), reference))
    .filter((reference) => built.includes(reference));
}

/** @param {string} text */
function escapeRegExp(text) {
  return text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
}
