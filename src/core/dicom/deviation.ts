import type { Tag } from "./tag.ts";

/** A departure from the standard that reading went on in spite of. */
export interface Deviation {
  /** What kind it is, kebab-case and stable: `no-preamble`, `odd-length`, `wrong-group-length` ... */
  readonly code: string;
  /** One sentence for people, without patient data. */
  readonly message: string;
  readonly tag?: Tag;
  readonly offset?: number;
}
