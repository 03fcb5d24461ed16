import { batch, computed, effect, type ReadonlySignal, untracked } from "@preact/signals-core";
import type { ViewSizes, ViewTransform } from "#core/geometry/view-transform.ts";
import type { DecodedFrame } from "#core/pixels/decoded-frame.ts";
import type { DisplayPipeline } from "#core/pixels/display-pipeline.ts";
import { displayAspect } from "#core/study/display-aspect.ts";
import type { FrameReference } from "#core/study/display-set.ts";
import type { KeyObjectMark } from "#core/study/key-objects.ts";
import type { PresentationGraphics } from "#core/study/presentation-graphics.ts";
import { CinePlayer, type CineStage, type CineTime } from "./cine-player.ts";
import { FrameOutfits } from "./frame-outfits.ts";
import type { Gesture, ToolName } from "./pointer-gestures.ts";
import type { AppliedPresentation, DisplayParts, PresentationOption } from "./presentation.ts";
import { type Delay, type Shown, ShownFrame, type ViewportFrames } from "./shown-frame.ts";
import { type Orientation, reoriented } from "./view-orientation.ts";
import { INITIAL_POSE, placeView, type ViewPose } from "./view-pose.ts";
import { draggedPose, fitToggled, pinched, pixelsPerFrame } from "./view-steps.ts";
import { runCommand } from "./viewport-actions.ts";
import type { CommandId } from "./viewport-commands.ts";
import { ViewportPresentation } from "./viewport-presentation.ts";
import { ViewportState } from "./viewport-state.ts";
import { ViewportWindow } from "./viewport-window.ts";
import type { WindowOption } from "./window-choice.ts";

/** What a viewport works with. Time comes in so that a test can make it. */
export interface ViewportOptions {
  readonly frames: ViewportFrames;
  /** What applies overlays, shutters, profiles and presentation states. */
  readonly outfits?: FrameOutfits;
  /** What key object selections say about a frame; reads signals. */
  readonly marksOf?: MarksOf;
  readonly delay?: Delay;
  readonly time?: CineTime;
}

type MarksOf = (reference: FrameReference) => readonly KeyObjectMark[];

type DragGesture = Extract<Gesture, { readonly kind: "drag" }>;

/** One viewport: what it is to show, what it shows, its film, and the commands and gestures that change them. */
export class ViewportController {
  readonly state = new ViewportState();
  readonly cine: CinePlayer;
  readonly #shownFrame: ShownFrame;
  readonly #frames: ViewportFrames;
  readonly #window: ViewportWindow;
  readonly #stopFollowing: () => void;
  readonly #marksOf: MarksOf;
  #scrollRest = 0;
  /** How the image lay by itself when a person last changed its pose. */
  #ownOrientation: Orientation = INITIAL_POSE;

  /** What stands in the viewport. */
  readonly shown: ReadonlySignal<Shown>;
  readonly isWaiting: ReadonlySignal<boolean>;
  readonly isLoadingMarked: ReadonlySignal<boolean>;
  /** The view of the shown image on the canvas; undefined while there is neither. */
  readonly view: ReadonlySignal<ViewTransform | undefined>;
  /** How the shown image becomes grey or colour. */
  readonly pipeline: ReadonlySignal<DisplayPipeline | undefined>;
  /** What modality values of the shown image are measured in (`HU`); undefined where that is not known. */
  readonly unit: ReadonlySignal<string | undefined>;
  /** What can be chosen for the shown image; empty for colour, which has no window. */
  readonly windowOptions: ReadonlySignal<readonly WindowOption[]>;
  /** How it is presented: by itself, or by a presentation state. */
  readonly presented: ViewportPresentation;
  /** The presentation states that are about the shown image, the newest first. */
  readonly presentationStates: ReadonlySignal<readonly PresentationOption[]>;
  /** The one that is applied to it. */
  readonly presentation: ReadonlySignal<AppliedPresentation | undefined>;
  /** Its graphics; empty while they are hidden. */
  readonly graphics: ReadonlySignal<PresentationGraphics>;
  /** What of the shown image can be hidden, and is. */
  readonly displayParts: ReadonlySignal<DisplayParts>;
  /** What key object selections say about the shown frame. */
  readonly keyMarks: ReadonlySignal<readonly KeyObjectMark[]>;

