import { describe, expect, it } from "vitest";
import { type Gesture, PointerGestures, type PointerInput } from "./pointer-gestures.ts";

type Step = Partial<PointerInput> & Pick<PointerInput, "kind" | "x" | "y">;

function perform(steps: readonly Step[], gestures = new PointerGestures()): readonly Gesture[] {
  return steps.flatMap((step, index) =>
    gestures.handle(
      { pointerId: 1, pointerType: "mouse", button: 0, timeMs: index * 10, ...step },
      "window",
    ),
  );
}

const kinds = (made: readonly Gesture[]): readonly string[] => made.map(({ kind }) => kind);
const finger = (pointerId: number, kind: PointerInput["kind"], x: number, y: number): Step => ({
  kind,
  x,
  y,
  pointerId,
  pointerType: "touch",
});

describe("pointers", () => {
  it.each([
    [0, "window"],
    [1, "pan"],
    [2, "zoom"],
  ])("button %i of the mouse drags with the %s tool", (button, tool) => {
    const made = perform([
      { kind: "down", x: 10, y: 10, button },
      { kind: "move", x: 15, y: 12, button: -1 },
      { kind: "up", x: 15, y: 12, button },
    ]);
    expect(made).toEqual([
      { kind: "drag-start", tool },
      { kind: "drag", tool, dx: 5, dy: 2, startX: 10, startY: 10 },
      { kind: "drag-end", tool },
    ]);
  });

  it("two fingers enlarge and move together", () => {
    const made = perform([
      finger(1, "down", 100, 100),
      finger(2, "down", 200, 100),
      finger(2, "move", 300, 120),
    ]);
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({ kind: "pinch", x: 200, y: 110, dx: 50, dy: 10 });
    expect(made[0]?.kind === "pinch" && made[0].factor).toBeCloseTo(Math.hypot(200, 20) / 100, 9);
  });

  it("a finger that stays after a pinch moves nothing", () => {
    const made = perform([
      finger(1, "down", 100, 100),
      finger(2, "down", 200, 100),
      finger(2, "up", 200, 100),
      finger(1, "move", 100, 300),
      finger(1, "up", 100, 300),
    ]);
    expect(made).toEqual([]);
  });

  it("a second finger ends the drag of the first", () => {
    const made = perform([
      finger(1, "down", 100, 100),
      finger(1, "move", 150, 100),
      finger(2, "down", 200, 100),
    ]);
    expect(kinds(made)).toEqual(["drag-start", "drag", "drag-end"]);
  });

  it("two taps at one place are a double tap; two at different places are not", () => {
    const tap = (x: number): Step[] => [finger(1, "down", x, 50), finger(1, "up", x, 50)];
    expect(kinds(perform([...tap(50), ...tap(55)]))).toEqual(["double-tap"]);
    expect(kinds(perform([...tap(50), ...tap(150)]))).toEqual([]);
  });

  it("trembling of a finger is no drag", () => {
    const made = perform([finger(1, "down", 50, 50), finger(1, "move", 53, 54)]);
    expect(made).toEqual([]);
  });

  it("a cancelled pointer ends its drag", () => {
    const made = perform([
      finger(1, "down", 50, 50),
      finger(1, "move", 90, 50),
      finger(1, "cancel", 90, 50),
    ]);
    expect(kinds(made)).toEqual(["drag-start", "drag", "drag-end"]);
  });
});
