import { type ContextPlan, planStore } from "../../dimse/services/plan-contexts.ts";

/** SOP classes and syntaxes that are remembered; together they are near what one association has room for. */
const MOST_CLASSES = 24;
const MOST_SYNTAXES = 6;

/**
 * The kinds of objects that were stored lately: an association is requested for all of them, so that a request with
 * objects of several kinds goes over the same ones.
 */
export class StoreContexts {
  /** Syntaxes by SOP class; the one that was new last is last. */
  readonly #kinds = new Map<string, readonly string[]>();

  /** Contexts of an association that can carry the object; undefined when there are none for it. */
  planFor(sopClassUid: string, transferSyntaxUid: string): ContextPlan | undefined {
    this.#remember(sopClassUid, transferSyntaxUid);
    const kinds = [...this.#kinds].map(([uid, syntaxes]) => ({
      sopClassUid: uid,
      transferSyntaxUids: syntaxes,
    }));
    return planStore(kinds).find(({ sopClassUids }) => sopClassUids.includes(sopClassUid));
  }

  #remember(sopClassUid: string, transferSyntaxUid: string): void {
    const known = this.#kinds.get(sopClassUid) ?? [];
    if (known.includes(transferSyntaxUid)) return;
    this.#kinds.delete(sopClassUid);
    this.#kinds.set(sopClassUid, [...known, transferSyntaxUid].slice(-MOST_SYNTAXES));
    const [oldest] = this.#kinds.keys();
    if (this.#kinds.size > MOST_CLASSES && oldest !== undefined) this.#kinds.delete(oldest);
  }
}
