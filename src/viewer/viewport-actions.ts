import type { ViewSizes } from "#core/geometry/view-transform.ts";
import type { CinePlayer } from "./cine-player.ts";
import type { ToolName } from "./pointer-gestures.ts";
import {
  fitted,
  flippedOnScreen,
  turnedBy,
  type ViewPose,
  zoomedBy,
  zoomedTo,
} from "./view-pose.ts";
import { NUDGE_PIXELS, ZOOM_STEP } from "./view-steps.ts";
import type { CommandId } from "./viewport-commands.ts";
import type { ViewportState } from "./viewport-state.ts";
import type { WindowOption } from "./window-choice.ts";

/** What commands act on; a viewport is one. */
export interface CommandTarget {
  readonly state: ViewportState;
  readonly cine: CinePlayer;
  readonly windowOptions: { peek(): readonly WindowOption[] };
  goTo(frameIndex: number): void;
  scrollBy(steps: number): void;
  /** Goes to the nearest marked frame in a direction. */
  goToKeyImage(direction: 1 | -1): void;
  nudge(tool: ToolName, dx: number, dy: number): void;
  changePose(change: (pose: ViewPose, sizes: ViewSizes) => ViewPose): void;
}

type Action = (target: CommandTarget) => void;

const ACTIONS: Readonly<Record<CommandId, Action>> = {
  "scroll-next": (target) => target.scrollBy(1),
  "scroll-previous": (target) => target.scrollBy(-1),
  "scroll-forward-10": (target) => target.scrollBy(10),
  "scroll-back-10": (target) => target.scrollBy(-10),
  "scroll-first": (target) => target.goTo(0),
  "scroll-last": (target) => target.goTo(Number.MAX_SAFE_INTEGER),
  "tool-window": ({ state }) => state.chooseTool("window"),
  "tool-pan": ({ state }) => state.chooseTool("pan"),
  "tool-zoom": ({ state }) => state.chooseTool("zoom"),
  "tool-scroll": ({ state }) => state.chooseTool("scroll"),
  "nudge-left": (target) => nudge(target, -1, 0),
  "nudge-right": (target) => nudge(target, 1, 0),
  "nudge-up": (target) => nudge(target, 0, -1),
  "nudge-down": (target) => nudge(target, 0, 1),
  "window-default": ({ state }) => state.chooseWindow({ kind: "default" }),
  "window-automatic": ({ state }) => state.chooseWindow({ kind: "automatic" }),
  "window-preset-1": (target) => choosePreset(target, 1),
  "window-preset-2": (target) => choosePreset(target, 2),
  "window-preset-3": (target) => choosePreset(target, 3),
  "window-preset-4": (target) => choosePreset(target, 4),
  "window-preset-5": (target) => choosePreset(target, 5),
  "window-preset-6": (target) => choosePreset(target, 6),
  "window-preset-7": (target) => choosePreset(target, 7),
  "window-preset-8": (target) => choosePreset(target, 8),
  "window-preset-9": (target) => choosePreset(target, 9),
  invert: ({ state }) => state.toggleInverted(),
  fit: (target) => target.changePose(fitted),
  "one-to-one": (target) => target.changePose((pose, sizes) => zoomedTo(pose, sizes, 1)),
  "zoom-in": (target) => target.changePose((pose, sizes) => zoomedBy(pose, sizes, ZOOM_STEP)),
  "zoom-out": (target) => target.changePose((pose, sizes) => zoomedBy(pose, sizes, 1 / ZOOM_STEP)),
  "rotate-right": (target) => target.changePose((pose) => turnedBy(pose, 1)),
  "rotate-left": (target) => target.changePose((pose) => turnedBy(pose, -1)),
  "flip-horizontal": (target) => target.changePose((pose) => flippedOnScreen(pose, "horizontal")),
  "flip-vertical": (target) => target.changePose((pose) => flippedOnScreen(pose, "vertical")),
  "toggle-interpolation": (target) => target.changePose(withOtherInterpolation),
  "toggle-presentation": ({ state }) =>
    state.choosePresentation({
      kind: state.presentationWish.peek().kind === "none" ? "default" : "none",
    }),
  "toggle-graphics": ({ state }) => state.toggleGraphics(),
  "toggle-overlays": ({ state }) => state.toggleOverlays(),
  "toggle-shutter": ({ state }) => state.toggleShutter(),
  "next-key-image": (target) => target.goToKeyImage(1),
  "previous-key-image": (target) => target.goToKeyImage(-1),
  reset: ({ state }) => state.reset(),
  "show-tags": ({ state }) => state.togglePanel("tags"),
  "show-exactness": ({ state }) => state.togglePanel("exactness"),
  "cine-toggle": ({ cine }) => cine.toggle(),
  "cine-faster": ({ cine }) => cine.changeSpeed(1),
  "cine-slower": ({ cine }) => cine.changeSpeed(-1),
};

/** Carries a command out; one that has no meaning for what is shown does nothing. */
export function runCommand(target: CommandTarget, command: CommandId): void {
  ACTIONS[command](target);
}

function nudge(target: CommandTarget, x: number, y: number): void {
  const tool = target.state.tool.peek();
  const pixels = NUDGE_PIXELS[tool];
  target.nudge(tool, x * pixels, y * pixels);
}

function choosePreset({ state, windowOptions }: CommandTarget, digit: number): void {
  const option = windowOptions.peek().find((candidate) => candidate.digit === digit);
  if (option !== undefined) state.chooseWindow(option.choice);
}

function withOtherInterpolation(pose: ViewPose): ViewPose {
  return { ...pose, interpolation: pose.interpolation === "smooth" ? "nearest" : "smooth" };
}
