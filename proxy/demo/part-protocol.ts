/** What a generating thread is told at its start. */
export interface ThreadOrder {
  readonly directory: string;
  readonly scale: number;
}

/** What it says after each part. */
export type PartAnswer = { readonly ok: true } | { readonly ok: false; readonly message: string };
