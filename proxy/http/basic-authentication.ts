import { createHmac, randomBytes } from "node:crypto";
import type { Authenticator } from "./authentication.ts";
import { hashPassword, isPassword } from "./password-hash.ts";

/** A user, and the hash of the password. */
export interface BasicUser {
  readonly name: string;
  readonly passwordHash: string;
}

/** How long a proven header needs no new proof, which costs 100 ms. */
const REMEMBER_MS = 5 * 60_000;
const REMEMBERED_HEADERS = 1000;
/** Proofs that run at the same time; more would take the machine's memory. */
const CONCURRENT_PROOFS = 2;

/** HTTP Basic authentication (RFC 7617) against hashes of passwords. */
export function basicAuthentication(
  users: readonly BasicUser[],
  now: () => number = Date.now,
): Authenticator {
  const key = randomBytes(32);
  const proven = new Map<string, { readonly name: string; readonly until: number }>();
  const slots = new Slots(CONCURRENT_PROOFS);
  const decoy = hashPassword(randomBytes(16).toString("hex"));
  return {
    challenge: 'Basic realm="Negato", charset="UTF-8"',
    authenticate: async ({ authorization }) => {
      const credentials = credentialsOf(authorization);
      if (authorization === undefined || credentials === undefined) return undefined;
      const fingerprint = createHmac("sha256", key).update(authorization).digest("base64");
      const known = proven.get(fingerprint);
      if (known !== undefined && known.until > now()) return known.name;
      const user = users.find(({ name }) => name === credentials.name);
      const hash = user?.passwordHash ?? (await decoy);
      const isProven = await slots.run(() => isPassword(credentials.password, hash));
      if (!isProven || user === undefined) return undefined;
      if (proven.size >= REMEMBERED_HEADERS) proven.clear();
      proven.set(fingerprint, { name: user.name, until: now() + REMEMBER_MS });
      return user.name;
    },
  };
}

function credentialsOf(
  authorization: string | undefined,
): { readonly name: string; readonly password: string } | undefined {
  const encoded = /^basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined || encoded.length > 1024) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Lets a bounded number of tasks run, the others wait in order. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
