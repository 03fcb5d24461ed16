import { msg, str } from "@lit/localize";
import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { cachedRanges, marksBackground, rangesBackground } from "./cached-ranges.ts";
import { FrameRequestedEvent } from "./frame-requested-event.ts";

/** Colour of what is cached, on the track. */
const CACHED_COLOR = "oklch(0.55 0.06 205)";
/** Colour of the ticks of marked images. */
const MARK_COLOR = "var(--negato-measure, oklch(0.88 0.16 95))";

/**
 * Where in a stack one is, and which of its images are cached. Goes by pointer, touch and keyboard.
 *
 * @event negato-frame-requested - Another image is wanted.
 * @csspart track - The line that the images are on.
 * @csspart thumb - The place of the wanted image.
 */
@customElement("negato-stack-slider")
export class NegatoStackSlider extends LitElement {
  static override readonly shadowRootOptions = {
    ...LitElement.shadowRootOptions,
    delegatesFocus: true,
  };

  static override readonly styles = css`
    :host {
      display: block;
      inline-size: 24px;
      min-block-size: 48px;
    }
    [role="slider"] {
      position: relative;
      block-size: 100%;
      touch-action: none;
      cursor: pointer;
      outline: none;
    }
    .track {
      position: absolute;
      inset-block: 0;
      inset-inline-end: 6px;
      inline-size: 6px;
      border-radius: 3px;
      background-color: oklch(0.31 0 0 / 0.75);
      box-shadow: 0 0 2px #000;
      overflow: hidden;
    }
    .cached {
      block-size: 100%;
    }
    .marks {
      position: absolute;
      inset-block: 0;
      inset-inline-end: 13px;
      inline-size: 6px;
    }
    .thumb {
      position: absolute;
      inset-inline-end: 3px;
      inline-size: 12px;
      block-size: 16px;
      margin-block-start: -8px;
      border-radius: 6px;
      background: var(--negato-accent);
      box-shadow: 0 0 0 1px #000;
    }
    :focus-visible .thumb {
      outline: 2px solid var(--negato-text);
      outline-offset: 2px;
    }
    @media (pointer: coarse) {
      :host {
        inline-size: 44px;
      }
      .thumb {
        inline-size: 14px;
        block-size: 28px;
        margin-block-start: -14px;
        border-radius: 7px;
      }
    }
  `;

  @property({ type: Number }) frameCount = 0;
  /** The wanted image, from 0. */
  @property({ type: Number }) frameIndex = 0;
  /** Whether each image can be had without the network. */
  @property({ attribute: false }) cached: readonly boolean[] = [];

  /** Images that are marked, from 0. */
  @property({ attribute: false }) marked: readonly number[] = [];

  @query(".marks") private readonly marks?: HTMLElement | null;
  @query(".thumb") private readonly thumb?: HTMLElement | null;
  @query(".cached") private readonly cachedPart?: HTMLElement | null;
  #pointerId: number | undefined;

  /** Styles are set on the elements, as a strict content security policy forbids them in attributes. */
  protected override updated(changed: PropertyValues<this>): void {
    const { frameCount, frameIndex } = this;
    const share = frameCount > 1 ? frameIndex / (frameCount - 1) : 0;
    this.thumb?.style.setProperty("inset-block-start", `${share * 100}%`);
    if (changed.has("marked") || changed.has("frameCount"))
      this.marks?.style.setProperty(
        "background",
        marksBackground(this.marked, frameCount, MARK_COLOR),
      );
    if (!changed.has("cached") && !changed.has("frameCount")) return;
    const background = rangesBackground(cachedRanges(this.cached), frameCount, CACHED_COLOR);
    this.cachedPart?.style.setProperty("background", background);
  }

  protected override render(): TemplateResult {
    const { frameCount, frameIndex } = this;
    return html`<div
      role="slider"
      tabindex="0"
      aria-orientation="vertical"
      aria-label=${msg("Image in the stack")}
      aria-valuemin="1"
      aria-valuemax=${Math.max(frameCount, 1)}
      aria-valuenow=${frameIndex + 1}
      aria-valuetext=${this.#valueText()}
      @keydown=${this.#onKeyDown}
      @pointerdown=${this.#onPointerDown}
      @pointermove=${this.#onPointerMove}
      @pointerup=${this.#onPointerEnd}
      @pointercancel=${this.#onPointerEnd}
    >
      <div class="track" part="track">
        <div class="cached"></div>
      </div>
      <div class="marks" part="marks"></div>
      <div class="thumb" part="thumb"></div>
    </div>`;
  }

  #valueText(): string {
    const { frameCount, frameIndex } = this;
    return this.marked.includes(frameIndex)
      ? msg(str`Image ${frameIndex + 1} of ${frameCount}, key image`)
      : msg(str`Image ${frameIndex + 1} of ${frameCount}`);
  }

  /** Upwards is back, as the slider stands upright with the first image at the top. */
  #onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const target = this.#keyTarget(event.key);
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.#request(target);
  }

  #keyTarget(key: string): number | undefined {
    switch (key) {
      case "ArrowDown":
      case "ArrowRight":
        return this.frameIndex + 1;
      case "ArrowUp":
      case "ArrowLeft":
        return this.frameIndex - 1;
      case "PageDown":
        return this.frameIndex + 10;
      case "PageUp":
        return this.frameIndex - 10;
      case "Home":
        return 0;
      case "End":
        return this.frameCount - 1;
      default:
        return undefined;
    }
  }

  #onPointerDown(event: PointerEvent): void {
    if (event.button !== 0 || this.#pointerId !== undefined) return;
    this.#pointerId = event.pointerId;
    if (event.currentTarget instanceof Element)
      event.currentTarget.setPointerCapture(event.pointerId);
    this.#requestAt(event);
  }

  #onPointerMove(event: PointerEvent): void {
    if (event.pointerId === this.#pointerId) this.#requestAt(event);
  }

  #onPointerEnd(event: PointerEvent): void {
    if (event.pointerId === this.#pointerId) this.#pointerId = undefined;
  }

  #requestAt(event: PointerEvent): void {
    const { top, height } = this.getBoundingClientRect();
    if (height > 0) this.#request(((event.clientY - top) / height) * (this.frameCount - 1));
  }

  #request(wanted: number): void {
    const frameIndex = Math.min(Math.max(Math.round(wanted), 0), Math.max(this.frameCount - 1, 0));
    if (frameIndex === this.frameIndex) return;
    // The owner draws in the next animation frame; keys that come sooner count from here.
    this.frameIndex = frameIndex;
    this.dispatchEvent(new FrameRequestedEvent(frameIndex));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-stack-slider": NegatoStackSlider;
  }
}
