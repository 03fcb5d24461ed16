import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fitView } from "#core/geometry/view-transform.ts";
import { displayPipeline } from "#core/pixels/display-pipeline.ts";
import { displayAspect } from "#core/study/display-aspect.ts";
import type { DisplaySet } from "#core/study/display-set.ts";
import { createFrameRenderer } from "../../render/create-frame-renderer.ts";
import { readyToDraw } from "../../render/extras-code.ts";
import { describeFrame, frameRequest } from "../../viewer/frame-description.ts";
import type { FrameOutfits } from "../../viewer/frame-outfits.ts";
import type { ViewportFrames } from "../../viewer/shown-frame.ts";
import type { TaskQueue } from "../../viewer/task-queue.ts";
import "../icon/negato-icon.ts";
import { ThumbnailFailedEvent } from "./thumbnail-failed-event.ts";

/** Edge of the picture, device pixels. */
const EDGE = 240;

/**
 * The middle frame of a display set, small, in its default window. It is asked for when it comes into view and
 * nothing more urgent is waiting; a frame that cannot be had leaves the sign of a missing image.
 *
 * @event negato-thumbnail-failed - The frame cannot be shown.
 */
@customElement("negato-thumbnail")
export class NegatoThumbnail extends LitElement {
  static override readonly styles = css`
    :host {
      display: grid;
      place-items: center;
      aspect-ratio: 1;
      overflow: hidden;
      background: var(--negato-image-ground);
      color: var(--negato-line);
    }
    canvas,
    negato-icon {
      grid-area: 1 / 1;
    }
    canvas {
      inline-size: 100%;
      block-size: 100%;
    }
    :host(:not([drawn])) canvas {
      visibility: hidden;
    }
    :host([drawn]) negato-icon {
      display: none;
    }
  `;

  @property({ attribute: false }) displaySet: DisplaySet | undefined;
  @property({ attribute: false }) frames: ViewportFrames | undefined;
  @property({ attribute: false }) queue: TaskQueue | undefined;
  /** What applies shutters and colour profiles; a frame that has some is not drawn without them. */
  @property({ attribute: false }) outfits: FrameOutfits | undefined;
  /** Whether the picture is there. */
  @property({ type: Boolean, reflect: true }) drawn = false;
  @property({ type: Boolean, reflect: true }) failed = false;
  #abort: AbortController | undefined;
  #askedFor: string | undefined;
  #visible: IntersectionObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#visible = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) this.#ask();
    });
    this.#visible.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#visible?.disconnect();
    this.#abort?.abort();
    if (!this.drawn) this.#askedFor = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("displaySet") || changed.get("displaySet")?.id === this.displaySet?.id) return;
    this.#abort?.abort();
    this.#askedFor = undefined;
    this.drawn = false;
    this.failed = false;
    this.#visible?.unobserve(this);
    this.#visible?.observe(this);
  }

  protected override render(): TemplateResult {
    return html`<canvas aria-hidden="true"></canvas
      ><negato-icon name=${this.failed ? "image-off" : "image"}></negato-icon>`;
  }

  #ask(): void {
    const { displaySet, queue } = this;
    if (displaySet === undefined || queue === undefined || this.#askedFor === displaySet.id) return;
    this.#askedFor = displaySet.id;
    const abort = new AbortController();
    this.#abort = abort;
    queue.add(() => this.#draw(abort.signal), abort.signal);
  }

  async #draw(abort: AbortSignal): Promise<void> {
    const reference = middleOf(this.displaySet);
    const asked = reference === undefined ? undefined : frameRequest(reference);
    if (reference === undefined || asked?.ok !== true || this.frames === undefined) {
      this.failed = true;
      return;
    }
    try {
      const { outfits } = this;
      const [outcome, outfit] = await Promise.all([
        this.frames.frame(asked.request, abort, "thumbnail"),
        outfits?.prepare(reference, undefined, abort),
      ]);
      const described = describeFrame(reference, asked.request.imagePixel);
      const canvas = this.renderRoot.querySelector("canvas");
      if (abort.aborted) return;
      if (!outcome.ok)
        this.dispatchEvent(new ThumbnailFailedEvent(reference.instance, outcome.failure));
      if (!outcome.ok || !described.ok || canvas === null || outfit?.ok === false) {
        this.failed = true;
        return;
      }
      const { frame } = outcome;
      const { description } = described;
      const parts = { overlays: false, shutter: true };
      const attributes =
        outfits?.presenter.peek()?.plainAttributes({ reference, description, frame }, parts) ??
        description.attributes;
      const display = displayPipeline(attributes, frame);
      await readyToDraw(display);
      if (abort.aborted) return;
      const renderer = createFrameRenderer(canvas, { prefer: "canvas2d" });
      renderer.draw(
        frame,
        display,
        fitView({
          canvasWidth: EDGE,
          canvasHeight: EDGE,
          columns: frame.columns,
          rows: frame.rows,
          pixelAspect: displayAspect(description.facts),
        }),
      );
      renderer.dispose();
      this.drawn = true;
    } catch (error) {
      // An abort is the only rejection that the provider promises; anything else is a picture that is not there.
      if (!abort.aborted && error !== undefined) this.failed = true;
    }
  }
}

function middleOf(displaySet: DisplaySet | undefined): DisplaySet["frames"][number] | undefined {
  const frames = displaySet?.frames ?? [];
  return frames[Math.floor(frames.length / 2)];
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-thumbnail": NegatoThumbnail;
  }
}
