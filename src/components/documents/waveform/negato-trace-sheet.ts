import { msg } from "@lit/localize";
import { css, html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { controlStyles } from "../../control-styles.ts";
import { type Caliper, readCaliper, type SheetPoint, stripAt, withLeg } from "./caliper.ts";
import { drawSheet, type PaperColours } from "./draw-sheet.ts";
import type { Sheet } from "./trace-layout.ts";
import type { TraceData, TraceScale } from "./trace-scale.ts";
import { caliperWords } from "./waveform-words.ts";

/** Step of a caliper's leg by keys, mm; with Control a hundredth of a second is four of them at 25 mm/s. */
const KEY_STEP = 0.25;
const LARGEST_CANVAS = 16_777_216;
/** Beyond this an edge of a canvas is refused by some browsers, and nothing is drawn. */
const LONGEST_CANVAS = 16_384;

/**
 * Grid paper with traces, and a caliper on it: drag, or press Enter and move its legs with the arrow keys (the other
 * leg with Shift); Delete takes it away.
 */
@customElement("negato-trace-sheet")
export class NegatoTraceSheet extends LitElement {
  static override readonly styles = [
    controlStyles,
    css`
      :host {
        display: block;
        position: relative;
      }
      canvas,
      svg {
        display: block;
      }
      svg {
        position: absolute;
        inset: 0;
        pointer-events: none;
        overflow: visible;
      }
      .surface {
        position: relative;
        cursor: crosshair;
        touch-action: pan-x pan-y;
      }
      :host([measuring]) .surface {
        touch-action: none;
      }
      output {
        position: sticky;
        inset-inline-start: 8px;
        inset-block-end: 8px;
        display: inline-block;
        margin: 8px;
        padding: 4px 12px;
        border-radius: var(--negato-radius);
        background: var(--negato-raised);
        color: var(--negato-measure);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) sheet: Sheet | undefined;
  @property({ attribute: false }) data: TraceData | undefined;
  @property({ attribute: false }) scales: readonly TraceScale[] = [];
  @property({ attribute: false }) marks: readonly number[] = [];
  @property({ attribute: false }) colours: PaperColours | undefined;
  /** CSS pixels per mm of paper. */
  @property({ type: Number }) pixelsPerMm = 4;
  @property({ type: Number }) speed = 25;
  @property({ type: Number }) gain = 10;
  /** Whether a finger measures instead of scrolling. */
  @property({ type: Boolean, reflect: true }) measuring = false;
  @property() label = "";
  @state() private caliper: Caliper | undefined;
  @query("canvas") private canvas!: HTMLCanvasElement | null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("sheet") || changed.has("speed") || changed.has("gain"))
      this.caliper = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if ([...changed.keys()].some((key) => key !== "caliper")) this.#draw();
  }

  protected override render(): TemplateResult {
    return html`<div
        class="surface"
        tabindex="0"
        role="application"
        aria-roledescription=${msg("grid paper with traces")}
        aria-label=${`${this.label}. ${msg("Enter places a caliper, arrow keys move it, Delete takes it away.")}`}
        @pointerdown=${this.#begin}
        @pointermove=${this.#move}
        @keydown=${this.#keys}
      >
        <canvas></canvas>
        ${this.#caliperDrawing()}
      </div>
      <output aria-live="polite">${this.#reading()}</output>`;
  }

  #draw(): void {
    const { canvas, sheet, data, colours } = this;
    if (canvas === null || sheet === undefined || data === undefined || colours === undefined)
      return;
    const [cssWidth, cssHeight] = [sheet.width * this.pixelsPerMm, sheet.height * this.pixelsPerMm];
    const ratio = Math.min(
      devicePixelRatio,
      Math.sqrt(LARGEST_CANVAS / (cssWidth * cssHeight)),
      LONGEST_CANVAS / Math.max(cssWidth, cssHeight),
    );
    canvas.width = Math.round(cssWidth * ratio);
    canvas.height = Math.round(cssHeight * ratio);
    canvas.style.inlineSize = `${cssWidth}px`;
    canvas.style.blockSize = `${cssHeight}px`;
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) return;
    const { scales, marks, speed, gain } = this;
    const pixelsPerMm = this.pixelsPerMm * ratio;
    drawSheet(context, { sheet, data, scales, marks, speed, gain, pixelsPerMm, colours });
  }

  #caliperDrawing(): TemplateResult | typeof nothing {
    const { caliper, sheet, colours } = this;
    if (caliper === undefined || sheet === undefined) return nothing;
    const { from, to, strip } = caliper;
    const [top, bottom] = [strip.y - strip.height / 2, strip.y + strip.height / 2];
    return html`<svg
      width=${sheet.width * this.pixelsPerMm}
      height=${sheet.height * this.pixelsPerMm}
      viewBox=${`0 0 ${sheet.width} ${sheet.height}`}
      aria-hidden="true"
    >
      ${svg`<g stroke=${colours?.mark ?? "#3056a8"} stroke-width=${1.4 / this.pixelsPerMm} fill="none">
        <rect x=${Math.min(from.x, to.x)} y=${Math.min(from.y, to.y)}
          width=${Math.abs(to.x - from.x)} height=${Math.abs(to.y - from.y)} stroke-dasharray="0.6 0.6" />
        <line x1=${from.x} y1=${Math.min(top, from.y)} x2=${from.x} y2=${Math.max(bottom, from.y)} />
        <line x1=${to.x} y1=${Math.min(top, to.y)} x2=${to.x} y2=${Math.max(bottom, to.y)} />
      </g>`}
    </svg>`;
  }

  #reading(): string {
    const { caliper } = this;
    const scale = caliper && this.scales[caliper.strip.channelIndex];
    const channel = caliper && this.data?.group.channels[caliper.strip.channelIndex];
    if (caliper === undefined || scale === undefined || channel === undefined)
      return isTouched() && !this.measuring
        ? msg("To measure, choose “Measure by touch” above.")
        : msg("Drag on the paper to measure.");
    return `${channel.lead}: ${caliperWords(readCaliper(caliper, this.speed, scale, channel.unit))}`;
  }

  #place(event: PointerEvent): SheetPoint {
    const box = this.canvas?.getBoundingClientRect();
    return {
      x: (event.clientX - (box?.left ?? 0)) / this.pixelsPerMm,
      y: (event.clientY - (box?.top ?? 0)) / this.pixelsPerMm,
    };
  }

  readonly #begin = (event: PointerEvent): void => {
    const isScroll = event.pointerType === "touch" && !this.measuring;
    if (event.button !== 0 || isScroll || this.sheet === undefined) return;
    const point = this.#place(event);
    const strip = stripAt(this.sheet, point);
    if (strip === undefined) return;
    if (event.currentTarget instanceof HTMLElement)
      event.currentTarget.setPointerCapture(event.pointerId);
    this.caliper = { strip, from: point, to: point };
  };

  readonly #move = (event: PointerEvent): void => {
    const isHeld =
      event.currentTarget instanceof HTMLElement &&
      event.currentTarget.hasPointerCapture(event.pointerId);
    if (!isHeld || this.caliper === undefined || this.sheet === undefined) return;
    this.caliper = withLeg(this.caliper, "to", this.#place(event), this.sheet);
  };

  readonly #keys = (event: KeyboardEvent): void => {
    const { sheet } = this;
    if (sheet === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
      event.key
    ];
    if (event.key === "Enter") this.caliper = firstCaliper(sheet);
    else if (event.key === "Delete" || event.key === "Backspace") this.caliper = undefined;
    else if (step !== undefined && this.caliper !== undefined) {
      const leg = event.shiftKey ? "from" : "to";
      const { x, y } = this.caliper[leg];
      const [across = 0, down = 0] = step;
      const point = { x: x + across * KEY_STEP, y: y + down * KEY_STEP };
      this.caliper = withLeg(this.caliper, leg, point, sheet);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

function isTouched(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}

/** One second at the begin of the last strip, which is the rhythm strip where there is one. */
function firstCaliper(sheet: Sheet): Caliper | undefined {
  const strip = sheet.strips.at(-1);
  if (strip === undefined) return undefined;
  const second = strip.width / strip.seconds;
  const from = { x: strip.x + Math.min(second, strip.width) / 4, y: strip.y };
  return { strip, from, to: { x: Math.min(from.x + second, strip.x + strip.width), y: strip.y } };
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-trace-sheet": NegatoTraceSheet;
  }
}
