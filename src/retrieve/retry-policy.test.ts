import { expect, test } from "vitest";
import { parseRetryAfter, retryDelayMs } from "./retry-policy.ts";

test("the delay grows threefold and is spread over half to all of itself", () => {
  const delay = (attempt: number, random: number): number | undefined =>
    retryDelayMs({ attempt, isTransient: true, retryAfterMs: undefined }, random);
  expect([delay(1, 0), delay(1, 1), delay(2, 0), delay(2, 1)]).toEqual([100, 200, 300, 600]);
});

test("the third failure is final, and one that repeating cannot cure at once", () => {
  expect(
    retryDelayMs({ attempt: 3, isTransient: true, retryAfterMs: undefined }, 0),
  ).toBeUndefined();
  expect(retryDelayMs({ attempt: 1, isTransient: false, retryAfterMs: 1000 }, 0)).toBeUndefined();
});

test("Retry-After is waited for, unless it asks for more than ten seconds", () => {
  expect(retryDelayMs({ attempt: 1, isTransient: true, retryAfterMs: 3000 }, 0)).toBe(3000);
  expect(retryDelayMs({ attempt: 1, isTransient: true, retryAfterMs: 60_000 }, 0)).toBeUndefined();
});

test("Retry-After is read as seconds or as a date", () => {
  const now = Date.parse("Sat, 21 Nov 2026 12:00:00 GMT");
  expect(parseRetryAfter("7", now)).toBe(7000);
  expect(parseRetryAfter("Sat, 21 Nov 2026 12:00:05 GMT", now)).toBe(5000);
  expect(parseRetryAfter("Sat, 21 Nov 2026 11:00:00 GMT", now)).toBe(0);
  expect(parseRetryAfter("soon", now)).toBeUndefined();
  expect(parseRetryAfter(null, now)).toBeUndefined();
});