  constructor(options: ViewportOptions) {
    const { frames, delay = pageDelay, time = pageTime } = options;
    this.#frames = frames;
    const outfits = options.outfits ?? new FrameOutfits(WITHOUT_BULK_DATA);
    this.#marksOf = options.marksOf ?? (() => []);
    this.#shownFrame = new ShownFrame(frames, delay, (reference, signal) =>
      outfits.prepare(reference, this.state.content.peek()?.study, signal),
    );
    this.shown = this.#shownFrame.shown;
    this.isWaiting = this.#shownFrame.isWaiting;
    this.isLoadingMarked = this.#shownFrame.isLoadingMarked;
    this.presented = new ViewportPresentation(this.state, this.#shownFrame, outfits);
    this.#window = new ViewportWindow(this.state, this.shown, this.presented, frames);
    this.pipeline = this.#window.pipeline;
    this.unit = this.#window.unit;
    this.windowOptions = this.#window.options;
    this.presentationStates = this.presented.states;
    this.presentation = this.presented.applied;
    this.graphics = this.presented.graphics;
    this.displayParts = this.presented.parts;
    this.view = computed(() => this.#placed());
    this.keyMarks = computed(() => {
      const shown = this.shown.value;
      return shown.kind === "nothing" ? [] : this.keyMarksOf(shown.reference);
    });
    this.cine = new CinePlayer(() => this.#stage(), time);
    this.#stopFollowing = effect(() => this.#follow());
  }

  /** The samples of the shown image, shared: do not change them. */
  get decoded(): DecodedFrame | undefined {
    return this.#shownFrame.decoded;
  }

  /** Whether each frame of the display set can be had without the network. */
  cachedFrames(): readonly boolean[] {
    return this.#shownFrame.cachedFrames();
  }

  /** Calls back when `cachedFrames` may have changed; gives what ends it. */
  onCachedChanged(listener: () => void): () => void {
    return this.#frames.onCachedChanged(listener);
  }

  run(command: CommandId): void {
    runCommand(this, command);
  }

  /** Asks again for an image that could not be shown. */
  retry(): void {
    this.#shownFrame.retry();
  }

  /** A person goes to a frame by hand: a film goes on from there. */
  goTo(frameIndex: number): void {
    this.state.goTo(frameIndex);
    this.cine.restart();
  }

  scrollBy(steps: number): void {
    this.goTo(this.state.frameIndex.peek() + steps);
  }

  /** What key object selections say about a frame. Reads signals. */
  keyMarksOf(reference: FrameReference): readonly KeyObjectMark[] {
    return this.#marksOf(reference);
  }

  goToKeyImage(direction: 1 | -1): void {
    const frames = this.state.content.peek()?.displaySet.frames ?? [];
    const at = this.state.frameIndex.peek();
    const before = frames.slice(0, at).reverse();
    const ahead = direction === 1 ? frames.slice(at + 1) : before;
    const steps = ahead.findIndex((reference) => this.keyMarksOf(reference).length > 0);
    if (steps >= 0) this.goTo(at + direction * (steps + 1));
  }

  /** Changes the pose by a function of what it is and of the sizes of image and canvas; nothing without an image. */
  changePose(change: (pose: ViewPose, sizes: ViewSizes, pixelRatio: number) => ViewPose): void {
    const sizes = this.#sizes(this.shown.peek());
    if (sizes === undefined) return;
    const { pixelRatio } = this.state.canvas.peek();
    const pose = change(this.#pose(sizes), sizes, pixelRatio);
    this.#ownOrientation = this.#place(sizes);
    this.state.setPose(pose);
  }

  handleGestures(gestures: readonly Gesture[]): void {
    batch(() => {
      for (const gesture of gestures) this.#handle(gesture);
    });
  }

  /** Does what a drag with a tool does: from drag-start to drag-end, in CSS pixels. */
  nudge(tool: ToolName, dx: number, dy: number): void {
    const { width, height, pixelRatio } = this.state.canvas.peek();
    const [startX, startY] = [width / pixelRatio / 2, height / pixelRatio / 2];
    this.handleGestures([
      { kind: "drag-start", tool },
      { kind: "drag", tool, dx, dy, startX, startY },
      { kind: "drag-end", tool },
    ]);
  }

  dispose(): void {
    this.cine.pause();
    this.presented.dispose();
    this.#stopFollowing();
    this.#window.dispose();
    this.#shownFrame.dispose();
  }

  #follow(): void {
    const content = this.state.content.value;
    const index = this.state.frameIndex.value;
    const direction = this.state.direction.value;
    untracked(() => {
      this.#shownFrame.want(
        content === undefined ? undefined : { displaySet: content.displaySet, index, direction },
      );
      if (content === undefined) this.cine.pause();
    });
  }

  #handle(gesture: Gesture): void {
    switch (gesture.kind) {
      case "drag-start":
        this.#scrollRest = 0;
        if (gesture.tool === "window") this.#window.beginDrag();
        break;
      case "drag":
        this.#drag(gesture);
        break;
      case "drag-end":
        this.#window.endDrag();
        break;
      case "pinch":
        this.changePose((pose, sizes, ratio) => pinched(pose, sizes, gesture, ratio));
        break;
      case "double-tap":
        this.changePose((pose, sizes, ratio) =>
          fitToggled(pose, sizes, { x: gesture.x * ratio, y: gesture.y * ratio }),
        );
    }
  }

