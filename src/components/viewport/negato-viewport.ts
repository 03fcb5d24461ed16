import { msg, str } from "@lit/localize";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { displayPersonName } from "#core/dicom/person-name.ts";
import { CineClock } from "../../viewer/cine-clock.ts";
import { frameKey } from "../../viewer/frame-description.ts";
import type { Shown } from "../../viewer/shown-frame.ts";
import { commandForKey } from "../../viewer/viewport-commands.ts";
import type { ViewportController } from "../../viewer/viewport-controller.ts";
import "../annotations/negato-annotations.ts";
import type { CineCommandEvent } from "../cine-controls/cine-command-event.ts";
import "../failure-tile/negato-failure-tile.ts";
import { SignalController } from "../signal-controller.ts";
import type { FrameRequestedEvent } from "../stack-slider/frame-requested-event.ts";
import { CachedFramesWatch } from "./cached-frames-watch.ts";
import { CanvasStage } from "./canvas-stage.ts";
import { keyImages } from "./key-images.ts";
import { PointerBinding } from "./pointer-binding.ts";
import { StageSize } from "./stage-size.ts";
import { viewportAnnotations } from "./viewport-annotations.ts";
import { ImageFailedEvent, ImageShownEvent, WindowChangedEvent } from "./viewport-events.ts";
import { viewportStyles } from "./viewport-styles.ts";

/** After this long on one image, people who listen are told which it is. */
const ANNOUNCE_AFTER_MS = 600;

const NO_FRAMES: readonly number[] = [];

/**
 * Shows one display set: the image, what is known about it, and the tools to look at it. It owns no state; what is
 * shown and how is in its `viewport`. Image and annotations change in the same animation frame (safety C29).
 *
 * @event negato-image-shown - Another image came on the screen.
 * @event negato-image-failed - An image could not be shown.
 * @event negato-window-changed - The window changed.
 * @slot empty - What to say while nothing is open.
 * @csspart stage - The area that pointers and keys act on.
 * @csspart graphics - Lines and texts of the presentation state.
 * @csspart annotations - The texts over the image.
 * @csspart slider - The slider of the stack.
 * @cssprop --negato-image-ground - Colour behind the image; black unless set.
 */
@customElement("negato-viewport")
export class NegatoViewport extends LitElement {
  static override readonly styles = viewportStyles;

  /** What to show, and all that changes it. */
  @property({ attribute: false }) viewport: ViewportController | undefined;
  /** Whether commands from elsewhere go to this viewport; it is framed. */
  @property({ type: Boolean, reflect: true }) active = false;
  /** Whether the pixels on the screen are not those of the image itself (safety C8). */
  @property({ type: Boolean, reflect: true }) preview = false;
  /** Something about the copy that is shown: `as of 09:38, unverified` (safety C7). */
  @property() note = "";

  @state() private announcement = "";
  @state() private drawingFailure: string | undefined;
  @query(".stage") private readonly stageElement?: HTMLElement | null;

  readonly #signals = new SignalController(this);
  readonly #cached = new CachedFramesWatch(this);
  readonly #size = new StageSize(this, (size) => this.viewport?.state.setCanvas(size));
  readonly #pointers = new PointerBinding(() => this.viewport);
  readonly #wheelListener = { handleEvent: this.#pointers.onWheel, passive: false };
  #canvasStage: CanvasStage | undefined;
  #announceTimer: ReturnType<typeof setTimeout> | undefined;
  #marked = NO_FRAMES;
  #toldKey = "";
  #toldWindow = "";

  override connectedCallback(): void {
    super.connectedCallback();
    // The slider is upgraded when its code has arrived, which the image need not wait for.
    import("../stack-slider/negato-stack-slider.ts").catch(() => undefined);
    this.#canvasStage = new CanvasStage(() => this.requestUpdate());
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#canvasStage?.dispose();
    this.#canvasStage = undefined;
    this.#pointers.reset();
    clearTimeout(this.#announceTimer);
    this.viewport?.cine.pause();
  }

  /** Focuses the image, so that keys act on it. */
  override focus(options?: FocusOptions): void {
    this.stageElement?.focus(options);
  }

  /** Texts and image are drawn in one animation frame, so that neither is ever seen beside the other's old state. */
  protected override async scheduleUpdate(): Promise<void> {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await super.scheduleUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("viewport")) return;
    this.viewport?.state.setTouch(window.matchMedia("(pointer: coarse)").matches);
    changed.get("viewport")?.cine.pause();
    this.#cached.watch(this.viewport);
    this.#size.report();
    this.#toldKey = "";
  }

  protected override render(): TemplateResult {
    return this.#signals.track(() => this.#template());
  }

  protected override updated(): void {
    if (!this.isConnected) return;
    if (this.stageElement) this.#size.observe(this.stageElement);
    this.#draw();
    this.#tell();
  }

