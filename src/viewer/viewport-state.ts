import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { DisplaySet } from "#core/study/display-set.ts";
import type { Study } from "#core/study/study-tree.ts";
import { frameKey } from "./frame-description.ts";
import type { ToolName } from "./pointer-gestures.ts";
import type { PresentationWish } from "./presentation.ts";
import { indexOfKey } from "./shown-frame.ts";
import { INITIAL_POSE, type ViewPose } from "./view-pose.ts";
import type { WindowChoice } from "./window-choice.ts";

/** What a viewport is about: a display set and the study it belongs to, as far as they are known. */
export interface ViewportContent {
  readonly study: Study;
  readonly displaySet: DisplaySet;
}

/** Size of a canvas in device pixels, and how many of them make one CSS pixel. */
export interface CanvasSize {
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
}

/** What a person asked to read about the shown image: its attributes, or how exact its samples are. */
export type ViewportPanel = "tags" | "exactness";

const DEFAULT_WINDOW: WindowChoice = { kind: "default" };
const DEFAULT_PRESENTATION: PresentationWish = { kind: "default" };

/** What one viewport is to show and how: what a person chose. What is on the screen is another matter (`ShownFrame`). */
export class ViewportState {
  readonly #content = signal<ViewportContent | undefined>(undefined);
  readonly #frameIndex = signal(0);
  readonly #direction = signal<1 | -1>(1);
  readonly #pose = signal<ViewPose>(INITIAL_POSE);
  readonly #windowChoice = signal<WindowChoice>(DEFAULT_WINDOW);
  readonly #isInverted = signal(false);
  readonly #presentationWish = signal<PresentationWish>(DEFAULT_PRESENTATION);
  readonly #overlaysVisible = signal(true);
  readonly #shutterVisible = signal(true);
  readonly #graphicsVisible = signal(true);
  readonly #hiddenLayers = signal<ReadonlySet<string>>(new Set());
  readonly #chosenTool = signal<ToolName | undefined>(undefined);
  readonly #isTouch = signal(false);
  readonly #panel = signal<ViewportPanel | undefined>(undefined);
  readonly #canvas = signal<CanvasSize>({ width: 0, height: 0, pixelRatio: 1 });

  readonly content: ReadonlySignal<ViewportContent | undefined> = this.#content;
  readonly frameCount: ReadonlySignal<number> = computed(
    () => this.#content.value?.displaySet.frames.length ?? 0,
  );
  /** The frame that is wanted, from 0. */
  readonly frameIndex: ReadonlySignal<number> = this.#frameIndex;
  /** Direction of travel. */
  readonly direction: ReadonlySignal<1 | -1> = this.#direction;
  readonly pose: ReadonlySignal<ViewPose> = this.#pose;
  /** Whether nobody moved the view: then it is as the image or its presentation state wants it. */
  readonly isPoseUntouched: ReadonlySignal<boolean> = computed(
    () => this.#pose.value === INITIAL_POSE,
  );
  readonly windowChoice: ReadonlySignal<WindowChoice> = this.#windowChoice;
  /** Whether polarity is the opposite of what the image says. */
  readonly isInverted: ReadonlySignal<boolean> = this.#isInverted;
  /** Which presentation state is to be applied to this display set. */
  readonly presentationWish: ReadonlySignal<PresentationWish> = this.#presentationWish;
  /** Whether overlay planes are to be seen. */
  readonly overlaysVisible: ReadonlySignal<boolean> = this.#overlaysVisible;
  /** Whether what shutters cover is to be covered. */
  readonly shutterVisible: ReadonlySignal<boolean> = this.#shutterVisible;
  /** Whether graphics and texts of presentation states are to be seen. */
  readonly graphicsVisible: ReadonlySignal<boolean> = this.#graphicsVisible;
  /** Names of the graphic layers that are not to be seen. */
  readonly hiddenLayers: ReadonlySignal<ReadonlySet<string>> = this.#hiddenLayers;
  readonly canvas: ReadonlySignal<CanvasSize> = this.#canvas;
  /** What is open beside or over the image; it stays from image to image. */
  readonly panel: ReadonlySignal<ViewportPanel | undefined> = this.#panel;
  /** What a drag does: as chosen, else the window, or scrolling where fingers do it. */
  readonly tool: ReadonlySignal<ToolName> = computed(
    () => this.#chosenTool.value ?? (this.#isTouch.value ? "scroll" : "window"),
  );

