/** How soon a frame is needed; lower numbers are sooner. */
export const URGENCY = { visible: 0, thumbnail: 1, ahead: 2 } as const;

/** What a frame is wanted for by somebody who waits for it. */
export type FramePurpose = "visible" | "thumbnail";

/** The urgency of a frame that is under way; it can rise, as when somebody scrolls to what was fetched ahead. */
export class Urgency {
  #value: number;
  #onRise: () => void = () => undefined;

  constructor(value: number) {
    this.#value = value;
  }

  get value(): number {
    return this.#value;
  }

  raise(value: number): void {
    if (value >= this.#value) return;
    this.#value = value;
    this.#onRise();
  }

  /** Calls back when it rises; one listener, the last. */
  onRise(listener: () => void): void {
    this.#onRise = listener;
  }
}
