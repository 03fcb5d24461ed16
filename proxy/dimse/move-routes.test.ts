import { describe, expect, test } from "vitest";
import { MoveRoutes } from "./move-routes.ts";
import type { ExpectedMove } from "./services/retrieve.ts";
import type { IncomingObject } from "./storage-sink.ts";
import { CollectingStorage } from "./testing/collecting-storage.ts";

function move(changes: Partial<ExpectedMove> = {}): ExpectedMove {
  return {
    remoteAeTitle: "PACS",
    originator: { aeTitle: "NEGATO", messageId: 1 },
    expects: () => false,
    sink: new CollectingStorage(),
    ...changes,
  };
}

function object(changes: Partial<IncomingObject> = {}): IncomingObject {
  return {
    sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
    sopInstanceUid: "2.25.1",
    transferSyntaxUid: "1.2.840.10008.1.2.1",
    callingAeTitle: "PACS",
    calledAeTitle: "NEGATO",
    ...changes,
  };
}

const from = (aeTitle: string, messageId: number) => ({ moveOriginator: { aeTitle, messageId } });
const one = move({ originator: { aeTitle: "NEGATO", messageId: 1 } });
const two = move({ originator: { aeTitle: "NEGATO", messageId: 2 } });
const other = move({
  remoteAeTitle: "OTHER",
  originator: { aeTitle: "NEGATO", messageId: 3 },
  expects: (uid) => uid === "2.25.3",
});

describe("an object belongs to", () => {
  test.each<
    readonly [string, readonly ExpectedMove[], IncomingObject, ExpectedMove | "late" | "none"]
  >([
    ["the move that its originator tells", [one, two], object(from("NEGATO", 2)), two],
    [
      "it also from another AE title of the PACS",
      [one, two],
      object({ ...from("NEGATO", 2), callingAeTitle: "PACS_ST" }),
      two,
    ],
    [
      "the move with its ID when the PACS tells its own title",
      [one, two],
      object(from("PACS", 1)),
      one,
    ],
    ["no move of another PACS with the same ID", [other], object(from("SOMEBODY", 3)), "none"],
    [
      "the only move that expects it",
      [one, two, other],
      object({ sopInstanceUid: "2.25.3" }),
      other,
    ],
    ["the only move of its PACS", [one, other], object(), one],
    [
      "the only move of its PACS when the ID is wrong",
      [one, other],
      object(from("NEGATO", 77)),
      one,
    ],
    [
      "the only move when its originator is ours and all else is unknown",
      [other],
      object({ ...from("NEGATO", 77), callingAeTitle: "PACS_ST" }),
      other,
    ],
    ["none of two moves of its PACS", [one, two], object(), "none"],
    [
      "none of two that expect it",
      [move({ expects: () => true }), move({ expects: () => true })],
      object(),
      "none",
    ],
    ["none when there is none", [], object(), "none"],
    ["a move that is over", [], object(from("NEGATO", 5)), "late"],
    ["somebody else's move", [], object(from("SOMEBODY", 5)), "none"],
  ])("%s", (_rule, moves, incoming, expected) => {
    const routes = new MoveRoutes();
    for (const each of moves) routes.expect(each);
    const route = routes.routeOf(incoming);
    expect(route).toBe(typeof expected === "string" ? expected : expected.sink);
  });

  test("no move any more when that is done", () => {
    const routes = new MoveRoutes();
    const { done } = routes.expect(one);
    expect(routes.routeOf(object(from("NEGATO", 1)))).toBe(one.sink);
    done();
    expect(routes.routeOf(object(from("NEGATO", 1)))).toBe("late");
    expect(routes.routeOf(object())).toBe("none");
  });
});