  /**
   * Shows a display set. Another one than before starts afresh, at `frameIndex`; the same one with more instances
   * goes on with the frame that it was at, whatever its number is now.
   */
  show(content: ViewportContent, frameIndex?: number): void {
    batch(() => {
      const before = this.#content.peek();
      const isSame = before?.displaySet.id === content.displaySet.id;
      const reference = before?.displaySet.frames[this.#frameIndex.peek()];
      this.#content.value = content;
      if (frameIndex !== undefined) this.goTo(frameIndex);
      else if (isSame && reference !== undefined) this.#follow(content, frameKey(reference));
      else this.#frameIndex.value = 0;
      if (isSame) return;
      this.#presentationWish.value = DEFAULT_PRESENTATION;
      this.#showEverything();
      this.#startAfresh();
    });
  }

  /** Shows nothing. */
  clear(): void {
    batch(() => {
      this.#content.value = undefined;
      this.#frameIndex.value = 0;
      this.#startAfresh();
    });
  }

  /** Wants the frame with this index (from 0), or the nearest that there is. */
  goTo(frameIndex: number): void {
    const last = Math.max(this.frameCount.peek() - 1, 0);
    const wanted = Math.min(Math.max(Math.round(frameIndex), 0), last);
    const before = this.#frameIndex.peek();
    if (wanted === before || Number.isNaN(wanted)) return;
    batch(() => {
      this.#direction.value = wanted > before ? 1 : -1;
      this.#frameIndex.value = wanted;
    });
  }

  /** Wants the frame that is `steps` further on, or back; stays inside the stack. */
  scrollBy(steps: number): void {
    this.goTo(this.#frameIndex.peek() + steps);
  }

  setPose(pose: ViewPose): void {
    this.#pose.value = pose;
  }

  chooseWindow(choice: WindowChoice): void {
    this.#windowChoice.value = choice;
  }

  toggleInverted(): void {
    this.#isInverted.value = !this.#isInverted.peek();
  }

  /** Chooses a presentation state, or none; window, polarity and pose begin again with what it says. */
  choosePresentation(wish: PresentationWish): void {
    batch(() => {
      this.#startAfresh();
      this.#presentationWish.value = wish;
    });
  }

  toggleOverlays(): void {
    this.#overlaysVisible.value = !this.#overlaysVisible.peek();
  }

  toggleShutter(): void {
    this.#shutterVisible.value = !this.#shutterVisible.peek();
  }

  toggleGraphics(): void {
    this.#graphicsVisible.value = !this.#graphicsVisible.peek();
  }

  /** Hides the graphic layer of this name, or shows it again. */
  toggleLayer(name: string): void {
    const hidden = new Set(this.#hiddenLayers.peek());
    if (!hidden.delete(name)) hidden.add(name);
    this.#hiddenLayers.value = hidden;
  }

  chooseTool(tool: ToolName): void {
    this.#chosenTool.value = tool;
  }

  /** Opens a panel in place of the one that is open, or closes it when it is. */
  togglePanel(panel: ViewportPanel): void {
    this.#panel.value = this.#panel.peek() === panel ? undefined : panel;
  }

  closePanel(): void {
    this.#panel.value = undefined;
  }

  /** To be called when it is known with what the viewport is touched. */
  setTouch(isTouch: boolean): void {
    this.#isTouch.value = isTouch;
  }

  setCanvas(canvas: CanvasSize): void {
    const { width, height, pixelRatio } = this.#canvas.peek();
    const isSame =
      width === canvas.width && height === canvas.height && pixelRatio === canvas.pixelRatio;
    if (!isSame) this.#canvas.value = canvas;
  }

  /** Everything about how the image is shown as it was in the beginning; the frame and the tool stay. */
  reset(): void {
    batch(() => {
      this.#showEverything();
      this.#startAfresh();
    });
  }

  #follow({ displaySet }: ViewportContent, key: string): void {
    const index = indexOfKey(displaySet, key, this.#frameIndex.peek());
    this.#frameIndex.value = Math.max(index, 0);
  }

  #showEverything(): void {
    this.#overlaysVisible.value = true;
    this.#shutterVisible.value = true;
    this.#graphicsVisible.value = true;
    this.#hiddenLayers.value = new Set();
  }

  #startAfresh(): void {
    this.#pose.value = INITIAL_POSE;
    this.#windowChoice.value = DEFAULT_WINDOW;
    this.#isInverted.value = false;
  }
}
