import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CACHE_KEY_VARIABLE, destroyKey, openKey } from "./open-key.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "negato-key-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the key", () => {
  it("is made on the first start, for its owner alone, and stays", async () => {
    const key = await openKey(folder, {});
    expect(key).toHaveLength(32);
    expect(await openKey(folder, {})).toEqual(key);
    expect(await readdir(folder)).toEqual(["cache.key"]);
    if (process.platform === "win32") return;
    expect((await stat(path.join(folder, "cache.key"))).mode & 0o777).toBe(0o600);
  });

  it("is one for all that start at once", async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => openKey(folder, {})));
    expect(new Set(keys.map(String)).size).toBe(1);
  });

  it.each(["base64", "base64url", "hex"] as const)(
    "is read from the environment as %s",
    async (form) => {
      const key = randomBytes(32);
      const environment = { [CACHE_KEY_VARIABLE]: key.toString(form) };
      expect(Buffer.from(await openKey(folder, environment)).equals(key)).toBe(true);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it.each(["short", "g".repeat(64), "A".repeat(42)])(
    "is refused from the environment as %s",
    async (text) => {
      await expect(openKey(folder, { [CACHE_KEY_VARIABLE]: text })).rejects.toThrow(/holds no key/);
      await expect(openKey(folder, { [CACHE_KEY_VARIABLE]: text })).rejects.not.toThrow(text);
    },
  );

  it("is made anew where the file holds none; what it holds is set aside", async () => {
    await writeFile(path.join(folder, "cache.key"), "half a k");
    expect(await openKey(folder, {})).toHaveLength(32);
    const aside = (await readdir(folder)).find((name) => name.includes("unusable")) ?? "";
    expect(await readFile(path.join(folder, aside), "utf8")).toBe("half a k");
  });

  it("is another one after it was destroyed", async () => {
    const key = await openKey(folder, {});
    await destroyKey(folder);
    await destroyKey(folder);
    expect(await openKey(folder, {})).not.toEqual(key);
  });
});
