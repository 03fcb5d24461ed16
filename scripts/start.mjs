// From a bare clone to the viewer in the browser: packages, build, companion. Options after `--` go to the companion.
import { spawn } from "node:child_process";
import { chdir } from "node:process";
import { fileURLToPath } from "node:url";
import { ensureBuild } from "./ensure-build.mjs";
import { ensureDependencies } from "./ensure-dependencies.mjs";

/** Where relative paths among the options count from: npm changes to the project's folder. */
const calledFrom = process.env["INIT_CWD"] ?? process.cwd();

try {
  chdir(fileURLToPath(new URL("..", import.meta.url)));
  await ensureDependencies();
  await ensureBuild();
  startCompanion();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

function startCompanion() {
  const main = fileURLToPath(new URL("../dist/companion/main.js", import.meta.url));
  const companion = spawn(process.execPath, [main, ...process.argv.slice(2)], {
    stdio: "inherit",
    cwd: calledFrom,
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => companion.kill(signal));
  }
  companion.on("close", (code) => {
    process.exitCode = code ?? 0;
  });
}
