import type { ExpectedMove } from "./services/retrieve.ts";
import type { IncomingObject, StorageSink } from "./storage-sink.ts";

/** To which C-MOVE an object belongs: its sink, `late` for one that is over, `none` for one that belongs to none. */
export type MoveRoute = StorageSink | "late" | "none";

/** The C-MOVEs that go on, and what is stored here for them. */
export class MoveRoutes {
  readonly #moves = new Set<ExpectedMove>();

  /** Objects go to the move until `done`. */
  expect(move: ExpectedMove): { done(): void } {
    this.#moves.add(move);
    return { done: () => void this.#moves.delete(move) };
  }

  /**
   * By the originator that the sender tells; else by the instance, when exactly one move expects it; else to the only
   * move that was asked of the sender; else to the only one, when the sender says that it is ours. Whether an object
   * was asked for is for the sink to judge.
   */
  routeOf(object: IncomingObject): MoveRoute {
    const isOurs = object.moveOriginator?.aeTitle === object.calledAeTitle;
    const move =
      this.#byOriginator(object) ??
      this.#only((one) => one.expects(object.sopInstanceUid)) ??
      this.#only((one) => one.remoteAeTitle === object.callingAeTitle) ??
      (isOurs ? this.#only(() => true) : undefined);
    if (move !== undefined) return move.sink;
    return isOurs ? "late" : "none";
  }

  /**
   * Message IDs of C-MOVEs are unique in this process, so that the ID tells the move. The AE title has to be ours, but
   * some archives tell their own.
   */
  #byOriginator({ moveOriginator, callingAeTitle }: IncomingObject): ExpectedMove | undefined {
    if (moveOriginator === undefined) return undefined;
    const move = this.#only(({ originator }) => originator.messageId === moveOriginator.messageId);
    if (move === undefined) return undefined;
    const isTold = move.originator.aeTitle === moveOriginator.aeTitle;
    return isTold || move.remoteAeTitle === callingAeTitle ? move : undefined;
  }

  #only(fits: (move: ExpectedMove) => boolean): ExpectedMove | undefined {
    let found: ExpectedMove | undefined;
    for (const move of this.#moves) {
      if (!fits(move)) continue;
      if (found !== undefined) return undefined;
      found = move;
    }
    return found;
  }
}