  #drag(drag: DragGesture): void {
    if (drag.tool === "window") this.#window.dragBy(drag.dx, drag.dy);
    else if (drag.tool === "scroll") this.#dragScroll(drag.dy);
    else this.changePose((pose, sizes, ratio) => draggedPose(pose, sizes, drag, ratio));
  }

  #dragScroll(dy: number): void {
    const { height, pixelRatio } = this.state.canvas.peek();
    const perFrame = pixelsPerFrame(this.state.frameCount.peek(), height / pixelRatio);
    this.#scrollRest += dy;
    const steps = Math.trunc(this.#scrollRest / perFrame);
    this.#scrollRest -= steps * perFrame;
    if (steps !== 0) this.scrollBy(steps);
  }

  #sizes(shown: Shown): ViewSizes | undefined {
    const { width, height } = this.state.canvas.value;
    if (shown.kind !== "image" || width === 0 || height === 0) return undefined;
    const { rows, columns } = shown.summary;
    const pixelAspect =
      this.presented.image.value?.pixelAspect ?? displayAspect(shown.description.facts);
    return { canvasWidth: width, canvasHeight: height, rows, columns, pixelAspect };
  }

  #placed(): ViewTransform | undefined {
    const sizes = this.#sizes(this.shown.value);
    return sizes === undefined ? undefined : placeView(this.#pose(sizes), sizes);
  }

  /** Where the presentation state places the image, or what a person made of that. */
  #pose(sizes: ViewSizes): ViewPose {
    const place = this.#place(sizes);
    if (this.state.isPoseUntouched.value) return place;
    return reoriented(this.state.pose.value, this.#ownOrientation, place);
  }

  /** Where the image lies by itself. */
  #place(sizes: ViewSizes): ViewPose {
    const place = this.presented.image.value?.pose;
    return place?.(sizes, this.state.canvas.value.pixelRatio) ?? INITIAL_POSE;
  }

  #stage(): CineStage | undefined {
    const displaySet = this.state.content.peek()?.displaySet;
    if (displaySet === undefined) return undefined;
    return {
      frameCount: displaySet.frames.length,
      frameTimesMs: displaySet.frameTimesMs,
      frameIndex: this.state.frameIndex.peek(),
      isWaiting: this.isWaiting.peek(),
      hasImage: this.shown.peek().kind === "image",
      goTo: (frameIndex) => this.state.goTo(frameIndex),
    };
  }
}

/** For viewports whose metadata hold everything themselves. */
const WITHOUT_BULK_DATA = {
  retrieveBulkData: () => Promise.reject(new Error("There is no bulk data here.")),
};

const pageDelay: Delay = (ms, callback) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

const pageTime: CineTime = {
  now: () => performance.now(),
  nextTick: (callback) => {
    const handle = requestAnimationFrame(callback);
    return () => cancelAnimationFrame(handle);
  },
};
