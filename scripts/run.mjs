import { spawn } from "node:child_process";

/**
 * Runs a program to its end, its output passed on.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ readonly env?: NodeJS.ProcessEnv, readonly quiet?: boolean }} [options]
 * @returns {Promise<number>} exit code; 127 where the program does not exist
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, [...args], {
      stdio: options.quiet ? "ignore" : "inherit",
      env: options.env ?? process.env,
    });
    child.on("error", () => resolve(127));
    child.on("close", (code) => resolve(code ?? 1));
  });
}
