import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseVictims, storageBudgetBytes } from "./byte-budget.ts";

const entry = (name: string, group: string, lastUsed: number, bytes = 10) => ({
  name,
  group,
  lastUsed,
  bytes,
});

test("the study that was longest not looked at gives way first, whole", () => {
  const entries = [
    entry("new old frame", "new study", 1),
    entry("new frame", "new study", 9),
    entry("old frame", "old study", 5),
    entry("older frame", "old study", 4),
  ];
  expect(chooseVictims(entries, 15)).toEqual(["older frame", "old frame"]);
  expect(chooseVictims(entries, 21)).toEqual(["older frame", "old frame", "new old frame"]);
});

test("nothing is given up when nothing need be free", () => {
  expect(chooseVictims([entry("a", "s", 1)], 0)).toEqual([]);
});

test("enough is freed, and not one record more than that", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ group: fc.constantFrom("a", "b"), bytes: fc.nat(50), lastUsed: fc.nat(9) }),
      ),
      fc.nat(500),
      (facts, wanted) => {
        const entries = facts.map((fact, index) => ({ ...fact, name: String(index) }));
        const victims = chooseVictims(entries, wanted).map(
          (name) => entries[Number(name)]?.bytes ?? 0,
        );
        const freed = victims.reduce((sum, bytes) => sum + bytes, 0);
        const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
        expect(freed).toBeGreaterThanOrEqual(Math.min(wanted, total));
        if (victims.length > 0) expect(freed - (victims.at(-1) ?? 0)).toBeLessThan(wanted);
      },
    ),
  );
});

test("the budget is a quarter of the quota, 2 GB at most, and modest where the quota is unknown", () => {
  expect(storageBudgetBytes(4000)).toBe(1000);
  expect(storageBudgetBytes(1e12)).toBe(2 * 1024 ** 3);
  expect(storageBudgetBytes(undefined)).toBe(256 * 1024 ** 2);
});
