import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../scripts/free-port.mjs";

/** A companion that runs as its own process, as a user would start it. */
export interface CompanionProcess {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly address: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** Ends it without a warning, as a crash or a cut of the power would. */
  kill(): Promise<void>;
}

/** Starts the built companion on a free port and waits until its archive is ready. */
export async function startCompanion(options: readonly string[]): Promise<CompanionProcess> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ["dist/companion/main.js", "--no-open", "--port", String(port), ...options],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const output: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const address = `http://127.0.0.1:${port}`;
  await untilReady(address, child, output);
  return { address, pid: child.pid ?? 0, stop: () => stop(child), kill: () => kill(child) };
}

async function untilReady(
  address: string,
  child: ChildProcess,
  output: readonly string[],
): Promise<void> {
  const deadline = Date.now() + 300_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`The companion ended at once:\n${output.join("")}`);
    if (await isReady(address)) return;
    await sleep(100);
  }
  child.kill();
  throw new Error(`The companion did not become ready:\n${output.join("")}`);
}

/** It answers while it still reads its files, too; ready is who knows them all. */
async function isReady(address: string): Promise<boolean> {
  const answer = await fetch(`${address}/readyz`).catch(() => undefined);
  return answer?.ok === true && /"status":\s*"ready"/.test(await answer.text());
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGTERM");
  await closed;
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
}
