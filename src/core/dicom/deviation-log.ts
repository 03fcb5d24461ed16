import type { Deviation } from "./deviation.ts";
import type { Tag } from "./tag.ts";

/** Deviations of one kind that are listed one by one; more of the same say nothing new. */
const LISTED_PER_CODE = 10;

/** The deviations met in one reading, a few of each kind. */
export class DeviationLog {
  readonly #deviations: Deviation[] = [];
  readonly #counts = new Map<string, number>();

  get deviations(): readonly Deviation[] {
    return this.#deviations;
  }

  has(code: string): boolean {
    return this.#counts.has(code);
  }

  add(code: string, message: string, facts: { readonly tag?: Tag; readonly offset?: number } = {}) {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= LISTED_PER_CODE) this.#deviations.push({ code, message, ...facts });
  }
}
