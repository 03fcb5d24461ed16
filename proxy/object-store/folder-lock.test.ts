import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "./folder-lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "negato-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const here = { host: hostname(), run: "another", isReleased: false };

describe("a folder", () => {
  it("belongs to one holder, until it releases it", async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: "locked" });
    await lock.release();
    const next = await lockFolder(folder);
    await next.release();
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("goes to one of many that start at once", async () => {
    await writeFile(path.join(folder, "lock-00000003"), JSON.stringify({ ...here, pid: 2 ** 30 }));
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => lockFolder(folder)));
    const held = outcomes.flatMap((outcome) =>
      outcome.status === "fulfilled" ? outcome.value : [],
    );
    expect(held).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "locked" });
    }
    await held[0]?.release();
  });

  const leftBehind = [
    ["a process that is gone", { ...here, pid: 2 ** 30 }],
    ["an earlier process of our number", { ...here, pid: process.pid }],
    ["an earlier process of a number that is in use", { ...here, pid: 1, began: "another boot/1" }],
    ["nobody who can be made out", { pid: "?" }],
  ] as const;
  it.skipIf(process.platform !== "linux").each(leftBehind)(
    "is taken over from %s",
    async (_, holder) => {
      await writeFile(path.join(folder, "lock-00000001"), JSON.stringify(holder));
      const lock = await lockFolder(folder);
      expect(await readdir(folder)).toEqual(["lock-00000002"]);
      await lock.release();
    },
  );

  it.skipIf(process.platform !== "linux")(
    "is taken over from a process that ended and was not waited for",
    async () => {
      // The shell becomes a program that never asks how its child ended.
      const parent = spawn("sh", ["-c", "sleep 0.1 & echo $!; exec sleep 20"], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      try {
        const [output] = await once(parent.stdout, "data");
        const pid = Number(String(output));
        while (!(await readFile(`/proc/${pid}/stat`, "utf8")).includes(") Z "))
          await setImmediate();
        await writeFile(path.join(folder, "lock-00000001"), JSON.stringify({ ...here, pid }));
        await (await lockFolder(folder)).release();
      } finally {
        parent.kill("SIGKILL");
      }
    },
  );

  it("is not taken from a process that runs, which is named", async () => {
    await writeFile(
      path.join(folder, "lock-00000001"),
      JSON.stringify({ ...here, pid: process.ppid }),
    );
    await expect(lockFolder(folder)).rejects.toThrow(`Process ${process.ppid} on ${hostname()}`);
    expect(await readdir(folder)).toEqual(["lock-00000001"]);
  });

  it("is taken from another machine only when that has been silent for minutes", async () => {
    const file = path.join(folder, "lock-00000001");
    await writeFile(file, JSON.stringify({ ...here, host: "elsewhere.example", pid: 1 }));
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: "locked" });
    const before = new Date(Date.now() - 300_000);
    await utimes(file, before, before);
    const lock = await lockFolder(folder);
    const [name = ""] = await readdir(folder);
    expect(await readFile(path.join(folder, name), "utf8")).toContain(`"pid":${process.pid}`);
    await lock.release();
  });
});
