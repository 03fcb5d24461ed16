import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../scripts/free-port.mjs";

/**
 * The built companion as a process of its own, ready to answer.
 * @param {readonly string[]} options its command line
 */
export async function startCompanion(options) {
  const port = await freePort();
  const args = ["dist/companion/main.js", "--no-open", "--port", String(port), ...options];
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  const address = `http://127.0.0.1:${port}`;
  while (!(await isReady(address))) {
    if (child.exitCode !== null)
      throw new Error("The companion ended at once: run `npm run build` first.");
    await sleep(50);
  }
  return {
    address,
    pid: child.pid ?? 0,
    async stop() {
      const closed = once(child, "close");
      child.kill("SIGTERM");
      await closed;
    },
  };
}

/**
 * It answers while it still reads its files, too; ready is who knows them all.
 * @param {string} address
 */
async function isReady(address) {
  const answer = await fetch(`${address}/readyz`).catch(() => undefined);
  return answer?.ok === true && /"status":\s*"ready"/.test(await answer.text());
}
