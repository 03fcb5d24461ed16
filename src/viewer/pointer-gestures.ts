/** What a drag of the active pointer does. */
export type ToolName = "window" | "pan" | "zoom" | "scroll";

/** The parts of a pointer event that gestures need. Positions in CSS pixels from the corner of the canvas. */
export interface PointerInput {
  readonly kind: "down" | "move" | "up" | "cancel";
  readonly pointerId: number;
  /** `mouse`, `touch` or `pen`. */
  readonly pointerType: string;
  /** Button of a `down`: 0 left or contact, 1 middle, 2 right. */
  readonly button: number;
  readonly x: number;
  readonly y: number;
  readonly timeMs: number;
}

/** What a person means by moving pointers. Lengths in CSS pixels. */
export type Gesture =
  | { readonly kind: "drag-start"; readonly tool: ToolName }
  | {
      readonly kind: "drag";
      readonly tool: ToolName;
      readonly dx: number;
      readonly dy: number;
      /** Where the drag began: the anchor of a zoom. */
      readonly startX: number;
      readonly startY: number;
    }
  | { readonly kind: "drag-end"; readonly tool: ToolName }
  /** Two fingers: enlarge by `factor` around x, y and move by dx, dy. */
  | {
      readonly kind: "pinch";
      readonly factor: number;
      readonly x: number;
      readonly y: number;
      readonly dx: number;
      readonly dy: number;
    }
  | { readonly kind: "double-tap"; readonly x: number; readonly y: number };

interface Contact {
  readonly tool: ToolName;
  readonly pointerType: string;
  readonly startX: number;
  readonly startY: number;
  readonly startTimeMs: number;
  x: number;
  y: number;
  hasMoved: boolean;
}

/** A contact that moves less than this is a tap, CSS pixels. */
const SLOP: Readonly<Record<string, number>> = { mouse: 2, pen: 4, touch: 8 };
const TAP_MS = 350;
const DOUBLE_TAP_MS = 350;
const DOUBLE_TAP_DISTANCE = 30;

/**
 * Understands pointers: mouse (left the active tool, middle pan, right zoom), pen and one finger (the active tool),
 * two fingers (pinch and pan together). A second finger ends the drag of the first, and nothing moves again until
 * both are lifted, so that lifting them unevenly does not change the window.
 */
export class PointerGestures {
  readonly #contacts = new Map<number, Contact>();
  #isPinching = false;
  #lastTap: { readonly x: number; readonly y: number; readonly timeMs: number } | undefined;

  /** Gestures that follow from one event. @param tool the active tool, for contacts that begin. */
  handle(input: PointerInput, tool: ToolName): readonly Gesture[] {
    switch (input.kind) {
      case "down":
        return this.#down(input, tool);
      case "move":
        return this.#move(input);
      case "up":
        return this.#lift(input, true);
      case "cancel":
        return this.#lift(input, false);
    }
  }

  /** Forgets all contacts: the canvas is gone. */
  reset(): void {
    this.#contacts.clear();
    this.#isPinching = false;
    this.#lastTap = undefined;
  }

  #down(input: PointerInput, tool: ToolName): readonly Gesture[] {
    const isMouse = input.pointerType === "mouse";
    if (isMouse && this.#contacts.size > 0) return [];
    if (this.#contacts.size >= 2 || input.button > 2) return [];
    const { x, y } = input;
    this.#contacts.set(input.pointerId, {
      tool: toolOf(input, tool),
      pointerType: input.pointerType,
      startX: x,
      startY: y,
      startTimeMs: input.timeMs,
      x,
      y,
      hasMoved: false,
    });
    if (this.#contacts.size < 2) return [];
    const [first] = this.#contacts.values();
    this.#isPinching = true;
    return first?.hasMoved === true ? [{ kind: "drag-end", tool: first.tool }] : [];
  }

  #move(input: PointerInput): readonly Gesture[] {
    const contact = this.#contacts.get(input.pointerId);
    if (contact === undefined) return [];
    if (this.#isPinching) return this.#pinch(contact, input);
    const hadMoved = contact.hasMoved;
    const slop = SLOP[contact.pointerType] ?? 4;
    if (!hadMoved && Math.hypot(input.x - contact.startX, input.y - contact.startY) < slop)
      return [];
    contact.hasMoved = true;
    const { tool, startX, startY } = contact;
    const [dx, dy] = [input.x - contact.x, input.y - contact.y];
    [contact.x, contact.y] = [input.x, input.y];
    const drag: Gesture = { kind: "drag", tool, dx, dy, startX, startY };
    return hadMoved ? [drag] : [{ kind: "drag-start", tool }, drag];
  }

  #pinch(contact: Contact, input: PointerInput): readonly Gesture[] {
    const before = this.#span();
    [contact.x, contact.y] = [input.x, input.y];
    const after = this.#span();
    if (before === undefined || after === undefined) return [];
    contact.hasMoved = true;
    return [
      {
        kind: "pinch",
        factor: before.distance > 0 ? after.distance / before.distance : 1,
        x: after.x,
        y: after.y,
        dx: after.x - before.x,
        dy: after.y - before.y,
      },
    ];
  }

  /** Middle of two fingers and the distance between them. */
  #span(): { readonly x: number; readonly y: number; readonly distance: number } | undefined {
    const [a, b] = this.#contacts.values();
    if (a === undefined || b === undefined) return undefined;
    const distance = Math.max(Math.hypot(a.x - b.x, a.y - b.y), 1);
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, distance };
  }

  #lift(input: PointerInput, isTapPossible: boolean): readonly Gesture[] {
    const contact = this.#contacts.get(input.pointerId);
    if (contact === undefined) return [];
    this.#contacts.delete(input.pointerId);
    if (this.#isPinching) {
      this.#isPinching = this.#contacts.size > 0;
      return [];
    }
    if (contact.hasMoved) return [{ kind: "drag-end", tool: contact.tool }];
    const isTap = isTapPossible && input.timeMs - contact.startTimeMs <= TAP_MS;
    return isTap && input.button === 0 ? this.#tap(input) : [];
  }

  #tap({ x, y, timeMs }: PointerInput): readonly Gesture[] {
    const last = this.#lastTap;
    const isSecond =
      last !== undefined &&
      timeMs - last.timeMs <= DOUBLE_TAP_MS &&
      Math.hypot(x - last.x, y - last.y) <= DOUBLE_TAP_DISTANCE;
    this.#lastTap = isSecond ? undefined : { x, y, timeMs };
    return isSecond ? [{ kind: "double-tap", x, y }] : [];
  }
}

function toolOf(input: PointerInput, active: ToolName): ToolName {
  if (input.pointerType !== "mouse") return active;
  if (input.button === 1) return "pan";
  return input.button === 2 ? "zoom" : active;
}
