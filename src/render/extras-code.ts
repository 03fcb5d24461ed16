import type { DisplayExtras } from "#core/pixels/display-pipeline.ts";
import type { ExtrasPainter } from "./extras-painter.ts";

type LoadExtras = () => Promise<typeof import("./extras-painter.ts")>;

/** The code that draws extras without graphics hardware: no plain image needs it, so that it comes when one does. */
export class ExtrasCode {
  readonly #load: LoadExtras;
  #code: Awaited<ReturnType<LoadExtras>> | undefined;

  constructor(load: LoadExtras = () => import("./extras-painter.ts")) {
    this.#load = load;
  }

  /** Settles when the code is there. @throws whatever keeps it from arriving */
  async ready(): Promise<void> {
    this.#code ??= await this.#load();
  }

  /** A renderer; undefined while the code is not there. */
  renderer(): ExtrasPainter | undefined {
    return this.#code === undefined ? undefined : new this.#code.ExtrasPainter();
  }
}

/** The code for all renderers of the page. */
export const pageExtras = new ExtrasCode();

/** Whether a pipeline has what plain images have not. */
export function hasExtras(display: DisplayExtras): boolean {
  return (
    display.mask !== undefined ||
    display.presentationLut !== undefined ||
    display.supplementalPalette !== undefined ||
    display.pseudoColor !== undefined ||
    display.colourTransform !== undefined
  );
}

/**
 * Settles when `draw` draws this pipeline at once; without extras that is now. Before that, `draw` leaves the canvas black.
 * @throws whatever keeps the code from arriving
 */
export async function readyToDraw(display: DisplayExtras): Promise<void> {
  if (hasExtras(display)) await pageExtras.ready();
}
