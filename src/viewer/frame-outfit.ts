import type { ExtraValues } from "../frames/extra-values.ts";
import type { Failure } from "../frames/failure.ts";

/** Whether all that belongs to the display of a frame is at hand, or why it cannot be had. */
export type FrameOutfit = { readonly ok: true } | { readonly ok: false; readonly failure: Failure };

/** Where large values come from that metadata give by address. */
export type BulkSource = ConstructorParameters<typeof ExtraValues>[0];