  #template(): TemplateResult {
    const { viewport } = this;
    const tool = viewport?.state.tool.value;
    return html`<div class="root" @keydown=${this.#onKeyDown}>
      <div
        class="stage"
        part="stage"
        tabindex="0"
        role="application"
        aria-roledescription=${msg("image viewport")}
        aria-label=${this.#accessibleName()}
        data-tool=${tool ?? nothing}
        @pointerdown=${this.#pointers.onPointer}
        @pointermove=${this.#pointers.onPointer}
        @pointerup=${this.#pointers.onPointer}
        @pointercancel=${this.#pointers.onPointer}
        @lostpointercapture=${this.#pointers.onPointer}
        @mousedown=${this.#pointers.onMouseDown}
        @contextmenu=${this.#pointers.onContextMenu}
        @wheel=${this.#wheelListener}
      >
        ${this.#canvasStage?.canvas}
      </div>
      ${this.#graphicsTemplate()} ${this.#annotationsTemplate()} ${this.#sliderTemplate()}
      ${this.#exactnessTemplate()}
      <div class="frame"></div>
      <div class="visually-hidden" role="status" aria-live="polite">${this.announcement}</div>
    </div>`;
  }

  #annotationsTemplate(): TemplateResult {
    const { viewport, preview: isPreview, note } = this;
    const areGraphicsReady = customElements.get("negato-graphics") !== undefined;
    const extras = { isPreview, note, areGraphicsReady };
    const annotations = viewport === undefined ? undefined : viewportAnnotations(viewport, extras);
    return html`<negato-annotations
      part="annotations"
      .annotations=${annotations}
      @negato-exactness-asked=${() => viewport?.run("show-exactness")}
    >
      ${this.#middleTemplate()} ${this.#cineTemplate()}
    </negato-annotations>`;
  }

  /** Image and graphics change in one animation frame, so that no image is seen under the graphics of another. */
  #graphicsTemplate(): TemplateResult | typeof nothing {
    const { viewport } = this;
    const layers = viewport?.graphics.value ?? [];
    if (viewport === undefined || layers.length === 0) return nothing;
    // Until their code has arrived, a mark says that they are missing.
    if (customElements.get("negato-graphics") === undefined)
      import("../graphics/negato-graphics.ts").then(
        () => this.requestUpdate(),
        () => undefined,
      );
    return html`<negato-graphics
      part="graphics"
      .layers=${layers}
      .hiddenLayers=${viewport.state.hiddenLayers.value}
      .view=${viewport.view.value}
      .pixelRatio=${viewport.state.canvas.value.pixelRatio}
      .writtenTurns=${writtenTurns(viewport)}
      .name=${viewport.presentation.value?.title.label ?? ""}
    ></negato-graphics>`;
  }

  #exactnessTemplate(): TemplateResult | typeof nothing {
    const { viewport } = this;
    if (viewport?.state.panel.value !== "exactness") return nothing;
    import("../exactness/negato-exactness-card.ts").catch(() => viewport.state.closePanel());
    return html`<negato-exactness-card
      .viewport=${viewport}
      ?preview=${this.preview}
      @negato-panel-closed=${() => {
        viewport.state.closePanel();
        this.focus();
      }}
    ></negato-exactness-card>`;
  }

  #middleTemplate(): TemplateResult | typeof nothing {
    const { viewport } = this;
    const content = viewport?.state.content.value;
    if (viewport === undefined || content === undefined)
      return html`<div class="empty"><slot name="empty">${msg("No series is open.")}</slot></div>`;
    if (content.displaySet.frames.length === 0) {
      const message = content.displaySet.reason ?? msg("This series has no images.");
      return failureTile(content.displaySet.name, { code: "", message, advice: "" }, viewport);
    }
    const shown = viewport.shown.value;
    const number = viewport.state.frameIndex.value + 1;
    if (viewport.isLoadingMarked.value)
      return html`<div class="mark">${msg(str`Loading image ${number}`)}</div>`;
    if (shown.kind === "failure")
      return failureTile(
        msg(str`Image ${shown.index + 1} cannot be shown`),
        shown.failure,
        viewport,
        shown.isPassing,
      );
    if (this.drawingFailure !== undefined)
      return failureTile(
        msg(str`Image ${number} cannot be drawn`),
        { code: "drawing-failed", message: this.drawingFailure, advice: "" },
        viewport,
      );
    return nothing;
  }

  #cineTemplate(): TemplateResult | typeof nothing {
    const { viewport } = this;
    const displaySet = viewport?.state.content.value?.displaySet;
    if (viewport === undefined || displaySet === undefined || displaySet.frames.length < 2)
      return nothing;
    const { isPlaying, speed, shownPerSecond } = viewport.cine;
    if (!displaySet.isCine && !isPlaying.value) return nothing;
    // They are upgraded when their code has arrived; without it the keys still play the film.
    import("../cine-controls/negato-cine-controls.ts").catch(() => undefined);
    const clock = new CineClock(displaySet.frames.length, displaySet.frameTimesMs);
    return html`<negato-cine-controls
      slot="controls"
      .isPlaying=${isPlaying.value}
      .speed=${speed.value}
      .wantedPerSecond=${clock.framesPerSecond * speed.value}
      .shownPerSecond=${shownPerSecond.value}
      @negato-cine-command=${(event: CineCommandEvent) => viewport.run(event.command)}
    ></negato-cine-controls>`;
  }

  #sliderTemplate(): TemplateResult | typeof nothing {
    const { viewport } = this;
    if (viewport === undefined || viewport.state.frameCount.value < 2) return nothing;
    return html`<negato-stack-slider
      part="slider"
      .frameCount=${viewport.state.frameCount.value}
      .frameIndex=${viewport.state.frameIndex.value}
      .cached=${this.#cached.frames}
      .marked=${this.#markedFrames(viewport)}
      @negato-frame-requested=${(event: FrameRequestedEvent) => viewport.goTo(event.frameIndex)}
    ></negato-stack-slider>`;
  }

  /** The same list as long as it says the same, so that the slider is not drawn for nothing. */
  #markedFrames(viewport: ViewportController): readonly number[] {
    const content = viewport.state.content.value;
    if (content === undefined || content.study.statements.length === 0) return NO_FRAMES;
    const images = keyImages(content.displaySet, (reference) => viewport.keyMarksOf(reference));
    const marked = images.map(({ index }) => index);
    if (String(marked) !== String(this.#marked)) this.#marked = marked;
    return this.#marked;
  }

  /** `DEMO, Chest; Series 3, Chest 1 mm; image 12 of 120`. */
  #accessibleName(): string {
    const content = this.viewport?.state.content.value;
    if (this.viewport === undefined || content === undefined) return msg("Empty viewport");
    const shown = this.viewport.shown.value;
    const reference = shown.kind === "nothing" ? undefined : shown.reference;
    const patient = reference?.instance.patient ?? content.study.patient;
    const name = patient.name === undefined ? msg("no name") : displayPersonName(patient.name);
    return `${name}; ${content.displaySet.name}; ${imageText(this.viewport, shown)}`;
  }

  #draw(): void {
    try {
      this.#canvasStage?.draw(this.viewport);
      if (this.drawingFailure !== undefined) this.drawingFailure = undefined;
    } catch (error) {
      // The canvas may still hold the image before; a new one holds nothing.
      this.#canvasStage?.dispose();
      this.#canvasStage = new CanvasStage(() => this.requestUpdate());
      this.drawingFailure = error instanceof Error ? error.message : String(error);
    }
  }

  /** Sends events about what came on the screen, and tells people who listen. */
  #tell(): void {
    const shown = this.viewport?.shown.peek();
    if (this.viewport === undefined || shown === undefined || shown.kind === "nothing") return;
    if (shown.kind === "image" && this.#canvasStage?.isWaiting === true) return;
    this.#tellWindow(this.viewport);
    const key = `${shown.kind} ${frameKey(shown.reference)} ${shown.index}`;
    if (key === this.#toldKey) return;
    this.#toldKey = key;
    const { instance, frameIndex } = shown.reference;
    this.dispatchEvent(
      shown.kind === "failure"
        ? new ImageFailedEvent(instance, shown.failure)
        : new ImageShownEvent(instance.sopInstanceUid, frameIndex + 1, shown.index + 1),
    );
    this.#announce(this.viewport, shown);
  }

  #tellWindow(viewport: ViewportController): void {
    const voi = viewport.pipeline.peek()?.voi;
    if (voi?.kind !== "window") return;
    const { windowCenter, windowWidth } = voi;
    const told = `${windowCenter} ${windowWidth}`;
    if (told === this.#toldWindow) return;
    this.#toldWindow = told;
    this.dispatchEvent(new WindowChangedEvent(windowCenter, windowWidth));
  }

  #announce(viewport: ViewportController, shown: Shown): void {
    clearTimeout(this.#announceTimer);
    if (viewport.cine.isPlaying.peek()) return;
    const words = shown.kind === "failure" ? `. ${shown.failure.message}` : "";
    this.#announceTimer = setTimeout(() => {
      this.announcement = imageText(viewport, shown) + words;
    }, ANNOUNCE_AFTER_MS);
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.composedPath()[0] instanceof HTMLButtonElement) return;
    const command = commandForKey(event);
    if (command === undefined || this.viewport === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.viewport.run(command);
  }
}

/** Quarter turns of the view in which the presentation state wants its texts to be read. */
function writtenTurns({ view, state, presented }: ViewportController): number {
  const sizes = view.value;
  const place = presented.image.value?.pose;
  if (sizes === undefined || place === undefined) return 0;
  return place(sizes, state.canvas.value.pixelRatio).quarterTurns;
}

function failureTile(
  heading: string,
  failure: { readonly code: string; readonly message: string; readonly advice: string },
  viewport: ViewportController,
  isPassing = false,
): TemplateResult {
  return html`<negato-failure-tile
    heading=${heading}
    ?retryable=${isPassing}
    .failure=${failure}
    @negato-retry-requested=${() => viewport.retry()}
  ></negato-failure-tile>`;
}

function imageText(viewport: ViewportController, shown: Shown): string {
  const count = viewport.state.frameCount.peek();
  if (count === 0) return msg("no images");
  if (shown.kind === "nothing") return msg("loading");
  return msg(str`Image ${shown.index + 1} of ${count}`);
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-viewport": NegatoViewport;
  }
}
