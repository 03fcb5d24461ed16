import { msg, str } from "@lit/localize";
import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { imageToCanvas, type ViewTransform } from "#core/geometry/view-transform.ts";
import type { PresentationGraphics } from "#core/study/presentation-graphics.ts";
import { graphicsStyles } from "./graphics-styles.ts";
import { LayerDrawing, toCssPixels } from "./layer-drawing.ts";

/**
 * The graphics of a presentation state over an image: they go with it through every zoom, pan, turn and flip, while
 * lines keep their width and texts stay upright.
 *
 * @cssprop --negato-measure - Colour of what has no colour of its own.
 */
@customElement("negato-graphics")
export class NegatoGraphics extends LitElement {
  static override readonly styles = graphicsStyles;

  /** Layers in the order of drawing. */
  @property({ attribute: false }) layers: PresentationGraphics = [];
  /** Names of layers that are not drawn. */
  @property({ attribute: false }) hiddenLayers: ReadonlySet<string> = new Set();
  @property({ attribute: false }) view: ViewTransform | undefined;
  @property({ type: Number }) pixelRatio = 1;
  /** Clockwise quarter turns of the view for which the texts were written. */
  @property({ type: Number }) writtenTurns = 0;
  /** What the presentation state is called. */
  @property() name = "";

  #drawings: readonly LayerDrawing[] = [];

  protected override render(): TemplateResult {
    return html`<div role="group" aria-label=${msg(str`Graphics of the presentation state ${this.name}`)}></div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("layers") || changed.has("hiddenLayers")) this.#build();
    this.#place();
  }

  #build(): void {
    const layers = this.layers.filter(
      ({ name, graphics }) => graphics.length > 0 && !this.hiddenLayers.has(name),
    );
    this.#drawings = layers.map((layer) => new LayerDrawing(layer));
    this.renderRoot
      .querySelector("div")
      ?.replaceChildren(...this.#drawings.flatMap(({ elements }) => elements));
  }

  #place(): void {
    const { view, pixelRatio } = this;
    this.toggleAttribute("hidden", view === undefined);
    if (view === undefined) return;
    const map = toCssPixels(imageToCanvas(view), pixelRatio);
    const [width, height] = [view.canvasWidth / pixelRatio, view.canvasHeight / pixelRatio];
    const isSideways = (view.quarterTurns - this.writtenTurns) % 2 !== 0;
    for (const drawing of this.#drawings) drawing.place({ map, width, height, isSideways });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-graphics": NegatoGraphics;
  }
}
