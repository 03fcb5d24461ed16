import { type KeyKeeper, readSessionKeys, type SessionKeys } from "./session-keys.ts";

const CHANNEL = "negato-session-keys";
/** A held lock says that some tab has keys; without one nobody is asked, and nothing waited for. */
const HOLDER_LOCK = "negato-session-key-holder";
const ANSWER_LIMIT_MS = 300;

/** The other tabs of this origin as keepers. Each tab that has keys answers the ones that ask. */
export function otherTabsKeeper(): KeyKeeper & { close(): void } {
  const channel = new BroadcastChannel(CHANNEL);
  const closed = new AbortController();
  let held: SessionKeys | undefined;
  let waiting: ((keys: SessionKeys) => void) | undefined;
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data === "ask" && held !== undefined) channel.postMessage(held);
    const keys = readSessionKeys(data);
    if (keys !== undefined) waiting?.(keys);
  };
  return {
    async ask() {
      if (!(await someoneHolds())) return undefined;
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(undefined), ANSWER_LIMIT_MS);
        waiting = (keys) => {
          clearTimeout(timer);
          resolve(keys);
        };
        channel.postMessage("ask");
      });
    },
    give(keys) {
      if (held === undefined) holdLock(closed.signal);
      held = keys;
    },
    forget() {
      held = undefined;
    },
    close() {
      closed.abort();
      channel.close();
    },
  };
}

async function someoneHolds(): Promise<boolean> {
  if (navigator.locks === undefined) return true;
  const { held } = await navigator.locks.query();
  return held?.some((lock) => lock.name === HOLDER_LOCK) === true;
}

/** Holds the lock, together with other tabs, until the abort or the end of this page. */
function holdLock(signal: AbortSignal): void {
  const held = (): Promise<void> =>
    new Promise((release) => {
      if (signal.aborted) release();
      signal.addEventListener("abort", () => release(), { once: true });
    });
  navigator.locks?.request(HOLDER_LOCK, { mode: "shared" }, held).catch(() => undefined);
}
