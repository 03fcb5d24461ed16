import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { expect, it } from "vitest";
import { bytesOfNumber } from "./testing/numbered-bytes.ts";
import { bytesOf, factsOf, storeFixture } from "./testing/store-fixture.ts";

const ROUNDS = 8;

it("loses nothing that it answered for, and serves no half object, when it is killed at any moment", async () => {
  const fixture = await storeFixture();
  try {
    const program = path.join(path.dirname(fixture.folder), "crash-writer.mjs");
    await build(program);
    const answered = new Set<number>();
    const limits = { maximumBytes: 40_000_000 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const start = round * 100_000;
      // Every other time it is killed while it starts.
      const delayMs = round % 2 === 0 ? 40 + round * 25 : -(60 + round * 10);
      await fillAndKill(program, fixture, start, delayMs, answered);
      const store = await fixture.open(limits);
      for (const study of store.studies()) {
        for (const object of store.list(study)) {
          const number = Number(object.sopInstanceUid.split(".").at(-1));
          expect((await bytesOf(store, object)).equals(bytesOfNumber(number))).toBe(true);
        }
      }
      for (const number of answered) {
        expect(store.get(factsOf(`9/1/${number}`).sopInstanceUid)).toBeDefined();
      }
      // The inbox has limits, too.
      await store.remove(factsOf("9").studyInstanceUid);
      answered.clear();
      await store.close();
    }
    expect(fixture.events).toEqual([]);
  } finally {
    await fixture.dispose();
  }
}, 60_000);

async function build(program: string): Promise<void> {
  const input = fileURLToPath(new URL("testing/crash-writer.ts", import.meta.url));
  const bundle = await rolldown({ input, platform: "node" });
  await bundle.write({ file: program });
  await bundle.close();
}

/**
 * Runs a process, and kills it so many milliseconds after its first answer, or, where they are negative, after its start;
 * collects what it answered for.
 */
async function fillAndKill(
  program: string,
  fixture: { readonly folder: string; readonly key: Uint8Array },
  start: number,
  delayMs: number,
  answered: Set<number>,
): Promise<void> {
  const key = Buffer.from(fixture.key).toString("hex");
  const child = spawn(process.execPath, [program, fixture.folder, key, String(start)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let rest = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) answered.add(Number(line));
  });
  const ended = once(child, "close");
  if (delayMs > 0) await Promise.race([once(child.stdout, "data"), ended]);
  await new Promise((resolve) => setTimeout(resolve, Math.abs(delayMs)));
  child.kill("SIGKILL");
  const [, signal] = await ended;
  expect(signal).toBe("SIGKILL");
}
