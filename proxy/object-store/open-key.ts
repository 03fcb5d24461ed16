import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { systemCode } from "./store-files.ts";

/** The environment variable that may hold the key: 32 bytes, as base64 or 64 hexadecimal digits. */
export const CACHE_KEY_VARIABLE = "NEGATO_CACHE_KEY";

const KEY_FILE = "cache.key";

/**
 * The key of the object stores, 32 bytes: from the environment where it is set, else from the file `cache.key` in
 * `folder`, which is made on first use with mode 0600. The stores lie beside that file, never in one folder with it.
 * Whoever destroys the key wipes all of them.
 * @throws Error when the variable holds something else than a key, or the file can be neither read nor made.
 */
export async function openKey(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Uint8Array> {
  const given = environment[CACHE_KEY_VARIABLE];
  if (given !== undefined && given !== "") {
    const key = parseKey(given);
    if (key !== undefined) return key;
    throw new Error(
      `${CACHE_KEY_VARIABLE} holds no key: 32 bytes are needed, as base64 or 64 hexadecimal digits`,
    );
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, KEY_FILE);
  return (await readKey(file)) ?? (await makeKey(file));
}

/** Destroys the key file: what the stores hold can be read by nobody any more. */
export async function destroyKey(folder: string): Promise<void> {
  const file = path.join(folder, KEY_FILE);
  try {
    const handle = await open(file, "r+");
    try {
      await handle.write(randomBytes(64), 0, 64, 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
  await rm(file, { force: true });
}

/** Undefined where there is no key: what is in the file without being one is set aside, under another name. */
async function readKey(file: string): Promise<Uint8Array | undefined> {
  try {
    const key = parseKey(await readFile(file, "utf8"));
    if (key === undefined) await rename(file, `${file}.unusable-${randomBytes(6).toString("hex")}`);
    return key;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Two first starts at once agree on one key: the file gets its name when it is complete, and once only. */
async function makeKey(file: string): Promise<Uint8Array> {
  const key = new Uint8Array(randomBytes(32));
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  await writeKey(draft, key);
  try {
    await link(draft, file);
    return key;
  } catch (error) {
    // A file system without links: the file has its name before it is complete.
    if (systemCode(error) !== "EEXIST") {
      await writeKey(file, key);
      return key;
    }
    const other = await readKey(file);
    if (other === undefined) throw error;
    return other;
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeKey(file: string, key: Uint8Array): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(`${Buffer.from(key).toString("base64")}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function parseKey(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  const isHexadecimal = /^[0-9a-f]{64}$/i.test(trimmed);
  const isBase64 = /^[0-9a-z+/_-]{43}=?$/i.test(trimmed);
  if (!isHexadecimal && !isBase64) return undefined;
  return new Uint8Array(Buffer.from(trimmed, isHexadecimal ? "hex" : "base64"));
}
