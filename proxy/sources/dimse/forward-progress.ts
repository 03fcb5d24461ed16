import type { Suboperations } from "../../dimse/services/retrieve.ts";
import type { ForwardProgress, ForwardResult } from "../source.ts";

/** Carries progress from what does the work to whoever reads it: the newest, as nobody needs those before. */
export class ProgressRelay {
  #latest: ForwardProgress | undefined;
  #end: { readonly result: ForwardResult } | { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  report({ remaining = 0, completed, failed, warning }: Suboperations): void {
    this.#latest = { remaining, completed, failed, warning };
    this.#wake();
  }

  /** How far it is, when anything was told. */
  get latest(): ForwardProgress | undefined {
    return this.#latest;
  }

  finish(result: ForwardResult): void {
    this.#end ??= { result };
    this.#wake();
  }

  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** Progress as it is told, and the result; throws what it failed with. */
  async *read(): AsyncGenerator<ForwardProgress | ForwardResult> {
    let shown: ForwardProgress | undefined;
    for (;;) {
      if (this.#latest !== undefined && this.#latest !== shown) {
        shown = this.#latest;
        yield shown;
      } else if (this.#end !== undefined) {
        if ("error" in this.#end) throw this.#end.error;
        yield this.#end.result;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** How a forwarding ended, by its numbers. */
export function statusOf({
  completed,
  failed,
  warning,
}: Omit<ForwardProgress, "remaining">): ForwardResult["status"] {
  if (failed === 0) return "completed";
  return completed + warning > 0 ? "partial" : "failed";
}
