// Everything that claims to work, proven: checks, units, browser, interop, journeys. The last line counts.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { chdir } from "node:process";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./ensure-dependencies.mjs";
import { run } from "./run.mjs";
import { ensureSystemParts, findChromium } from "./system-parts.mjs";

/**
 * How many tests passed and failed.
 * @typedef {{ readonly passed: number, readonly failed: number }} Tally
 */

const VITEST_REPORT = ".cache/vitest.json";
const PLAYWRIGHT_REPORT = ".cache/playwright.json";

chdir(fileURLToPath(new URL("..", import.meta.url)));
mkdirSync(".cache", { recursive: true });

/** @type {Tally[]} */
const tallies = [];
try {
  await prepare();
  tallies.push(await check("style and walls", "biome", ["check", "--error-on-warnings", "."]));
  tallies.push(await check("types of every realm", "tsc", ["-b"]));
  tallies.push(await check("nothing unused", "knip", []));
  forgetCorpusReports();
  tallies.push(await vitest());
  tallies.push(await script("the published matrix of the corpus", "conformance-matrix"));
  tallies.push(await buildWithinBudget());
  tallies.push(await playwright());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  tallies.push({ passed: 0, failed: 1 });
}
const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

async function prepare() {
  await ensureDependencies();
  for (const sentence of await ensureSystemParts()) {
    if (process.env["CI"]) throw new Error(sentence);
    process.stdout.write(`Skipping what needs it: ${sentence}\n`);
  }
  const chromium = findChromium();
  if (chromium !== undefined) process.env["NEGATO_CHROMIUM"] = chromium;
  if (existsSync("../shared/corpus/manifest.json")) return;
  const sentence = "The conformance corpus (../shared/corpus) is absent: its tests are skipped.";
  if (process.env["NEGATO_REQUIRE_CORPUS"]) throw new Error(sentence);
  process.stdout.write(`${sentence}\n`);
}

/**
 * A tool whose exit code is its verdict.
 * @param {string} title
 * @param {string} tool name in node_modules/.bin
 * @param {readonly string[]} args
 * @returns {Promise<Tally>}
 */
async function check(title, tool, args) {
  process.stdout.write(`\n· ${title}\n`);
  const code = await run(`node_modules/.bin/${tool}`, args);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * One of our own scripts, whose exit code is its verdict.
 * @param {string} title
 * @param {string} name
 * @returns {Promise<Tally>}
 */
async function script(title, name) {
  process.stdout.write(`\n· ${title}\n`);
  const code = await run(process.execPath, [`scripts/${name}.mjs`]);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** The tests write them anew, where there is a corpus. */
function forgetCorpusReports() {
  for (const realm of ["", "-browser"])
    rmSync(`.cache/corpus-report${realm}.json`, { force: true });
}

/** @returns {Promise<Tally>} */
async function vitest() {
  process.stdout.write("\n· units, properties, codecs, components, interop\n");
  const code = await run("node_modules/.bin/vitest", [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${VITEST_REPORT}`,
  ]);
  const { numPassedTests, numFailedTests } = readReport(VITEST_REPORT);
  return tally(code, numPassedTests, numFailedTests);
}

/** @returns {Promise<Tally>} */
async function buildWithinBudget() {
  process.stdout.write("\n· build\n");
  const { ensureBuild } = await import("./ensure-build.mjs");
  await ensureBuild();
  return await script("size budget", "size-budget");
}

/** @returns {Promise<Tally>} */
async function playwright() {
  process.stdout.write("\n· journeys in Chromium\n");
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: PLAYWRIGHT_REPORT };
  const code = await run("node_modules/.bin/playwright", ["test", "--reporter=list,json"], { env });
  const { stats } = readReport(PLAYWRIGHT_REPORT);
  return tally(code, stats?.expected, stats?.unexpected);
}

/**
 * A run that ended badly without a failed test of its own is a failure too.
 * @param {number} code
 * @param {number} [passed]
 * @param {number} [failed]
 * @returns {Tally}
 */
function tally(code, passed = 0, failed = 0) {
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

/** @param {string} file */
function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}
