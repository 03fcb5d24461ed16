import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

/** Work factor: 32 MiB and some 100 ms of one core (N = 2^15, r = 8, p = 1). */
const PARAMETERS = { N: 32_768, r: 8, p: 1 };
const MAXIMUM_MEMORY = 256 * 1024 * 1024;
const KEY_BYTES = 32;

/** `scrypt$N$r$p$salt$key`, salt and key as base64url: what the configuration holds instead of a password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const { N, r, p } = PARAMETERS;
  const key = await derive(password, salt, KEY_BYTES, PARAMETERS);
  return ["scrypt", N, r, p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** Whether the password belongs to the hash; takes the same time whichever byte differs. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = hash.split("$");
  if (scheme !== "scrypt" || salt === undefined || key === undefined) return false;
  const expected = Buffer.from(key, "base64url");
  const parameters = { N: Number(N), r: Number(r), p: Number(p) };
  const given = await derive(password, Buffer.from(salt, "base64url"), expected.length, parameters);
  return timingSafeEqual(given, expected);
}

function derive(
  password: string,
  salt: Buffer,
  length: number,
  parameters: ScryptOptions,
): Promise<Buffer> {
  const options = { ...parameters, maxmem: MAXIMUM_MEMORY };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFC"), salt, length, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
