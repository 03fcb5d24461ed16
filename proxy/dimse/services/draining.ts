import type { Association } from "../association.ts";

const DRAINING = new WeakMap<Association, Promise<void>>();

/** The association is not free yet: an operation was left early, and is being brought to its end. */
export function keepDraining(association: Association, done: Promise<unknown>): void {
  const drained = done.then(
    () => undefined,
    () => undefined,
  );
  DRAINING.set(association, drained);
}

/** Settles, and never rejects, when operations that were left early are at their end. */
export async function drained(association: Association): Promise<void> {
  await DRAINING.get(association);
}
