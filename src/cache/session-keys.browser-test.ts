import { expect, test } from "vitest";
import { otherTabsKeeper } from "./other-tabs-keeper.ts";
import { serviceWorkerKeeper } from "./service-worker-keeper.ts";
import { acquireSessionKeys, generateSessionKeys, readSessionKeys } from "./session-keys.ts";

test("a second tab gets the keys of the first", async () => {
  const [first, second] = [otherTabsKeeper(), otherTabsKeeper()];
  const keys = await acquireSessionKeys([first]);
  expect((await acquireSessionKeys([second])).keyId).toBe(keys.keyId);
  first.close();
  second.close();
});

test("two tabs that start at once agree on the keys", async () => {
  const [first, second] = [otherTabsKeeper(), otherTabsKeeper()];
  const [a, b] = await Promise.all([acquireSessionKeys([first]), acquireSessionKeys([second])]);
  expect(a.keyId).toBe(b.keyId);
  first.close();
  second.close();
});

test("a tab alone does not wait for others to answer", async () => {
  // The locks of tabs that were just closed are released a moment later.
  await pause(50);
  const alone = otherTabsKeeper();
  const started = performance.now();
  await acquireSessionKeys([alone, serviceWorkerKeeper(undefined)]);
  expect(performance.now() - started).toBeLessThan(250);
  alone.close();
});

test("what is not a pair of non-extractable keys is not taken for keys", async () => {
  const keys = await generateSessionKeys();
  const extractable = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, [
    "encrypt",
    "decrypt",
  ]);
  expect(readSessionKeys(keys)).toEqual(keys);
  for (const wrong of [
    undefined,
    "ask",
    {},
    { ...keys, encryption: extractable },
    { ...keys, naming: keys.encryption },
  ])
    expect(readSessionKeys(wrong)).toBeUndefined();
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(), ms);
  });
}
