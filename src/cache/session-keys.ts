/** The keys of a session. They are non-extractable and exist in memory only: of pages and of the service worker. */
export interface SessionKeys {
  /** Random; says which keys a record was sealed with, and nothing about them. */
  readonly keyId: string;
  /** AES-256-GCM. */
  readonly encryption: CryptoKey;
  /** HMAC-SHA-256; makes the names of records. */
  readonly naming: CryptoKey;
}

/** Somebody who may hold the keys of the session: the service worker, another tab. */
export interface KeyKeeper {
  /** The keys, or undefined when it has none or does not answer in time. Never rejects. */
  ask(): Promise<SessionKeys | undefined>;
  /** Gives it the keys to hold. */
  give(keys: SessionKeys): void;
  /** Makes it let go of the keys. */
  forget(): void;
}

/** The keys that some keeper holds, or else new ones; given to all keepers. One tab at a time goes through here. */
export async function acquireSessionKeys(keepers: readonly KeyKeeper[]): Promise<SessionKeys> {
  return exclusively(async () => {
    const keys = (await firstFound(keepers)) ?? (await generateSessionKeys());
    for (const keeper of keepers) keeper.give(keys);
    return keys;
  });
}

export async function generateSessionKeys(): Promise<SessionKeys> {
  const [encryption, naming] = await Promise.all([
    crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
    crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]),
  ]);
  return { keyId: crypto.randomUUID(), encryption, naming };
}

/** Keys as they come in a message, checked; undefined when they are anything else. */
export function readSessionKeys(value: unknown): SessionKeys | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!("keyId" in value && "encryption" in value && "naming" in value)) return undefined;
  const { keyId, encryption, naming } = value;
  if (typeof keyId !== "string") return undefined;
  if (!(encryption instanceof CryptoKey && naming instanceof CryptoKey)) return undefined;
  const isWhole =
    encryption.algorithm.name === "AES-GCM" &&
    naming.algorithm.name === "HMAC" &&
    !encryption.extractable &&
    !naming.extractable;
  return isWhole ? { keyId, encryption, naming } : undefined;
}

/** Settles with the first keys that any keeper gives, without waiting for the slower ones. */
async function firstFound(keepers: readonly KeyKeeper[]): Promise<SessionKeys | undefined> {
  const answers = keepers.map(async (keeper) => {
    const keys = await keeper.ask();
    if (keys === undefined) throw new Error("This keeper has no keys");
    return keys;
  });
  return Promise.any(answers).catch(() => undefined);
}

/** Without Web Locks two tabs that start at once may make two keys; one of them then loses its records. */
async function exclusively<T>(task: () => Promise<T>): Promise<T> {
  if (navigator.locks === undefined) return task();
  return navigator.locks.request("negato-session-keys", task);
}
